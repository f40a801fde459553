/* live.h - what a terminal of any size shows of a run, as lines
 *
 * From above: a line for each lesson at work (its sections as a bar, one sign for each or for each few), one for each
 * account that is asked (in flight against what it takes), what is tried again and why, the total. A low terminal has
 * fewer lines, a narrow one fewer and shorter parts; what is left is the last of the total. No line is wider than the
 * terminal less one column. The signs are ASCII: what draws boxes is two columns wide in some terminals. */
#pragma once
#include "cmd/fit.h"
#include "gen/ports.h"

struct live_retry {   /* the last one; zero: none */
    struct str line;  /* "03-inverter/4 image: ...: 429, slower please" */
    int64_t until_ms; /* when it is tried again, in the clock of `now_ms` */
};

struct live_opts {
    int columns, rows;
    bool has_color;
    struct str currency;
    int64_t now_ms, left_ms; /* left: < 0: not known */
    bool is_left_least;      /* more than that, since some of it is not known */
    struct live_retry retry;
};

struct live_sums {
    size_t assets, assets_done, n_finished, n_failed, n_cached;
    int64_t frames, frames_done, frames_left;
};

struct live_sums live_sums(const struct status_totals *t);
/* What the total says, for a line of any kind. */
void live_add_total(struct fit_line *f, const struct status_totals *t, const struct live_opts *o);
/* "openai-image 7/16" for each account that is asked. */
void live_add_lanes(struct fit_line *f, const struct status_totals *t);
void live_lines(struct buf *out, const struct status_totals *t, const struct live_opts *o);
void live_money(struct buf *b, double amount, struct str currency); /* "0.042 USD" */
