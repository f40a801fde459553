/* sweep.c - the next picture comes over the frame along a soft edge of some shape: xfade's smooth, open, close,
 * diagonal, slice, wind, corner and radial ones
 *
 * What they look like follows the descriptions of FFmpeg's xfade filter (ffmpeg-filters(1)); the edges are
 * antialiased, and each begins as a and ends as b. */
#include <math.h>
#include "compose/camera.h"
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"
#include "gen/base/mem.h"
#include "gen/base/rand.h"

enum { SLICES = 10 };

/* Where a sample is: 0..1 across and down, seen from the side that `dx`, `dy` come from; how large in these units;
 * which line of the movement it lies on. */
struct spot {
    double x, y, size;
    uint64_t line;
};

/* How far the edge has passed a spot at p: <= 0 is a, >= 1 is b, between them both. */
typedef double pass_fn(double p, struct spot s);

struct sweep {
    const struct transition *self;
    pass_fn *pass;
    double p, w, h;
};

static void sweep_row(const void *ctx, const struct matte_row *row, uint16_t *weight)
{
    const struct sweep *s = ctx;
    int dx = s->self->dx, dy = s->self->dy;
    double y = row->y / s->h;
    for (int i = 0; i < row->n; i++) {
        double x = (row->x + i * row->step) / s->w;
        struct spot at = { .x = dx < 0 ? 1 - x : x, .y = dy < 0 ? 1 - y : y, .size = row->size / (dx ? s->w : s->h) };
        at.line = (uint64_t)(dx ? (row->size > 1 ? row->index : row->index / 2) : (row->size > 1 ? i : i / 2));
        weight[i] = (uint16_t)lrint(MATTE_ONE * ease_at(EASE_IN_OUT, s->pass(s->p, at)));
    }
}

static void sweep(const struct transition *self, struct frame *dst, const struct frame *a, const struct frame *b,
                  double p, pass_fn *pass)
{
    struct sweep s = { self, pass, p, dst->w, dst->h };
    matte_mix(dst, a, b, sweep_row, &s);
}

/* A hard edge that is a little wider than a sample; `inside` in parts of the frame's side. */
static double hard(double inside, double size)
{
    return inside / (2 * size) + 0.5;
}

static double across(double p, struct spot s)
{
    return 2 * p - s.x;
}

static double down(double p, struct spot s)
{
    return 2 * p - s.y;
}

static double vert_open(double p, struct spot s)
{
    return 2 * p - fabs(2 * s.x - 1);
}

static double vert_close(double p, struct spot s)
{
    return 2 * p - 1 + fabs(2 * s.x - 1);
}

static double horz_open(double p, struct spot s)
{
    return 2 * p - fabs(2 * s.y - 1);
}

static double horz_close(double p, struct spot s)
{
    return 2 * p - 1 + fabs(2 * s.y - 1);
}

static double diagonal(double p, struct spot s)
{
    return 2 * p - 1 + (1 - s.x) * (1 - s.y);
}

/* a stays in a rectangle at the corner opposite to the one where b begins. */
static double corner(double p, struct spot s)
{
    return hard(fmax(p - s.x, p - s.y) + (2 * p - 1) * s.size, s.size);
}

/* Each slice opens from one side; the later ones follow within half of the time. */
static double slice(double p, double at, double size)
{
    double opened = (1.5 * p - at) * 2, in_slice = at * SLICES - floor(at * SLICES);
    return hard((opened - in_slice) / SLICES + (2 * p - 1) * size, size);
}

static double slice_across(double p, struct spot s)
{
    return slice(p, s.x, s.size);
}

static double slice_down(double p, struct spot s)
{
    return slice(p, s.y, s.size);
}

static double wind(double p, double at, uint64_t line)
{
    struct rng r = { line };
    return (1.2 * p - 0.8 * at - 0.2 * rng_unit(&r)) / 0.2;
}

static double wind_across(double p, struct spot s)
{
    return wind(p, s.x, s.line);
}

static double wind_down(double p, struct spot s)
{
    return wind(p, s.y, s.line);
}

/* A hand turns clockwise from below. */
static double clock_hand(double p, struct spot s)
{
    double angle = atan2(s.x - 0.5, s.y - 0.5);
    return angle + (2 * p - 1) * (M_PI + 0.5) + 0.5;
}

#define SWEEP(id, text, words, fn, x, y)                                                                               \
    static void id##_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,    \
                         const struct frame *b, double p)                                                              \
    {                                                                                                                  \
        (void)opts;                                                                                                    \
        sweep(self, dst, a, b, p, fn);                                                                                 \
    }                                                                                                                  \
    const struct transition transition_##id = {                                                                        \
        .row = { .name = text, .help = words },                                                                        \
        .mix = id##_mix,                                                                                               \
        .dx = x,                                                                                                       \
        .dy = y,                                                                                                       \
    }

SWEEP(smooth_left, "smooth-left", "a wide soft edge passes from right to left", across, -1, 0);
SWEEP(smooth_right, "smooth-right", "a wide soft edge passes from left to right", across, 1, 0);
SWEEP(smooth_up, "smooth-up", "a wide soft edge passes upwards", down, 0, -1);
SWEEP(smooth_down, "smooth-down", "a wide soft edge passes downwards", down, 0, 1);
SWEEP(vert_open, "vert-open", "opens to the sides from the middle line", vert_open, 0, 0);
SWEEP(vert_close, "vert-close", "closes from the sides to the middle line", vert_close, 0, 0);
SWEEP(horz_open, "horz-open", "opens up and down from the middle line", horz_open, 0, 0);
SWEEP(horz_close, "horz-close", "closes from above and below", horz_close, 0, 0);
SWEEP(diag_tl, "diag-tl", "a soft edge passes to the upper left corner", diagonal, -1, -1);
SWEEP(diag_tr, "diag-tr", "a soft edge passes to the upper right corner", diagonal, 1, -1);
SWEEP(diag_bl, "diag-bl", "a soft edge passes to the lower left corner", diagonal, -1, 1);
SWEEP(diag_br, "diag-br", "a soft edge passes to the lower right corner", diagonal, 1, 1);
SWEEP(wipe_tl, "wipe-tl", "the old picture shrinks into the upper left corner", corner, -1, -1);
SWEEP(wipe_tr, "wipe-tr", "the old picture shrinks into the upper right corner", corner, 1, -1);
SWEEP(wipe_bl, "wipe-bl", "the old picture shrinks into the lower left corner", corner, -1, 1);
SWEEP(wipe_br, "wipe-br", "the old picture shrinks into the lower right corner", corner, 1, 1);
SWEEP(hl_slice, "hl-slice", "ten upright slices open one after the other, to the left", slice_across, -1, 0);
SWEEP(hr_slice, "hr-slice", "ten upright slices open one after the other, to the right", slice_across, 1, 0);
SWEEP(vu_slice, "vu-slice", "ten level slices open one after the other, upwards", slice_down, 0, -1);
SWEEP(vd_slice, "vd-slice", "ten level slices open one after the other, downwards", slice_down, 0, 1);
SWEEP(hl_wind, "hl-wind", "the wind blows the old picture away to the left", wind_across, -1, 0);
SWEEP(hr_wind, "hr-wind", "the wind blows the old picture away to the right", wind_across, 1, 0);
SWEEP(vu_wind, "vu-wind", "the wind blows the old picture away upwards", wind_down, 0, -1);
SWEEP(vd_wind, "vd-wind", "the wind blows the old picture away downwards", wind_down, 0, 1);
SWEEP(radial, "radial", "as a clock's hand passes over", clock_hand, 0, 0);
