/* choices.c - effects and transitions: things chosen by name, with options of their own */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/effect_time.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

enum { EFFECTS_MOST = 16, OPTIONS_MOST = 64 };

static const struct param duration_param = { .name = "duration", .type = PARAM_SECONDS, .min = 0, .max = 10 };

static const struct row *lookup(const struct menu *m, struct str name)
{
    char text[100];
    const struct row *row = row_find(m->rows, name);
    if (row || !m->prefix)
        return row;
    int n = snprintf(text, sizeof text, "%s-" STR_FMT, m->prefix, name.n > 60 ? 0 : STR_ARG(name));
    return row_find(m->rows, (struct str){ text, (size_t)n });
}

static void no_such(struct reader *r, const struct menu *m, struct str name, struct json_pos pos)
{
    struct nearest near = nearest_begin(name);
    struct buf hint = { 0 };
    for (const struct row *const *row = m->rows; row && *row; row++)
        nearest_offer(&near, str_from((*row)->name));
    struct str best = nearest_print(&near, &hint);
    report(r, "E_ENUM", pos, best, STR_FMT ": not %s%s" STR_FMT, STR_ARG(quoted(r, name)), m->what, hint.n ? "; " : "",
           STR_ARG(buf_str(&hint)));
    buf_deinit(&hint);
}

/* NULL when it was told that there is no such row. */
static const struct row *choose(struct reader *r, const struct menu *m, const struct json *v)
{
    if (v->type != JSON_STRING) {
        report(r, "E_TYPE", v->pos, STR(""), "expected the name of %s, not %s", m->what, json_type_name(v->type));
        return NULL;
    }
    struct str name = str_trim(v->string);
    const struct row *row = lookup(m, name);
    if (!row) {
        no_such(r, m, name, v->pos);
        return NULL;
    }
    if (row->is_not_yet) {
        report(r, "E_NOT_YET", v->pos, STR(""), STR_FMT ": %s that this version cannot do yet",
               STR_ARG(quoted(r, name)), m->what);
        return NULL;
    }
    return row;
}

/* Options of a row in the arena: defaults, or a copy of `from`. NULL when the row has none. */
static void *make_opts(struct reader *r, const struct row *row, const void *from)
{
    if (!row || !row->params)
        return NULL;
    void *opts = arena_alloc(r->a, row->opts_size);
    if (from)
        memcpy(opts, from, row->opts_size);
    else
        params_default(row->params, opts);
    return opts;
}

static struct choice with_defaults(struct reader *r, const struct row *row)
{
    return (struct choice){ .row = row, .opts = make_opts(r, row, NULL) };
}

struct choice choice_default(struct reader *r, const struct row *const *rows, const char *name)
{
    return with_defaults(r, row_find(rows, str_from(name)));
}

/* The members of an object that chooses: some have a meaning for all rows, the others are options of the row. */
struct member_names { const char *name, *aliases; };
static const struct member_names type_names = { "type", "name,style,effect,transition,in" };
static const struct member_names duration_names = { "duration", "length,seconds" };
static const struct member_names out_names = { "out", NULL };
static const struct member_names sound_names = { "sound", "sound_effect,sfx" };

static const struct json *member_of(const struct json *object, const struct member_names *m)
{
    for (const struct json *c = object->child; c; c = c->next)
        if (name_matches(m->name, m->aliases, c->key, NULL))
            return c;
    return NULL;
}

/* What the row has besides its own options. */
static const struct param *common_of(const struct menu *m, const struct row *row)
{
    return row && row->shared ? row->shared : m->common;
}

static void unknown_option(struct reader *r, const struct menu *m, const struct row *row, bool is_transition,
                           const struct json *member)
{
    struct nearest near = nearest_begin(member->key);
    nearest_offer(&near, str_from("type"));
    if (is_transition)
        nearest_offer(&near, str_from("duration"));
    for (const struct param *p = row ? row->params : NULL; p && p->name; p++)
        nearest_offer(&near, str_from(p->name));
    for (const struct param *p = common_of(m, row); p && p->name; p++)
        nearest_offer(&near, str_from(p->name));
    report_unknown(r, member, &near);
}

