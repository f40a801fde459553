/* tune_read.h - what a run's journal says of how long things take (also what --json printed: the lines are the same) */
#pragma once
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/sim.h"

struct tune_lane {             /* beside a sim_lane, at the same index */
    bool is_found, is_learned; /* its cap, its pace were found out by refusals */
    int64_t most_in_flight;    /* in the run */
};

/* One run. tune_run_deinit frees all of it. */
struct tune_run {
    struct arena arena;
    struct sim_load load; /* what it did: requests as they went out, steps as workers took them */
    struct tune_lane *lanes;
    int64_t *frames;         /* of each step of RENDER and TRANSITION; else 0 */
    struct sim_settings was; /* requests 0: not told */
    int64_t total_ms;
    size_t n_requests, n_left_out; /* left out: refusals, and what had not ended when the run did */
    bool is_whole;                 /* it came to its end */
};

/* text: the journal's lines; those that are no JSON (the last of a run that was killed) are passed over. */
void tune_read(struct tune_run *r, struct str text);
/* False with ERR_IO, or ERR_USAGE when nothing in there took any time. */
bool tune_read_file(struct tune_run *r, const char *path, struct err *e);
void tune_run_deinit(struct tune_run *r);
