/* lane.h - a provider account's own queue: how many requests may be in flight, how fast they may start, when not at all
 *
 * No clock of its own and no chance but its seed: the same events give the same decisions. A refusal (429) is one of
 * concurrency unless there is evidence of a rate: nothing remains, the server wants a longer wait than an answer takes,
 * or levels are refused that were let in again and again. The first shapes the window, the second the pace. Either
 * way all wait together, not each for itself. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/err.h"
#include "gen/base/heap.h"
#include "gen/base/rand.h"
#include "gen/pace.h"
#include "gen/ports.h"
#include "gen/window.h"

/* What one request was when it started; kept by its owner until it is finished. */
struct lane_ticket {
    int64_t started_ms, number, level, n_refused;
    bool was_held;                              /* by the learned pace */
    bool has_left;                              /* its answer has come */
    int64_t left_ms;
};

#define LANE_OUTCOMES(X)                                                                  \
    X(CLEAN)                                                                              \
    X(REFUSED)  /* 429: it was not let in */                                              \
    X(TROUBLE)  /* 5xx, reset, stall: it was let in, the server is not well */            \
    X(OTHER)    /* it says nothing of the lane */
#define X(id) LANE_##id,
enum lane_outcome { LANE_OUTCOMES(X) };
#undef X

struct lane {
    struct str name, group, model;              /* group: of all models of an account; model: empty, or the one it is for */
    struct str account;                         /* what was learned is kept under it; empty: nowhere */
    struct heap ready;                          /* of struct node *, in the plan's order */
    struct window window;
    struct pace pace;
    int64_t most;                               /* configured cap, which no header raises; 0: none */
    int64_t in_flight, n_started, n_refused;
    int64_t seen, seen_first;                   /* n_started at the last refusal that counted, and at the first in a row */
    int64_t not_before_ms;                      /* the shared pause */
    int n_in_row;                               /* refusals with nothing let in between */
    int n_alone;                                /* of these, with nothing else in flight */
    int64_t refused_since_ms;                   /* nothing was let in since; -1: something was */
    double mean_ms;                             /* of clean answers, the last some twenty; 0: unknown */
    double refusal_ms;                          /* of refusals: there and back */
    struct rng jitter;
    bool is_stopped;                            /* auth or quota: nothing more is sent */
    struct err why;
};

/* What a run leaves for the next one. */
struct lane_memory {
    int64_t window;                             /* 0: nothing is known */
    double per_minute;                          /* 0: no rate was learned */
};

void lane_init(struct lane *l, const struct provider_info *p, const struct lane_memory *known, struct rng jitter,
               int64_t now_ms);
void lane_deinit(struct lane *l);
/* May a request of so many tokens start now? If not, *at_ms is when it may (INT64_MAX: only after an answer). */
bool lane_may_start(const struct lane *l, double tokens, int64_t now_ms, int64_t *at_ms);
void lane_started(struct lane *l, double tokens, struct lane_ticket *t, int64_t now_ms);
/* Its answer is there, whatever it says: there is room for another. */
void lane_left(struct lane *l, struct lane_ticket *t, int64_t now_ms);
/* It was not the last answer after all: it takes its room again. */
void lane_returned(struct lane *l, struct lane_ticket *t);
/* What the answer says; it leaves now if it has not before. retry_after_ms: told with it, -1: nothing. is_used_up: the server said that nothing remains until then. */
void lane_finished(struct lane *l, struct lane_ticket *t, enum lane_outcome outcome, int64_t retry_after_ms,
                   bool is_used_up, int64_t now_ms);
/* An answer that came on the way (a job was accepted) said that nothing remains, or when to come back. */
void lane_hold(struct lane *l, const struct lane_ticket *t, int64_t wait_ms, int64_t now_ms);
/* The account's limit was told in a header; in_flight: of all its users, -1: not told. */
void lane_told(struct lane *l, int64_t limit, int64_t in_flight);
/* For how long nothing was let in although something was asked for; 0: not so. */
int64_t lane_refused_ms(const struct lane *l, int64_t now_ms);
struct lane_memory lane_memory(const struct lane *l);
