/* not_yet.c - transitions whose names are known only */
#include "compose/transitions/rows.h"

const struct transition transition_zoom = { .row = { .name = "zoom", .help = "into the next picture", .is_not_yet = true } };
const struct transition transition_pixelate = {
    .row = { .name = "pixelate", .help = "through coarse squares", .is_not_yet = true },
};
const struct transition transition_blur = { .row = { .name = "blur", .help = "through a blur", .is_not_yet = true } };
