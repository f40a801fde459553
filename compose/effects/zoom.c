/* zoom.c - towards a point of the picture, or away from it */
#include "compose/effects/zoom.h"
#include "compose/effects/rows.h"
#include "gen/effect_time.h"

static const struct param zoom_params[] = {
    PARAM_DOUBLE(struct zoom, amount, .def = 1.15, .min = 1.01, .max = CAMERA_ZOOM_MAX,
                 .help = "enlargement at the near end"),
    PARAM_FOCUS(struct zoom, focus,
                .help = "where in the picture the camera zooms to; unset: the section's focus, or the middle"),
    PARAM_CHOICE(struct zoom, ease, .def = EASE_LINEAR, .choices = ease_names, .help = "how the move starts and ends"),
    { 0 }
};

static struct window zoom_at(const struct zoom *z, const struct effect_env *env, double s)
{
    const struct window all = { 0, 0, 1, 1 };
    struct param_point focus = effect_focus(env, z->focus);
    return camera_between(all, effect_keep(env, camera_around(focus.x, focus.y, z->amount, all)), s);
}

struct window zoom_in_look(const void *opts, const struct effect_env *env, double t)
{
    const struct zoom *z = opts;
    return zoom_at(z, env, ease_at(z->ease, t));
}

struct window zoom_out_look(const void *opts, const struct effect_env *env, double t)
{
    const struct zoom *z = opts;
    return zoom_at(z, env, 1 - ease_at(z->ease, t));
}

const struct effect effect_zoom_in = {
    .row = { .shared = effect_move_params, .name = "zoom-in", .help = "move slowly towards the picture",
             .params = zoom_params, .opts_size = sizeof(struct zoom), .aliases = "zoom" },
    .look = zoom_in_look,
};

const struct effect effect_zoom_out = {
    .row = { .shared = effect_move_params, .name = "zoom-out", .help = "move slowly away from the picture",
             .params = zoom_params, .opts_size = sizeof(struct zoom) },
    .look = zoom_out_look,
};
