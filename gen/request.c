/* request.c - canonical requests and their ids */
#include "gen/request.h"
#include <sys/stat.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/encoding.h"

static struct json *form(struct arena *a, const char *step, struct str version)
{
    struct json *o = json_object(a);
    json_set(a, o, "v", json_number(a, REQUEST_VERSION));
    json_set(a, o, "step", json_string(a, str_from(step)));
    json_set(a, o, "made_by", json_string(a, version));
    return o;
}

static void num(struct arena *a, struct json *o, const char *key, double v)
{
    json_set(a, o, key, json_number(a, v));
}

static void txt(struct arena *a, struct json *o, const char *key, struct str v)
{
    json_set(a, o, key, json_string(a, v));
}

static void finish(struct arena *a, const struct json *o, char id[DIGEST_HEX])
{
    struct buf b = BUF_INIT(256 * MIB);
    json_print(&b, o, JSON_SORTED);
    digest_of(b.p, b.n, id);
    buf_deinit(&b);
    arena_deinit(a);
}

bool request_fetch(const struct transport *t, const struct want *w, char id[DIGEST_HEX], struct err *e)
{
    struct buf b = BUF_INIT(16 * MIB);
    bool ok = t->canonical(t->ctx, w, &b, e);
    if (ok)
        digest_of(b.p, b.n, id);
    buf_deinit(&b);
    return ok;
}

bool request_again(const struct transport *t, const struct want *w, const char *first, int64_t roll, char id[DIGEST_HEX],
                   struct err *e)
{
    struct buf b = BUF_INIT(16 * MIB);
    bool ok = t->canonical(t->ctx, w, &b, e);
    if (ok) {
        buf_printf(&b, "\n%s roll %lld", first, (long long)roll);
        digest_of(b.p, b.n, id);
    }
    buf_deinit(&b);
    return ok;
}

void request_speak(const struct speak_spec *s, struct str version, char id[DIGEST_HEX])
{
    struct arena a = { 0 };
    struct json *o = form(&a, "speak", version), *say = json_array(&a);
    txt(&a, o, "text", s->text);
    txt(&a, o, "language", s->language);
    txt(&a, o, "voice", s->voice->voice);
    num(&a, o, "speed", s->voice->speed);
    for (size_t i = 0; i < s->voice->n_pronounce; i++) {
        json_push(say, json_string(&a, s->voice->pronounce[i].word));
        json_push(say, json_string(&a, s->voice->pronounce[i].say));
    }
    json_set(&a, o, "pronounce", say);
    finish(&a, o, id);
}

void request_splice(const struct splice_spec *s, const char (*part_ids)[DIGEST_HEX], struct str version,
                    char id[DIGEST_HEX])
{
    struct arena a = { 0 };
    struct json *o = form(&a, "splice", version), *parts = json_array(&a);
    num(&a, o, "speed", s->speed);
    for (size_t i = 0; i < s->n_parts; i++) {
        struct json *p = json_object(&a);
        txt(&a, p, "speech", str_from(part_ids[i]));
        txt(&a, p, "text", s->parts[i].text);
        num(&a, p, "at", s->parts[i].at);
        num(&a, p, "pause", s->parts[i].pause);
        json_push(parts, p);
    }
    json_set(&a, o, "parts", parts);
    finish(&a, o, id);
}

void request_draw(const struct slide_spec *s, struct str version, char id[DIGEST_HEX])
{
    struct arena a = { 0 };
    struct json *o = form(&a, "draw", version), *bullets = json_array(&a);
    const struct slide_opts *d = s->slide;
    txt(&a, o, "title", s->title);
    txt(&a, o, "language", s->language);
    txt(&a, o, "svg", s->svg);
    num(&a, o, "width", s->width);
    num(&a, o, "height", s->height);
    if (s->captions) {                          /* what their zone depends on */
        num(&a, o, "captions_position", s->captions->position);
        num(&a, o, "captions_lines", (double)s->captions->max_lines);
        num(&a, o, "captions_size", s->captions->size);
    }
    txt(&a, o, "heading", d->heading);
    txt(&a, o, "caption", d->caption);
    txt(&a, o, "code", d->code);
    txt(&a, o, "theme", d->theme);
    for (size_t i = 0; i < d->n_bullets; i++)
        json_push(bullets, json_string(&a, d->bullets[i]));
    json_set(&a, o, "bullets", bullets);
    finish(&a, o, id);
}

