/* overlay_ink.h - colours that can be read: a box or an outline where the picture beneath is too near */
#pragma once
#include <stdint.h>
#include "compose/fitting.h"
#include "compose/typeset.h"

struct AVFrame;

#define INK_CONTRAST 4.5 /* WCAG 2.2, 1.4.3 */

/* As it was asked for. */
struct overlay_wish {
    struct rgba text, box; /* box.a 0: none */
    double font_px;        /* of the smallest text */
    double opacity;        /* of all of it */
    bool is_plain;         /* a picture: no outline */
};

/* As it is drawn. */
struct overlay_ink {
    struct rgba text, box, outline;
    double outline_px; /* 0: none */
    double opacity;
};

/* No outline yet. */
struct overlay_ink overlay_ink_of(const struct overlay_wish *w);
/* Whatever is beneath, the words can be read. */
bool overlay_ink_is_safe(const struct overlay_ink *ink);
void overlay_ink_outline(struct overlay_ink *ink, double font_px);

/* The least opacity of all of it, to a hundredth, at which the words keep INK_CONTRAST to what is next to them (their
 * outline, or else their box) whatever is beneath. 1 when there is none. */
double overlay_ink_least_opacity(const struct overlay_ink *ink);

/* The share of the pixels in a rectangle of a frame (YUV420P, BT.709 limited) on which the text, on its box, has less
 * contrast than INK_CONTRAST. */
double overlay_ink_unread(const struct overlay_ink *ink, const struct AVFrame *f, struct box rect);
