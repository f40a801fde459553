/* service.c - the model: admission as the limits say, answers as they come, one lane that always wants more */
#include "tests/support/service.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"

enum step { ARRIVE, ANSWER, HEAR, READ };

struct request {
    enum step step;
    struct lane_ticket ticket;
    int64_t arrived_ms;
    bool is_refused, is_trouble;
    int64_t told_ms;
    bool is_used_up;
};

struct bench {
    const struct service *s;
    struct lane lane;
    struct heap events;
    struct rng rng;
    int64_t now_ms, in_flight, looks_ms, reads_until_ms;
    double tokens, n_in_window;
    int64_t filled_ms, window_ms;
    double work, n_let_in; /* counted: slots x ms, starts */
    struct service_use use;
};

static int64_t limit_at(const struct service *s, int64_t t)
{
    int64_t limit = 0;
    for (size_t i = 0; i < COUNTOF(s->limits); i++)
        if (s->limits[i].concurrency && t >= s->limits[i].from_ms)
            limit = s->limits[i].concurrency;
    return limit;
}

static int64_t answer_time(struct bench *b)
{
    double u = rng_unit(&b->rng), v = rng_unit(&b->rng), sigma = 0.5;
    double gauss = sqrt(-2 * log(u > 0 ? u : 1e-12)) * cos(2 * acos(-1) * v);
    return (int64_t)(b->s->mean_ms * exp(sigma * gauss - sigma * sigma / 2)) + 1;
}

/* ---------- admission ---------- */

static bool rate_admits(struct bench *b, struct request *r)
{
    const struct service *s = b->s;
    double per_ms = s->rate / (double)s->window_ms;
    if (s->burst > 0) {
        b->tokens += (double)(b->now_ms - b->filled_ms) * per_ms;
        b->tokens = b->tokens < s->burst ? b->tokens : s->burst;
        b->filled_ms = b->now_ms;
        r->told_ms = (int64_t)ceil((1 - b->tokens) / per_ms);
        return b->tokens >= 1;
    }
    if (b->now_ms - b->window_ms >= s->window_ms) {
        b->window_ms += (b->now_ms - b->window_ms) / s->window_ms * s->window_ms;
        b->n_in_window = 0;
    }
    r->told_ms = b->window_ms + s->window_ms - b->now_ms;
    return b->n_in_window < s->rate;
}

static void note_headers(struct bench *b, struct request *r, bool is_let_in)
{
    const struct service *s = b->s;
    if (!s->has_headers)
        return;
    double left = s->burst > 0 ? floor(b->tokens) : s->rate - b->n_in_window;
    r->is_used_up = !is_let_in || left <= 0;
    if (is_let_in && left <= 0)
        r->told_ms = s->burst > 0 ? (int64_t)ceil((s->burst - b->tokens) * (double)s->window_ms / s->rate) : r->told_ms;
}

static bool is_let_in(struct bench *b, struct request *r)
{
    const struct service *s = b->s;
    int64_t limit = limit_at(s, b->now_ms);
    r->told_ms = -1;
    if (b->now_ms >= s->storm_from_ms && b->now_ms < s->storm_to_ms) {
        r->told_ms = s->storm_told_ms;
        return false;
    }
    if (s->rate > 0 && !rate_admits(b, r))
        return false;
    if (limit > 0 && b->in_flight >= limit) {
        r->told_ms = (int64_t)ceil(s->mean_ms / (double)limit);
        return false;
    }
    b->tokens -= s->burst > 0;
    b->n_in_window++;
    return true;
}

/* ---------- a request's way ---------- */

static void arrive(struct bench *b, struct request *r)
{
    bool ok = is_let_in(b, r), counts = b->now_ms >= b->s->count_from_ms;
    note_headers(b, r, ok);
    r->arrived_ms = b->now_ms;
    r->is_refused = !ok;
    b->use.n += counts;
    b->use.n_refused += counts && !ok;
    if (!ok) {
        if (!b->s->has_hint)
            r->told_ms = -1;
        r->step = HEAR;
        heap_push(&b->events, b->now_ms + b->s->way_ms, r);
        return;
    }
    if (!r->is_used_up)
        r->told_ms = -1;
    b->n_let_in += counts;
    if (++b->in_flight > b->use.most_in_flight)
        b->use.most_in_flight = b->in_flight;
    r->step = ANSWER;
    heap_push(&b->events, b->now_ms + answer_time(b), r);
}

