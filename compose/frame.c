/* frame.c - one picture of the film */
#include "compose/frame.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

struct frame *frame_create(int w, int h)
{
    assert(w > 0 && h > 0 && w <= FRAME_SIDE_MAX && h <= FRAME_SIDE_MAX);
    struct frame *f = mem_alloc(sizeof *f);
    size_t size[3], total = 0;
    f->w = w;
    f->h = h;
    for (int p = 0; p < 3; p++) {
        f->stride[p] = (frame_plane_w(f, p) + FRAME_ALIGN - 1) / FRAME_ALIGN * FRAME_ALIGN;
        size[p] = (size_t)f->stride[p] * (size_t)frame_plane_h(f, p);
        total += size[p];
    }
    uint8_t *mem = aligned_alloc(FRAME_ALIGN, total);
    if (!mem)
        abort();
    for (int p = 0; p < 3; p++) {
        f->plane[p] = mem;
        mem += size[p];
    }
    frame_fill(f, yuv_of(0));
    return f;
}

void frame_destroy(struct frame *f)
{
    if (!f)
        return;
    free(f->plane[0]);
    free(f);
}

void frame_copy(struct frame *dst, const struct frame *src)
{
    assert(dst->w == src->w && dst->h == src->h);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < frame_plane_h(src, p); y++)
            memcpy(dst->plane[p] + y * dst->stride[p], src->plane[p] + y * src->stride[p],
                   (size_t)frame_plane_w(src, p));
}

void frame_mix(struct frame *dst, const struct frame *a, const struct frame *b, int weight)
{
    assert(dst->w == a->w && dst->h == a->h && dst->w == b->w && dst->h == b->h && weight >= 0 && weight <= 256);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < frame_plane_h(dst, p); y++) {
            uint8_t *to = dst->plane[p] + y * dst->stride[p];
            const uint8_t *from_a = a->plane[p] + y * a->stride[p], *from_b = b->plane[p] + y * b->stride[p];
            for (int x = 0; x < frame_plane_w(dst, p); x++)
                to[x] = (uint8_t)((from_a[x] * (256 - weight) + from_b[x] * weight + 128) >> 8);
        }
}

void frame_fill(struct frame *f, struct yuv colour)
{
    for (int p = 0; p < 3; p++)
        memset(f->plane[p], colour.c[p], (size_t)f->stride[p] * (size_t)frame_plane_h(f, p));
}

uint64_t frame_checksum(const struct frame *f)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < frame_plane_h(f, p); y++) {
            const uint8_t *row = f->plane[p] + y * f->stride[p];
            for (int x = 0; x < frame_plane_w(f, p); x++)
                h = (h ^ row[x]) * 0x100000001b3u;
        }
    return h;
}

struct yuv yuv_of(uint32_t rgb)
{
    double r = (rgb >> 16 & 255) / 255.0, g = (rgb >> 8 & 255) / 255.0, b = (rgb & 255) / 255.0;
    double y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return (struct yuv){ { (uint8_t)lrint(16 + 219 * y), (uint8_t)lrint(128 + 224 * (b - y) / 1.8556),
                           (uint8_t)lrint(128 + 224 * (r - y) / 1.5748) } };
}
