/* shrink.c - pixels to R'G'B' rows of another size, filtered in linear light
 *
 * Source of the transfer curve: IEC 61966-2-1 (sRGB). */
#include "compose/shrink.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

typedef float rgbx __attribute__((vector_size(16)));

enum { ENCODE_STEPS = 2048 };

struct taps {
    int n;                                      /* per output */
    int *start;
    float *weight;
};

struct shrink {
    const struct plate_source *src;
    float to_linear[256], encoded[256];
    float encode[ENCODE_STEPS + 2];             /* of sqrt(linear): smooth there */
    float back[3];                              /* R' G' B' of the backdrop */
    bool is_linear;
};

static double srgb_to_linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double srgb_from_linear(double v)
{
    return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

static void tables_fill(struct shrink *s, uint32_t backdrop)
{
    for (int i = 0; i < 256; i++) {
        s->encoded[i] = (float)(i / 255.0);
        s->to_linear[i] = (float)srgb_to_linear(i / 255.0);
    }
    for (int i = 0; i < ENCODE_STEPS + 2; i++) {
        double root = i / (double)ENCODE_STEPS;
        s->encode[i] = (float)srgb_from_linear(root * root);
    }
    for (int c = 0; c < 3; c++)
        s->back[c] = (float)((backdrop >> (24 - 8 * c) & 255) / 255.0);
}

/* One source row over the backdrop, as encoded or linear values. */
static void row_load(const struct shrink *s, int y, rgbx *out)
{
    const uint8_t *p = s->src->bgra + (size_t)y * s->src->stride;
    const float *table = s->is_linear ? s->to_linear : s->encoded;
    for (int x = 0; x < s->src->w; x++, p += 4) {
        uint8_t c[3] = { p[2], p[1], p[0] };
        if (p[3] != 255)
            for (int i = 0; i < 3; i++)         /* over encoded values, as browsers and drawing programs do */
                c[i] = (uint8_t)lrintf((float)c[i] * (float)p[3] / 255 + 255 * s->back[i] * (float)(255 - p[3]) / 255);
        out[x] = (rgbx){ table[c[0]], table[c[1]], table[c[2]], 0 };
    }
}

static void row_encode(const struct shrink *s, rgbx *row, int w)
{
    for (int x = 0; x < w; x++)
        for (int c = 0; c < 3; c++) {
            float v = row[x][c] < 0 ? 0 : row[x][c] > 1 ? 1 : row[x][c];
            float u = sqrtf(v) * ENCODE_STEPS;
            int i = (int)u;
            row[x][c] = s->encode[i] + (u - (float)i) * (s->encode[i + 1] - s->encode[i]);
        }
}

static void taps_init(struct taps *t, int from, int to)
{
    double step = from / (double)to, stretch = step > 1 ? step : 1;
    t->n = 2 * (int)ceil(3 * stretch);
    t->start = mem_array((size_t)to, sizeof *t->start);
    t->weight = mem_array((size_t)to * (size_t)t->n, sizeof *t->weight);
    for (int i = 0; i < to; i++) {
        double u = (i + 0.5) * step - 0.5, sum = 0;
        float *w = t->weight + (size_t)i * (size_t)t->n;
        t->start[i] = (int)floor(u) - t->n / 2 + 1;
        for (int k = 0; k < t->n; k++)
            sum += kernel_weight((t->start[i] + k - u) / stretch);
        for (int k = 0; k < t->n; k++)
            w[k] = (float)(kernel_weight((t->start[i] + k - u) / stretch) / sum);
    }
}

static void taps_deinit(struct taps *t)
{
    free(t->start);
    free(t->weight);
}

static void row_across(rgbx *out, const rgbx *in, int in_w, const struct taps *t, int w)
{
    for (int x = 0; x < w; x++) {
        const float *weight = t->weight + (size_t)x * (size_t)t->n;
        int start = t->start[x];
        rgbx sum = { 0 };
        if (start >= 0 && start + t->n <= in_w)
            for (int k = 0; k < t->n; k++)
                sum += weight[k] * in[start + k];
        else
            for (int k = 0; k < t->n; k++) {
                int i = start + k;
                sum += weight[k] * in[i < 0 ? 0 : i >= in_w ? in_w - 1 : i];
            }
        out[x] = sum;
    }
}

static void rows_down(rgbx *out, const rgbx *ring, const struct taps *t, int y, int in_h, int w)
{
    const float *weight = t->weight + (size_t)y * (size_t)t->n;
    memset(out, 0, (size_t)w * sizeof *out);
    for (int k = 0; k < t->n; k++) {
        int i = t->start[y] + k;
        const rgbx *row = ring + (size_t)((i < 0 ? 0 : i >= in_h ? in_h - 1 : i) % t->n) * (size_t)w;
        for (int x = 0; x < w; x++)
            out[x] += weight[k] * row[x];
    }
}

static void *aligned_array(size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || __builtin_add_overflow(bytes, 64, &bytes))
        abort();
    void *p = aligned_alloc(64, bytes / 64 * 64);
    if (!p)
        abort();
    return p;
}

static void filter(struct shrink *s, int w, int h, shrink_row *row, void *ctx)
{
    int in_w = s->src->w, in_h = s->src->h, done = -1;
    struct taps across, down;
    taps_init(&across, in_w, w);
    taps_init(&down, in_h, h);
    rgbx *line = aligned_array((size_t)in_w, sizeof *line), *out = aligned_array((size_t)w, sizeof *out);
    rgbx *ring = aligned_array((size_t)w * (size_t)down.n, sizeof *ring);
    for (int y = 0; y < h; y++) {
        int last = down.start[y] + down.n - 1;
        for (last = last < in_h ? last : in_h - 1; done < last;) {
            row_load(s, ++done, line);
            row_across(ring + (size_t)(done % down.n) * (size_t)w, line, in_w, &across, w);
        }
        rows_down(out, ring, &down, y, in_h, w);
        row_encode(s, out, w);
        row(ctx, y, (const float *)out, w);
    }
    free(ring);
    free(out);
    free(line);
    taps_deinit(&down);
    taps_deinit(&across);
}

void shrink(const struct plate_source *src, int w, int h, uint32_t backdrop, shrink_row *row, void *ctx)
{
    struct shrink *s = mem_alloc(sizeof *s);
    s->src = src;
    s->is_linear = w != src->w || h != src->h;
    tables_fill(s, backdrop);
    if (s->is_linear) {
        filter(s, w, h, row, ctx);
    } else {
        rgbx *line = aligned_array((size_t)w, sizeof *line);
        for (int y = 0; y < h; y++) {
            row_load(s, y, line);
            row(ctx, y, (const float *)line, w);
        }
        free(line);
    }
    free(s);
}
