/* matte.h - mixing by a weight for each pixel: what wipes, circles and dissolves share */
#pragma once
#include "compose/frame.h"

enum { MATTE_ONE = 256 };

/* The samples of one row: n centres at x, x + step, ... and y, in luma px from the frame's corner; each is `size` px
 * wide and high. */
struct matte_row {
    double x, step, y, size;
    int n;
    int index;                                  /* of the row in its plane */
};

/* Writes n weights of b, 0..MATTE_ONE. */
typedef void matte_fn(const void *ctx, const struct matte_row *row, uint16_t *weight);

void matte_mix(struct frame *dst, const struct frame *a, const struct frame *b, matte_fn *fn, const void *ctx);
/* One weight for all. */
void matte_mix_even(struct frame *dst, const struct frame *a, const struct frame *b, double p);
/* Coverage of a sample by what lies `inside` px within an edge that is `soft` px wide. */
uint16_t matte_edge(double inside, double soft);
