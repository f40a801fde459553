/* journal_film.c - the journal's line about a film */
#include "cmd/journal_film.h"
#include "gen/base/text.h"
#include "gen/film.h"

enum { TEXT_MOST = 280, NAME_MOST = 300 };      /* bytes */

static void add_text(struct arena *a, struct json *to, const char *key, struct str value, size_t most)
{
    struct buf line = { 0 }, clean = { 0 };
    buf_adds(&line, value);
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] == '\n' || line.p[i] == '\t' || line.p[i] == '\r')
            line.p[i] = ' ';
    text_clean(&clean, buf_str(&line), most);
    if (clean.n)
        json_set(a, to, key, json_string(a, buf_str(&clean)));
    buf_deinit(&line);
    buf_deinit(&clean);
}

static const char *state_of(const struct node *n)
{
    return n->state == NODE_FAILED ? "failed" : n->state != NODE_DONE ? "missing" : n->is_cached ? "cached" : "done";
}

static struct json *asset(struct arena *a, const struct node *n)
{
    struct json *o = json_object(a);
    json_set(a, o, "step", json_string(a, str_from(node_step(n))));
    json_set(a, o, "state", json_string(a, str_from(state_of(n))));
    add_text(a, o, "provider", str_from(node_provider(n)), NAME_MOST);
    add_text(a, o, "id", str_from(n->id), 0);
    if (n->err)
        add_text(a, o, "message", str_from(n->err->msg), 0);
    return o;
}

static void add_looks(struct arena *a, struct json *o, const struct film *f, size_t i)
{
    const struct plan_section *ps = &f->sections[i];
    struct json *pictures = json_array(a);
    for (size_t k = 0; k < ps->n_pictures; k++)
        if (ps->pictures[k].image)
            json_push(pictures, asset(a, ps->pictures[k].image));
    json_set(a, o, "pictures", pictures);
    if (ps->speech)
        json_set(a, o, "speech", asset(a, ps->speech));
    if (film_has_transition(f, i))
        add_text(a, o, "transition", str_from(ps->section->transition.row->name), NAME_MOST);
}

static struct json *sections(struct arena *a, const struct film *f, struct video_format v)
{
    struct json *out = json_array(a);
    double per_frame = (double)v.fps_den / v.fps_num;
    int64_t frame = f->opening ? f->opening->slot.n_frames : 0;
    bool is_timed = true;                       /* as long as all before are */
    for (size_t i = 0; i < f->n_sections; i++) {
        const struct plan_section *ps = &f->sections[i];
        struct json *o = json_object(a);
        add_text(a, o, "id", ps->section->id, NAME_MOST);
        add_text(a, o, "title", ps->section->title, NAME_MOST);
        add_text(a, o, "text", ps->section->narration, TEXT_MOST);
        is_timed = is_timed && ps->is_ready;
        if (is_timed) {
            json_set(a, o, "start_s", json_number(a, (double)frame * per_frame));
            json_set(a, o, "duration_s", json_number(a, (double)ps->slot.n_frames * per_frame));
            frame += ps->slot.n_frames;
        }
        add_looks(a, o, f, i);
        json_push(out, o);
    }
    return out;
}

void journal_film(struct buf *b, const struct film *f, const struct config *c)
{
    struct arena a = { 0 };
    struct video_format v = film_format(f->lesson, c);
    struct json *o = json_object(&a);
    json_set(&a, o, "event", json_string(&a, STR("film")));
    add_text(&a, o, "lesson", f->lesson->id, 2000);
    json_set(&a, o, "lesson_index", json_number(&a, (double)f->index));
    add_text(&a, o, "title", f->lesson->title, NAME_MOST);
    add_text(&a, o, "language", f->lesson->language, NAME_MOST);
    json_set(&a, o, "path", json_string(&a, f->lesson->path));
    json_set(&a, o, "output", json_string(&a, f->out_path));
    json_set(&a, o, "width", json_number(&a, v.width));
    json_set(&a, o, "height", json_number(&a, v.height));
    json_set(&a, o, "fps", json_number(&a, (double)v.fps_num / v.fps_den));
    json_set(&a, o, "loudness_target_lufs", json_number(&a, f->lesson->loudness.target));
    if (f->is_planned && !f->is_up_to_date)
        json_set(&a, o, "sections", sections(&a, f, v));
    json_print(b, o, 0);
    buf_addc(b, '\n');
    arena_deinit(&a);
}
