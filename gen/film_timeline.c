/* film_timeline.c - a film as an OpenTimelineIO file, for editors */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/chapters.h"
#include "gen/film.h"
#include "gen/film_files.h"
#include "gen/lesson/files.h"

struct sheet {
    const struct film *f;
    const struct join_spec *s;
    struct arena *a;
    double fps;
};

/* ---------- the schemas ---------- */

static struct json *schema(struct sheet *t, const char *name)
{
    struct json *o = json_object(t->a);
    json_set(t->a, o, "OTIO_SCHEMA", json_string(t->a, str_from(name)));
    json_set(t->a, o, "metadata", json_object(t->a));
    return o;
}

static void set(struct sheet *t, struct json *o, const char *key, struct json *v)
{
    json_set(t->a, o, key, v);
}

static void set_name(struct sheet *t, struct json *o, struct str name)
{
    set(t, o, "name", json_string(t->a, name));
}

static struct json *time_of(struct sheet *t, int64_t value, double rate)
{
    struct json *o = json_object(t->a);
    set(t, o, "OTIO_SCHEMA", json_string(t->a, STR("RationalTime.1")));
    set(t, o, "rate", json_number(t->a, rate));
    set(t, o, "value", json_number(t->a, (double)value));
    return o;
}

static struct json *range_of(struct sheet *t, int64_t start, int64_t n, double rate)
{
    struct json *o = json_object(t->a);
    set(t, o, "OTIO_SCHEMA", json_string(t->a, STR("TimeRange.1")));
    set(t, o, "duration", time_of(t, n, rate));
    set(t, o, "start_time", time_of(t, start, rate));
    return o;
}

/* What clips, gaps, tracks and stacks have in common. */
static struct json *item(struct sheet *t, const char *name, struct str called, struct json *range)
{
    struct json *o = schema(t, name);
    set_name(t, o, called);
    set(t, o, "source_range", range ? range : json_null(t->a));
    set(t, o, "effects", json_array(t->a));
    set(t, o, "markers", json_array(t->a));
    set(t, o, "enabled", json_bool(t->a, true));
    return o;
}

static struct json *reference(struct sheet *t, struct str url, struct json *available)
{
    struct json *o = schema(t, "ExternalReference.1");
    set_name(t, o, STR(""));
    set(t, o, "available_range", available ? available : json_null(t->a));
    set(t, o, "available_image_bounds", json_null(t->a));
    set(t, o, "target_url", json_string(t->a, url));
    return o;
}

static struct json *clip(struct sheet *t, struct str name, struct json *range, struct json *ref)
{
    struct json *o = item(t, "Clip.2", name, range), *refs = json_object(t->a);
    set(t, refs, "DEFAULT_MEDIA", ref);
    set(t, o, "media_references", refs);
    set(t, o, "active_media_reference_key", json_string(t->a, STR("DEFAULT_MEDIA")));
    return o;
}

static void add_gap(struct sheet *t, struct json *children, int64_t n, double rate)
{
    if (n > 0)
        json_push(children, item(t, "Gap.1", STR(""), range_of(t, 0, n, rate)));
}

static struct json *track(struct sheet *t, const char *name, const char *kind, bool is_enabled, struct json **children)
{
    struct json *o = item(t, "Track.1", str_from(name), NULL);
    set(t, o, "kind", json_string(t->a, str_from(kind)));
    set(t, o, "enabled", json_bool(t->a, is_enabled));
    *children = json_array(t->a);
    set(t, o, "children", *children);
    return o;
}

/* ---------- where files lie ---------- */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~/", c);
}

