/* ken_burns.c - from one rectangle of the picture to another */
#include <math.h>
#include "compose/effects/rows.h"
#include "gen/effect_time.h"

struct ken_burns {
    struct param_rect from, to;
    struct param_rect focus;
    double amount;
    int ease;
};

static const struct param ken_burns_params[] = {
    PARAM_RECT(struct ken_burns, from,
               .help = "what is seen first, exactly that, at least a quarter of the frame wide; unset: all of it"),
    PARAM_RECT(struct ken_burns, to,
               .help =
                   "what is seen last, exactly that, at least a quarter of the frame wide; unset: around the focus"),
    PARAM_FOCUS(struct ken_burns, focus,
                .help = "where in the picture the camera goes without `to`; unset: the section's focus, or the middle"),
    PARAM_DOUBLE(struct ken_burns, amount, .def = 1.3, .min = 1.01, .max = CAMERA_ZOOM_MAX,
                 .help = "enlargement at the end without `to`"),
    PARAM_CHOICE(struct ken_burns, ease, .def = EASE_IN_OUT, .choices = ease_names,
                 .help = "how the move starts and ends"),
    { 0 }
};

static struct window window_of(struct param_rect r)
{
    return (struct window){ r.x, r.y, r.w, r.h };
}

static struct window ken_burns_look(const void *opts, const struct effect_env *env, double t)
{
    const struct ken_burns *k = opts;
    const struct window all = { 0, 0, 1, 1 };
    struct window from = isnan(k->from.x) ? all : camera_holding(window_of(k->from), all);
    struct param_point focus = effect_focus(env, k->focus);
    struct window to = isnan(k->to.x) ? effect_keep(env, camera_around(focus.x, focus.y, k->amount, all))
                                      : camera_holding(window_of(k->to), all);
    return camera_between(from, to, ease_at(k->ease, t));
}

const struct effect effect_ken_burns = {
    .row = { .shared = effect_move_params, .name = "ken-burns", .help = "move from one rectangle of the picture to another",
             .params = ken_burns_params, .opts_size = sizeof(struct ken_burns) },
    .look = ken_burns_look,
};
