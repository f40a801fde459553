/* tune_choose.c - which settings a load is done soonest with, and what keeps it from being done sooner */
#include "cmd/tune_choose.h"
#include <stdlib.h>
#include "gen/base/mem.h"

enum { LARGE = 20000 }; /* steps; what binds is then looked for twice only: it takes many runs */

static const double enough = 1.02, worth = 0.97;

static const char *const limit_names[] = {
#define X(id, name) name,
    TUNE_LIMITS(X)
#undef X
};

static int64_t total(const struct sim_load *load, const struct sim_settings *s)
{
    struct sim_result r;
    sim_run(load, s, &r);
    return r.total_ms;
}

/* ---------- what binds ---------- */

static int64_t total_with_lane(const struct sim_load *load, const struct sim_settings *s, size_t lane,
                               enum tune_limit_kind kind)
{
    struct sim_load other = *load;
    other.lanes = mem_array(load->n_lanes, sizeof *other.lanes);
    for (size_t i = 0; i < load->n_lanes; i++)
        other.lanes[i] = load->lanes[i];
    struct sim_lane *l = &other.lanes[lane];
    if (kind == TUNE_LANE_CAP)
        l->cap *= 2;
    else if (kind == TUNE_PACE)
        l->per_minute *= 2;
    else
        l->tokens_per_minute *= 2;
    int64_t t = total(&other, s);
    free(other.lanes);
    return t;
}

static void consider(struct tune_limit *best, enum tune_limit_kind kind, size_t lane, int64_t t, int64_t total_ms)
{
    double relief = total_ms > 0 ? (double)t / (double)total_ms : 1;
    if (relief <= worth && relief < best->relief)
        *best = (struct tune_limit){ kind, lane, relief };
}

/* All limits but the one on all requests. */
static struct tune_limit limit_besides(const struct sim_load *load, const struct sim_settings *s, int64_t total_ms)
{
    struct tune_limit best = { TUNE_NONE, 0, 1 };
    struct sim_settings other = *s;
    if (s->videos > 0) {
        other.videos = 2 * s->videos;
        consider(&best, TUNE_VIDEOS, 0, total(load, &other), total_ms);
    }
    other = *s;
    if (s->sections > 0) {
        other.sections = 2 * s->sections;
        consider(&best, TUNE_SECTIONS, 0, total(load, &other), total_ms);
    }
    other = *s;
    other.render *= 2;
    bool is_cores = s->render >= s->cores;
    other.cores *= is_cores ? 2 : 1;
    consider(&best, is_cores ? TUNE_CORES : TUNE_RENDER, 0, total(load, &other), total_ms);
    for (size_t i = 0; i < load->n_lanes; i++) {
        const struct sim_lane *l = &load->lanes[i];
        const double has[] = { (double)l->cap, l->per_minute, l->tokens_per_minute };
        for (size_t k = 0; k < COUNTOF(has); k++)
            if (has[k] > 0)
                consider(&best, TUNE_LANE_CAP + k, i, total_with_lane(load, s, i, TUNE_LANE_CAP + k), total_ms);
    }
    return best;
}

/* A number of requests that is only just enough binds together with what it is enough for: then neither alone saves
 * much. */
struct tune_limit tune_limit(const struct sim_load *load, const struct sim_settings *s, int64_t total_ms)
{
    struct tune_limit best = limit_besides(load, s, total_ms);
    struct sim_settings more = *s;
    more.requests *= 2;
    consider(&best, TUNE_REQUESTS, 0, total(load, &more), total_ms);
    return best.kind == TUNE_NONE ? limit_besides(load, &more, total_ms) : best;
}

void tune_limit_say(struct buf *b, const struct tune_limit *l, const struct sim_load *load)
{
    const struct sim_lane *lane = l->lane < load->n_lanes ? &load->lanes[l->lane] : NULL;
    if (l->kind == TUNE_LANE_CAP && lane)
        buf_printf(b, "the cap of %s, %lld at once", lane->name, (long long)lane->cap);
    else if (l->kind == TUNE_PACE && lane)
        buf_printf(b, "the pace of %s, %.0f a minute", lane->name, lane->per_minute);
    else if (l->kind == TUNE_TOKENS && lane)
        buf_printf(b, "the tokens of %s, %.0f a minute", lane->name, lane->tokens_per_minute);
    else
        buf_printf(b, "%s%s", l->kind == TUNE_CORES ? "the " : "", limit_names[l->kind]);
}

