/* table.c - all transitions, in the order in which they are listed; then the one name of xfade's that is only known
 *
 * All other names of FFmpeg's xfade (up to 7.1) are rows of their own: names compare without dashes, so wipeleft is
 * wipe-left. "custom" needs an expression, and a lesson never carries one into a filter. */
#include <stddef.h>
#include "compose/transitions/rows.h"

static const struct row row_custom = { .name = "custom",
                                       .help = "FFmpeg's xfade with an expression",
                                       .is_not_yet = true };

const struct row *const transition_rows[] = {
#define X(id) &transition_##id.row,
    TRANSITIONS(X)
#undef X
        & row_custom,
    NULL
};
