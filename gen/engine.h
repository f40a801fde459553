/* engine.h - runs a plan: one loop, one graph, every cap kept, no slot idle while something may start
 *
 * The caller's thread is the loop's thread; it alone touches the transport and node states. The keeper's thread makes the steps
 * of purchases; the store has a lock inside. */
#pragma once
#include "gen/base/clock.h"
#include "gen/base/rand.h"
#include "gen/plan.h"

struct engine_opts {
    const struct config *config;
    const struct transport *transport;
    const struct renderer *renderer;
    const struct pool *pool;
    const struct keeper *keeper;                /* of the same store */
    const struct status *status;                /* may be NULL */
    const struct clock *clock;
    struct store *store;
    struct log *log;
    struct rng jitter;
    /* 0: run; a signal's number: nothing new is bought, what is in flight is kept */
    int (*stopped)(void *ctx);
    void *stopped_ctx;
    /* Asked once more: jobs at providers are told to end, and nothing is waited for, not even workers: the caller ends
     * the process. NULL: never. */
    bool (*is_hurried)(void *ctx);
    /* how long answers are waited for after SIGTERM; SIGINT waits for all */
    int64_t stop_grace_ms;
    bool retry_lost;                            /* resend although the first request may have been paid */
    bool is_forced;                             /* render again what is in the store */
    bool fetch_only;                            /* assets only: no piece, no film */
    bool is_unchecked;                          /* with fetch_only: answers are kept and not decoded; a later run does */
    /* < 0: none. Nothing is bought when the estimate is over it or incomplete; and while it runs, what was spent, what is
     * on its way and what may have been paid without an answer stay within it together. */
    double max_cost;
    bool allow_unpriced;                        /* with a limit: calls without a price are made, and count nothing */
};

struct engine_result {
    size_t n_done, n_failed;                    /* films */
    size_t requests, retries;
    size_t n_unchecked;                         /* answers that a later run has to check */
    double spent;
    int64_t elapsed_ms;
    enum err_code worst;                        /* class for the exit code; ERR_NONE: all is well */
    int64_t fetch_ms;                           /* until the last answer had come */
};

/* Runs until every node is settled or stop was asked for. False only when the run could not begin (budget) or the store
 * broke. */
bool engine_run(struct plan *p, const struct engine_opts *o, struct engine_result *out, struct err *e);
