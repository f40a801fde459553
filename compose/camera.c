/* camera.c - where the camera looks */
#include "compose/camera.h"
#include <math.h>
#include <stddef.h>

const char *const ease_names[] = {
#define X(id, name) name,
    EASE_NAMES(X)
#undef X
    NULL
};

static double ease_linear(double t)
{
    return t;
}
static double ease_in(double t)
{
    return t * t;
}
static double ease_out(double t)
{
    return t * (2 - t);
}
static double ease_in_out(double t)
{
    return t * t * (3 - 2 * t);
}

static double (*const eases[])(double) = {
    [EASE_LINEAR] = ease_linear, [EASE_IN] = ease_in, [EASE_OUT] = ease_out, [EASE_IN_OUT] = ease_in_out
};

double ease_at(int ease, double t)
{
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return eases[ease >= 0 && ease < EASE_N ? ease : EASE_LINEAR](t);
}

/* A point u of the picture is seen at (u - x) / w. That is a straight line when x / w is linear in 1 / w. */
struct window camera_between(struct window from, struct window to, double s)
{
    double ratio = log(from.w / to.w), share = fabs(ratio) < 1e-9 ? s : expm1(s * ratio) / expm1(ratio);
    struct window v = { .w = 1 / (1 / from.w + share * (1 / to.w - 1 / from.w)),
                        .h = 1 / (1 / from.h + share * (1 / to.h - 1 / from.h)) };
    v.x = v.w * (from.x / from.w + share * (to.x / to.w - from.x / from.w));
    v.y = v.h * (from.y / from.h + share * (to.y / to.h - from.y / from.h));
    return v;
}

static double clamp(double v, double low, double high)
{
    return fmax(low, fmin(v, high));
}

struct window camera_around(double x, double y, double zoom, struct window bounds)
{
    double size = 1 / clamp(zoom, 1, CAMERA_ZOOM_MAX);
    return (struct window){ clamp(x - size / 2, bounds.x, bounds.x + bounds.w - size),
                            clamp(y - size / 2, bounds.y, bounds.y + bounds.h - size), size, size };
}

struct window camera_holding(struct window rect, struct window bounds)
{
    double size = clamp(fmax(rect.w, rect.h), 1 / CAMERA_ZOOM_MAX, 1);
    return camera_around(rect.x + rect.w / 2, rect.y + rect.h / 2, 1 / size, bounds);
}

struct window camera_within(struct window outer, struct window inner)
{
    return (struct window){ outer.x + inner.x * outer.w, outer.y + inner.y * outer.h, outer.w * inner.w,
                            outer.h * inner.h };
}

struct view camera_within_view(struct view outer, struct view inner, double aspect)
{
    struct view v = { camera_within(outer.look, inner.look), outer.turn + inner.turn };
    if (fpclassify(outer.turn) == FP_ZERO)
        return v;
    double x = (inner.look.x + inner.look.w / 2 - 0.5) * outer.look.w, c = cos(outer.turn), s = sin(outer.turn);
    double y = (inner.look.y + inner.look.h / 2 - 0.5) * outer.look.h;
    v.look.x = outer.look.x + outer.look.w / 2 + x * c - y * s / aspect - v.look.w / 2;
    v.look.y = outer.look.y + outer.look.h / 2 + x * s * aspect + y * c - v.look.h / 2;
    return v;
}

struct window camera_box(struct view v, double aspect)
{
    double c = fabs(cos(v.turn)), s = fabs(sin(v.turn));
    double w = v.look.w * c + v.look.h * s / aspect, h = v.look.h * c + v.look.w * s * aspect;
    return (struct window){ v.look.x + (v.look.w - w) / 2, v.look.y + (v.look.h - h) / 2, w, h };
}

struct window camera_turnable(double turn, double aspect, struct window bounds)
{
    struct window box = camera_box((struct view){ { 0, 0, 1, 1 }, turn }, aspect);
    double room_x = 2 * fmin(0.5 - bounds.x, bounds.x + bounds.w - 0.5);
    double room_y = 2 * fmin(0.5 - bounds.y, bounds.y + bounds.h - 0.5);
    double size = fmin(1, fmin(room_x / box.w, room_y / box.h));
    return (struct window){ 0.5 - size / 2, 0.5 - size / 2, size, size };
}