static void answer(struct bench *b, struct request *r)
{
    const struct service *s = b->s;
    int64_t from = r->arrived_ms > s->count_from_ms ? r->arrived_ms : s->count_from_ms;
    int64_t to = b->now_ms < s->for_ms ? b->now_ms : s->for_ms;
    b->work += to > from ? (double)(to - from) : 0;
    b->in_flight--;
    r->is_trouble = rng_unit(&b->rng) < s->p_500 || (b->now_ms >= s->down_from_ms && b->now_ms < s->down_to_ms);
    r->step = HEAR;
    heap_push(&b->events, b->now_ms + s->way_ms, r);
}

static void judge(struct bench *b, struct request *r)
{
    enum lane_outcome outcome = r->is_refused ? LANE_REFUSED : r->is_trouble ? LANE_TROUBLE : LANE_CLEAN;
    if (b->s->told_limit)
        lane_told(&b->lane, b->s->told_limit, -1);
    lane_finished(&b->lane, &r->ticket, outcome, r->told_ms, r->is_used_up, b->now_ms);
    free(r);
}

/* Whoever looks elsewhere hears of it later; long answers are read one after the other, when their slot is free. */
static void hear(struct bench *b, struct request *r)
{
    if (b->now_ms < b->looks_ms) {
        heap_push(&b->events, b->looks_ms, r);
        return;
    }
    if (!r->is_refused && b->s->read_ms) {
        lane_left(&b->lane, &r->ticket, b->now_ms);
        b->reads_until_ms = (b->reads_until_ms > b->now_ms ? b->reads_until_ms : b->now_ms) + b->s->read_ms;
        r->step = READ;
        heap_push(&b->events, b->reads_until_ms, r);
        return;
    }
    judge(b, r);
}

static void start_what_may(struct bench *b)
{
    int64_t at;
    while (b->now_ms < b->s->for_ms && b->now_ms >= b->looks_ms && lane_may_start(&b->lane, 0, b->now_ms, &at)) {
        struct request *r = mem_alloc(sizeof *r);
        lane_started(&b->lane, 0, &r->ticket, b->now_ms);
        heap_push(&b->events, b->now_ms + b->s->way_ms, r);
    }
}

static int64_t next_moment(struct bench *b)
{
    const struct heap_item *top = heap_top(&b->events);
    int64_t at = INT64_MAX;
    if (b->now_ms >= b->s->for_ms || lane_may_start(&b->lane, 0, b->now_ms, &at))
        at = INT64_MAX;
    if (at < b->looks_ms)
        at = b->looks_ms;
    return top && top->key < at ? top->key : at;
}

/* ---------- the run ---------- */

static void measure(struct bench *b)
{
    const struct service *s = b->s;
    double slots = 0, by_rate = 0;
    for (int64_t t = s->count_from_ms; t < s->for_ms; t++)
        slots += (double)limit_at(s, t);
    if (s->rate > 0)
        by_rate = b->n_let_in / (s->rate * (double)(s->for_ms - s->count_from_ms) / (double)s->window_ms + s->burst);
    double by_slots = slots > 0 ? b->work / slots : 0;
    b->use.share = by_rate > by_slots ? by_rate : by_slots;
    b->use.waste = b->use.n ? (double)b->use.n_refused / (double)b->use.n : 0;
    b->use.memory = lane_memory(&b->lane);
    b->use.window_at_end = b->lane.window.size;
}

struct service_use service_run(const struct service *s, const struct lane_memory *known)
{
    static void (*const steps[])(struct bench *,
                                 struct request *) = { [ARRIVE] = arrive, [ANSWER] = answer, [HEAR] = hear, [READ] = judge };
    const struct provider_info p = {
        .lane = STR("model"), .concurrency = s->cap, .is_cap_set = s->is_cap_set, .rpm = s->rpm
    };
    struct bench b = { .s = s, .rng = { s->seed }, .tokens = s->burst };
    const struct heap_item *top;
    lane_init(&b.lane, &p, known ? known : &(struct lane_memory){ 0 }, (struct rng){ s->seed }, 0);
    for (int64_t at = 0; at != INT64_MAX; at = next_moment(&b)) {
        b.now_ms = at > b.now_ms ? at : b.now_ms;
        while ((top = heap_top(&b.events)) && top->key <= b.now_ms) {
            struct request *r = heap_pop(&b.events);
            steps[r->step](&b, r);
        }
        start_what_may(&b);
        if (s->stall_ms && b.now_ms >= b.looks_ms)
            b.looks_ms = b.now_ms + (int64_t)rng_below(&b.rng, (uint64_t)s->stall_ms + 1);
    }
    measure(&b);
    heap_deinit(&b.events);
    lane_deinit(&b.lane);
    return b.use;
}
