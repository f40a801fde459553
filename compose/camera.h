/* camera.h - where the camera looks: windows that move so that every feature runs on a straight line without shaking */
#pragma once
#include <stdint.h>
#include "compose/plate.h"

#define EASE_NAMES(X) X(LINEAR, "linear") X(IN, "in") X(OUT, "out") X(IN_OUT, "in-out")
#define X(id, name) EASE_##id,
enum ease { EASE_NAMES(X) EASE_N };
#undef X
extern const char *const ease_names[];          /* NULL-ended */

double ease_at(int ease, double t);             /* [0, 1] -> [0, 1], monotonic */

/* The window between two, at s in [0, 1]. Zooms are exponential (equal steps look equal) and features move on straight
 * lines; the result lies inside any rectangle that holds both ends. */
struct window camera_between(struct window from, struct window to, double s);

/* A window of 1/zoom of the frame around a point of the frame, moved inside the bounds. */
struct window camera_around(double x, double y, double zoom, struct window bounds);

/* The smallest window with the frame's shape that holds the rectangle, inside the bounds and at least
 * 1/CAMERA_ZOOM_MAX. */
struct window camera_holding(struct window rect, struct window bounds);

/* What `inner` shows when the frame is what `outer` shows. */
struct window camera_within(struct window outer, struct window inner);
/* The same of turned ones. aspect: width of the frame by its height */
struct view camera_within_view(struct view outer, struct view inner, double aspect);

/* The largest upright window, in the middle of the frame, that can be turned so far either way (radians) and stays
 * inside the bounds. */
struct window camera_turnable(double turn, double aspect, struct window bounds);
/* How far a turned window reaches from its middle, in frames: width and height of the box around it. */
struct window camera_box(struct view v, double aspect);

#define CAMERA_ZOOM_MAX 4.0
