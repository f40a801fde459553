/* film_manifest.c - what a film is made of, for programs */
#include "gen/film_files.h"
#include <math.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/version.h"
#include "gen/fetch.h"
#include "gen/film.h"
#include "gen/store.h"

struct writer {
    const struct film *f;
    const struct join_spec *s;
    struct store *store;
    struct arena *a;
    struct json *assets;
    double cost;                                /* of all that was bought, as far as it is known */
    bool is_cost_known;
};

static void text(struct writer *w, struct json *o, const char *key, struct str v)
{
    if (v.n)
        json_set(w->a, o, key, json_string(w->a, v));
}

static void number(struct writer *w, struct json *o, const char *key, double v)
{
    json_set(w->a, o, key, json_number(w->a, v));
}

/* Whole microseconds, so that equal times are written equally. */
static void seconds(struct writer *w, struct json *o, const char *key, int64_t samples)
{
    number(w, o, key, (double)llround((double)samples * 1e6 / SAMPLE_RATE) / 1e6);
}

struct str film_base_name(struct str path)
{
    const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
    return slash ? (struct str){ slash + 1, path.n - (size_t)(slash + 1 - path.p) } : path;
}

static bool is_listed(const struct writer *w, const char *id)
{
    for (const struct json *c = w->assets->child; c; c = c->next)
        if (str_eq(json_str_or(c, "id", STR("")), str_from(id)))
            return true;
    return false;
}

static void add_cost(struct writer *w, struct json *o, const struct node *n)
{
    double cost = store_cost(w->store, n->id);
    json_set(w->a, o, "cost", cost >= 0 ? json_number(w->a, cost) : json_null(w->a));
    w->is_cost_known = w->is_cost_known && cost >= 0;
    w->cost += cost >= 0 ? cost : 0;
}

static void add_asset(struct writer *w, const struct node *n)
{
    struct arena *a = w->a;
    if (!n || n->state != NODE_DONE || is_listed(w, n->id))
        return;
    struct json *o = json_object(a);
    text(w, o, "id", str_from(n->id));
    text(w, o, "kind", str_from(asset_kind_name(n->asset)));
    text(w, o, "made_by", str_from(node_step(n)));
    text(w, o, "provider", str_from(node_provider(n)));
    if (n->fetch)
        text(w, o, "model", n->fetch->quote.model.n ? n->fetch->quote.model : n->fetch->want.model);
    text(w, o, "file", n->file);
    text(w, o, "type", str_from(n->blob.info.type));
    text(w, o, "sha256", str_from(n->blob.sha256));
    if (n->blob.info.width)
        number(w, o, "width", n->blob.info.width);
    if (n->blob.info.height)
        number(w, o, "height", n->blob.info.height);
    if (n->blob.info.n_samples)
        seconds(w, o, "duration_s", n->blob.info.n_samples);
    if (n->fetch)
        add_cost(w, o, n);
    json_push(w->assets, o);
    if (n->splice)
        for (size_t i = 0; i < n->splice->spec.n_parts; i++)
            add_asset(w, n->splice->parts[i]);
}

/* A word is [start, end, "as the narration writes it"]; seconds of the film. */
static void add_words(struct writer *w, struct json *o, const struct join_section *sec)
{
    struct json *list = json_array(w->a);
    struct str said = sec->section->narration;
    if (!sec->speech || !words_fit(sec->speech->words, sec->speech->n_words, said))
        return;
    for (size_t i = 0; i < sec->speech->n_words; i++) {
        const struct word *word = &sec->speech->words[i];
        struct json *one = json_object(w->a), *pair = json_array(w->a);
        seconds(w, one, "start", sec->speech_start_samples + word->start_samples);
        seconds(w, one, "end", sec->speech_start_samples + word->end_samples);
        json_push(pair, json_copy(w->a, json_get(one, "start")));
        json_push(pair, json_copy(w->a, json_get(one, "end")));
        json_push(pair, json_string(w->a, (struct str){ said.p + word->at, word->n }));
        json_push(list, pair);
    }
    json_set(w->a, o, "words", list);
}

static struct json *section(struct writer *w, size_t i)
{
    const struct join_section *sec = &w->s->sections[i];
    const struct plan_section *ps = &w->f->sections[i];
    const struct video_opts *v = &w->f->lesson->video;
    struct json *o = json_object(w->a), *pictures = json_array(w->a);
    text(w, o, "id", sec->section->id);
    text(w, o, "title", sec->section->title);
    text(w, o, "narration", sec->section->narration);
    seconds(w, o, "start_s", timeline_sample(v, sec->first_frame));
    seconds(w, o, "end_s", timeline_sample(v, sec->first_frame + sec->n_frames));
    number(w, o, "first_frame", (double)sec->first_frame);
    number(w, o, "frames", (double)sec->n_frames);
    if (sec->speech) {
        seconds(w, o, "speech_start_s", sec->speech_start_samples);
        seconds(w, o, "speech_end_s", sec->speech_start_samples + sec->speech->info.n_samples);
        text(w, o, "speech", str_from(ps->speech->id));
    }
    for (size_t k = 0; k < ps->n_pictures; k++) {
        const struct node *image = ps->pictures[k].image;
        if (image)
            json_push(pictures, json_string(w->a, str_from(image->id)));
        add_asset(w, image);
        add_asset(w, ps->pictures[k].mask);
    }
    json_set(w->a, o, "pictures", pictures);
    add_asset(w, ps->speech);
    add_asset(w, ps->plan);
    add_asset(w, ps->mark);
    add_words(w, o, sec);
    return o;
}

static void add_lesson(struct writer *w, struct json *o)
{
    const struct lesson *l = w->f->lesson;
    struct json *lesson = json_object(w->a);
    text(w, lesson, "id", l->id);
    text(w, lesson, "title", l->title);
    text(w, lesson, "language", l->language);
    text(w, lesson, "sha256", str_from(l->text_sha256));
    json_set(w->a, o, "lesson", lesson);
}

static void add_video(struct writer *w, struct json *o)
{
    const struct join_spec *s = w->s;
    struct json *video = json_object(w->a);
    text(w, video, "file", film_base_name(s->out_path));
    number(w, video, "width", s->video.width);
    number(w, video, "height", s->video.height);
    text(w, video, "fps", arena_printf(w->a, "%d/%d", s->video.fps_num, s->video.fps_den));
    number(w, video, "frames", (double)s->n_frames);
    seconds(w, video, "duration_s", timeline_sample(&w->f->lesson->video, s->n_frames));
    json_set(w->a, o, "video", video);
}

struct str manifest_text(const struct film *f, const struct join_spec *s, const struct config *c, struct store *store,
                         struct str renderer, struct arena *a)
{
    struct writer w = { .f = f, .s = s, .store = store, .a = a, .assets = json_array(a), .is_cost_known = true };
    struct json *o = json_object(a), *sections = json_array(a);
    struct buf b = { 0 };
    number(&w, o, "manifest", 1);
    text(&w, o, "program", STR("vidgen " VIDGEN_VERSION));
    text(&w, o, "renderer", renderer);
    add_lesson(&w, o);
    add_video(&w, o);
    for (size_t i = 0; i < s->n_sections; i++)
        json_push(sections, section(&w, i));
    json_set(a, o, "sections", sections);
    json_set(a, o, "assets", w.assets);
    json_set(a, o, "switches", film_switches(f, a));
    number(&w, o, "cost", w.cost);
    json_set(a, o, "cost_is_complete", json_bool(a, w.is_cost_known));
    text(&w, o, "currency", c->budget.currency);
    json_print(&b, o, 0);
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}
