/* slide.c - the next picture slides in over the old one, or pushes it out */
#include <math.h>
#include <stdbool.h>
#include "compose/camera.h"
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"

/* A line of n samples moved by whole + part / 256 samples, linear between samples, edges repeated. */
static int shifted(const uint8_t *line, ptrdiff_t step, int n, int i, int whole, int part)
{
    int l = i - whole - 1, r = i - whole;
    l = l < 0 ? 0 : l >= n ? n - 1 : l;
    r = r < 0 ? 0 : r >= n ? n - 1 : r;
    return (line[l * step] * part + line[r * step] * (MATTE_ONE - part) + MATTE_ONE / 2) >> 8;
}

struct move {
    int whole, part;                            /* offset = whole + part / 256, in samples */
};

static struct move move_of(double offset)
{
    int whole = (int)floor(offset);
    return (struct move){ whole, (int)lrint((offset - whole) * MATTE_ONE) };
}

static void line_slide(uint8_t *dst, const uint8_t *a, const uint8_t *b, ptrdiff_t ds, ptrdiff_t as, ptrdiff_t bs,
                       int n, double a_at, double b_at, bool is_b_after)
{
    struct move ma = move_of(a_at), mb = move_of(b_at);
    for (int i = 0; i < n; i++) {
        /* How much of sample i b covers: its edge may lie inside the sample. */
        double inside = is_b_after ? i + 1 - b_at : b_at + n - i;
        int w = inside <= 0 ? 0 : inside >= 1 ? MATTE_ONE : (int)lrint(inside * MATTE_ONE);
        int va = w == MATTE_ONE ? 0 : shifted(a, as, n, i, ma.whole, ma.part);
        int vb = w == 0 ? 0 : shifted(b, bs, n, i, mb.whole, mb.part);
        dst[i * ds] = (uint8_t)((va * (MATTE_ONE - w) + vb * w + MATTE_ONE / 2) >> 8);
    }
}

static void slide(const struct transition *self, struct frame *dst, const struct frame *a, const struct frame *b,
                  double p, bool is_push)
{
    double q = ease_at(EASE_IN_OUT, p); /* starts and ends at rest: peak speed is 1.5 times the mean */
    bool is_across = self->dx != 0, is_b_after = self->dx + self->dy < 0;
    for (int i = 0; i < 3; i++) {
        int w = frame_plane_w(dst, i), h = frame_plane_h(dst, i), n = is_across ? w : h;
        double b_at = is_b_after ? n * (1 - q) : -n * (1 - q);
        double a_at = is_push ? (is_b_after ? b_at - n : b_at + n) : 0;
        ptrdiff_t ds = dst->stride[i], as = a->stride[i], bs = b->stride[i];
        if (is_across)
            for (int y = 0; y < h; y++)
                line_slide(dst->plane[i] + y * ds, a->plane[i] + y * as, b->plane[i] + y * bs, 1, 1, 1, n, a_at, b_at,
                           is_b_after);
        else
            for (int x = 0; x < w; x++)
                line_slide(dst->plane[i] + x, a->plane[i] + x, b->plane[i] + x, ds, as, bs, n, a_at, b_at, is_b_after);
    }
}

static void slide_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                      const struct frame *b, double p)
{
    (void)opts;
    slide(self, dst, a, b, p, false);
}

static void push_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                     const struct frame *b, double p)
{
    (void)opts;
    slide(self, dst, a, b, p, true);
}

/* The old one slides out: the film of it sliding in over the next one, backwards. */
static void reveal_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                       const struct frame *b, double p)
{
    const struct transition back = { .dx = -self->dx, .dy = -self->dy };
    (void)opts;
    slide(&back, dst, b, a, 1 - p, false);
}

#define SLIDE(id, text, words, x, y)                                                      \
    const struct transition transition_slide_##id = {                                     \
        .row = { .name = "slide-" text, .help = "the next picture slides in " words, .aliases = "cover-" text }, \
        .mix = slide_mix, .dx = x, .dy = y,                                               \
    };                                                                                    \
    const struct transition transition_push_##id = {                                      \
        .row = { .name = "push-" text, .help = "the next picture pushes the old one out " words }, \
        .mix = push_mix, .dx = x, .dy = y,                                                \
    };                                                                                    \
    const struct transition transition_reveal_##id = {                                    \
        .row = { .name = "reveal-" text, .help = "the old picture slides out " words },   \
        .mix = reveal_mix, .dx = x, .dy = y,                                              \
    }
SLIDE(left, "left", "to the left", -1, 0);
SLIDE(right, "right", "to the right", 1, 0);
SLIDE(up, "up", "upwards", 0, -1);
SLIDE(down, "down", "downwards", 0, 1);
