/* retry.h - what to do after a request failed: one table, no state
 *
 * Source of the waits: exponential backoff with decorrelated jitter (Brooker, "Exponential backoff and jitter", 2015);
 * Retry-After is a floor (RFC 9110, 10.2.3). A refusal (429) is the lane's business: the lane knows when to go on. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/err.h"
#include "gen/base/rand.h"

enum { RETRY_BASE_MS = 500, RETRY_CAP_MS = 60000, RETRY_TOLD_MAX_MS = 120000 };

#define RETRY_ACTIONS(X)                                                                  \
    X(AGAIN)     /* try this request again after wait_ms */                               \
    X(PAUSE)     /* the same, and not before its lane goes on */                          \
    X(FAIL)      /* this item is lost */                                                  \
    X(STOP_LANE) /* so is everything else that waits for this provider */
#define X(id) RETRY_##id,
enum retry_action { RETRY_ACTIONS(X) };
#undef X

struct failure {
    enum err_code code;
    int64_t told_ms;                            /* Retry-After; -1: none */
    int attempts, refusals;                     /* before this failure; refusals are answers of class rate */
    bool is_unsent;                             /* the request cannot have reached the server */
    bool has_answer;                            /* an HTTP answer came: the server knows that it failed */
    bool has_remote;                            /* a remote job exists: asking again costs nothing */
    int64_t last_ms;                            /* the wait before; 0: this is the first failure */
    int64_t refused_ms;                         /* for how long this request has been refused */
    int64_t lane_refused_ms;                    /* for how long all of its lane have been */
};

struct retry {
    enum retry_action action;
    int64_t wait_ms;
    const char *why;                            /* for the log: "the provider asks for 300 s" ... ; NULL when plain */
};

/* max_attempts counts requests that failed. Answers of class rate cost none; they end after twice as many and
 * patience_ms, and stop the lane when nothing else of it was let in for so long. retry_lost allows a second request although
 * the first may have been paid. */
struct retry retry_decide(const struct failure *f, int max_attempts, int64_t patience_ms, bool retry_lost, struct rng *jitter);
