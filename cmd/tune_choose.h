/* tune_choose.h - which settings a load is done soonest with, and what keeps it from being done sooner */
#pragma once
#include "gen/base/buf.h"
#include "gen/sim.h"

enum { TUNE_POINTS = 24 };

/* name of its setting or kind, how it is said of a lane: %s */
#define TUNE_LIMITS(X)                                                                                                 \
    X(NONE, "the longest of its requests and films themselves")                                                        \
    X(REQUESTS, "workers.requests")                                                                                    \
    X(LANE_CAP, "cap")                                                                                                 \
    X(PACE, "pace")                                                                                                    \
    X(TOKENS, "tokens")                                                                                                \
    X(CORES, "cores")                                                                                                  \
    X(RENDER, "workers.render")                                                                                        \
    X(VIDEOS, "workers.videos")                                                                                        \
    X(SECTIONS, "workers.sections")
#define X(id, name) TUNE_##id,
enum tune_limit_kind { TUNE_LIMITS(X) TUNE_N_LIMITS };
#undef X

struct tune_limit {
    enum tune_limit_kind kind;
    size_t lane;   /* of LANE_CAP, PACE, TOKENS */
    double relief; /* the time with twice as much, as part of the time; 1: no less */
};

struct tune_point {
    int64_t requests;
    struct sim_result result;
    struct tune_limit limit; /* the one that binds there */
};

struct tune_choice {
    struct sim_settings now, best; /* videos and sections 0: all */
    struct sim_result now_result, best_result;
    struct tune_limit now_limit, best_limit;
    struct tune_point points[TUNE_POINTS]; /* the best settings with other numbers of requests, ascending */
    size_t n_points;
};

/* `now` where it is within a fiftieth of the soonest. Else the smallest number of requests at once that is; of the
 * other settings those of `now` where they cost no more than that. */
void tune_choose(const struct sim_load *load, const struct sim_settings *now, struct tune_choice *out);
/* Which limit binds: the one of which twice as much saves most, at least a thirtieth; where none does alone, the one
 * that does together with twice the requests at once. */
struct tune_limit tune_limit(const struct sim_load *load, const struct sim_settings *s, int64_t total_ms);
void tune_limit_say(struct buf *b, const struct tune_limit *l,
                    const struct sim_load *load); /* "the pace of openai-image, 50 a minute" */
