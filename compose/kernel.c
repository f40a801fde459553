/* kernel.c - samples a window of a plane at sub-pixel precision */
#include "compose/kernel.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/kernel_private.h"
#include "gen/base/mem.h"

double kernel_weight(double x)
{
    x = fabs(x);
    if (x < 1)
        return ((4 * x - 7) * x * x + 3) / 3;
    if (x < 2)
        return (((36 - 7 * x) * x - 59) * x + 30) / 12;
    if (x < 3)
        return (((x - 8) * x + 21) * x - 18) / 12;
    return 0;
}

void plane_init(struct plane *p, int w, int h)
{
    p->w = w;
    p->h = h;
    p->stride = (w + 2 * PLANE_PAD + 31) / 32 * 32;
    p->mem = aligned_alloc(64, (size_t)p->stride * (size_t)h * sizeof *p->mem);
    if (!p->mem)
        abort();
    p->px = p->mem + PLANE_PAD;
}

void plane_deinit(struct plane *p)
{
    free(p->mem);
    *p = (struct plane){ 0 };
}

void plane_pad(struct plane *p)
{
    for (int y = 0; y < p->h; y++) {
        int16_t *row = p->px + y * p->stride;
        for (int i = 1; i <= PLANE_PAD; i++)
            row[-i] = row[0];
        for (int i = p->w; i < p->stride - PLANE_PAD; i++)
            row[i] = row[p->w - 1];
    }
}

struct kernel *kernel_create(bool allow_simd)
{
    struct kernel *k = mem_alloc(sizeof *k);
    k->rows = kernel_rows_best(allow_simd);
    k->turned_rows = kernel_turned_rows_best(allow_simd);
    for (int i = 0; i < KERNEL_TABLE_N; i++)
        k->table[i] = kernel_weight(i / (double)KERNEL_TABLE_PER_PX);
    return k;
}

void kernel_destroy(struct kernel *k)
{
    if (!k)
        return;
    free(k->x.start);
    free(k->x.weight);
    free(k->y.start);
    free(k->y.weight);
    free(k->ring);
    kernel_turned_destroy(k->turned);
    free(k);
}

static double kernel_at(const struct kernel *k, double x)
{
    double u = fabs(x) * KERNEL_TABLE_PER_PX;
    if (u >= KERNEL_REACH * KERNEL_TABLE_PER_PX)
        return 0;
    int i = (int)u;
    return k->table[i] + (u - i) * (k->table[i + 1] - k->table[i]);
}

/* Weights of the values at offset, offset + 1, ... px from the sample, and their centre of gravity. */
static double axis_gravity(const struct kernel *k, double offset, double squeeze, double shift, int taps, double *w)
{
    double sum = 0, moment = 0;
    for (int i = 0; i < taps; i++) {
        w[i] = kernel_at(k, (i + offset - shift) * squeeze);
        sum += w[i];
        moment += w[i] * (i + offset);
    }
    for (int i = 0; i < taps; i++)
        w[i] *= KERNEL_ONE / sum;
    return moment / sum;
}

/* What rounding leaves over goes to the largest. */
void kernel_weigh(const struct kernel *k, double offset, double squeeze, int taps, int16_t *out)
{
    double w[KERNEL_TAPS_MAX], off = axis_gravity(k, offset, squeeze, 0, taps, w);
    if (squeeze < 1)
        axis_gravity(k, offset, squeeze, -off, taps, w);
    int left = KERNEL_ONE, best = 0;
    for (int i = 0; i < taps; i++) {
        out[i] = (int16_t)lrint(w[i]);
        left -= out[i];
        if (out[i] > out[best])
            best = i;
    }
    out[best] = (int16_t)(out[best] + left);
}

int kernel_taps(double step, int multiple)
{
    return ((int)ceil(2 * KERNEL_REACH * (step > 1 ? step : 1)) + multiple - 1) / multiple * multiple;
}

