/* table.c - all overlays, in the order in which they are listed */
#include "compose/overlays/rows.h"
#include <stddef.h>

const struct row *const overlay_rows[] = {
#define X(name) &overlay_##name.row,
    OVERLAYS(X)
#undef X
        NULL
};
