/* overlays.c - texts over the picture: what they are, when they are seen */
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"
#include "gen/overlay_times.h"

enum { OVERLAYS_MOST = 16 };

const struct param overlay_params[] = {
    PARAM_MOMENT(struct overlay, at, .aliases = "start,from",
                 .help = "when it appears: seconds from the section's beginning, or \"mark:name\" of its narration"),
    { .name = "for",
      .type = PARAM_SECONDS,
      .offset = offsetof(struct overlay, seconds),
      .aliases = "duration,length",
      .help = "seconds it is seen; 0: until the section ends" },
    { 0 },
};

/* ---------- marks ---------- */

static bool has_mark(const struct section *s, struct str name)
{
    for (size_t i = 0; i < s->n_marks; i++)
        if (str_eq(s->marks[i].name, name))
            return true;
    return false;
}

void check_mark(struct reader *r, const struct section *s, const struct param_moment *m, struct json_pos pos)
{
    struct buf hint = { 0 };
    if (m->mark.n == 0 || has_mark(s, m->mark))
        return;
    struct nearest near = nearest_begin(m->mark);
    for (size_t i = 0; i < s->n_marks; i++)
        nearest_offer(&near, s->marks[i].name);
    struct str best = nearest_print(&near, &hint);
    report(r, "E_MARK", pos, best.n ? arena_printf(r->a, "mark:" STR_FMT, STR_ARG(best)) : STR(""),
           STR_FMT ": the section's narration has no such mark%s" STR_FMT, STR_ARG(quoted(r, m->mark)),
           s->n_marks == 0 ? ", nor any other"
           : hint.n        ? "; "
                           : "",
           STR_ARG(buf_str(&hint)));
    buf_deinit(&hint);
}

static const struct json *member_of(const struct json *object, const struct param *p)
{
    for (const struct json *c = object->type == JSON_OBJECT ? object->child : NULL; c; c = c->next)
        if (name_matches(p->name, p->aliases, c->key, NULL))
            return c;
    return NULL;
}

static void check_moment(struct reader *r, const struct section *s, const struct json *object, const struct param *p,
                         const struct param_moment *m)
{
    const struct json *v = member_of(object, p);
    size_t mark = path_key(r, str_from(p->name));
    check_mark(r, s, m, v ? v->pos : object->pos);
    path_pop(r, mark);
}

static void check_items(struct reader *r, const struct section *s, const struct json *object, const struct param *p,
                        const struct param_items *items)
{
    const struct json *v = member_of(object, p);
    size_t mark = path_key(r, str_from(p->name));
    for (size_t i = 0; i < items->n; i++)
        check_mark(r, s, &items->v[i].at, v ? v->pos : object->pos);
    path_pop(r, mark);
}

/* ---------- one overlay ---------- */

static const void *at_of(const struct param *p, const void *opts)
{
    return (const char *)opts + p->offset;
}

static bool is_empty(const struct param *p, const void *opts)
{
    const void *at = at_of(p, opts);
    return p->type == PARAM_STR     ? str_trim(*(const struct str *)at).n == 0
           : p->type == PARAM_ITEMS ? ((const struct param_items *)at)->n == 0
                                    : false;
}

/* Members that were said wrongly have been told already. */
static void check_required(struct reader *r, const struct row *row, const void *opts, const struct json *v)
{
    for (const struct param *p = row->params; p && p->name; p++)
        if (p->flags & PARAM_REQUIRED && is_empty(p, opts)) {
            const struct json *said = member_of(v, p);
            bool is_told = said && said->type != JSON_NULL &&
                           ((p->type == PARAM_STR && said->type != JSON_STRING) ||
                            (p->type == PARAM_ITEMS && !((const struct param_items *)at_of(p, opts))->v));
            if (!is_told)
                report(r, "E_REQUIRED", said ? said->pos : v->pos, str_from(p->name), "missing \"%s\": %s", p->name,
                       p->help);
        }
}

