/* distance.h - how far each place of a picture is from the outline of a mask */
#pragma once
#include "compose/plate.h"

struct distance_map;

/* The smallest rectangle around what the mask shows, as a part of it; false when it covers nothing. */
bool mask_box(const struct plate_source *mask, struct param_rect *out);

/* mask  stretched over w x h px; NULL is returned when it covers nothing
 * Source: P. F. Felzenszwalb, D. P. Huttenlocher, Distance Transforms of Sampled Functions, Theory of Computing 8
 * (2012). */
struct distance_map *distance_map_create(const struct plate_source *mask, double w, double h);
void distance_map_destroy(struct distance_map *m); /* NULL is fine */

/* px of those w x h, below 0 inside; x and y in the same px, outside of them, too */
float distance_map_at(const struct distance_map *m, float x, float y);