void request_import(enum asset_kind kind, const char *content_sha256, struct str narration, struct str version,
                    char id[DIGEST_HEX])
{
    struct arena a = { 0 };
    struct json *o = form(&a, "import", version);
    txt(&a, o, "kind", str_from(asset_kind_name(kind)));
    txt(&a, o, "content", str_from(content_sha256));
    txt(&a, o, "narration", narration);
    finish(&a, o, id);
}

/* ---------- pieces ---------- */

static struct json *moment_json(struct arena *a, const struct param_moment *m)
{
    if (m->mark.n)
        return json_string(a, m->mark);
    return m->seconds == m->seconds ? json_number(a, m->seconds) : json_null(a);
}

static struct json *items_json(struct arena *a, const struct param_items *items)
{
    struct json *list = json_array(a);
    for (size_t i = 0; i < items->n; i++) {
        json_push(list, json_string(a, items->v[i].text));
        json_push(list, moment_json(a, &items->v[i].at));
    }
    return list;
}

static struct json *param_json(struct arena *a, const struct param *p, const void *opts)
{
    const char *at = (const char *)opts + p->offset;
    struct json *list;
    switch (p->type) {
    case PARAM_DOUBLE:
    case PARAM_SECONDS:
    case PARAM_VOLUME:
        return json_number(a, *(const double *)(const void *)at);
    case PARAM_INT:
        return json_number(a, (double)*(const int64_t *)(const void *)at);
    case PARAM_BOOL:
        return json_bool(a, *(const bool *)at);
    case PARAM_CHOICE:
        return json_number(a, *(const int *)(const void *)at);
    case PARAM_COLOR:
        return json_number(a, *(const uint32_t *)(const void *)at);
    case PARAM_STR:
        return json_string(a, *(const struct str *)(const void *)at);
    case PARAM_POINT:
    case PARAM_FOCUS:
    case PARAM_RECT:
        list = json_array(a);                   /* x is NaN when unset: then the list stays empty */
        for (size_t i = 0; i < (p->type == PARAM_POINT ? 2u : 4u); i++) {
            double v = ((const double *)(const void *)at)[i];
            if (v == v)
                json_push(list, json_number(a, v));
        }
        return list;
    case PARAM_MOMENT:
        return moment_json(a, (const struct param_moment *)(const void *)at);
    case PARAM_ITEMS:
        return items_json(a, (const struct param_items *)(const void *)at);
    case PARAM_N_TYPES:
        break;
    }
    return json_null(a);
}

static struct json *choice_json(struct arena *a, const struct choice *c)
{
    struct json *o = json_object(a);
    if (!c->row)
        return o;
    txt(a, o, "type", str_from(c->row->name));
    for (const struct param *p = c->row->params; p && p->name && c->opts; p++)
        json_set(a, o, p->name, param_json(a, p, c->opts));
    return o;
}

static struct json *caption_look(struct arena *a, const struct caption_opts *c)
{
    struct json *o = json_object(a);
    json_set(a, o, "style", json_number(a, c->style));
    num(a, o, "position", c->position);
    num(a, o, "lines", (double)c->max_lines);
    txt(a, o, "font", c->font);
    num(a, o, "size", c->size);
    num(a, o, "color", c->color);
    num(a, o, "active", c->active_color);
    num(a, o, "box", c->box);
    return o;
}

static struct json *caption_json(struct arena *a, const struct visual *v)
{
    struct json *o = caption_look(a, v->captions), *words = json_array(a);
    txt(a, o, "text", v->narration);
    txt(a, o, "language", v->language);
    num(a, o, "start", (double)v->speech_start_samples);
    for (size_t i = 0; i < v->n_words; i++) {
        json_push(words, json_number(a, (double)v->words[i].start_samples));
        json_push(words, json_number(a, (double)v->words[i].end_samples));
        json_push(words, json_number(a, v->words[i].at));
        json_push(words, json_number(a, v->words[i].n));
    }
    json_set(a, o, "words", words);
    return o;
}

static struct json *rect_json(struct arena *a, const struct param_rect *r)
{
    struct json *list = json_array(a);
    const double v[] = { r->x, r->y, r->w, r->h };
    for (size_t i = 0; i < COUNTOF(v); i++)
        json_push(list, json_number(a, v[i]));
    return list;
}

