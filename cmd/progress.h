/* progress.h - what a person or a program sees while videos are made
 *
 * - LIVE: a terminal: lines that are redrawn in place (cmd/live.h); log lines and results scroll by above
 * - PLAIN: lines for results, retries and failures, and a summary at least every 4 seconds
 * - JSON: one object a line for every event (cmd/events.h), totals at least every second
 * - QUIET: failures alone
 *
 * Foreign text (names, messages) goes through text_clean. Events and ticks come from one thread, log lines from any. */
#pragma once
#include <stddef.h>
#include "gen/base/clock.h"
#include "gen/base/log.h"
#include "gen/ports.h"

enum progress_mode { PROGRESS_QUIET, PROGRESS_PLAIN, PROGRESS_LIVE, PROGRESS_JSON };

struct progress_opts {
    enum progress_mode mode;
    bool has_color;                             /* LIVE */
    struct str currency;                        /* "USD"; borrowed */
    const struct clock *clock;
    void (*write)(void *ctx, const char *p, size_t n); /* one call for each change of the screen */
    void (*size)(void *ctx, int *columns, int *rows);  /* of the terminal, now; LIVE only */
    void *ctx;
};

struct progress;
struct progress *progress_create(const struct progress_opts *o);
void progress_destroy(struct progress *p);      /* takes the live lines away */
const struct status *progress_status(struct progress *p); /* the port for the engine; lives as long as p */
void progress_log(struct progress *p, enum log_level level, const char *line); /* line: clean, no newline */
