/* pictures.h - pictures made by arithmetic, for tests and benchmarks of drawing: no files, no decoding */
#pragma once
#include "compose/scene.h"

enum picture_kind { PICTURE_PHOTO, PICTURE_DIAGRAM, PICTURE_DOT };

/* photo: fractal noise with edges and grain · diagram: boxes, lines and fine text-like strokes on a light ground · dot:
 * one soft bright disc on grey, for following its motion. The same seed gives the same pixels. Caller frees .bgra. */
struct plate_source picture_make(enum picture_kind kind, int w, int h, uint64_t seed);

/* Serves pictures by blob: ctx is the array, blob->id[0] - 'a' is the index. */
struct picture_source picture_source_array(const struct plate_source *pictures);
struct blob picture_blob(size_t index);
