/* caption_layer.h - a drawn picture as premultiplied Y'CbCr with alpha, to be laid over video frames quickly */
#pragma once
#include <cairo.h>
#include <stdint.h>

struct AVFrame;

/* BT.709 limited range, 4:2:0 with chroma on the left luma sample (as H.264 assumes). Values are times alpha (0..255).
 */
struct caption_layer {
    int x, y, w, h;                             /* in the frame, px; all even */
    uint16_t *luma, *cb, *cr;
    uint8_t *alpha, *chroma_alpha;
};

struct caption_rect { int x, y, w, h; };        /* in the layer, px */

void caption_layer_init(struct caption_layer *l, int x, int y, int w, int h); /* transparent */
void caption_layer_deinit(struct caption_layer *l);

/* Take over an ARGB32 surface of the layer's size. Source: ITU-R BT.709-6, items 3.2 to 3.5. */
void caption_layer_take(struct caption_layer *l, cairo_surface_t *s);
void caption_layer_copy(struct caption_layer *to, const struct caption_layer *from); /* layers of one size and place */
void caption_layer_copy_rect(struct caption_layer *to, const struct caption_layer *from, struct caption_rect r);
void caption_layer_blend(const struct caption_layer *l, struct AVFrame *frame);
/* The same of its columns [x0, x1) only, both even, times opacity: 0 .. 256. */
void caption_layer_blend_some(const struct caption_layer *l, struct AVFrame *frame, int x0, int x1, int opacity);
