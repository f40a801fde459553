/* tint.c - each sample goes its own way from one picture to the other: by how much it changes, or without its colour */
#include <math.h>
#include <stdlib.h>
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"

enum { STEPS = 256, GREY = 128 };

static uint8_t blend(int a, int b, int weight)
{
    return (uint8_t)((a * (MATTE_ONE - weight) + b * weight + MATTE_ONE / 2) >> 8);
}

/* weight[d]: of b in a sample whose values differ by d. */
static void mix_by_difference(struct frame *dst, const struct frame *a, const struct frame *b, const uint16_t *weight)
{
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < frame_plane_h(dst, i); y++) {
            uint8_t *d = dst->plane[i] + y * dst->stride[i];
            const uint8_t *s = a->plane[i] + y * a->stride[i], *t = b->plane[i] + y * b->stride[i];
            for (int x = 0, n = frame_plane_w(dst, i); x < n; x++)
                d[x] = blend(s[x], t[x], weight[abs(s[x] - t[x])]);
        }
}

/* The larger the difference, the slower the start: p for none, p cubed for the largest. */
static void slow_start(double p, uint16_t *weight)
{
    for (int d = 0; d < STEPS; d++)
        weight[d] = (uint16_t)lrint(MATTE_ONE * pow(p, 1 + 2 * d / 255.0));
}

static void fade_slow_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                          const struct frame *b, double p)
{
    uint16_t weight[STEPS];
    (void)self, (void)opts;
    slow_start(p, weight);
    mix_by_difference(dst, a, b, weight);
}

/* The same film backwards. */
static void fade_fast_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                          const struct frame *b, double p)
{
    uint16_t weight[STEPS];
    (void)self, (void)opts;
    slow_start(1 - p, weight);
    mix_by_difference(dst, b, a, weight);
}

/* What is alike changes first. */
static void distance_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                         const struct frame *b, double p)
{
    uint16_t weight[STEPS];
    (void)self, (void)opts;
    for (int d = 0; d < STEPS; d++)
        weight[d] = matte_edge(p * 1.5 - 0.25 - d / 255.0, 0.5);
    mix_by_difference(dst, a, b, weight);
}

/* Colour goes within the first third and comes back within the last. */
static void fade_grays_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                           const struct frame *b, double p)
{
    int weight = (int)lrint(MATTE_ONE * p);
    int colour_a = (int)lrint(MATTE_ONE * fmax(0, 1 - 3 * p)), colour_b = (int)lrint(MATTE_ONE * fmax(0, 3 * p - 2));
    (void)self, (void)opts;
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < frame_plane_h(dst, i); y++) {
            uint8_t *d = dst->plane[i] + y * dst->stride[i];
            const uint8_t *s = a->plane[i] + y * a->stride[i], *t = b->plane[i] + y * b->stride[i];
            for (int x = 0, n = frame_plane_w(dst, i); x < n; x++)
                d[x] = i ? blend(blend(GREY, s[x], colour_a), blend(GREY, t[x], colour_b), weight)
                         : blend(s[x], t[x], weight);
        }
}

const struct transition transition_distance = {
    .row = { .name = "distance", .help = "what is alike changes first" },
    .mix = distance_mix,
};

const struct transition transition_fade_fast = {
    .row = { .name = "fade-fast", .help = "what differs most changes first" },
    .mix = fade_fast_mix,
};

const struct transition transition_fade_slow = {
    .row = { .name = "fade-slow", .help = "what differs most changes last" },
    .mix = fade_slow_mix,
};

const struct transition transition_fade_grays = {
    .row = { .name = "fade-grays", .help = "colour goes, the picture changes, colour comes back" },
    .mix = fade_grays_mix,
};
