/* lane.c - window, pace and pauses of a provider account, together */
#include "gen/lane.h"

enum { PAUSE_MS = 500, PAUSE_MOST_MS = 60000, UNKNOWN_MEAN_MS = 5000, JITTER_MOST_MS = 250 };

void lane_init(struct lane *l, const struct provider_info *p, const struct lane_memory *known, struct rng jitter,
               int64_t now_ms)
{
    *l = (struct lane){ .name = p->lane,
                        .group = p->lane,
                        .account = p->account,
                        .jitter = jitter,
                        .refused_since_ms = -1,
                        .most = p->is_cap_set ? p->concurrency : 0 };
    window_init(&l->window, p->concurrency, known->window, p->is_steady);
    pace_init(&l->pace, p->rpm, p->tpm, p->is_steady ? 0 : known->per_minute, now_ms);
}

void lane_deinit(struct lane *l)
{
    heap_deinit(&l->ready);
}

bool lane_may_start(const struct lane *l, double tokens, int64_t now_ms, int64_t *at_ms)
{
    *at_ms = INT64_MAX;
    if (l->is_stopped || window_is_full(&l->window, l->in_flight))
        return false;
    int64_t at = pace_ready_ms(&l->pace, tokens, now_ms);
    *at_ms = at > l->not_before_ms ? at : l->not_before_ms;
    return *at_ms <= now_ms;
}

void lane_started(struct lane *l, double tokens, struct lane_ticket *t, int64_t now_ms)
{
    *t = (struct lane_ticket){ .started_ms = now_ms,
                               .number = ++l->n_started,
                               .level = ++l->in_flight,
                               .n_refused = l->n_refused,
                               .was_held = pace_started(&l->pace, tokens, now_ms) };
}

static void pause_until(struct lane *l, int64_t until_ms)
{
    if (until_ms > l->not_before_ms)
        l->not_before_ms = until_ms;
}

/* Other programs may wait for the same moment. */
static int64_t jittered(struct lane *l, int64_t ms)
{
    int64_t most = ms / 10 < JITTER_MOST_MS ? ms / 10 : JITTER_MOST_MS;
    return ms + (int64_t)rng_below(&l->jitter, (uint64_t)most + 1);
}

/* ---------- answers ---------- */

static double mean_with(double mean, double value)
{
    return mean > 0 ? mean + (value - mean) / 16 : value;
}

static void answered(struct lane *l, const struct lane_ticket *t)
{
    double took = (double)(t->left_ms - t->started_ms);
    bool is_news = t->number > l->seen_first;
    l->mean_ms = mean_with(l->mean_ms, took);
    if (is_news) {
        l->n_in_row = l->n_alone = 0;
        l->refused_since_ms = -1;
        if (l->pace.is_refused && l->window.n_doubts == 0)
            pace_resumed(&l->pace, t->started_ms, l->n_started - t->number + 1 - (l->n_refused - t->n_refused));
    }
    window_answered(&l->window, t->level, is_news);
    pace_answered(&l->pace, t->was_held);
}

/* How many were let in when this one was not: those before it that were not refused, either. */
static int64_t true_level(const struct lane *l, const struct lane_ticket *t)
{
    int64_t level = t->level - (l->n_refused - t->n_refused);
    return level > 1 ? level : 1;
}

static bool is_of_rate(const struct lane *l, int64_t level, int64_t wait_ms, bool is_used_up)
{
    if (l->window.is_fixed)
        return false; /* nothing is to be found out */
    double usual_ms = l->mean_ms > 0 ? l->mean_ms : UNKNOWN_MEAN_MS;
    if (is_used_up || (double)wait_ms > usual_ms || (wait_ms <= 0 && level == 1 && l->n_started > 1))
        return true; /* the last: nothing else of ours is in flight there */
    if (l->pace.learned.per_ms > 0)
        return window_is_proven(&l->window, level) || level < l->window.size;
    return window_is_doubtful(&l->window);
}

/* Without a word from the server: nothing, while answers under way will show when there is room again; else twice as
 * long each time. */
