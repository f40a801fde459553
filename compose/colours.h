/* colours.h - rows of a still picture, in whatever colours its file says, become sRGB (inside the child process)
 *
 * Profiles are LittleCMS's work: relative colorimetric with black point compensation, as photo viewers do. A profile that
 * cannot be read, or is of another kind of pixels, is passed over. cICP goes before a profile, a profile before sRGB,
 * gAMA and cHRM (W3C PNG, third edition, 4.3). Inks without a profile: each takes its share of light away. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "compose/still.h"

/* What a row holds. */
enum row_kind {
    ROW_BGRA8,
    ROW_RGBA16,                                 /* native-endian, full range */
    ROW_CMYK8,                                  /* 255: full ink; becomes opaque */
};

struct colours;
/* is_grey  R, G and B are equal all over: a profile for grey is meant
 * light    cd/m2 of the brightest, for PQ; 0: not known
 * NULL when rows hold sRGB already (never with ROW_CMYK8). */
struct colours *colours_create(const struct still *s, enum row_kind kind, bool is_grey, double light);
void colours_destroy(struct colours *c);
/* n px. out: BGRA; may be the row itself when that has 8 bits. c may be NULL but with ROW_CMYK8. */
void colours_row(struct colours *c, enum row_kind kind, const void *row, uint8_t *out, int n);
