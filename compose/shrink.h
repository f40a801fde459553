/* shrink.h - pixels to R'G'B' rows of another size, filtered in linear light with alpha over a background */
#pragma once
#include <stdint.h>
#include "compose/plate.h"

/* Called for each row of the result, top to bottom: w x 4 floats, R' G' B' (sRGB-encoded, 0..1) and one unused. */
typedef void shrink_row(void *ctx, int y, const float *rgb, int w);

/* w, h  px of the result; the source's own size passes pixels through untouched
 * backdrop  0xRRGGBBAA, shows through where alpha is below 255 */
void shrink(const struct plate_source *src, int w, int h, uint32_t backdrop, shrink_row *row, void *ctx);
