/* not_yet.c - effects whose names are known but that need the subject of the picture found first */
#include "compose/effects/rows.h"

const struct effect effect_spotlight = {
    .row = { .name = "spotlight", .help = "darken all but the subject", .is_not_yet = true },
};

const struct effect effect_subject_outline = {
    .row = { .name = "subject-outline", .help = "draw a line around the subject", .is_not_yet = true },
};
