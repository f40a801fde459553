/* bundle.h - one file, several lessons: a JSON array of them, or one after the other (JSONL) */
#pragma once
#include "gen/base/arena.h"
#include "gen/base/buf.h"
#include "gen/base/json.h"

struct bundle_part {
    struct str text;                            /* borrowed from the whole */
    struct json_pos at;                         /* where it begins there */
};

struct bundle {
    struct bundle_part *v;                      /* in the arena */
    size_t n;
    bool is_alone;                              /* one lesson that is the whole file */
};

bool bundle_is_lines(struct str path);          /* named as a file of one lesson a line: *.jsonl, *.ndjson */

/* Finds where the lessons of a text begin and end; whether they are well-formed is for lesson_read to say, and a text
 * whose parts cannot be told apart is one part. is_lines: one lesson a line whatever it holds, so that a
 * broken line spoils no other. n is 0 for an empty array and for no line at all. */
void bundle_split(struct arena *a, struct str text, bool is_lines, struct bundle *out);
