/* engine_lanes.c - the lanes of a run: made with what is known, remembered at the end */
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/engine_private.h"

static bool is_of(const struct lane *l, const struct provider_info *p, struct str model)
{
    return str_eq(l->group, p->lane) && (!p->is_per_model || str_eq(l->model, model));
}

static struct queue *add_queue(struct engine *g)
{
    if (g->n_lanes == g->lanes_cap) {
        g->lanes_cap = g->lanes_cap ? 2 * g->lanes_cap : 8;
        g->queues = mem_resize(g->queues, g->lanes_cap, sizeof(struct queue *));
        g->status_lanes = mem_resize(g->status_lanes, g->lanes_cap, sizeof *g->status_lanes);
    }
    return g->queues[g->n_lanes++] = arena_alloc(&g->arena, sizeof(struct queue));
}

static struct str with_model(struct engine *g, struct str name, struct str model)
{
    return name.n && model.n ? arena_printf(&g->arena, STR_FMT " " STR_FMT, STR_ARG(name), STR_ARG(model)) : name;
}

static struct lane *lane_of(struct engine *g, const struct provider_info *p, struct str model)
{
    for (size_t i = 0; i < g->n_lanes; i++)
        if (is_of(&g->queues[i]->lane, p, model))
            return &g->queues[i]->lane;
    struct lane *l = &add_queue(g)->lane;
    struct lane_memory known = { 0 };
    struct str own = p->is_per_model ? model : (struct str){ 0 }, account = with_model(g, p->account, own);
    if (account.n)
        known = store_lane(g->o->store, account);
    lane_init(l, p, &known, (struct rng){ rng_next(&g->jitter) }, engine_now(g));
    l->model = own;
    l->name = with_model(g, p->lane, own);
    l->account = account;
    if (known.window > 0)
        log_info(g->o->log, STR_FMT ": the last run found room for %lld requests at once, %.0f a minute",
                 STR_ARG(l->name), (long long)known.window, known.per_minute);
    return l;
}

void engine_choose_lane(struct engine *g, struct fetch *f)
{
    const struct str parts[] = { f->want.text, f->want.system, f->want.schema };
    f->lane = lane_of(g, f->provider, f->quote.model);
    f->tokens = 0;
    for (size_t i = 0; i < COUNTOF(parts); i++)
        f->tokens += parts[i].n ? pace_tokens(parts[i].p, (int64_t)parts[i].n) : 0;
}

bool engine_is_stopped(const struct engine *g, const struct provider_info *p)
{
    size_t n = 0, n_stopped = 0;
    for (size_t i = 0; i < g->n_lanes; i++)
        if (str_eq(g->queues[i]->lane.group, p->lane)) {
            n++;
            n_stopped += g->queues[i]->lane.is_stopped;
        }
    return n > 0 && n == n_stopped;
}

void engine_stop_provider(struct engine *g, struct lane *of, const struct err *why)
{
    for (size_t i = 0; i < g->n_lanes; i++) {
        struct lane *l = &g->queues[i]->lane;
        bool is_too = l == of || (why->code == ERR_AUTH && str_eq(l->group, of->group));
        if (is_too && !l->is_stopped)
            engine_stop_lane(g, l, why);
    }
}

/* Of two paces the slower one holds. */
static void tell_pace(const struct pace *p, struct status_lane *out)
{
    double documented = p->requests.per_ms * 60000, learned = pace_per_minute(p);
    out->is_learned = learned > 0 && (documented <= 0 || learned < documented);
    out->per_minute = out->is_learned ? learned : documented;
    out->tokens_per_minute = p->tokens.per_ms * 60000;
}

void engine_tell_lanes(struct engine *g)
{
    int64_t now = engine_now(g);
    for (size_t i = 0; i < g->n_lanes; i++) {
        const struct queue *q = g->queues[i];
        const struct lane *l = &q->lane;
        struct status_lane *s = &g->status_lanes[i];
        *s = (struct status_lane){ .name = l->name,
                                   .in_flight = (size_t)l->in_flight,
                                   .n_waiting = l->ready.n + q->armed.n + q->n_arming,
                                   .cap = l->window.cap,
                                   .window = l->window.size,
                                   .is_known = l->n_refused > 0 || l->window.goal == 0 || l->window.told > 0,
                                   .n_refused = l->n_refused,
                                   .pause_ms = l->not_before_ms > now ? l->not_before_ms - now : 0,
                                   .is_stopped = l->is_stopped };
        tell_pace(&l->pace, s);
    }
    g->totals.lanes = g->status_lanes;
    g->totals.n_lanes = g->n_lanes;
}

void engine_end_lanes(struct engine *g)
{
    for (size_t i = 0; i < g->n_lanes; i++) {
        struct lane *l = &g->queues[i]->lane;
        const struct lane_memory m = lane_memory(l);
        if (m.window > 0 && l->account.n)
            store_keep_lane(g->o->store, l->account, &m);
        heap_deinit(&g->queues[i]->armed);
        lane_deinit(l);
    }
    free(g->queues);
    free(g->status_lanes);
}
