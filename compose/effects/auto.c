/* auto.c - a camera move chosen by the section's seed: varied, repeatable, slow, gentle where there is text, and none
 * over a clip */
#include <math.h>
#include "compose/effects/pan.h"
#include "compose/effects/rows.h"
#include "compose/effects/zoom.h"
#include "gen/base/mem.h"
#include "gen/base/rand.h"

/* Enlargement or way a second, and its limits: long sections get slower moves, short ones smaller moves. */
static const struct pace { double per_second, least, most; } paces[] = {
    { 0.014, 0.04, 0.20 },                      /* pictures */
    { 0.004, 0.02, 0.05 },                      /* drawn: every word stays readable and inside the frame */
};

static const struct move { int dx, dy; bool is_out;
} moves[] = {
    { 0, 0, false }, { 1, 0, false },  { 0, 0, true }, { -1, 0, false },
    { 0, 0, false }, { 0, -1, false }, { 0, 0, true }, { 0, 1, false },
};

static struct window auto_look(const void *opts, const struct effect_env *env, double t)
{
    struct rng r = { env->seed };
    const struct pace *p = &paces[env->is_drawn];
    double amount = fmin(p->most, fmax(p->least, p->per_second * env->seconds));
    const struct move *m = &moves[rng_below(&r, COUNTOF(moves))];
    double x = 0.5 + (rng_unit(&r) - 0.5) * 0.5, y = 0.5 + (rng_unit(&r) - 0.5) * 0.4;
    (void)opts;
    if (env->is_moving)
        return (struct window){ 0, 0, 1, 1 };
    if (env->is_drawn) {                        /* a pan would cut off a side that may have text on it */
        m = &moves[m->is_out ? 2 : 0];
        x = y = 0.5;
    }
    if (m->dx || m->dy)
        return pan_look(&(struct pan){ .amount = amount, .ease = EASE_LINEAR }, env, m->dx, m->dy, t);
    struct zoom z = { .amount = 1 + amount, .focus = { x, y }, .ease = EASE_LINEAR };
    return m->is_out ? zoom_out_look(&z, env, t) : zoom_in_look(&z, env, t);
}

const struct effect effect_auto = {
    .row = { .name = "auto", .help = "a slow camera move, different for each section and the same at each run; none over a clip" },
    .look = auto_look,
};
