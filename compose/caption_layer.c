/* caption_layer.c - a drawn picture as premultiplied Y'CbCr with alpha */
#include "compose/caption_layer.h"
#include <assert.h>
#include <libavutil/frame.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

void caption_layer_init(struct caption_layer *l, int x, int y, int w, int h)
{
    size_t n = (size_t)w * (size_t)h;
    assert(w > 0 && h > 0 && !((x | y | w | h) & 1));
    *l = (struct caption_layer){ .x = x, .y = y, .w = w, .h = h };
    l->luma = mem_array(n, sizeof *l->luma);
    l->cb = mem_array(n / 4, sizeof *l->cb);
    l->cr = mem_array(n / 4, sizeof *l->cr);
    l->alpha = mem_alloc(n);
    l->chroma_alpha = mem_alloc(n / 4);
}

void caption_layer_deinit(struct caption_layer *l)
{
    free(l->luma);
    free(l->cb);
    free(l->cr);
    free(l->alpha);
    free(l->chroma_alpha);
    *l = (struct caption_layer){ 0 };
}

/* Premultiplied R'G'B' in 0..255. With alpha a, Y' x a = 16 a + 219 Yp, Cb x a = 128 a + 224 (Bp - Yp) / 1.8556, Cr
 * alike. */
struct ycc { int a, y, cb, cr; };

static struct ycc ycc_of(uint32_t px)
{
    int a = (int)(px >> 24), r = (int)(px >> 16 & 255), g = (int)(px >> 8 & 255), b = (int)(px & 255);
    int yp = 13933 * r + 46871 * g + 4732 * b; /* x 65536 */
    return (struct ycc){
        .a = a,
        .y = 16 * a + (int)(((int64_t)219 * yp + 32768) >> 16),
        .cb = 128 * a + (int)((7911222LL * ((b << 16) - (int64_t)yp) + (1LL << 31)) >> 32), /* 224 / 1.8556 x 65536 */
        .cr = 128 * a + (int)((9321859LL * ((r << 16) - (int64_t)yp) + (1LL << 31)) >> 32), /* 224 / 1.5748 x 65536 */
    };
}

void caption_layer_take(struct caption_layer *l, cairo_surface_t *s)
{
    assert(cairo_image_surface_get_width(s) == l->w && cairo_image_surface_get_height(s) == l->h);
    cairo_surface_flush(s);
    const unsigned char *data = cairo_image_surface_get_data(s);
    size_t stride = (size_t)cairo_image_surface_get_stride(s), cw = (size_t)l->w / 2;
    struct ycc *sum = mem_array(cw, sizeof *sum), *line = mem_array((size_t)l->w, sizeof *line);
    for (int y = 0; y < l->h; y++) {
        const uint32_t *px = (const void *)(data + stride * (size_t)y);
        for (int x = 0; x < l->w; x++) {
            line[x] = ycc_of(px[x]);
            l->luma[(size_t)y * (size_t)l->w + (size_t)x] = (uint16_t)line[x].y;
            l->alpha[(size_t)y * (size_t)l->w + (size_t)x] = (uint8_t)line[x].a;
        }
        for (size_t x = 0; x < cw; x++) {
            const struct ycc *m = &line[2 * x], *left = x ? m - 1 : m, *right = m + 1;
            struct ycc *o = &sum[x];
            if (y % 2 == 0)
                *o = (struct ycc){ 0 };
            o->a += left->a + 2 * m->a + right->a;
            o->cb += left->cb + 2 * m->cb + right->cb;
            o->cr += left->cr + 2 * m->cr + right->cr;
            if (y % 2 == 0)
                continue;
            size_t i = (size_t)y / 2 * cw + x;
            l->chroma_alpha[i] = (uint8_t)((o->a + 4) >> 3);
            l->cb[i] = (uint16_t)((o->cb + 4) >> 3);
            l->cr[i] = (uint16_t)((o->cr + 4) >> 3);
        }
    }
    free(sum);
    free(line);
}

void caption_layer_copy(struct caption_layer *to, const struct caption_layer *from)
{
    caption_layer_copy_rect(to, from, (struct caption_rect){ 0, 0, from->w, from->h });
}

static int clamp(int v, int least, int most)
{
    return v < least ? least : v > most ? most : v;
}

