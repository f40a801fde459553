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

/* A running mean over n values that lie `step` bytes apart, `width` such lines side by side. */
static void mean_run(uint8_t *px, ptrdiff_t step, int n, int width, int radius, uint32_t *sum, uint8_t *line)
{
    uint32_t count = (uint32_t)(2 * radius + 1), scale = (1u << 24) / count;
    for (int i = 0; i < n; i++)
        memcpy(line + (ptrdiff_t)i * width, px + i * step, (size_t)width);
    for (int x = 0; x < width; x++) {
        sum[x] = (uint32_t)radius * line[x];
        for (int i = 0; i < radius; i++)
            sum[x] += line[(ptrdiff_t)(i < n ? i : n - 1) * width + x];
    }
    for (int i = 0; i < n; i++) {
        const uint8_t *in = line + (ptrdiff_t)(i + radius < n ? i + radius : n - 1) * width;
        const uint8_t *out = line + (ptrdiff_t)(i - radius > 0 ? i - radius : 0) * width;
        for (int x = 0; x < width; x++) {
            sum[x] += in[x];
            px[i * step + x] = (uint8_t)((sum[x] * (uint64_t)scale + (1u << 23)) >> 24);
            sum[x] -= out[x];
        }
    }
}

void softener_run(struct softener *s, uint8_t *px, ptrdiff_t stride, int w, int h, int radius)
{
    if (radius < 1)
        return;
    for (int pass = 0; pass < PASSES; pass++) {
        for (int y = 0; y < h; y++)
            mean_run(px + y * stride, 1, w, 1, radius, s->sum, s->line);
        for (int x = 0; x < w; x += STRIP)
            mean_run(px + x, stride, h, w - x < STRIP ? w - x : STRIP, radius, s->sum, s->line);
    }
}
