/* none.c - the picture stands still */
#include "compose/effects/rows.h"

const struct effect effect_none = {
    .row = { .name = "none", .help = "the picture stands still", .aliases = "static,still" },
};