static void axis_place(struct kernel_axis *a, const struct kernel *k, struct span s, int n, int taps_multiple, int n_multiple)
{
    double stretch = s.step > 1 ? s.step : 1, squeeze = 1 / stretch;
    assert(s.step > 0 && s.step <= KERNEL_STEP_MAX);
    a->taps = kernel_taps(s.step, taps_multiple);
    assert(a->taps <= KERNEL_TAPS_MAX);
    a->n = (n + n_multiple - 1) / n_multiple * n_multiple;
    if ((size_t)a->n * (size_t)a->taps > a->room) {
        a->room = (size_t)a->n * (size_t)a->taps;
        a->start = mem_resize(a->start, a->room, sizeof *a->start);
        a->weight = mem_resize(a->weight, a->room, sizeof *a->weight);
    }
    for (int i = 0; i < a->n; i++) {
        double u = s.first + (i < n ? i : n - 1) * s.step;
        int start = (int)floor(u) - a->taps / 2 + 1;
        a->start[i] = start;
        kernel_weigh(k, start - u, squeeze, a->taps, a->weight + (size_t)i * (size_t)a->taps);
    }
}

void kernel_ring_hold(struct kernel *k, size_t values)
{
    if (values <= k->ring_room)
        return;
    free(k->ring);
    k->ring = aligned_alloc(64, (values * sizeof *k->ring + 63) / 64 * 64);
    if (!k->ring)
        abort();
    k->ring_room = values;
}

static int clamp_int(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
}

struct walk {
    struct kernel *k;
    const struct plane *src;
    int done, ring_rows;                        /* source rows up to `done` are in the ring */
    ptrdiff_t width;
};

static void walk_begin(struct walk *w, struct kernel *k, const struct plane *src, struct span x, struct span y, int n,
                       int m)
{
    axis_place(&k->x, k, x, n, 8, KERNEL_BLOCK);
    axis_place(&k->y, k, y, m, 2, 1);
    for (int i = 0; i < k->x.n; i++)            /* far outside the picture everything is its edge */
        k->x.start[i] = clamp_int(k->x.start[i], -PLANE_PAD, src->w + PLANE_PAD - k->x.taps);
    *w = (struct walk){ .k = k, .src = src, .done = -1, .ring_rows = k->y.taps + 1, .width = k->x.n };
    w->done = clamp_int(k->y.start[0], 0, src->h - 1) - 1;
    kernel_ring_hold(k, (size_t)w->ring_rows * (size_t)w->width);
}

/* The horizontally filtered rows that output row j is made of. */
static void walk_rows(struct walk *w, int j, const int16_t **rows)
{
    const struct kernel *k = w->k;
    for (int t = 0; t < k->y.taps; t++) {
        int y = clamp_int(k->y.start[j] + t, 0, w->src->h - 1);
        int16_t *row = k->ring + y % w->ring_rows * w->width;
        if (y > w->done) {
            k->rows->across(row, w->src->px + y * w->src->stride, k->x.start, k->x.weight, k->x.n, k->x.taps);
            w->done = y;
        }
        rows[t] = row;
    }
}

void kernel_sample(struct kernel *k, const struct plane *src, struct span x, struct span y, uint8_t *dst,
                   ptrdiff_t stride, int w, int h, uint8_t low, uint8_t high)
{
    const int16_t *rows[KERNEL_TAPS_MAX];
    struct walk walk;
    walk_begin(&walk, k, src, x, y, w, h);
    for (int j = 0; j < h; j++) {
        walk_rows(&walk, j, rows);
        k->rows->down(dst + j * stride, rows, k->y.weight + (size_t)j * (size_t)k->y.taps, k->x.n, k->y.taps, low,
                      high);
    }
}

void kernel_resize(struct kernel *k, const struct plane *src, struct span x, struct span y, struct plane *dst)
{
    const int16_t *rows[KERNEL_TAPS_MAX];
    struct walk walk;
    walk_begin(&walk, k, src, x, y, dst->w, dst->h);
    for (int j = 0; j < dst->h; j++) {
        const int16_t *weight = k->y.weight + (size_t)j * (size_t)k->y.taps;
        walk_rows(&walk, j, rows);
        for (int i = 0; i < dst->w; i++) {
            int32_t sum = KERNEL_ONE / 2;
            for (int t = 0; t < k->y.taps; t++)
                sum += weight[t] * rows[t][i];
            dst->px[j * dst->stride + i] = (int16_t)(sum >> KERNEL_WEIGHT_BITS);
        }
    }
}
