/* squeeze.c - the old picture is pressed flat, or smeared sideways into the next one */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"
#include "gen/base/mem.h"

enum { ONE = 256 };

/* A line of n samples pressed to `part` of its length around its middle; b shows where a no longer is. */
static void line_squeeze(uint8_t *dst, const uint8_t *a, const uint8_t *b, ptrdiff_t ds, ptrdiff_t as, ptrdiff_t bs,
                         int n, double part)
{
    double middle = n / 2.0;
    for (int i = 0; i < n; i++) {
        double at = middle + (i + 0.5 - middle) / part - 0.5;
        int weight = ONE - matte_edge(middle * part - fabs(i + 0.5 - middle), 1);
        double in = at < 0 ? 0 : at > n - 1 ? n - 1 : at;
        int l = (int)in, r = l + 1 < n ? l + 1 : l, f = (int)((in - l) * ONE);
        int va = (a[l * as] * (ONE - f) + a[r * as] * f + ONE / 2) >> 8;
        dst[i * ds] = (uint8_t)((va * (ONE - weight) + b[i * bs] * weight + ONE / 2) >> 8);
    }
}

static void squeeze_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                        const struct frame *b, double p)
{
    (void)opts;
    for (int i = 0; i < 3; i++) {
        int w = frame_plane_w(dst, i), h = frame_plane_h(dst, i);
        ptrdiff_t ds = dst->stride[i], as = a->stride[i], bs = b->stride[i];
        for (int y = 0; self->dx && y < h; y++)
            line_squeeze(dst->plane[i] + y * ds, a->plane[i] + y * as, b->plane[i] + y * bs, 1, 1, 1, w, 1 - p);
        for (int x = 0; self->dy && x < w; x++)
            line_squeeze(dst->plane[i] + x, a->plane[i] + x, b->plane[i] + x, ds, as, bs, h, 1 - p);
    }
}

/* The mean of 2 radius + 1 neighbours, edges repeated, by a running sum. */
static void line_smear(uint8_t *px, uint8_t *copy, int n, int radius)
{
    int sum = 0, most = 2 * radius + 1;
    memcpy(copy, px, (size_t)n);
    for (int i = -radius; i <= radius; i++)
        sum += copy[i < 0 ? 0 : i >= n ? n - 1 : i];
    for (int i = 0; i < n; i++) {
        px[i] = (uint8_t)((sum + most / 2) / most);
        int in = i + radius + 1, out = i - radius;
        sum += copy[in >= n ? n - 1 : in] - copy[out < 0 ? 0 : out];
    }
}

static void hblur_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                      const struct frame *b, double p)
{
    uint8_t *copy = mem_array((size_t)dst->w, 1);
    double smear = sin(M_PI * p) * dst->w / 16;
    (void)self, (void)opts;
    matte_mix_even(dst, a, b, p);
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < frame_plane_h(dst, i); y++)
            line_smear(dst->plane[i] + y * dst->stride[i], copy, frame_plane_w(dst, i),
                       (int)lrint(smear / (i ? 2 : 1)));
    free(copy);
}

const struct transition transition_squeeze_h = {
    .row = { .name = "squeeze-h", .help = "the old picture is pressed flat to its middle line" },
    .mix = squeeze_mix,
    .dy = 1,
};

const struct transition transition_squeeze_v = {
    .row = { .name = "squeeze-v", .help = "the old picture is pressed narrow to its middle line" },
    .mix = squeeze_mix,
    .dx = 1,
};

const struct transition transition_hblur = {
    .row = { .name = "hblur", .help = "smeared sideways into the next picture" },
    .mix = hblur_mix,
};
