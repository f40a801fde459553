/* tune_plan.h - lessons that are still to be made as a load for the simulation, as slow as what was recorded */
#pragma once
#include "cmd/app.h"
#include "cmd/tune_read.h"

/* Everything lives in its arena, but for what tune_plan_deinit frees. */
struct tune_plan {
    struct arena arena;
    struct sim_load load; /* its lanes begin with the run's, at the same index */
    size_t n_lessons;
};

/* What building the lessons named by argv would do now: what lies in the cache already is left out. Times are drawn
 * from those of `run` (the same at each call), of the same account and kind, else of the same kind, else what such
 * things usually take. False when no lesson can be read or planned, or nothing is left to do. */
bool tune_plan(struct tune_plan *p, struct app *app, int argc, char **argv, const struct tune_run *run, struct err *e);
void tune_plan_deinit(struct tune_plan *p);
