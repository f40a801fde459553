/* service.h - a model of a service with limits that nobody is told, and a lane that keeps it busy, in virtual time */
#pragma once
#include "gen/lane.h"

struct service_limit { int64_t from_ms, concurrency; };

struct service {
    const char *name;
    /* what it takes; all 0: everything */
    struct service_limit limits[4];             /* in flight, from a moment on; concurrency 0: none */
    double rate;                                /* starts in a window or, with a burst, a bucket's refill in that time */
    int64_t window_ms;
    double burst;                               /* 0: windows of a fixed beginning */
    bool has_hint;                              /* refusals carry the wait, in milliseconds */
    bool has_headers;                           /* every answer says what remains */
    int64_t told_limit;                         /* every answer says how many in flight it takes; 0: it does not */
    double mean_ms;                             /* of answers, lognormal with sigma 0.5 */
    int64_t way_ms;                             /* there, and back again */
    int64_t read_ms;                            /* so long each answer is read after it has left its slot */
    int64_t stall_ms;                           /* so long at most the caller looks elsewhere, again and again */
    double p_500;                               /* of its answers are 500 */
    int64_t down_from_ms, down_to_ms;           /* answers 500 to all */
    int64_t storm_from_ms, storm_to_ms, storm_told_ms; /* answers 429 to all, with this Retry-After */
    /* who asks */
    int64_t cap;                                /* of the lane */
    bool is_cap_set;
    int64_t rpm;                                /* documented */
    int64_t for_ms;                             /* so long it is asked as much as it may be */
    int64_t count_from_ms;                      /* figures begin here */
    uint64_t seed;
};

struct service_use {
    int64_t n, n_refused;                       /* answers since count_from_ms, refusals among them */
    double share;                               /* of what the limit would have let through */
    double waste;                               /* refusals of requests */
    int64_t most_in_flight;                     /* let in */
    struct lane_memory memory;                  /* what the lane leaves */
    int64_t window_at_end;
};

/* known: what the lane begins with. */
struct service_use service_run(const struct service *s, const struct lane_memory *known);
