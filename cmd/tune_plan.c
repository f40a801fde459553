/* tune_plan.c - lessons that are still to be made as a load for the simulation */
#include "cmd/tune_plan.h"
#include <stdlib.h>
#include "cmd/lessons.h"
#include "cmd/outputs.h"
#include "cmd/wiring.h"
#include "gen/base/mem.h"
#include "gen/fetch.h"
#include "gen/film.h"
#include "gen/pace.h"

enum { SEED = 1 };

/* Milliseconds where nothing was recorded; of RENDER and TRANSITION for each frame. */
static const int64_t usual_ms[SIM_N_KINDS] = {
    [SIM_CLIP] = 120000, [SIM_IMAGE] = 8000, [SIM_SPEECH] = 3000, [SIM_TEXT] = 4000,     [SIM_FILE] = 200,
    [SIM_SPLICE] = 200,  [SIM_SLIDE] = 300,  [SIM_RENDER] = 12,   [SIM_TRANSITION] = 12, [SIM_JOIN] = 2000
};

static const struct {
    enum node_kind node;
    enum sim_kind kind;
} kinds[] = {
    { NODE_FETCH_VIDEO, SIM_CLIP }, { NODE_FETCH_IMAGE, SIM_IMAGE }, { NODE_FETCH_SPEECH, SIM_SPEECH },
    { NODE_FETCH_TEXT, SIM_TEXT },  { NODE_IMPORT, SIM_FILE },       { NODE_SPEAK, SIM_SPEECH },
    { NODE_SPLICE, SIM_SPLICE },    { NODE_DRAW, SIM_SLIDE },        { NODE_RENDER, SIM_RENDER },
    { NODE_JOIN, SIM_JOIN },
};

struct maker {
    struct tune_plan *p;
    const struct tune_run *run;
    const struct config *config;
    struct store *store;
    struct rng rng;
    size_t cap;
};

static bool is_drawn(enum sim_kind k)
{
    return k == SIM_RENDER || k == SIM_TRANSITION;
}

/* One of those recorded that are like it, by chance; NULL: there is none. */
static const struct sim_step *pick(struct maker *m, enum sim_kind kind, int lane, bool is_request, size_t *at)
{
    const struct sim_load *from = &m->run->load;
    size_t n = 0, chosen = 0;
    for (size_t i = 0; i < from->n_steps; i++) {
        const struct sim_step *s = &from->steps[i];
        bool is_like = s->kind == kind && (s->lane >= 0) == is_request && (lane < 0 || s->lane == lane) &&
                       (!is_drawn(kind) || m->run->frames[i] > 0);
        if (is_like && rng_below(&m->rng, ++n) == 0)
            chosen = i;
    }
    *at = chosen;
    return n ? &from->steps[chosen] : NULL;
}

static void set_time(struct maker *m, struct sim_step *s, int64_t frames)
{
    size_t at;
    const struct sim_step *like = pick(m, s->kind, s->lane, s->lane >= 0, &at);
    if (!like && s->lane >= 0)
        like = pick(m, s->kind, -1, true, &at);
    if (!like && s->kind == SIM_TRANSITION)
        like = pick(m, SIM_RENDER, -1, false, &at);
    if (is_drawn(s->kind) && like)
        s->ms = like->ms * frames / m->run->frames[at];
    else if (is_drawn(s->kind))
        s->ms = usual_ms[s->kind] * frames;
    else
        s->ms = like ? like->ms : usual_ms[s->kind];
    s->check_ms = like ? like->check_ms : 0;
}

/* The run's lane of that name; a new one has what the settings say and what an earlier run found out. */
static int lane_of(struct maker *m, const struct fetch *f)
{
    struct sim_load *load = &m->p->load;
    const struct provider_info *info = f->provider;
    struct str model = info->is_per_model ? f->quote.model : (struct str){ 0 };
    struct str name =
        model.n ? arena_printf(&m->p->arena, STR_FMT " " STR_FMT, STR_ARG(info->lane), STR_ARG(model)) : info->lane;
    for (size_t i = 0; i < load->n_lanes; i++)
        if (str_is(name, load->lanes[i].name))
            return (int)i;
    load->lanes = mem_resize(load->lanes, load->n_lanes + 1, sizeof *load->lanes);
    struct lane_memory known = { 0 };
    if (m->store && info->account.n)
        known = store_lane(
            m->store, model.n ? arena_printf(&m->p->arena, STR_FMT " " STR_FMT, STR_ARG(info->account), STR_ARG(model))
                              : info->account);
    double per_minute = (double)info->rpm * 0.99;
    if (known.per_minute > 0 && (per_minute <= 0 || known.per_minute < per_minute))
        per_minute = known.per_minute;
    load->lanes[load->n_lanes] = (struct sim_lane){ .name = arena_str(&m->p->arena, name).p,
                                                    .cap = known.window > 0 ? known.window : info->concurrency,
                                                    .per_minute = per_minute,
                                                    .tokens_per_minute = (double)info->tpm * 0.99 };
    return (int)load->n_lanes++;
}

