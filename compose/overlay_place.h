/* overlay_place.h - where blocks stand: near where they like to, never over one another */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "compose/fitting.h"
#include "compose/plate.h"

struct box overlays_area(int width, int height); /* the frame's safe area, px; its edges are even */

/* Where a rectangle of the picture is seen in a frame, px; of a turned one the upright box around it. */
struct box box_seen(struct view v, struct window target, int width, int height);
struct box box_joined(struct box a, struct box b);
bool box_is_same(struct box a, struct box b);

/* Something that takes room for a while: a block that was placed, or the captions' zone. */
struct obstacle {
    struct box box;
    int64_t from, to;
}; /* frames [from, to) */

struct place_wish {
    double w, h, ax, ay; /* as of struct overlay_layout */
    const struct box *spots;
    size_t n_spots;
    int64_t from, to;
    double gap; /* px between blocks */
};

/* The free place in the area that is nearest to the wish: one of its spots, above or below what is in the way, else in
 * another column. Rows and columns are even. False when there is none. */
bool overlay_place(const struct place_wish *w, struct box area, const struct obstacle *o, size_t n, struct box *out);
