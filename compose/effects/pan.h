/* pan.h - options of the pans; auto makes them too */
#pragma once
#include "compose/effects.h"

struct pan {
    double amount;
    int ease;
};
/* dx, dy: -1, 0 or 1, where the camera goes. */
struct window pan_look(const struct pan *p, const struct effect_env *env, int dx, int dy, double t);
