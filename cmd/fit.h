/* fit.h - a line made of parts: where it is too wide, what matters least is shortened, then left out */
#pragma once
#include <stddef.h>
#include "gen/base/buf.h"

enum { FIT_PARTS = 16 };

struct fit_line { /* zero-initialised is empty */
    struct {
        struct buf full, brief; /* brief empty: it is as long as it is or not there */
        int rank;               /* what has a higher one goes first */
        enum { FIT_FULL, FIT_BRIEF, FIT_GONE } form;
    } parts[FIT_PARTS];
    size_t n;
};

/* The next part, clean text. Beyond FIT_PARTS nothing is added. */
void fit_add(struct fit_line *f, int rank, struct str full, struct str brief);
void fit_addf(struct fit_line *f, int rank, const char *brief, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Appends the parts with ", " between them in at most `width` columns, of which it returns those used, and empties f.
 * What is left at last is cut with "...". */
size_t fit_into(struct fit_line *f, struct buf *out, size_t width);