static double tokens_of(const struct fetch *f)
{
    const struct str parts[] = { f->want.text, f->want.system, f->want.schema };
    double n = 0;
    for (size_t i = 0; i < COUNTOF(parts); i++)
        n += parts[i].n ? pace_tokens(parts[i].p, (int64_t)parts[i].n) : 0;
    return n;
}

static void add(struct maker *m, const struct sim_step *s)
{
    struct sim_load *load = &m->p->load;
    if (load->n_steps == m->cap) {
        m->cap = m->cap ? 2 * m->cap : 256;
        load->steps = mem_resize(load->steps, m->cap, sizeof *load->steps);
    }
    load->steps[load->n_steps++] = *s;
}

static int64_t frames_of(const struct node *n)
{
    const struct piece *p = n->piece;
    if (!p)
        return 0;
    if (p->b) /* a transition is as long as it is said to be */
        return (int64_t)(p->b->section->transition_s * p->film->lesson->video.fps_num / p->film->lesson->video.fps_den);
    return film_section_frames(p->film, p->a) / (int64_t)(p->a->n_pictures ? p->a->n_pictures : 1);
}

static void add_node(struct maker *m, const struct plan *plan, const struct node *n)
{
    struct sim_step s = { .lesson = n->lesson, .lane = -1 };
    if (!plan->films[n->lesson].is_planned || n->state == NODE_DONE || node_is_idle(n))
        return;
    for (size_t i = 0; i < COUNTOF(kinds); i++)
        if (kinds[i].node == n->kind)
            s.kind = kinds[i].kind;
    if (n->piece && n->piece->b)
        s.kind = SIM_TRANSITION;
    s.section = n->kind == NODE_JOIN ? 0 : n->section;
    if (n->fetch && !n->fetch->is_answered) {
        s.lane = lane_of(m, n->fetch);
        s.tokens = tokens_of(n->fetch);
    }
    set_time(m, &s, frames_of(n));
    add(m, &s);
}

/* Long texts before short ones, as the engine asks for them. */
static int by_length(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;
    size_t nx = x->fetch && x->asset != ASSET_IMAGE ? x->fetch->want.text.n : 0,
           ny = y->fetch && y->asset != ASSET_IMAGE ? y->fetch->want.text.n : 0;
    if (x->lesson != y->lesson)
        return x->lesson < y->lesson ? -1 : 1;
    if (nx != ny)
        return nx > ny ? -1 : 1;
    return x->section != y->section ? x->section < y->section ? -1 : 1 : 0;
}

static void add_all(struct maker *m, const struct plan *plan)
{
    struct node **sorted = mem_array(plan->n_nodes + 1, sizeof *sorted);
    for (size_t i = 0; i < plan->n_nodes; i++)
        sorted[i] = plan->nodes[i];
    qsort(sorted, plan->n_nodes, sizeof *sorted, by_length);
    for (size_t i = 0; i < plan->n_nodes; i++)
        add_node(m, plan, sorted[i]);
    free(sorted);
}

static void take_lanes(struct tune_plan *p, const struct tune_run *run)
{
    p->load.lanes = mem_array(run->load.n_lanes + 1, sizeof *p->load.lanes);
    for (size_t i = 0; i < run->load.n_lanes; i++)
        p->load.lanes[p->load.n_lanes++] = run->load.lanes[i];
}

bool tune_plan(struct tune_plan *p, struct app *app, int argc, char **argv, const struct tune_run *run, struct err *e)
{
    struct lessons lessons = { 0 };
    struct wiring wiring = { 0 };
    struct plan plan = { 0 };
    *p = (struct tune_plan){ 0 };
    bool ok = lessons_load(app, argc, argv, &p->arena, &lessons, e);
    if (ok && lessons.n_good == 0)
        ok = err_set(e, ERR_LESSON, "none of the lessons can be planned");
    struct str *outputs = ok ? arena_array(&p->arena, lessons.n_good, sizeof *outputs) : NULL;
    ok = ok && outputs_settle(lessons.good, lessons.n_good, "out", "", &app->config->encode, &p->arena, outputs, e) &&
         wiring_open(&wiring, app, true, e);
    if (ok) {
        const struct plan_opts o = { .config = app->config,
                                     .transport = wiring.transport,
                                     .renderer = wiring.renderer,
                                     .store = wiring.store,
                                     .log = app->log,
                                     .words = &app->words,
                                     .without_keys = true };
        struct maker m = { .p = p, .run = run, .config = app->config, .store = wiring.store, .rng = { SEED } };
        ok = plan_build(&plan, lessons.good, outputs, lessons.n_good, &o, e);
        if (ok) {
            take_lanes(p, run);
            add_all(&m, &plan);
            p->load.n_lessons = p->n_lessons = lessons.n_good;
        }
    }
    if (ok && p->load.n_steps == 0)
        ok = err_set(e, ERR_USAGE, "nothing is left to do for these lessons");
    plan_deinit(&plan);
    wiring_close(&wiring);
    lessons_deinit(&lessons);
    return ok;
}

void tune_plan_deinit(struct tune_plan *p)
{
    free(p->load.steps);
    free(p->load.lanes);
    arena_deinit(&p->arena);
    *p = (struct tune_plan){ 0 };
}
