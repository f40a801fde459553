/* fade.c - one picture becomes the other, directly or through a colour */
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"

static void fade_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                     const struct frame *b, double p)
{
    (void)self, (void)opts;
    matte_mix_even(dst, a, b, p);
}

/* The first half goes to the colour, the second comes from it. */
static void through(struct frame *dst, const struct frame *a, const struct frame *b, double p, uint32_t rgb)
{
    struct yuv c = yuv_of(rgb);
    const struct frame *from = p < 0.5 ? a : b;
    double seen = p < 0.5 ? 1 - 2 * p : 2 * p - 1;
    int w = (int)(MATTE_ONE * seen + 0.5);
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < frame_plane_h(dst, i); y++) {
            uint8_t *d = dst->plane[i] + y * dst->stride[i];
            const uint8_t *s = from->plane[i] + y * from->stride[i];
            int rest = c.c[i] * (MATTE_ONE - w) + MATTE_ONE / 2;
            for (int x = 0, n = frame_plane_w(dst, i); x < n; x++)
                d[x] = (uint8_t)((s[x] * w + rest) >> 8);
        }
}

static void fade_black_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                           const struct frame *b, double p)
{
    (void)self, (void)opts;
    through(dst, a, b, p, 0x000000);
}

static void fade_white_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                           const struct frame *b, double p)
{
    (void)self, (void)opts;
    through(dst, a, b, p, 0xFFFFFF);
}

const struct transition transition_fade = {
    .row = { .name = "fade", .help = "one picture becomes the other", .aliases = "crossfade,cross-fade" },
    .mix = fade_mix,
};

const struct transition transition_fade_black = {
    .row = { .name = "fade-black", .help = "through black", .aliases = "fade-to-black,dip-to-black" },
    .mix = fade_black_mix,
};

const struct transition transition_fade_white = {
    .row = { .name = "fade-white", .help = "through white", .aliases = "fade-to-white,dip-to-white" },
    .mix = fade_white_mix,
};