static struct json *overlay_json(struct arena *a, const struct overlay_span *s)
{
    struct json *o = choice_json(a, &s->choice), *items = json_array(a);
    const struct param *p = s->choice.row->params;
    while (p && p->name && p->type != PARAM_ITEMS)
        p++;
    const struct param_items *list =
        p && p->name ? (const void *)((const char *)s->choice.opts + p->offset) : &(const struct param_items){ 0 };
    for (size_t i = 0; s->item_samples && i < list->n; i++)
        json_push(items, json_number(a, (double)s->item_samples[i]));
    json_set(a, o, "from", json_string(a, arena_printf(a, "%lld", (long long)s->start_samples)));
    json_set(a, o, "to", json_string(a, arena_printf(a, "%lld", (long long)s->end_samples)));
    json_set(a, o, "appear", items);
    json_set(a, o, "whole", json_bool(a, s->is_watermark));
    if (s->picture)
        txt(a, o, "picture", str_from(s->picture->sha256));
    return o;
}

bool request_is_same_overlay(const struct overlay_span *x, const struct overlay_span *y)
{
    struct arena a = { 0 };
    struct buf bx = { 0 }, by = { 0 };
    json_print(&bx, overlay_json(&a, x), JSON_SORTED);
    json_print(&by, overlay_json(&a, y), JSON_SORTED);
    bool is_same = str_eq(buf_str(&bx), buf_str(&by));
    buf_deinit(&bx);
    buf_deinit(&by);
    arena_deinit(&a);
    return is_same;
}

static struct json *timed_json(struct arena *a, const struct choice *c, const struct effect_span *span)
{
    struct json *o = choice_json(a, c);
    if (span) {
        json_set(a, o, "start", json_string(a, arena_printf(a, "%lld", (long long)span->start_samples)));
        json_set(a, o, "end", json_string(a, arena_printf(a, "%lld", (long long)span->end_samples)));
        num(a, o, "fade", span->fade);
    }
    return o;
}

static struct json *shot_json(struct arena *a, const struct shot *s)
{
    struct json *o = json_object(a), *effects = json_array(a);
    if (s->picture)
        txt(a, o, "picture", str_from(s->picture->sha256));
    json_set(a, o, "drawn", json_bool(a, s->is_drawn));
    if (s->clip) {
        json_set(a, o, "clip", json_number(a, s->clip->length));
        num(a, o, "seam", s->clip->seam);
        num(a, o, "from", s->clip->from);
        num(a, o, "to", s->clip->to);
    }
    num(a, o, "fit", s->fit);
    num(a, o, "move", s->auto_move);
    if (s->focus)
        json_set(a, o, "focus", rect_json(a, s->focus));
    if (s->mask)
        txt(a, o, "mask", str_from(s->mask->sha256));
    num(a, o, "first", (double)s->first_frame);
    num(a, o, "frames", (double)s->n_frames);
    json_set(a, o, "seed", json_string(a, arena_printf(a, "%016llx", (unsigned long long)s->seed)));
    for (size_t i = 0; i < s->n_effects; i++)
        json_push(effects, timed_json(a, &s->effects[i], s->spans ? &s->spans[i] : NULL));
    json_set(a, o, "effects", effects);
    if (s->transition.row)
        json_set(a, o, "transition", choice_json(a, &s->transition));
    return o;
}

/* An overlay that points to a place stands where that is seen in all shots. */
static bool points(const struct visual *v)
{
    for (size_t i = 0; i < v->n_overlays; i++)
        for (const struct param *p = v->overlays[i].choice.row->params; p && p->name; p++)
            if (p->type == PARAM_POINT)
                return true;
    return false;
}

/* With those shots that n frames from `first` show; with all of them where an overlay points. */
static struct json *visual_json(struct arena *a, const struct visual *v, int64_t first, int64_t n)
{
    struct json *o = json_object(a), *shots = json_array(a);
    for (size_t i = 0; i < v->n_shots; i++) {
        const struct shot *s = &v->shots[i];
        if (points(v) || (s->first_frame < first + n && first < s->first_frame + s->n_frames))
            json_push(shots, shot_json(a, s));
    }
    json_set(a, o, "shots", shots);
    num(a, o, "background", v->background);
    num(a, o, "frames", (double)v->n_frames);
    json_set(a, o, "seed", json_string(a, arena_printf(a, "%016llx", (unsigned long long)v->seed)));
    if (v->captions && v->captions->enabled)
        json_set(a, o, "captions", caption_json(a, v));
    if (v->n_overlays) {
        struct json *overlays = json_array(a);
        for (size_t i = 0; i < v->n_overlays; i++)
            json_push(overlays, overlay_json(a, &v->overlays[i]));
        json_set(a, o, "overlays", overlays);
        txt(a, o, "language", v->language);
    }
    return o;
}

