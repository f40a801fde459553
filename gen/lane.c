/* lane.c - cap, pace and pauses of a provider account */
#include "gen/lane.h"

void lane_init(struct lane *l, const struct provider_info *p, int64_t now_ms)
{
    *l = (struct lane){ .name = p->lane, .limit = p->concurrency, .window = p->concurrency,
                        .rpm = (double)p->rpm * 0.99, .tokens = LANE_BURST, .filled_ms = now_ms };
}

void lane_deinit(struct lane *l)
{
    heap_deinit(&l->ready);
}

static double tokens_at(const struct lane *l, int64_t now_ms)
{
    double t = l->tokens + (double)(now_ms - l->filled_ms) * l->rpm / 60000.0;
    return t < LANE_BURST ? t : LANE_BURST;
}

bool lane_may_start(const struct lane *l, int64_t now_ms, int64_t *at_ms)
{
    *at_ms = INT64_MAX;
    if (l->is_stopped || (l->window > 0 && l->in_flight >= l->window))
        return false;
    if (now_ms < l->not_before_ms) {
        *at_ms = l->not_before_ms;
        return false;
    }
    if (l->rpm > 0 && tokens_at(l, now_ms) < 1) {
        *at_ms = now_ms + (int64_t)((1 - tokens_at(l, now_ms)) * 60000.0 / l->rpm) + 1;
        return false;
    }
    return true;
}

void lane_started(struct lane *l, int64_t now_ms)
{
    l->in_flight++;
    if (l->rpm > 0) {
        l->tokens = tokens_at(l, now_ms) - 1;
        l->filled_ms = now_ms;
    }
}

void lane_finished(struct lane *l, bool clean)
{
    l->in_flight--;
    if (!clean || ++l->n_clean < LANE_CLEAN_TO_GROW || l->window == 0)
        return;
    l->n_clean = 0;
    if (l->limit == 0 || l->window < l->limit)
        l->window++;
}

void lane_pause(struct lane *l, int64_t until_ms)
{
    bool is_new = until_ms > l->not_before_ms;
    if (!is_new)
        return;
    bool was_free = l->n_clean > 0 || l->not_before_ms == 0;
    l->not_before_ms = until_ms;
    l->n_clean = 0;
    if (!was_free)
        return;                                 /* the same storm: shrink once */
    int64_t level = l->window ? l->window : l->in_flight + 1;
    l->window = level / 2 > 1 ? level / 2 : 1;
}

void lane_learn(struct lane *l, int64_t limit)
{
    if (limit < 1 || l->limit == limit)
        return;
    l->limit = limit;
    if (l->window == 0 || l->window > limit)
        l->window = limit;
}
