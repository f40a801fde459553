/* lesson_file.h - lessons that were named on the command line, read with the settings and options in effect */
#pragma once
#include "cmd/app.h"
#include "gen/lesson/read.h"

/* What lesson_read needs: the words, the config, --strict, --allow-outside, and the variables of --vars files under
 * those of --var (of one name the last counts). Everything lives in `a`. ERR_USAGE, ERR_IO, ERR_LESSON (a --vars file
 * that is no object of texts and numbers). */
bool lesson_file_opts(struct app *app, struct arena *a, struct read_opts *out, struct err *e);

/* Reads one file ("-": standard input) within limits.lesson_bytes. NULL with ERR_IO when it cannot be read at all; else
 * the lesson, whole only when problems->n_errors is 0. The caller calls lesson_destroy. */
struct lesson *lesson_file_read(struct app *app, const char *path, const struct read_opts *opts,
                                struct problems *problems, struct err *e);
