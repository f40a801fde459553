/* transitions.h - from one section's picture to the next one's
 *
 * One file and one row each. A transition mixes two whole frames into one; both sections go on moving under it. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "compose/frame.h"
#include "gen/param.h"

struct transition {
    struct row row;
    /* p  how much of b is seen, in (0, 1): the ends themselves are the frames before and after
     * dst  neither a nor b; all three of one size */
    void (*mix)(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                const struct frame *b, double p);
    int dx, dy;                                 /* rows that differ in direction only: where things move */
    /* random: the row to use instead. NULL: itself */
    const struct transition *(*choose)(uint64_t seed);
};

extern const struct row *const transition_rows[]; /* NULL-ended; each is the .row of a struct transition */

static inline const struct transition *transition_of(const struct row *row)
{
    return (const struct transition *)(const void *)((const char *)row - offsetof(struct transition, row));
}
