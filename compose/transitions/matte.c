/* matte.c - mixing by a weight for each pixel */
#include "compose/transitions/matte.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"

uint16_t matte_edge(double inside, double soft)
{
    double v = inside / soft + 0.5;
    return (uint16_t)lrint(MATTE_ONE * (v < 0 ? 0 : v > 1 ? 1 : v));
}

static void row_mix(uint8_t *dst, const uint8_t *a, const uint8_t *b, const uint16_t *weight, int n)
{
    for (int i = 0; i < n; i++)
        dst[i] = (uint8_t)((a[i] * (MATTE_ONE - weight[i]) + b[i] * weight[i] + MATTE_ONE / 2) >> 8);
}

void matte_mix(struct frame *dst, const struct frame *a, const struct frame *b, matte_fn *fn, const void *ctx)
{
    uint16_t *weight = mem_array((size_t)dst->w, sizeof *weight);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < frame_plane_h(dst, p); y++) {
            /* Chroma sits on the left luma sample of each pair and between its two rows. */
            struct matte_row row = { .x = 0.5, .step = p ? 2 : 1, .y = p ? 2 * y + 1 : y + 0.5, .size = p ? 2 : 1,
                                     .n = frame_plane_w(dst, p), .index = y };
            fn(ctx, &row, weight);
            row_mix(dst->plane[p] + y * dst->stride[p], a->plane[p] + y * a->stride[p], b->plane[p] + y * b->stride[p],
                    weight, row.n);
        }
    free(weight);
}

void matte_mix_even(struct frame *dst, const struct frame *a, const struct frame *b, double p)
{
    int w = (int)lrint(MATTE_ONE * p);
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < frame_plane_h(dst, i); y++) {
            uint8_t *d = dst->plane[i] + y * dst->stride[i];
            const uint8_t *s = a->plane[i] + y * a->stride[i], *t = b->plane[i] + y * b->stride[i];
            for (int x = 0, n = frame_plane_w(dst, i); x < n; x++)
                d[x] = (uint8_t)((s[x] * (MATTE_ONE - w) + t[x] * w + MATTE_ONE / 2) >> 8);
        }
}
