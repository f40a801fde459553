/* table.c - all effects, in the order in which they are listed, and what several of them ask */
#include "compose/effects/rows.h"
#include <math.h>
#include <stddef.h>

struct param_point effect_focus(const struct effect_env *env, struct param_rect own)
{
    const struct param_rect *at = !isnan(own.x) ? &own : env->focus;
    bool is_placed = env->picture.w > 0;
    if (!at)
        return (struct param_point){ 0.5, 0.5 };
    double x = at->x + at->w / 2, y = at->y + at->h / 2;
    return is_placed ? (struct param_point){ env->picture.x + x * env->picture.w, env->picture.y + y * env->picture.h }
                     : (struct param_point){ x, y };
}

const struct row *const effect_rows[] = {
#define X(name) &effect_##name.row,
    EFFECTS(X)
#undef X
    NULL
};
