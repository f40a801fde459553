/* table.c - all transitions, in the order in which they are listed; then xfade's names that are only known */
#include <stddef.h>
#include "compose/transitions/rows.h"

/* Names of FFmpeg 5.1's xfade that no row above has (names compare without dashes: wipeleft is wipe-left). */
#define XFADE(X)                                                                          \
    X(custom) X(distance) X(circlecrop) X(rectcrop) X(vertopen) X(vertclose) X(horzopen) X(horzclose) X(diagtl) \
    X(diagtr) X(diagbl) X(diagbr) X(hlslice) X(hrslice) X(vuslice) X(vdslice) X(radial) X(smoothleft) \
    X(smoothright) X(smoothup) X(smoothdown) X(fadegrays) X(wipetl) X(wipetr) X(wipebl) X(wipebr) X(squeezeh) \
    X(squeezev) X(hblur)

#define X(id) static const struct row row_##id = { .name = #id, .help = "as FFmpeg's xfade", .is_not_yet = true };
XFADE(X)
#undef X

const struct row *const transition_rows[] = {
#define X(id) &transition_##id.row,
    TRANSITIONS(X)
#undef X
#define X(id) &row_##id,
    XFADE(X)
#undef X
    NULL
};
