/* engine_lanes.c - the lanes of a run: made with what is known, remembered at the end */
#include "gen/base/mem.h"
#include "gen/engine_private.h"

static struct lane *lane_of(struct engine *g, const struct provider_info *p)
{
    for (size_t i = 0; i < g->n_lanes; i++)
        if (str_eq(g->lanes[i].name, p->lane))
            return &g->lanes[i];
    struct lane *l = &g->lanes[g->n_lanes];
    g->queues[g->n_lanes++].lane = l;
    struct lane_memory known = { 0 };
    if (p->account.n)
        known = store_lane(g->o->store, p->account);
    if (known.window > 0)
        log_info(g->o->log, STR_FMT ": the last run found room for %lld requests at once, %.0f a minute",
                 STR_ARG(p->lane), (long long)known.window, known.per_minute);
    lane_init(l, p, &known, (struct rng){ rng_next(&g->jitter) }, engine_now(g));
    return l;
}

void engine_choose_lane(struct engine *g, struct fetch *f)
{
    const struct str parts[] = { f->want.text, f->want.system, f->want.schema };
    f->lane = lane_of(g, f->provider);
    f->tokens = 0;
    for (size_t i = 0; i < COUNTOF(parts); i++)
        f->tokens += parts[i].n ? pace_tokens(parts[i].p, (int64_t)parts[i].n) : 0;
}

void engine_keep_lanes(struct engine *g)
{
    for (size_t i = 0; i < g->n_lanes; i++) {
        const struct lane_memory m = lane_memory(&g->lanes[i]);
        if (m.window > 0 && g->lanes[i].account.n)
            store_keep_lane(g->o->store, g->lanes[i].account, &m);
    }
}