void request_piece(const struct piece_spec *s, struct str version, char id[DIGEST_HEX])
{
    struct arena a = { 0 };
    struct json *o = form(&a, "piece", version);
    num(&a, o, "width", s->video.width);
    num(&a, o, "height", s->video.height);
    num(&a, o, "fps_num", s->video.fps_num);
    num(&a, o, "fps_den", s->video.fps_den);
    txt(&a, o, "preset", s->video.preset);
    num(&a, o, "crf", s->video.crf);
    txt(&a, o, "codec", str_from(codec_names[s->video.codec]));
    txt(&a, o, "encoder", s->video.encoder);
    num(&a, o, "frames", (double)s->n_frames);
    num(&a, o, "first_a", (double)s->first_a);
    json_set(&a, o, "a", visual_json(&a, s->a, s->first_a, s->n_frames));
    if (s->b) {
        num(&a, o, "first_b", (double)s->first_b);
        json_set(&a, o, "b", visual_json(&a, s->b, s->first_b, s->n_frames));
        json_set(&a, o, "transition", choice_json(&a, &s->transition));
    }
    finish(&a, o, id);
}

/* ---------- films ---------- */

/* What lies under speech goes down for it, music or not. */
static struct json *duck_json(struct arena *a, const struct music_opts *m)
{
    struct json *o = json_object(a);
    num(a, o, "to", m->duck);
    num(a, o, "attack", m->duck_attack);
    num(a, o, "release", m->duck_release);
    return o;
}

/* Ids of films stay on this machine, so its clock will do for "changed". Size and time alone are those of every copy
 * that was unpacked from one archive. */