void caption_layer_copy_rect(struct caption_layer *to, const struct caption_layer *from, struct caption_rect r)
{
    assert(to->w == from->w && to->h == from->h);
    int x0 = clamp(r.x, 0, to->w) & ~1, x1 = (clamp(r.x + r.w, 0, to->w) + 1) & ~1;
    int y0 = clamp(r.y, 0, to->h) & ~1, y1 = (clamp(r.y + r.h, 0, to->h) + 1) & ~1;
    if (x1 <= x0)
        return;
    size_t n = (size_t)(x1 - x0);
    for (int y = y0; y < y1; y++) {
        size_t i = (size_t)y * (size_t)to->w + (size_t)x0;
        memcpy(to->luma + i, from->luma + i, n * sizeof *to->luma);
        memcpy(to->alpha + i, from->alpha + i, n);
    }
    for (int y = y0 / 2; y < y1 / 2; y++) {
        size_t i = (size_t)y * (size_t)(to->w / 2) + (size_t)x0 / 2;
        memcpy(to->cb + i, from->cb + i, n / 2 * sizeof *to->cb);
        memcpy(to->cr + i, from->cr + i, n / 2 * sizeof *to->cr);
        memcpy(to->chroma_alpha + i, from->chroma_alpha + i, n / 2);
    }
}

/* (over + (255 - alpha) dst) / 255, rounded; everything fits 16 bits because over <= 255 alpha. */
static inline uint8_t blend(uint8_t dst, uint16_t over, uint8_t alpha)
{
    uint16_t v = (uint16_t)(over + (uint16_t)((uint16_t)(255 - alpha) * dst) + 128);
    return (uint8_t)((uint16_t)(v + (v >> 8)) >> 8);
}

/* Blocks of a fixed size: gcc turns those into vector code at -O2, open loops it does not. */
static void blend_row(uint8_t *restrict dst, const uint16_t *restrict over, const uint8_t *restrict alpha, int n)
{
    enum { BLOCK = 16 };
    int i = 0;
    for (; i + BLOCK <= n; i += BLOCK)
        for (int k = 0; k < BLOCK; k++)
            dst[i + k] = blend(dst[i + k], over[i + k], alpha[i + k]);
    for (; i < n; i++)
        dst[i] = blend(dst[i], over[i], alpha[i]);
}

void caption_layer_blend(const struct caption_layer *l, AVFrame *f)
{
    assert(f->format == AV_PIX_FMT_YUV420P && l->x + l->w <= f->width + 1 && l->y + l->h <= f->height + 1);
    int w = l->x + l->w > f->width ? f->width - l->x : l->w, h = l->y + l->h > f->height ? f->height - l->y : l->h;
    for (int y = 0; y < h; y++) {
        size_t i = (size_t)y * (size_t)l->w;
        blend_row(f->data[0] + (ptrdiff_t)(l->y + y) * f->linesize[0] + l->x, l->luma + i, l->alpha + i, w);
    }
    for (int y = 0; y < l->h / 2; y++) {
        size_t i = (size_t)y * (size_t)(l->w / 2);
        ptrdiff_t row = l->y / 2 + y;
        blend_row(f->data[1] + row * f->linesize[1] + l->x / 2, l->cb + i, l->chroma_alpha + i, l->w / 2);
        blend_row(f->data[2] + row * f->linesize[2] + l->x / 2, l->cr + i, l->chroma_alpha + i, l->w / 2);
    }
}

static void blend_row_faded(uint8_t *restrict dst, const uint16_t *restrict over, const uint8_t *restrict alpha, int n,
                            int opacity)
{
    for (int i = 0; i < n; i++) {
        unsigned a = (alpha[i] * (unsigned)opacity + 128) >> 8, o = (over[i] * (unsigned)opacity + 128) >> 8;
        dst[i] = blend(dst[i], (uint16_t)(o < 255 * a ? o : 255 * a), (uint8_t)a);
    }
}

void caption_layer_blend_some(const struct caption_layer *l, AVFrame *f, int x0, int x1, int opacity)
{
    if (x0 <= 0 && x1 >= l->w && opacity >= 256) {
        caption_layer_blend(l, f);
        return;
    }
    assert(f->format == AV_PIX_FMT_YUV420P && l->x + l->w <= f->width + 1 && l->y + l->h <= f->height + 1);
    x0 = clamp(x0, 0, l->w);
    x1 = clamp(x1, x0, l->w);
    int right = l->x + x1 > f->width ? f->width - l->x : x1, h = l->y + l->h > f->height ? f->height - l->y : l->h;
    for (int y = 0; y < h && right > x0; y++) {
        size_t i = (size_t)y * (size_t)l->w + (size_t)x0;
        blend_row_faded(f->data[0] + (ptrdiff_t)(l->y + y) * f->linesize[0] + l->x + x0, l->luma + i, l->alpha + i,
                        right - x0, opacity);
    }
    for (int y = 0; y < l->h / 2; y++) {
        size_t i = (size_t)y * (size_t)(l->w / 2) + (size_t)x0 / 2;
        ptrdiff_t row = l->y / 2 + y, at = (l->x + x0) / 2;
        blend_row_faded(f->data[1] + row * f->linesize[1] + at, l->cb + i, l->chroma_alpha + i, (x1 - x0) / 2, opacity);
        blend_row_faded(f->data[2] + row * f->linesize[2] + at, l->cr + i, l->chroma_alpha + i, (x1 - x0) / 2, opacity);
    }
}