/* ---------- which is best ---------- */

/* More at once than can ever be out is no setting worth trying. */
static int64_t most_requests(const struct sim_load *load)
{
    int64_t n = 0;
    for (size_t i = 0; i < load->n_steps; i++)
        n += load->steps[i].lane >= 0;
    return n > 1 ? n : 1;
}

static int by_requests(const void *a, const void *b)
{
    int64_t x = ((const struct tune_point *)a)->requests, y = ((const struct tune_point *)b)->requests;
    return (x > y) - (x < y);
}

static void add_point(struct tune_choice *c, const struct sim_load *load, int64_t requests)
{
    struct sim_settings s = c->best;
    for (size_t i = 0; i < c->n_points; i++)
        if (c->points[i].requests == requests)
            return;
    if (c->n_points == TUNE_POINTS)
        return;
    struct tune_point *p = &c->points[c->n_points++];
    s.requests = p->requests = requests;
    sim_run(load, &s, &p->result);
}

static void try_requests(struct tune_choice *c, const struct sim_load *load)
{
    static const int64_t tried[] = { 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512 };
    int64_t most = most_requests(load);
    for (size_t i = 0; i < COUNTOF(tried) && (i == 0 || tried[i - 1] < most); i++)
        add_point(c, load, tried[i]);
    add_point(c, load, c->now.requests);
    qsort(c->points, c->n_points, sizeof c->points[0], by_requests);
}

/* What the user has stays where nothing is lost by it. */
static void keep_own(struct tune_choice *c, const struct sim_load *load)
{
    int64_t own[] = { c->now.videos, c->now.sections, c->now.render };
    int64_t *set[] = { &c->best.videos, &c->best.sections, &c->best.render };
    for (size_t i = 0; i < COUNTOF(own); i++) {
        int64_t other = *set[i];
        *set[i] = own[i];
        if (own[i] == other || (double)total(load, &c->best) > enough * (double)c->best_result.total_ms)
            *set[i] = other;
    }
}

void tune_choose(const struct sim_load *load, const struct sim_settings *now, struct tune_choice *c)
{
    int64_t least = INT64_MAX;
    *c = (struct tune_choice){ .now = *now,
                               .best = { .requests = now->requests, .render = now->cores, .cores = now->cores } };
    try_requests(c, load);
    for (size_t i = 0; i < c->n_points; i++)
        least = c->points[i].result.total_ms < least ? c->points[i].result.total_ms : least;
    for (size_t i = c->n_points; i-- > 0;)
        if ((double)c->points[i].result.total_ms <= enough * (double)least) {
            c->best.requests = c->points[i].requests;
            c->best_result = c->points[i].result;
        }
    keep_own(c, load);
    sim_run(load, &c->now, &c->now_result);
    sim_run(load, &c->best, &c->best_result);
    if ((double)c->now_result.total_ms <= enough * (double)c->best_result.total_ms) {
        c->best = c->now; /* as good as the best one: nothing is worth a change */
        c->best_result = c->now_result;
    }
    for (size_t i = 0; i < c->n_points; i++) {
        struct sim_settings s = c->best;
        s.requests = c->points[i].requests;
        sim_run(load, &s, &c->points[i].result);
        c->points[i].limit = load->n_steps > LARGE ? (struct tune_limit){ TUNE_NONE, 0, 1 }
                                                   : tune_limit(load, &s, c->points[i].result.total_ms);
    }
    c->now_limit = tune_limit(load, &c->now, c->now_result.total_ms);
    c->best_limit = tune_limit(load, &c->best, c->best_result.total_ms);
    for (size_t i = 0; i < c->n_points; i++)
        if (c->points[i].requests == c->best.requests)
            c->points[i].limit = c->best_limit;
        else if (c->points[i].requests == c->now.requests && load->n_steps > LARGE)
            c->points[i].limit = c->now_limit;
}
