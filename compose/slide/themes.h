/* themes.h - how slides look: a row each */
#pragma once
#include <stdint.h>
#include "gen/param.h"

struct theme {
    struct row row;                             /* first: theme_rows points here */
    uint32_t top, bottom, glow;                 /* background: gradient, and light from a corner; 0xRRGGBBAA */
    uint32_t text, muted, accent, second;
    uint32_t panel, border;
    uint32_t word, string, number, comment;     /* of code */
    const char *heading, *body, *mono;          /* font families */
    int heading_weight;
};

extern const struct row *const theme_rows[];    /* NULL-ended; the first one is the default */
const struct theme *theme_find(struct str name); /* empty: the default; NULL: none of that name */
