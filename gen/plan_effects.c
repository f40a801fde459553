/* plan_effects.c - sections whose effects are planned: the rules' plan, what a chat model is asked, what its answer
 * means */
#include "gen/plan_effects.h"
#include <string.h>
#include "gen/answer.h"
#include "gen/auto_moves.h"
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "gen/base/text.h"
#include "gen/film.h"
#include "gen/lesson/effects.h"
#include "gen/lesson/schema.h"
#include "gen/plan_private.h"
#include "gen/planner.h"

enum { EFFECTS_MOST = 3, EFFECTS_ALL = 16 + EFFECTS_MOST, ROWS_MOST = 128, WHY_MOST = 160 };

/* What may be planned over slides: nothing that makes words hard to read. Over pictures: everything. */
static const char *const over_slides[] = { "none",   "zoom-in",  "zoom-out", "pan-left", "pan-right",
                                           "pan-up", "pan-down", "vignette", NULL };

/* ---------- what may be planned ---------- */

static bool is_in(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static bool is_offered(const struct row *row, enum planner_picture picture)
{
    return !row->is_not_yet && !row->is_plan && !row->needs_subject && strcmp(row->name, "auto") != 0 &&
           (picture == PLANNER_PHOTO || is_in(over_slides, row->name));
}

static const struct row *const *rows_for(const struct row *const *all, enum planner_picture picture, struct arena *a)
{
    const struct row **rows = arena_array(a, ROWS_MOST + 1, sizeof *rows);
    size_t n = 0;
    for (; all && *all && n < ROWS_MOST; all++)
        if (is_offered(*all, picture))
            rows[n++] = *all;
    return rows;
}

static enum planner_picture kind_of(const struct plan_picture *p)
{
    if (!p->image || p->image->asset == ASSET_VIDEO) /* a clip moves by itself */
        return PLANNER_PLAIN;
    return p->image->kind == NODE_DRAW ? PLANNER_DRAWN : PLANNER_PHOTO;
}

static bool is_planned(const struct plan_picture *p)
{
    for (size_t i = 0; i < p->said->n_effects; i++)
        if (p->said->effects[i].row && p->said->effects[i].row->is_plan)
            return true;
    return false;
}

static bool has_planned(const struct plan_section *ps)
{
    for (size_t i = 0; i < ps->n_pictures; i++)
        if (is_planned(&ps->pictures[i]))
            return true;
    return false;
}

/* ---------- a plan becomes effects ---------- */

/* What is said of the picture, with the planned effects in the plan's place. */
static void use(struct plan_picture *p, const struct choice *planned, size_t n, struct arena *a)
{
    const struct section_picture *s = p->said;
    struct choice *all = arena_array(a, EFFECTS_ALL, sizeof *all);
    size_t n_all = 0;
    bool is_used = false;
    for (size_t i = 0; i < s->n_effects; i++) {
        bool is_plan = s->effects[i].row && s->effects[i].row->is_plan;
        if (!is_plan)
            all[n_all++] = s->effects[i];
        for (size_t k = 0; is_plan && !is_used && k < n; k++)
            all[n_all++] = planned[k];
        is_used = is_used || is_plan;
    }
    p->effects = all;
    p->n_effects = n_all;
}

static struct str print(const struct json *v, struct arena *a)
{
    struct buf b = { 0 };
    json_print(&b, v, 0);
    struct str text = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return text;
}

/* ---------- by rules ---------- */

static void use_rule(struct planner *p, struct plan_section *ps, struct plan_picture *pp,
                     const struct planner_plan *rule)
{
    struct arena *a = &p->plan->arena;
    const struct choice *planned = NULL;
    size_t n = 0;
    struct err e;
    const struct row *const *rows = rows_for(p->film->effect_rows, PLANNER_PHOTO, a);
    if (!effects_read(a, rule->effects, rows, &planned, &n, &e)) {
        log_debug(p->o->log, "the rules' plan: %s", e.msg); /* a vocabulary without these moves */
        n = 0;
    }
    use(pp, planned, n, a);
    ps->planned = arena_printf(a, STR_FMT "%s" STR_FMT ", by the rule for \"%s\"", STR_ARG(ps->planned),
                               ps->planned.n ? "; then " : "", STR_ARG(print(rule->effects, a)), rule->rule);
}

/* To the planner each picture is a section, with the words that are said about then. */
static void describe(const struct plan_section *ps, size_t at, struct arena *a, struct planner_section *out)
{
    const struct section *s = ps->section;
    const struct plan_picture *pp = &ps->pictures[at];
    *out = (struct planner_section){ .id = at ? arena_printf(a, STR_FMT "/%zu", STR_ARG(s->id), at + 1) : s->id,
                                     .narration = pp->words,
                                     .picture = kind_of(pp),
                                     .seconds = film_guess_seconds(s) / (double)ps->n_pictures,
                                     .is_planned = is_planned(pp) };
    for (size_t k = 0; k < pp->said->n_effects && !out->move; k++)
        out->move = pp->said->effects[k].row ? planner_move_of(pp->said->effects[k].row->name) : NULL;
    if (!out->move)                             /* what is left to chance is chosen already */
        out->move = auto_move_name((enum auto_move)pp->auto_move);
}

static void plan_by_rules(struct planner *p)
{
    struct film *f = p->film;
    struct arena *a = &p->plan->arena;
    size_t most = 0, n = 0;
    for (size_t i = 0; i < f->n_sections; i++)
        most += f->sections[i].n_pictures;
    struct planner_section *sections = arena_array(a, most, sizeof *sections);
    struct planner_plan *plans = arena_array(a, most, sizeof *plans);
    for (size_t i = 0; i < f->n_sections; i++)
        for (size_t k = 0; k < f->sections[i].n_pictures; k++)
            describe(&f->sections[i], k, a, &sections[n++]);
    planner_plan(sections, n, (uint64_t)(f->lesson->style.seed + 1), a, plans);
    n = 0;
    for (size_t i = 0; i < f->n_sections; i++)
        for (size_t k = 0; k < f->sections[i].n_pictures; k++, n++)
            if (sections[n].is_planned)
                use_rule(p, &f->sections[i], &f->sections[i].pictures[k], &plans[n]);
}

/* ---------- by a chat model ---------- */

static void list_options(struct buf *b, const struct param *params)
{
    struct arena a = { 0 };
    for (const struct param *p = params; p && p->name; p++) {
        const struct json *def = param_default_json(p, &a);
        buf_printf(b, "%s%s", p == params ? " Options: " : "; ", p->name);
        if (p->help)
            buf_printf(b, " (%s)", p->help);
        if (p->min != p->max)
            buf_printf(b, ", %.10g to %.10g", p->min, p->max);
        for (size_t i = 0; p->choices && p->choices[i]; i++)
            buf_printf(b, "%s%s", i ? ", " : ", one of ", p->choices[i]);
        if (def) {
            buf_addz(b, ", else ");
            json_print(b, def, 0);
        }
    }
    arena_deinit(&a);
}

/* How a model is to answer; the same for all sections with such a picture. */
static struct str instruction(const struct row *const *rows, struct arena *a)
{
    struct buf b = { 0 };
    buf_printf(
        &b,
        "You are the camera operator of a narrated video that is made of still pictures. You get one section of it "
        "as JSON and choose how its picture moves while the words are spoken. Answer with one JSON object and "
        "nothing else: {\"why\": \"one short sentence\", \"effects\": [{\"type\": NAME, OPTION: VALUE}]}. Choose "
        "one camera move that suits the words, or none where the picture is better still, and at most %d other "
        "effects where the words call for them. An option that is null or left out has its usual value. Points "
        "are [x, y] and rectangles [x, y, width, height], in parts of the frame from 0 to 1.\nThe effects:\n",
        EFFECTS_MOST - 1);
    for (; *rows; rows++) {
        buf_printf(&b, "%s%s: %s.", planner_move_of((*rows)->name) ? "(camera move) " : "", (*rows)->name,
                   (*rows)->help ? (*rows)->help : "");
        list_options(&b, (*rows)->params);
        buf_addc(&b, '\n');
    }
    struct str text = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return text;
}

static void set_text(struct arena *a, struct json *o, const char *key, struct str v)
{
    if (v.n)
        json_set(a, o, key, json_string(a, v));
}

/* What stands beside it, where it stands already: another section's plan is no part of the question, so that a change
 * of one section asks for one. */
static void set_neighbour(struct arena *a, struct json *o, const char *key, const struct lesson *l, size_t i)
{
    const struct section *s = i < l->n_sections ? &l->sections[i] : NULL;
    struct json *names = json_array(a);
    for (size_t k = 0; s && k < s->n_effects; k++)
        if (s->effects[k].row && !s->effects[k].row->is_plan)
            json_push(names, json_string(a, str_from(s->effects[k].row->name)));
    if (names->n)
        json_set(a, o, key, names);
}

static struct str question(const struct film *f, size_t i, enum planner_picture picture, struct arena *a)
{
    const struct section *s = f->sections[i].section;
    const struct lesson *l = f->lesson;
    struct json *o = json_object(a), *shown = json_object(a);
    set_text(a, o, "lesson", l->title);
    set_text(a, o, "language", l->language);
    set_text(a, o, "title", s->title);
    set_text(a, o, "narration", s->narration);
    set_text(a, shown, "kind", picture == PLANNER_DRAWN ? STR("slide with words") : STR("photograph or drawing"));
    if (picture == PLANNER_PHOTO)
        set_text(a, shown, "shows", f->sections[i].pictures[0].said->image_prompt);
    json_set(a, shown, "width", json_number(a, l->asked.width));
    json_set(a, shown, "height", json_number(a, l->asked.height));
    json_set(a, o, "picture", shown);
    size_t at = (size_t)(s - l->sections);
    if (at > 0)
        set_neighbour(a, o, "effects_before", l, at - 1);
    set_neighbour(a, o, "effects_after", l, at + 1);
    return print(o, a);
}

/* How a question about such a picture is put; made when the first section needs it. */
struct form {
    struct str system, schema;
};

static void make_form(struct planner *p, enum planner_picture picture, struct form *form)
{
    struct arena *a = &p->plan->arena;
    struct buf b = { 0 };
    if (form->system.n)
        return;
    const struct row *const *rows = rows_for(p->film->effect_rows, picture, a);
    form->system = instruction(rows, a);
    effects_schema(&b, rows, EFFECTS_MOST);
    form->schema = arena_str(a, buf_str(&b));
    buf_deinit(&b);
}

/* About a section with one picture; where there are several the rules choose, each picture by its own words. */
static bool ask(struct planner *p, const struct provider_info *info, size_t i, struct form forms[2])
{
    struct film *f = p->film;
    struct plan_section *ps = &f->sections[i];
    enum planner_picture picture = kind_of(&ps->pictures[0]);
    if (picture == PLANNER_PLAIN || ps->n_pictures > 1)
        return true;
    struct form *form = &forms[picture == PLANNER_DRAWN];
    make_form(p, picture, form);
    p->section = i;
    const struct want w = {
        .kind = ASSET_TEXT,
        .provider = info->id,
        .text = question(f, i, picture, &p->plan->arena),
        .system = form->system,
        .schema = form->schema,
        .speed = 1,
        .seed = f->lesson->style.seed,
    };
    if (plan_fetch(p, NODE_FETCH_TEXT, &w, info, &ps->plan)) {
        ps->plan->is_optional = true;
        return true;
    }
    ps->plan = NULL;
    if (p->e->code == ERR_STORE || p->e->code == ERR_IO)
        return false;
    log_warn(p->o->log, "%s/%s effects: %s; planned by rules", f->lesson->id.p, ps->section->id.p, p->e->msg);
    *p->e = (struct err){ 0 };
    return true;
}

bool plan_effects(struct planner *p)
{
    struct film *f = p->film;
    struct form forms[2] = { 0 };
    bool any = false, ok = true;
    const enum auto_move *const *moves = auto_moves_of(f->lesson, &p->plan->arena);
    for (size_t i = 0; i < f->n_sections; i++) {
        struct plan_section *ps = &f->sections[i];
        for (size_t k = 0; k < ps->n_pictures; k++)
            ps->pictures[k].auto_move = (int)moves[ps->section - f->lesson->sections][k];
        any = any || has_planned(ps);
    }
    if (!any)
        return true;
    f->effect_rows = p->o->words ? p->o->words->effects : NULL;
    plan_by_rules(p);
    const struct str none = { "", 0 };
    const struct provider_info *info = choose_provider(p, ASSET_TEXT, none, none, p->o->config->use.chat, "rules", &ok);
    for (size_t i = 0; ok && info && i < f->n_sections; i++)
        if (has_planned(&f->sections[i]))
            ok = ask(p, info, i, forms);
    return ok;
}

/* ---------- the answer ---------- */

static bool has_one_move(const struct choice *planned, size_t n, struct err *e)
{
    size_t n_moves = 0;
    for (size_t i = 0; i < n; i++)
        n_moves += planner_move_of(planned[i].row->name) != NULL;
    if (n > EFFECTS_MOST)
        return err_set(e, ERR_LESSON, "%zu effects, at most %d", n, EFFECTS_MOST);
    return n_moves <= 1 || err_set(e, ERR_LESSON, "%zu camera moves, at most one", n_moves);
}

/* By the rows that were offered: those that suit the section's picture. */
static bool read_answer(const struct film *f, struct plan_section *ps, struct arena *a, struct str *said, struct err *e)
{
    struct str text;
    struct json *tree = NULL;
    if (!answer_text(&ps->plan->blob, a, &text, e) || !answer_json(a, text, &tree, e))
        return false;
    const struct json *effects = json_get(tree, "effects");
    const struct choice *planned;
    size_t n;
    if (!effects_read(a, effects, rows_for(f->effect_rows, kind_of(&ps->pictures[0]), a), &planned, &n, e) ||
        !has_one_move(planned, n, e))
        return false;
    struct str why = text_cut(json_str_or(tree, "why", STR("")), WHY_MOST);
    *said = arena_printf(a, STR_FMT ", by %s%s" STR_FMT, STR_ARG(print(effects, a)), node_provider(ps->plan),
                         why.n ? ": " : "", STR_ARG(why));
    use(&ps->pictures[0], planned, n, a);
    return true;
}

void plan_effects_settle(const struct film *f, struct plan_section *ps, struct arena *a, struct log *log)
{
    struct err e;
    struct str said = ps->planned;
    if (ps->planned.n == 0 || ps->is_plan_settled)
        return;
    ps->is_plan_settled = true;
    if (ps->plan && ps->plan->state == NODE_DONE && !read_answer(f, ps, a, &said, &e))
        log_warn(log, "%s/%s effects: the plan of %s is of no use: %s; planned by rules", f->lesson->id.p,
                 ps->section->id.p, node_provider(ps->plan), e.msg);
    log_info(log, "%s/%s effects: " STR_FMT, f->lesson->id.p, ps->section->id.p, STR_ARG(said));
}
