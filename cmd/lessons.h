/* lessons.h - the lessons named on the command line, read and judged before anything else */
#pragma once
#include "cmd/app.h"
#include "gen/base/arena.h"
#include "gen/lesson/read.h"

struct lessons {
    struct lesson **all;
    const struct lesson **good;                 /* those without an error */
    size_t n, n_good, n_bad, cap;
    struct lesson_vars vars;                    /* in lessons_load's arena */
};

/* Reads every input (cmd/inputs.h) and prints all problems of all files. False when an input cannot be read or --vars
 * is wrong. */
bool lessons_load(struct app *app, int argc, char **argv, struct arena *a, struct lessons *out, struct err *e);
/* The problems of one file, for the person (stderr) or the program (--json: stdout). Nothing when there are none. */
void lessons_print(struct app *app, struct str path, const struct problems *problems);
/* Each good lesson is followed by the other shapes that it is wanted in. */
void lessons_add_shapes(struct lessons *l);
void lessons_deinit(struct lessons *l);
