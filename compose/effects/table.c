/* table.c - all effects, in the order in which they are listed */
#include "compose/effects/rows.h"
#include <stddef.h>

const struct row *const effect_rows[] = {
#define X(name) &effect_##name.row,
    EFFECTS(X)
#undef X
    NULL
};