/* Reads the row's options from the object, and what the menu's rows have in common. A row that could not be found leaves
 * its options unjudged. */
static void read_options(struct reader *r, const struct menu *m, const struct row *row, const struct json *object,
                         bool is_transition, void *opts)
{
    const struct param *seen[OPTIONS_MOST];
    size_t n_seen = 0;
    for (const struct json *c = object->child; c; c = c->next) {
        bool is_alias = false;
        if (name_matches(type_names.name, type_names.aliases, c->key, &is_alias)) {
            if (is_alias)
                note_alias(r, c, "type");
            continue;
        }
        if (key_is_ignored(c->key) ||
            (is_transition && (name_matches(duration_names.name, duration_names.aliases, c->key, NULL) ||
                               name_matches(out_names.name, out_names.aliases, c->key, NULL))))
            continue;
        const struct param *p = row ? param_find(row->params, c->key, &is_alias) : NULL;
        bool is_common = !p && (p = param_find(common_of(m, row), c->key, &is_alias));
        if (!p) {
            if (row)
                unknown_option(r, m, row, is_transition, c);
            continue;
        }
        size_t mark = path_key(r, c->key), i = 0;
        while (i < n_seen && seen[i] != p)
            i++;
        if (i < n_seen)
            report(r, "E_DUPLICATE_KEY", c->key_pos, STR(""), "\"%s\" stands twice", p->name);
        else if (n_seen < OPTIONS_MOST) {
            seen[n_seen++] = p;
            if (is_alias)
                note_alias(r, c, p->name);
            read_param(r, p, c, is_common ? m->common_opts : opts);
        }
        path_pop(r, mark);
    }
}

bool choice_read(struct reader *r, const struct menu *m, const struct json *v, bool is_transition, struct choice *out)
{
    const struct json *type = v;
    size_t mark = r->path.n;
    if (v->type == JSON_OBJECT) {
        if (!(type = member_of(v, &type_names))) {
            report(r, "E_REQUIRED", v->pos, STR("type"), "missing \"type\": the name of %s", m->what);
            return false;
        }
        path_key(r, type->key);
    }
    const struct row *row = choose(r, m, type);
    path_pop(r, mark);
    void *opts = make_opts(r, row, NULL);
    if (v->type == JSON_OBJECT)
        read_options(r, m, row, v, is_transition, opts);
    *out = (struct choice){ .row = row, .opts = opts };
    return row != NULL;
}

/* When it works, if it says so. */
static void read_effect(struct reader *r, const struct menu *m, const struct json *v, struct effects_in *out,
                        struct choice *list)
{
    struct effect_time *time = arena_alloc(r->a, sizeof *time);
    struct menu own = *m;
    own.common_opts = time;
    params_default(effect_frame_params, time);
    if (!choice_read(r, &own, v, false, &list[out->n]))
        return;
    const struct param_moment *a = &time->start, *b = &time->end;
    if (a->mark.n || b->mark.n || !isnan(a->seconds) || !isnan(b->seconds))
        list[out->n].time = time;
    bool is_known = a->mark.n == 0 && b->mark.n == 0 && (a->seconds < 0) == (b->seconds < 0);
    if (is_known && b->seconds <= a->seconds)
        report(r, "E_RANGE", v->pos, STR(""), "ends at %.10g seconds and starts at %.10g; an end comes after its start",
               b->seconds, a->seconds);
    out->n++;
}

static void read_effect_list(struct reader *r, const struct menu *m, const struct json *v, struct effects_in *out)
{
    bool is_list = v->type == JSON_ARRAY;
    size_t most = !is_list ? 1 : v->n < EFFECTS_MOST ? v->n : EFFECTS_MOST;
    struct choice *list = arena_array(r->a, most, sizeof *list);
    out->v = list;
    out->n = 0;
    if (is_list && v->n > EFFECTS_MOST) {
        report(r, "E_LIMIT", v->pos, STR(""), "%zu effects, at most %d", v->n, EFFECTS_MOST);
        return;
    }
    size_t i = 0;
    for (const struct json *c = is_list ? v->child : v; c; c = is_list ? c->next : NULL, i++) {
        size_t mark = is_list ? path_index(r, i) : r->path.n;
        read_effect(r, m, c, out, list);
        path_pop(r, mark);
    }
}

