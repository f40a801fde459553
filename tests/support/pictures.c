/* pictures.c - pictures made by arithmetic */
#include "tests/support/pictures.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/rand.h"
#include "tests/support/test.h"

static double lattice(uint64_t seed, int x, int y)
{
    struct rng r = { seed ^ ((uint64_t)(uint32_t)x << 32 | (uint32_t)y) };
    rng_next(&r);
    return rng_unit(&r);
}

/* One octave of noise: values on a lattice `cell` px apart, smoothly between. */
static void octave_add(float *out, int w, int h, int cell, float gain, uint64_t seed)
{
    int gw = w / cell + 2;
    float *row[2] = { mem_array((size_t)gw, sizeof(float)), mem_array((size_t)gw, sizeof(float)) };
    for (int y = 0; y < h; y++) {
        float fy = (float)(y % cell) / (float)cell, sy = fy * fy * (3 - 2 * fy);
        if (y % cell == 0)
            for (int i = 0; i < gw; i++) {
                row[0][i] = (float)lattice(seed, i, y / cell);
                row[1][i] = (float)lattice(seed, i, y / cell + 1);
            }
        for (int x = 0; x < w; x++) {
            float fx = (float)(x % cell) / (float)cell, sx = fx * fx * (3 - 2 * fx);
            int i = x / cell;
            float top = row[0][i] + sx * (row[0][i + 1] - row[0][i]),
                  low = row[1][i] + sx * (row[1][i + 1] - row[1][i]);
            out[(size_t)y * (size_t)w + (size_t)x] += gain * (top + sy * (low - top));
        }
    }
    free(row[0]);
    free(row[1]);
}

static void put(uint8_t *px, double r, double g, double b)
{
    double c[3] = { b, g, r };
    for (int i = 0; i < 3; i++)
        px[i] = (uint8_t)lrint(255 * fmin(1, fmax(0, c[i])));
    px[3] = 255;
}

static void photo(uint8_t *px, int w, int h, uint64_t seed)
{
    float *v = mem_array((size_t)w * (size_t)h, sizeof *v);
    float gain = 0.5F;
    struct rng r = { seed };
    for (int cell = w / 3; cell >= 2; cell /= 2, gain *= 0.55F)
        octave_add(v, w, h, cell, gain, seed + (uint64_t)cell);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            size_t i = (size_t)y * (size_t)w + (size_t)x;
            double a = (double)v[i], land = a > 0.55 ? 1 : 0.35, grain = (rng_unit(&r) - 0.5) * 0.03;
            double light = land * (0.25 + a * 0.8) + grain;
            put(px + 4 * i, light, light * (0.75 + 0.3 * a), light * (land < 1 ? 1.5 : 0.7));
        }
    free(v);
}

static void box(uint8_t *px, int w, int h, int x, int y, int bw, int bh, uint32_t rgb)
{
    for (int j = y < 0 ? 0 : y; j < y + bh && j < h; j++)
        for (int i = x < 0 ? 0 : x; i < x + bw && i < w; i++)
            put(px + 4 * ((size_t)j * (size_t)w + (size_t)i), (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                (rgb & 255) / 255.0);
}

static void diagram(uint8_t *px, int w, int h, uint64_t seed)
{
    struct rng r = { seed };
    box(px, w, h, 0, 0, w, h, 0xFCFCFA);
    for (int x = 0; x < w; x += 32)
        box(px, w, h, x, 0, 1, h, 0xECF0F4);
    for (int y = 0; y < h; y += 32)
        box(px, w, h, 0, y, w, 1, 0xECF0F4);
    for (int c = 0; c < 5; c++)
        for (int k = 0; k < 5; k++) {
            int x = w * (2 + 6 * c) / 32, y = h * (3 + 5 * k) / 29, bw = w / 8, bh = h / 10;
            box(px, w, h, x - 3, y - 3, bw + 6, bh + 6, 0x1E2846);
            box(px, w, h, x, y, bw, bh, 0x969696 + (uint32_t)rng_below(&r, 0x606060));
            box(px, w, h, x + bw, y + bh / 2, w / 16, 2, 0x46506E);
            for (int line = 0; line < 4; line++) /* strokes as thin and as close as those of small letters */
                for (int i = x + 8; i < x + bw - 8; i += 4 + (int)rng_below(&r, 5))
                    box(px, w, h, i, y + 8 + line * bh / 4, 1 + (int)rng_below(&r, 2), bh / 8, 0x0A0A14);
        }
}

static void dot(uint8_t *px, int w, int h)
{
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            double dx = (x + 0.5) / h - 0.7 * w / h, dy = (y + 0.5) / h - 0.65;
            double v = 0.3 + 0.6 * exp(-(dx * dx + dy * dy) * 900);
            put(px + 4 * ((size_t)y * (size_t)w + (size_t)x), v, v, v);
        }
}

struct plate_source picture_make(enum picture_kind kind, int w, int h, uint64_t seed)
{
    uint8_t *px = mem_array((size_t)w * (size_t)h, 4);
    if (kind == PICTURE_PHOTO)
        photo(px, w, h, seed);
    else if (kind == PICTURE_DIAGRAM)
        diagram(px, w, h, seed);
    else
        dot(px, w, h);
    return (struct plate_source){ px, w, h, (size_t)w * 4 };
}

static bool array_open(void *ctx, const struct blob *b, struct plate_source *out, void **held, struct err *e)
{
    (void)e;
    *out = ((const struct plate_source *)ctx)[b->id[0] - 'a'];
    *held = NULL;
    return true;
}

static void array_close(void *ctx, void *held)
{
    (void)ctx, (void)held;
}

struct picture_source picture_source_array(const struct plate_source *pictures)
{
    return (struct picture_source){ .ctx = (void *)(uintptr_t)pictures, .open = array_open, .close = array_close };
}

struct blob picture_blob(size_t index)
{
    return (struct blob){ .path = STR("made"), .id = { (char)('a' + index) } };
}