/* What shows words or a picture has one of them. */
static void check_content(struct reader *r, const struct row *row, const void *opts, const struct json *v)
{
    const struct param *text = param_find(row->params, STR("text"), NULL), *file = row->params;
    while (file && file->name && !(file->flags & PARAM_FILE))
        file++;
    if (text && file && file->name && is_empty(text, opts) && is_empty(file, opts) && !member_of(v, file))
        report(r, "E_REQUIRED", v->pos, str_from(text->name), "missing \"%s\" or \"%s\"", text->name, file->name);
}

static bool read_one(struct reader *r, const struct section *s, const struct json *v, struct overlay *out)
{
    *out = (struct overlay){ .pos = v->pos };
    params_default(overlay_params, out);
    const struct menu m = {
        .what = "an overlay", .rows = r->words->overlays, .common = overlay_params, .common_opts = out
    };
    if (!choice_read(r, &m, v, false, &out->choice))
        return false;
    const void *opts = out->choice.opts;
    check_required(r, out->choice.row, opts, v);
    check_content(r, out->choice.row, opts, v);
    check_moment(r, s, v, &overlay_params[0], &out->at);
    for (const struct param *p = out->choice.row->params; p && p->name; p++) {
        const void *at = at_of(p, opts);
        if (p->type == PARAM_MOMENT)
            check_moment(r, s, v, p, at);
        else if (p->type == PARAM_ITEMS)
            check_items(r, s, v, p, at);
    }
    return true;
}

/* ---------- of a section ---------- */

void read_overlays(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    if (v->type != JSON_NULL && !(v->type == JSON_BOOL && !v->boolean))
        r->section_in->overlays = v;
}

void overlays_settle(struct reader *r, struct section *s, const struct section_in *in)
{
    const struct watermark_in *w = in->watermark.is_set ? &in->watermark : &r->in->watermark;
    const struct json *v = in->overlays;
    bool is_list = v && v->type == JSON_ARRAY;
    if (is_list && v->n > OVERLAYS_MOST) {
        size_t mark = path_key(r, v->key);
        report(r, "E_LIMIT", v->pos, STR(""), "%zu overlays, at most %d", v->n, OVERLAYS_MOST);
        path_pop(r, mark);
        return;
    }
    size_t most = (w->v ? 1 : 0) + (!v ? 0 : is_list ? v->n : 1);
    struct overlay *list = arena_array(r->a, most, sizeof *list);
    if (w->v)
        list[s->n_overlays++] = *w->v;
    size_t outer = v ? path_key(r, v->key) : 0, i = 0;
    for (const struct json *c = is_list ? v->child : v; c; c = is_list ? c->next : NULL, i++) {
        size_t mark = is_list ? path_index(r, i) : r->path.n;
        s->n_overlays += read_one(r, s, c, &list[s->n_overlays]);
        path_pop(r, mark);
    }
    size_t n_files = 0;
    for (size_t k = 0; k < s->n_overlays; k++)
        n_files += overlay_file(&list[k].choice).n > 0;
    if (v && n_files > 1)
        report(r, "E_LIMIT", v->pos, STR(""), "%zu watermarks with a picture in one section, at most one", n_files);
    if (v)
        path_pop(r, outer);
    s->overlays = list;
}

/* ---------- of the lesson ---------- */

void read_watermark(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    struct watermark_in *out = r->section ? &r->section_in->watermark : &r->in->watermark;
    const struct section none = { 0 };
    if (v->type == JSON_NULL || (v->type == JSON_BOOL && v->boolean))
        return;
    *out = (struct watermark_in){ .is_set = true };
    if (v->type == JSON_BOOL)
        return;
    if (v->type != JSON_STRING && v->type != JSON_OBJECT) {
        report(r, "E_TYPE", v->pos, STR(""), "expected a text or an object, not %s", json_type_name(v->type));
        return;
    }
    struct json *object = v->type == JSON_OBJECT ? json_copy(r->a, v) : json_object(r->a);
    object->pos = v->pos;
    if (v->type == JSON_STRING) {
        struct json *text = json_copy(r->a, v);
        text->key = STR("text");
        json_push(object, text);
    }
    json_set(r->a, object, "type", json_string(r->a, STR("watermark")));
    struct overlay *w = arena_alloc(r->a, sizeof *w);
    if (read_one(r, &none, object, w)) {
        w->is_watermark = true;
        out->v = w;
    }
}
