/* frame.h - one picture of the film: planar YUV 4:2:0, 8 bit, bt709 limited range, left-sited chroma
 *
 * A view of memory that somebody owns (an AVFrame, or frame_create's own). Rows are FRAME_ALIGN-aligned and may be
 * written up to the next multiple of FRAME_ALIGN bytes: vector code needs no tails. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { FRAME_ALIGN = 64, FRAME_SIDE_MAX = 8192 };

struct frame {
    int w, h;                                   /* px of luma; chroma planes are (w+1)/2 x (h+1)/2 */
    uint8_t *plane[3];                          /* Y, Cb, Cr */
    ptrdiff_t stride[3];                        /* multiples of FRAME_ALIGN */
};

/* Y', Cb, Cr of a colour, limited range: Y' 16..235, Cb and Cr 16..240. */
struct yuv {
    uint8_t c[3];
};

static inline int frame_plane_w(const struct frame *f, int p)
{
    return p ? (f->w + 1) / 2 : f->w;
}
static inline int frame_plane_h(const struct frame *f, int p)
{
    return p ? (f->h + 1) / 2 : f->h;
}

struct frame *frame_create(int w, int h);       /* black */
void frame_destroy(struct frame *f);
void frame_copy(struct frame *dst, const struct frame *src); /* equal sizes */
/* dst = a x (256 - weight) + b x weight, rounded; equal sizes; dst may be one of them. weight 0 .. 256. */
void frame_mix(struct frame *dst, const struct frame *a, const struct frame *b, int weight);
void frame_fill(struct frame *f, struct yuv colour);
/* The bytes inside w x h only, FNV-1a 64: what a golden line holds. */
uint64_t frame_checksum(const struct frame *f);

/* rgb  0xRRGGBB, sRGB, as bt709 R'G'B' (the transfer is kept, as players expect)
 * Source: ITU-R BT.709-6 items 3.2, 3.3, 4.6 (luma weights 0.2126, 0.7152, 0.0722; 219 and 224 steps). */
struct yuv yuv_of(uint32_t rgb);
