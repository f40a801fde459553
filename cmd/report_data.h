/* report_data.h - a run as trees: for the page's texts and for --json */
#pragma once
#include "cmd/run_read.h"

struct report_opts {
    struct str name;                            /* of the run */
    const char *cache;
    double paid_ever;                           /* what the ledger says of all runs; < 0: not known */
};

/* All but lessons in detail and spans. Lives in `a`. */
struct json *report_summary(struct run *r, const struct report_opts *o, struct arena *a);
/* A lesson in one row. */
struct json *report_row(struct run *r, size_t i, struct arena *a);
/* One lesson: its film, its figures, its sections; `video` is its address as seen from the page, or empty. */
struct json *report_lesson(struct run *r, size_t i, struct str video, struct arena *a);
/* Requests and work here as arrays of numbers, and the names these mean: what the page's charts are drawn from. */
void report_spans(struct buf *out, const struct run *r);
/* Everything as one object, with what the journal says of each lesson. */
void report_json(struct buf *out, struct run *r, const struct report_opts *o);
