/* tune_show.h - what `vidgen tune` found: for people, as a picture, for programs */
#pragma once
#include "cmd/tune_choose.h"
#include "cmd/tune_read.h"

struct tune_shown {
    const char *name;            /* of the run */
    const struct tune_run *run;  /* what was recorded */
    const struct sim_load *load; /* what was simulated: that run, or lessons that are planned */
    const struct tune_choice *choice;
    size_t n_planned;  /* lessons; 0: it is the run itself */
    int64_t replay_ms; /* the run, simulated with its own settings */
    size_t columns;    /* of the terminal */
};

void tune_show(struct buf *b, const struct tune_shown *s);
void tune_json(struct buf *b, const struct tune_shown *s);
void tune_svg(struct buf *b, const struct tune_shown *s); /* time against requests at once */

/* A setting that is to change. */
struct tune_change {
    const char *key; /* "requests", under `workers` */
    int64_t from, to;
};
enum { TUNE_CHANGES = 4 };
/* Returns how many there are; auto is told as 0. */
size_t tune_changes(const struct tune_choice *c, struct tune_change out[TUNE_CHANGES]);