static void file_json(struct arena *a, struct json *o, const struct join_spec *s, struct str file)
{
    struct stat st;
    struct str path = arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(s->dir), STR_ARG(file));
    txt(a, o, "file", file);
    if (stat(path.p, &st) == 0)
        txt(a, o, "state",
            arena_printf(a, "%lld %lld %lld %lld.%09ld %lld.%09ld", (long long)st.st_dev, (long long)st.st_ino,
                         (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
                         (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec));
}

static struct json *effect_json(struct arena *a, const struct join_spec *s, const struct join_sound *e)
{
    struct json *o = json_object(a);
    file_json(a, o, s, e->file);
    num(a, o, "volume", e->volume);
    num(a, o, "at", (double)e->at_samples);
    return o;
}

static struct json *music_json(struct arena *a, const struct join_spec *s)
{
    const struct music_opts *m = &s->lesson->music;
    struct json *o = json_object(a);
    file_json(a, o, s, m->file);
    num(a, o, "volume", m->volume);
    num(a, o, "seam", m->seam);
    num(a, o, "fade_in", m->fade_in);
    num(a, o, "fade_out", m->fade_out);
    json_set(a, o, "loop", json_bool(a, m->loop));
    return o;
}

static struct json *film_clip_json(struct arena *a, const struct join_clip *c)
{
    struct json *o = json_object(a);
    txt(a, o, "media", str_from(c->media->sha256));
    num(a, o, "volume", c->opts->volume);
    num(a, o, "length", c->opts->length);
    num(a, o, "seam", c->opts->seam);
    num(a, o, "clip_from", c->opts->from);
    num(a, o, "clip_to", c->opts->to);
    num(a, o, "first", (double)c->first_frame);
    num(a, o, "frames", (double)c->n_frames);
    num(a, o, "in", (double)c->in_frames);
    num(a, o, "out", (double)c->out_frames);
    return o;
}

static struct json *speech_json(struct arena *a, const struct join_section *s)
{
    struct json *o = json_object(a);
    txt(a, o, "speech", str_from(s->speech->sha256));
    num(a, o, "volume", s->section->voice.volume);
    num(a, o, "at", (double)s->speech_start_samples);
    return o;
}

static struct json *film_section_json(struct arena *a, const struct join_section *s)
{
    struct json *o = json_object(a);
    txt(a, o, "id", s->section->id);             /* a thumbnail may name it, a chapter may be called by it */
    txt(a, o, "title", s->section->title);
    txt(a, o, "narration", s->section->narration);
    num(a, o, "frames", (double)s->n_frames);
    /* subtitle files break lines as the captions would */
    json_set(a, o, "captions", caption_look(a, &s->section->captions));
    return o;
}

/* Everything that shapes what is heard. */
static struct json *heard_json(struct arena *a, const struct join_spec *s)
{
    const struct lesson *l = s->lesson;
    struct json *o = json_object(a), *speech = json_array(a), *clips = json_array(a), *sounds = json_array(a);
    num(a, o, "target", l->loudness.target);
    num(a, o, "peak", l->loudness.peak);
    num(a, o, "kbps", s->audio_kbps);
    txt(a, o, "codec", str_from(sound_codec_names[s->sound_codec]));
    num(a, o, "frames", (double)s->n_frames);
    num(a, o, "fps_num", s->video.fps_num);
    num(a, o, "fps_den", s->video.fps_den);
    if (l->music.enabled)
        json_set(a, o, "music", music_json(a, s));
    if (l->music.enabled || s->n_clips)
        json_set(a, o, "duck", duck_json(a, &l->music));
    for (size_t i = 0; i < s->n_sections; i++)
        if (s->sections[i].speech)
            json_push(speech, speech_json(a, &s->sections[i]));
    for (size_t i = 0; i < s->n_clips; i++)
        json_push(clips, film_clip_json(a, &s->clips[i]));
    json_set(a, o, "speech", speech);
    json_set(a, o, "clips", clips);
    for (size_t i = 0; i < s->n_sounds; i++)
        json_push(sounds, effect_json(a, s, &s->sounds[i]));
    json_set(a, o, "sounds", sounds);
    return o;
}

void request_sound(const struct join_spec *s, struct str version, char id[DIGEST_HEX])
{
    struct arena a = { 0 };
    struct json *o = form(&a, "sound", version);
    json_set(&a, o, "heard", heard_json(&a, s));
    finish(&a, o, id);
}

/* A manifest tells the lesson's text by its hash; it and a timeline call files by their names. */
static struct json *named_json(struct arena *a, const struct lesson *l)
{
    struct json *o = json_object(a), *files = json_array(a);
    txt(a, o, "text", str_from(l->text_sha256));
    for (size_t i = 0; i < l->n_files; i++)
        json_push(files, json_string(a, l->files[i].name));
    json_set(a, o, "files", files);
    return o;
}

void request_film(const struct join_spec *s, struct str version, char id[DIGEST_HEX])
{
    struct arena a = { 0 };
    const struct lesson *l = s->lesson;
    struct json *o = form(&a, "film", version), *pieces = json_array(&a), *sections = json_array(&a);
    txt(&a, o, "to", s->out_path);
    if (l->output.manifest || l->output.timeline)
        json_set(&a, o, "named", named_json(&a, l));
    txt(&a, o, "title", l->title);
    txt(&a, o, "description", l->description);
    txt(&a, o, "language", l->language);
    txt(&a, o, "thumbnail", l->output.thumbnail);
    json_set(&a, o, "chapters", json_bool(&a, l->output.chapters));
    json_set(&a, o, "srt", json_bool(&a, l->output.srt));
    json_set(&a, o, "vtt", json_bool(&a, l->output.vtt));
    json_set(&a, o, "track", json_bool(&a, l->output.track));
    json_set(&a, o, "chapter_list", json_bool(&a, l->output.chapter_list));
    json_set(&a, o, "manifest", json_bool(&a, l->output.manifest));
    json_set(&a, o, "timeline", json_bool(&a, l->output.timeline));
    if (l->output.is_thumbnail_timed)
        num(&a, o, "thumbnail_at", l->output.thumbnail_at);
    if (l->output.thumbnail_file.n) {
        struct json *file = json_object(&a);
        file_json(&a, file, s, l->output.thumbnail_file);
        json_set(&a, o, "thumbnail_file", file);
    }
    json_set(&a, o, "heard", heard_json(&a, s));
    for (size_t i = 0; i < s->n_pieces; i++)
        json_push(pieces, json_string(&a, str_from(s->pieces[i]->id)));
    for (size_t i = 0; i < s->n_sections; i++)
        json_push(sections, film_section_json(&a, &s->sections[i]));
    json_set(&a, o, "pieces", pieces);
    json_set(&a, o, "sections", sections);
    finish(&a, o, id);
}
