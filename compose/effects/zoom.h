/* zoom.h - options of the zooms; auto makes them too */
#pragma once
#include "compose/effects.h"

struct zoom {
    double amount;
    struct param_rect focus;                    /* x NaN: the section's, or the middle */
    int ease;
};
struct window zoom_in_look(const void *opts, const struct effect_env *env, double t);
struct window zoom_out_look(const void *opts, const struct effect_env *env, double t);
