/* decode_svg.h - an SVG file as a section's picture */
#pragma once
#include <stdint.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

enum { SVG_W = 3840, SVG_H = 2160 };            /* px of the box that it is fitted into */

bool svg_size(struct str text, int *w, int *h, struct err *e);
/* bgra: w x h, straight alpha, zeroed. ERR_MEDIA. */
bool svg_pixels(struct str text, int w, int h, uint8_t *bgra, struct err *e);
