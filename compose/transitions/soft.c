/* soft.c - the change happens where little can be seen: out of focus, in coarse squares, or in a rush towards the
 * picture */
#include <math.h>
#include <stdlib.h>
#include "compose/camera.h"
#include "compose/softener.h"
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"

/* 0 at both ends, 1 in the middle. */
static double hump(double p)
{
    return sin(M_PI * p);
}

/* One picture becomes the other around the middle. */
static double late(double p)
{
    return ease_at(EASE_IN_OUT, (p - 0.25) * 2);
}

static void blur_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                     const struct frame *b, double p)
{
    struct softener *s = softener_create(dst->w, dst->h);
    double radius = hump(p) * dst->h / 40;
    (void)self, (void)opts;
    matte_mix_even(dst, a, b, late(p));
    for (int i = 0; i < 3; i++)
        softener_run(s, dst->plane[i], dst->stride[i], frame_plane_w(dst, i), frame_plane_h(dst, i),
                     (int)lrint(radius / (i ? 2 : 1)));
    softener_destroy(s);
}

static void square_mean(uint8_t *px, ptrdiff_t stride, int w, int h)
{
    int sum = w * h / 2;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            sum += px[y * stride + x];
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            px[y * stride + x] = (uint8_t)(sum / (w * h));
}

static void pixelate_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                         const struct frame *b, double p)
{
    int side = 2 * (int)lrint(hump(p) * dst->h / 40);
    (void)self, (void)opts;
    matte_mix_even(dst, a, b, late(p));
    for (int i = 0; i < 3 && side >= 2; i++) {
        int w = frame_plane_w(dst, i), h = frame_plane_h(dst, i), n = i ? side / 2 : side;
        for (int y = 0; y < h; y += n)
            for (int x = 0; x < w; x += n)
                square_mean(dst->plane[i] + y * dst->stride[i] + x, dst->stride[i], x + n < w ? n : w - x,
                            y + n < h ? n : h - y);
    }
}

/* A plane enlarged around its middle, between samples linear. */
static void enlarge(uint8_t *dst, ptrdiff_t ds, const uint8_t *src, ptrdiff_t ss, int w, int h, double zoom)
{
    enum { ONE = 256 };
    double step = 1 / zoom;
    for (int y = 0; y < h; y++) {
        double v = (h - 1) / 2.0 + (y - (h - 1) / 2.0) * step;
        int vi = (int)v, vf = (int)((v - vi) * ONE);
        const uint8_t *r0 = src + vi * ss, *r1 = src + (vi + 1 < h ? vi + 1 : vi) * ss;
        for (int x = 0; x < w; x++) {
            double u = (w - 1) / 2.0 + (x - (w - 1) / 2.0) * step;
            int ui = (int)u, uf = (int)((u - ui) * ONE), un = ui + 1 < w ? ui + 1 : ui;
            int top = r0[ui] * (ONE - uf) + r0[un] * uf, low = r1[ui] * (ONE - uf) + r1[un] * uf;
            dst[y * ds + x] = (uint8_t)((top * (ONE - vf) + low * vf + ONE * ONE / 2) / (ONE * ONE));
        }
    }
}

static void zoom_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                     const struct frame *b, double p)
{
    struct frame *near = frame_create(dst->w, dst->h);
    double zoom = 1 + 2 * ease_at(EASE_IN, p);
    (void)self, (void)opts;
    for (int i = 0; i < 3; i++)
        enlarge(near->plane[i], near->stride[i], a->plane[i], a->stride[i], frame_plane_w(a, i), frame_plane_h(a, i),
                zoom);
    matte_mix_even(dst, near, b, late(p));
    frame_destroy(near);
}

const struct transition transition_blur = {
    .row = { .name = "blur", .help = "out of focus and back" },
    .mix = blur_mix,
};

const struct transition transition_pixelate = {
    .row = { .name = "pixelate", .help = "through coarse squares", .aliases = "pixelize" },
    .mix = pixelate_mix,
};

const struct transition transition_zoom = {
    .row = { .name = "zoom", .help = "a rush towards the old picture that ends in the next one", .aliases = "zoom-in" },
    .mix = zoom_mix,
};
