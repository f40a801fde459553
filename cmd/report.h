/* report.h - a page about a run: written after batches, and again by `vidgen report` */
#pragma once
#include "cmd/app.h"

struct store;

/* After a run whose journal is `journal`: OUT_DIR/report.html (with `ending` before its own), where the settings want
 * one. A page that cannot be written is a warning. n_lessons: all of the run; is_idle: nothing was made or failed. */
void report_after_run(struct app *app, const char *journal, struct store *store, const char *out_dir, const char *ending,
                      size_t n_lessons, bool is_idle);