static int64_t own_pause_ms(struct lane *l)
{
    int n = l->in_flight > 0 ? l->n_in_row - 3 : l->n_alone++;
    if (n < 0)
        return 0;
    int64_t base = l->mean_ms > 0 && l->mean_ms / 8 < PAUSE_MS ? (int64_t)l->mean_ms / 8 + 1 : PAUSE_MS;
    int64_t most = n < 20 && base << n < PAUSE_MOST_MS ? base << n : PAUSE_MOST_MS;
    if (l->in_flight > 0 && (double)most > l->mean_ms)
        most = (int64_t)l->mean_ms + 1;
    return most / 2 + (int64_t)rng_below(&l->jitter, (uint64_t)most / 2 + 1);
}

/* Twice the answers that come in the time of a refusal, there and back. */
static void set_blur(struct lane *l)
{
    double n = l->mean_ms > 0 ? 2 * (double)l->window.base / l->mean_ms * l->refusal_ms : 0;
    window_blur(&l->window, n < (double)l->window.base / 4 ? (int64_t)n : l->window.base / 4);
}

static void refused(struct lane *l, const struct lane_ticket *t, int64_t told_ms, bool is_used_up, int64_t now_ms)
{
    bool is_news = t->number > l->seen;
    int64_t level = true_level(l, t), wait = told_ms > 0 ? told_ms : 0;
    l->n_refused++;
    l->refusal_ms = mean_with(l->refusal_ms, (double)(t->left_ms - t->started_ms));
    set_blur(l);
    pace_unstarted(&l->pace, t->started_ms);
    if (!is_news) { /* the same storm */
        if (l->pace.learned.per_ms <= 0)
            window_refused(&l->window, level, false);
        pause_until(l, now_ms + jittered(l, wait));
        return;
    }
    l->seen = l->n_started;
    if (++l->n_in_row == 1)
        l->seen_first = l->seen;
    if (l->refused_since_ms < 0)
        l->refused_since_ms = now_ms;
    bool was_known = l->pace.learned.per_ms > 0;
    if (is_of_rate(l, level, wait, is_used_up)) {
        pace_learn(&l->pace, now_ms + wait, is_used_up && wait > 0);
        if (!was_known)
            window_open(&l->window);
    } else {
        window_refused(&l->window, level, true);
        pace_refused(&l->pace);
    }
    int64_t own = own_pause_ms(l);
    if (told_ms > 0)
        wait = jittered(l, wait);
    pause_until(l, now_ms + (own > wait && (told_ms <= 0 || own < 2 * wait) ? own : wait));
}

void lane_left(struct lane *l, struct lane_ticket *t, int64_t now_ms)
{
    if (t->has_left)
        return;
    t->has_left = true;
    t->left_ms = now_ms;
    l->in_flight--;
}

void lane_returned(struct lane *l, struct lane_ticket *t)
{
    l->in_flight += t->has_left;
    t->has_left = false;
}

void lane_finished(struct lane *l, struct lane_ticket *t, enum lane_outcome outcome, int64_t retry_after_ms,
                   bool is_used_up, int64_t now_ms)
{
    lane_left(l, t, now_ms);
    if (outcome == LANE_REFUSED) {
        refused(l, t, retry_after_ms, is_used_up, now_ms);
        return;
    }
    if (outcome == LANE_CLEAN)
        answered(l, t);
    if (outcome != LANE_OTHER)
        window_trouble(&l->window, outcome == LANE_TROUBLE);
    lane_hold(l, t, retry_after_ms, now_ms);
}

/* What an answer says of the time before the last pause is over. */
void lane_hold(struct lane *l, const struct lane_ticket *t, int64_t wait_ms, int64_t now_ms)
{
    if (wait_ms > 0 && t->started_ms >= l->not_before_ms)
        pause_until(l, now_ms + wait_ms);
}

void lane_told(struct lane *l, int64_t limit, int64_t in_flight)
{
    int64_t others = in_flight > l->in_flight ? in_flight - l->in_flight : 0;
    if (limit < 1)
        return;
    window_told(&l->window, l->most > 0 && limit > l->most ? l->most : limit, others);
}

int64_t lane_refused_ms(const struct lane *l, int64_t now_ms)
{
    return l->refused_since_ms < 0 ? 0 : now_ms - l->refused_since_ms;
}

struct lane_memory lane_memory(const struct lane *l)
{
    bool has_learned = l->n_refused > 0 || l->window.goal == 0 || l->window.size > WINDOW_START;
    return (struct lane_memory){ .window = has_learned ? l->window.size : 0, .per_minute = pace_per_minute(&l->pace) };
}
