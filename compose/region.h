/* region.h - where the subject of a picture is, as the distance from its outline: of a rectangle, a point or a mask
 *
 * Regions lie in the picture and are seen through the camera; how an effect looks depends on the distance alone. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "compose/frame.h"
#include "compose/plate.h"
#include "gen/param.h"

enum region_shape { REGION_ELLIPSE, REGION_BOX };

struct region_spec {
    struct param_rect at;            /* of the picture; a point has no width and height; x NaN: not said */
    const struct plate_source *mask; /* wins over `at`; over the whole picture; NULL: none */
    int shape;                       /* of a rectangle; a point has a circle around it */
    double radius;                   /* of that, as a part of the frame's height */
    struct window picture;           /* where the picture lies, in frames */
    int width, height;               /* px of the frame */
};

struct region;
/* NULL when the spec says of nothing where the subject is, or the mask covers nothing. What is inside a mask: where it
 * is not transparent, or, without any transparency, where it is brighter than half. */
struct region *region_create(const struct region_spec *spec);
void region_destroy(struct region *r);

/* px of the frame at zoom 1, below 0 inside; x and y in the same px */
float region_distance(const struct region *r, float x, float y);

/* What an effect makes of a distance: `before` up to distance low, `after` from high on, between them the table's
 * entries, CURVE_PER_PX for each px. */
enum { CURVE_PER_PX = 8 };
struct curve {
    float low, high;
    uint8_t before, after;
    const uint8_t *table; /* (high - low) x CURVE_PER_PX + 1 */
};

/* The curve's value at every luma px of a frame that shows the view; plane: w x h bytes, rows of w. */
void region_cover(const struct region *r, const struct view *v, const struct curve *c, uint8_t *plane);

/* Each px goes to the colour as far as `cover` says, 255 all of the way, times alpha (0 to 256). */
void cover_tint(struct frame *f, const uint8_t *cover, struct yuv colour, int alpha);