void read_effects(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    struct effects_in *out = r->shot      ? &r->shot->effects
                             : r->section ? &r->section_in->effects
                                          : &r->in->effects;
    struct menu m = { .what = "an effect", .rows = r->words->effects };
    if (name_equal(v->key, STR("zoom")))
        m.prefix = "zoom";
    else if (name_equal(v->key, STR("pan")))
        m.prefix = "pan";
    if (v->type == JSON_NULL)
        return;
    out->is_set = true;
    if (v->type == JSON_BOOL) {
        struct choice c = choice_default(r, r->words->effects, v->boolean ? "auto" : "none");
        out->n = c.row != NULL;
        if (c.row) {
            struct choice *one = arena_alloc(r->a, sizeof *one);
            *one = c;
            out->v = one;
        }
        return;
    }
    read_effect_list(r, &m, v, out);
}

static void read_duration_of(struct reader *r, const struct json *object, struct transition_in *out)
{
    const struct json *v = member_of(object, &duration_names);
    struct { double duration; } one = { out->seconds };
    if (!v)
        return;
    size_t mark = path_key(r, v->key);
    read_param(r, &duration_param, v, &one);
    path_pop(r, mark);
    out->seconds = one.duration;
}

/* Shotstack's { "in": …, "out": … }: out belongs to the next boundary. */
static void read_out(struct reader *r, const struct menu *m, const struct json *object, const struct transition_in *in)
{
    const struct json *v = member_of(object, &out_names);
    if (!v || v->type == JSON_NULL)
        return;
    size_t mark = path_key(r, v->key);
    if (!r->section || in != &r->section_in->in)
        report(r, "E_TYPE", v->pos, STR(""), "a transition out belongs to a section");
    else {
        const struct row *row = choose(r, m, v);
        r->section_in->out = (struct transition_in){ .is_set = row != NULL, .choice = with_defaults(r, row), .seconds = in->seconds };
    }
    path_pop(r, mark);
}

static void take_transition(struct reader *r, const struct json *v, struct transition_in *out)
{
    struct menu m = { .what = "a transition", .rows = r->words->transitions, .common = transition_params,
                      .common_opts = &out->sound };
    if (v->type == JSON_NULL || (v->type == JSON_BOOL && v->boolean))
        return;
    if (v->type != JSON_BOOL && v->type != JSON_STRING && v->type != JSON_OBJECT) {
        report(r, "E_TYPE", v->pos, STR(""), "expected the name of a transition or an object, not %s",
               json_type_name(v->type));
        return;
    }
    if (v->type == JSON_BOOL) {
        *out = (struct transition_in){ .is_set = true, .choice = choice_default(r, r->words->transitions, "none") };
        return;
    }
    if (v->type == JSON_OBJECT) {
        read_duration_of(r, v, out);
        read_out(r, &m, v, out);
        bool has_sound = member_of(v, &sound_names) != NULL;
        if (!member_of(v, &type_names) && (member_of(v, &duration_names) || member_of(v, &out_names) || has_sound)) {
            void *own = make_opts(r, out->choice.row, out->choice.opts); /* the choice may be the lesson's */
            read_options(r, &m, out->choice.row, v, true, own);
            out->choice.opts = own;
            out->is_set = out->is_set || member_of(v, &duration_names) || has_sound;
            check_transition_sound(r, v, &out->sound);
            return;
        }
    }
    struct choice c;
    if (choice_read(r, &m, v, true, &c))
        out->choice = c;
    out->is_set = true;
    bool is_cut = out->choice.row && name_equal(str_from(out->choice.row->name), STR("none"));
    if (v->type == JSON_OBJECT && member_of(v, &sound_names))
        check_transition_sound(r, v, &out->sound);
    else if (is_cut)
        out->sound.file = STR("");              /* the lesson's whoosh is for what can be seen */
}

void read_transition(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    take_transition(r, v, r->shot ? &r->shot->turn : r->section ? &r->section_in->in : &r->in->transition);
}

void read_turn(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    take_transition(r, v, r->section ? &r->section_in->turn : &r->in->turn);
}
