/* softener.h - blurs planes of frames: three running means in a row, the same cost for any radius */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Scratch memory for planes of up to w x h. One thread at a time. */
struct softener;
struct softener *softener_create(int w, int h);
void softener_destroy(struct softener *s);

/* radius  px of one mean; the result's deviation is about radius + 1/2. 0 leaves the plane alone. */
void softener_run(struct softener *s, uint8_t *px, ptrdiff_t stride, int w, int h, int radius);
