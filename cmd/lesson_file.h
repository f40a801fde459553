/* lesson_file.h - lessons that were named on the command line, read with the settings and options in effect */
#pragma once
#include "cmd/app.h"
#include "gen/lesson/bundle.h"
#include "gen/lesson/read.h"

/* What lesson_read needs: the words, the config, --strict, --allow-outside, and the variables of --vars files under
 * those of --var (of one name the last counts). Everything lives in `a`. ERR_USAGE, ERR_IO, ERR_LESSON (a --vars file
 * that is no object of texts and numbers). */
bool lesson_file_opts(struct app *app, struct arena *a, struct read_opts *out, struct err *e);

/* A file with one lesson or several (gen/lesson/bundle.h). */
struct lesson_file {
    struct arena arena;
    struct str path;                            /* as it was named; "-": standard input */
    struct buf text;
    struct bundle parts;
    size_t next;
};
/* ERR_IO: it cannot be read; ERR_LESSON: nothing is in it. Close it either way. */
bool lesson_file_open(const char *path, struct lesson_file *out, struct err *e);
/* The next lesson, whole only when problems->n_errors is 0; NULL: that was all. The caller calls lesson_destroy. */
struct lesson *lesson_file_next(struct lesson_file *f, const struct read_opts *opts, struct problems *problems);
void lesson_file_close(struct lesson_file *f);