/* RFC 3986: a path as part of an address. */
static struct str escaped(struct sheet *t, const char *scheme, struct str path)
{
    struct buf b = { 0 };
    buf_addz(&b, scheme);
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] && is_plain(path.p[i]))
            buf_addc(&b, path.p[i]);
        else
            buf_printf(&b, "%%%02X", (unsigned)(unsigned char)path.p[i]);
    }
    struct str out = arena_str(t->a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

static struct str address_of(struct sheet *t, struct str path)
{
    char *full = realpath(arena_str(t->a, path).p, NULL);
    struct str out = escaped(t, "file://", full ? str_from(full) : path);
    free(full);
    return out;
}

static struct str own_file(struct sheet *t, struct str file)
{
    const struct lesson *l = t->f->lesson;
    return address_of(t, file.p[0] == '/' ? file : arena_printf(t->a, STR_FMT "/" STR_FMT, STR_ARG(l->dir), STR_ARG(file)));
}

/* A file of the user's own has a name that editors know; what was bought or drawn lies in the store. */
static struct str asset_address(struct sheet *t, const struct node *n)
{
    if (n->kind == NODE_IMPORT && n->file.n)
        return path_is_address(n->file) ? n->file : own_file(t, n->file);
    return address_of(t, n->blob.path);
}

/* ---------- tracks ---------- */

static struct str section_name(struct sheet *t, size_t i)
{
    struct buf b = { 0 };
    chapter_title(&b, t->s, i);
    struct str out = arena_str(t->a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

/* The film itself, cut at its sections. What comes before the first one belongs to it. */
static struct json *film_track(struct sheet *t, const char *name, const char *kind)
{
    struct json *children, *o = track(t, name, kind, true, &children);
    struct str url = escaped(t, "", film_base_name(t->s->out_path));
    for (size_t i = 0; i < t->s->n_sections; i++) {
        const struct join_section *sec = &t->s->sections[i];
        int64_t from = i ? sec->first_frame : 0, to = sec->first_frame + sec->n_frames;
        json_push(children, clip(t, section_name(t, i), range_of(t, from, to - from, t->fps),
                                 reference(t, url, range_of(t, 0, t->s->n_frames, t->fps))));
    }
    return o;
}

/* Centred on the cut before clip `shot` of a section, `n` frames in all. */
static void add_transition(struct sheet *t, struct json *children, const struct choice *c, int64_t n)
{
    if (n < 2 || !c->row)
        return;
    bool is_dissolve = strcmp(c->row->name, "fade") == 0 || strcmp(c->row->name, "dissolve") == 0;
    struct json *o = schema(t, "Transition.1"), *ours = json_object(t->a);
    set_name(t, o, str_from(c->row->name));
    set(t, o, "transition_type", json_string(t->a, is_dissolve ? STR("SMPTE_Dissolve") : STR("Custom_Transition")));
    set(t, o, "in_offset", time_of(t, n / 2, t->fps));
    set(t, o, "out_offset", time_of(t, n - n / 2, t->fps));
    set(t, ours, "transition", json_string(t->a, str_from(c->row->name)));
    json_set(t->a, (struct json *)(uintptr_t)json_get(o, "metadata"), "vidgen", ours);
    json_push(children, o);
}

/* One shot for n frames: a still as long as it is needed, a clip as far as it goes. */
static void add_shot(struct sheet *t, struct json *children, const struct plan_section *ps, size_t k, int64_t n)
{
    const struct node *image = ps->pictures[k].image;
    const struct shot *shot = &ps->shots[k];
    if (!image) {
        add_gap(t, children, n, t->fps);
        return;
    }
    struct str url = asset_address(t, image), name = ps->section->id;
    if (ps->n_pictures > 1)
        name = arena_printf(t->a, STR_FMT " %zu", STR_ARG(name), k + 1);
    if (!shot->clip) {
        json_push(children, clip(t, name, range_of(t, 0, n, t->fps), reference(t, url, NULL)));
        return;
    }
    int64_t all = (int64_t)floor((double)image->blob.info.n_samples * t->fps / SAMPLE_RATE);
    int64_t from = (int64_t)lrint(shot->clip->from * t->fps), used = all - from < n ? all - from : n;
    if (used > 0)
        json_push(children, clip(t, name, range_of(t, from, used, t->fps), reference(t, url, range_of(t, 0, all, t->fps))));
    add_gap(t, children, n - (used > 0 ? used : 0), t->fps);
}

/* From the middle of one transition to the middle of the next. */
static void add_shots(struct sheet *t, struct json *children, size_t i)
{
    const struct plan_section *ps = &t->f->sections[i];
    int64_t at = 0;
    for (size_t k = 0; k < ps->n_pictures; k++) {
        int64_t end = ps->slot.n_frames;
        if (k) {
            const struct shot *before = &ps->shots[k - 1];
            add_transition(t, children, &ps->shots[k].transition,
                           before->first_frame + before->n_frames - ps->shots[k].first_frame);
        } else if (i > 0) {
            add_transition(t, children, &ps->section->transition, 2 * ps->slot.in_frames);
        }
        if (k + 1 < ps->n_pictures) {
            const struct shot *next = &ps->shots[k + 1];
            int64_t shared = ps->shots[k].first_frame + ps->shots[k].n_frames - next->first_frame;
            end = next->first_frame + shared / 2 - ps->slot.in_frames;
        }
        add_shot(t, children, ps, k, end - at);
        at = end;
    }
}

static struct json *picture_track(struct sheet *t)
{
    struct json *children, *o = track(t, "pictures", "Video", false, &children);
    add_gap(t, children, t->s->sections[0].first_frame, t->fps);
    for (size_t i = 0; i < t->s->n_sections; i++)
        add_shots(t, children, i);
    return o;
}

static struct json *speech_track(struct sheet *t)
{
    struct json *children, *o = track(t, "narration", "Audio", false, &children);
    int64_t at = 0;
    for (size_t i = 0; i < t->s->n_sections; i++) {
        const struct join_section *sec = &t->s->sections[i];
        const struct node *speech = t->f->sections[i].speech;
        if (!sec->speech || !speech)
            continue;
        int64_t n = sec->speech->info.n_samples;
        add_gap(t, children, sec->speech_start_samples - at, SAMPLE_RATE);
        json_push(children, clip(t, section_name(t, i), range_of(t, 0, n, SAMPLE_RATE),
                                 reference(t, asset_address(t, speech), range_of(t, 0, n, SAMPLE_RATE))));
        at = sec->speech_start_samples + n;
    }
    return o;
}

static struct json *music_track(struct sheet *t)
{
    struct json *children, *o = track(t, "music", "Audio", false, &children);
    json_push(children, clip(t, film_base_name(t->f->lesson->music.file), range_of(t, 0, t->s->n_frames, t->fps),
                             reference(t, own_file(t, t->f->lesson->music.file), NULL)));
    return o;
}

static struct json *chapter_markers(struct sheet *t)
{
    struct json *list = json_array(t->a);
    for (size_t i = 0; i < t->s->n_sections; i++) {
        struct json *o = schema(t, "Marker.2");
        set_name(t, o, section_name(t, i));
        set(t, o, "color", json_string(t->a, STR("GREEN")));
        set(t, o, "comment", json_string(t->a, t->s->sections[i].section->id));
        set(t, o, "marked_range", range_of(t, i ? t->s->sections[i].first_frame : 0, 0, t->fps));
        json_push(list, o);
    }
    return list;
}

struct str timeline_text(const struct film *f, const struct join_spec *s, struct arena *a)
{
    struct sheet t = { .f = f, .s = s, .a = a, .fps = (double)s->video.fps_num / s->video.fps_den };
    struct json *o = schema(&t, "Timeline.1"), *stack = item(&t, "Stack.1", STR("tracks"), NULL), *children = json_array(a);
    struct buf b = { 0 };
    set_name(&t, o, f->lesson->title);
    set(&t, o, "global_start_time", json_null(a));
    json_push(children, film_track(&t, "film", "Video"));
    json_push(children, picture_track(&t));
    json_push(children, film_track(&t, "film sound", "Audio"));
    json_push(children, speech_track(&t));
    if (f->lesson->music.enabled)
        json_push(children, music_track(&t));
    set(&t, stack, "markers", chapter_markers(&t));
    set(&t, stack, "children", children);
    set(&t, o, "tracks", stack);
    json_print(&b, o, JSON_PRETTY);
    buf_addc(&b, '\n');
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}
