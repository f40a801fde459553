/* subject.h - what the effects share that need to know where the picture's subject is */
#pragma once
#include "compose/effects.h"
#include "compose/region.h"

struct subject {
    struct param_rect focus;                    /* x NaN: the section's */
    int shape;
    double radius;
};
extern const char *const region_shapes[];       /* NULL-ended, in the order of enum region_shape */

#define SUBJECT_PARAMS(T, shape_)                                                         \
    { .name = "focus", .type = PARAM_FOCUS, .offset = offsetof(T, subject.focus),          \
      .aliases = "at,area,region,rect,subject",                                           \
      .help = "where the subject is in the picture; unset: the section's focus" },        \
    { .name = "shape", .type = PARAM_CHOICE, .offset = offsetof(T, subject.shape), .def = shape_, \
      .choices = region_shapes, .help = "of a rectangle; around a point it is a circle" },\
    { .name = "radius", .type = PARAM_DOUBLE, .offset = offsetof(T, subject.radius), .def = 0.2, .min = 0.01, \
      .max = 1, .help = "of the circle around a point, as a part of the frame's height" }

/* What covers the frame; it is computed again only when the camera has moved. */
struct cover {
    struct region *region;
    struct curve curve;
    uint8_t *table, *plane;
    struct view view;
    bool is_made;
};

/* False when nothing says where the subject is. low, high: px; the curve's values come from `value`, 0 to 1, of a
 * distance in px. */
bool cover_init(struct cover *c, const struct subject *s, const struct effect_env *env, double low, double high,
                double (*value)(const void *opts, const struct effect_env *env, double distance), const void *opts);
void cover_deinit(struct cover *c);
const uint8_t *cover_for(struct cover *c, const struct view *v);
