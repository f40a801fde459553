/* softener.c - blurs planes of frames
 *
 * Three running means in a row are within 3 % of a Gauss bell (Wells 1986). */
#include "compose/softener.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

enum { PASSES = 3, STRIP = 64 };

struct softener {
    uint32_t sum[STRIP];                        /* one per column of a strip */
    uint8_t *line;                              /* a strip's values before they are written over */
};

struct softener *softener_create(int w, int h)
{
    struct softener *s = mem_alloc(sizeof *s);
    s->line = mem_array((size_t)(w > h ? w : h), STRIP);
    return s;
}

void softener_destroy(struct softener *s)
{
    if (!s)
        return;
    free(s->line);
    free(s);
}

enum { SHARE_BITS = 22 };                       /* 255 times that fits 32 bits */

static uint32_t share_of(int radius)
{
    uint32_t count = (uint32_t)(2 * radius + 1);
    return ((1u << SHARE_BITS) + count / 2) / count;
}

static uint8_t mean_of(uint32_t sum, uint32_t share)
{
    return (uint8_t)((sum * share + (1u << (SHARE_BITS - 1))) >> SHARE_BITS);
}

static void row_mean(uint8_t *px, int n, int radius, uint8_t *line)
{
    uint32_t share = share_of(radius), sum;
    memcpy(line, px, (size_t)n);
    sum = (uint32_t)radius * line[0];
    for (int i = 0; i < radius; i++)
        sum += line[i < n ? i : n - 1];
    for (int i = 0; i < n; i++) {
        sum += line[i + radius < n ? i + radius : n - 1];
        px[i] = mean_of(sum, share);
        sum -= line[i - radius > 0 ? i - radius : 0];
    }
}

/* STRIP columns side by side; all of them, so that the inner loops have a fixed length. */
static void columns_mean(uint8_t *line, int n, int radius, uint32_t *sum, uint8_t *out, ptrdiff_t stride, int width)
{
    uint32_t share = share_of(radius);
    uint8_t mean[STRIP];
    for (int x = 0; x < STRIP; x++)
        sum[x] = (uint32_t)radius * line[x];
    for (int i = 0; i < radius; i++)
        for (int x = 0; x < STRIP; x++)
            sum[x] += line[(ptrdiff_t)(i < n ? i : n - 1) * STRIP + x];
    for (int i = 0; i < n; i++) {
        const uint8_t *in = line + (ptrdiff_t)(i + radius < n ? i + radius : n - 1) * STRIP;
        const uint8_t *gone = line + (ptrdiff_t)(i - radius > 0 ? i - radius : 0) * STRIP;
        for (int x = 0; x < STRIP; x++) {
            sum[x] += in[x];
            mean[x] = mean_of(sum[x], share);
            sum[x] -= gone[x];
        }
        memcpy(out + i * stride, mean, (size_t)width);
    }
}

void softener_run(struct softener *s, uint8_t *px, ptrdiff_t stride, int w, int h, int radius)
{
    if (radius < 1)
        return;
    for (int pass = 0; pass < PASSES; pass++) {
        for (int y = 0; y < h; y++)
            row_mean(px + y * stride, w, radius, s->line);
        for (int x = 0; x < w; x += STRIP) {
            int width = w - x < STRIP ? w - x : STRIP;
            for (int y = 0; y < h; y++)
                memcpy(s->line + (ptrdiff_t)y * STRIP, px + y * stride + x, (size_t)width);
            columns_mean(s->line, h, radius, s->sum, px + x, stride, width);
        }
    }
}
