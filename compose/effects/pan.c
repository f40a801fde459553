/* pan.c - sideways over the picture
 *
 * The camera moves in the named direction. Where the frame's shape cuts something off the picture, the pan shows that;
 * elsewhere it makes its own room by coming a little closer. The path leads over the section's focus, as far as there is
 * room. */
#include "compose/effects/pan.h"
#include <math.h>
#include "compose/effects/rows.h"
#include "gen/effect_time.h"

static const struct param pan_params[] = {
    PARAM_DOUBLE(struct pan, amount, .def = 0.12, .min = 0.01, .max = 1,
                 .help = "how far the camera goes, as a part of the frame"),
    PARAM_CHOICE(struct pan, ease, .def = EASE_LINEAR, .choices = ease_names, .help = "how the move starts and ends"),
    { 0 }
};

/* On the axis of the move: `room` is the length of the picture, in frames, >= 1. The window is as large as the way
 * allows; the path is centred. */
static double pan_size(double amount, double room)
{
    return fmax(1 / CAMERA_ZOOM_MAX, fmin(1, room / (1 + amount)));
}

/* A steady pan is rounded to a multiple of 1/8 px a frame. The encoder predicts from every eighth frame: that one is
 * then the same picture moved by whole pixels, which costs next to nothing. */
static double way_rounded(double way, double room, double size, int side, const struct effect_env *env)
{
    double steps = (double)(env->n_frames - 1), eighths = 8 * way / size * side / fmax(1, steps);
    double rounded = floor(eighths + 0.5) / 8 * steps * size / side;
    if (rounded > room)
        rounded = floor(eighths) / 8 * steps * size / side;
    return eighths < 0.5 || rounded <= 0 ? way : rounded;
}

/* Drawn pictures: as far as the words allow, hardly larger. */
static struct window pan_gently(const struct pan *p, const struct effect_env *env, int dx, int dy, double t)
{
    static const double zoom_most = 1.045;
    const struct window all = { 0, 0, 1, 1 };
    double zoom = fmin(1 + p->amount, zoom_most), way = fmin(p->amount, 1) / 2;
    struct window from = effect_keep(env, camera_around(0.5 - dx * way, 0.5 - dy * way, zoom, all));
    struct window to = effect_keep(env, camera_around(0.5 + dx * way, 0.5 + dy * way, zoom, all));
    return camera_between(from, to, ease_at(p->ease, t));
}

/* Of a path that needs so much of the room from `at` on: as near to the focus as it gets. */
static double middle(double focus, double at, double room, double need)
{
    return fmax(at + need / 2, fmin(focus, at + room - need / 2));
}

struct window pan_look(const struct pan *p, const struct effect_env *env, int dx, int dy, double t)
{
    struct window b = env->bounds;
    if (env->is_drawn)
        return pan_gently(p, env, dx, dy, t);
    double size = pan_size(p->amount, dx ? b.w : b.h), room = (dx ? b.w : b.h) - size;
    double way = fmin(p->amount * size, room);
    if (p->ease == EASE_LINEAR)
        way = way_rounded(way, room, size, dx ? env->width : env->height, env);
    struct param_point focus = effect_focus(env, (struct param_rect){ (double)NAN, 0, 0, 0 });
    double x = middle(focus.x, b.x, b.w, size + fabs(dx * way)), y = middle(focus.y, b.y, b.h, size + fabs(dy * way));
    way *= ease_at(p->ease, t) - 0.5;
    return camera_around(x + dx * way, y + dy * way, 1 / size, b);
}

static struct window pan_left_look(const void *opts, const struct effect_env *env, double t)
{
    return pan_look(opts, env, -1, 0, t);
}
static struct window pan_right_look(const void *opts, const struct effect_env *env, double t)
{
    return pan_look(opts, env, 1, 0, t);
}
static struct window pan_up_look(const void *opts, const struct effect_env *env, double t)
{
    return pan_look(opts, env, 0, -1, t);
}
static struct window pan_down_look(const void *opts, const struct effect_env *env, double t)
{
    return pan_look(opts, env, 0, 1, t);
}

#define PAN(id, text, where)                                                              \
    const struct effect effect_pan_##id = {                                               \
        .row = { .shared = effect_move_params, .name = text, .help = "move the camera " where " over the picture",      \
                 .params = pan_params, .opts_size = sizeof(struct pan) },                 \
        .look = pan_##id##_look,                                                          \
    }
PAN(left, "pan-left", "to the left");
PAN(right, "pan-right", "to the right");
PAN(up, "pan-up", "upwards");
PAN(down, "pan-down", "downwards");
