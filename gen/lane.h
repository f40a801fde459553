/* lane.h - a provider account's own queue with its cap, its pace and its pauses
 *
 * Cap: starts at the account's concurrency, halves on a refusal, grows by one after 20 clean answers. Pace: a token
 * bucket of rpm with a burst of 3. One pause for all: several 429 at once hold the lane once, not N times. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/err.h"
#include "gen/base/heap.h"
#include "gen/ports.h"

enum { LANE_BURST = 3, LANE_CLEAN_TO_GROW = 20 };

struct lane {
    struct str name;
    struct heap ready;                          /* of struct node *, in the plan's order */
    int64_t limit;                              /* the account's; 0: none */
    int64_t window;                             /* what we dare now; 0: no limit */
    int64_t in_flight;
    int64_t n_clean;                            /* since the window changed */
    int64_t not_before_ms;                      /* the shared pause */
    double rpm, tokens;                         /* rpm 0: no pace */
    int64_t filled_ms;                          /* when tokens was true */
    bool is_stopped;                            /* auth or quota: nothing more is sent */
    struct err why;
};

void lane_init(struct lane *l, const struct provider_info *p, int64_t now_ms);
void lane_deinit(struct lane *l);
/* May a request start now? If not, *at_ms is when it may (INT64_MAX: only after an answer). */
bool lane_may_start(const struct lane *l, int64_t now_ms, int64_t *at_ms);
void lane_started(struct lane *l, int64_t now_ms);
void lane_finished(struct lane *l, bool clean);
void lane_pause(struct lane *l, int64_t until_ms); /* and shrinks the window once per pause */
void lane_learn(struct lane *l, int64_t limit); /* the account's limit was told in a header */
