/* auto.c - a camera move chosen by the section's seed: varied, repeatable, slow, gentle where there is text, and none
 * over a clip */
#include <math.h>
#include "compose/effects/pan.h"
#include "compose/effects/rows.h"
#include "compose/effects/zoom.h"
#include "gen/auto_moves.h"
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "gen/effect_time.h"

/* Enlargement or way a second, and its limits: long sections get slower moves, short ones smaller moves. */
static const struct pace { double per_second, least, most; } paces[] = {
    { 0.014, 0.04, 0.20 },                      /* pictures */
    { 0.004, 0.02, 0.05 },                      /* drawn: every word stays readable and inside the frame */
};

static const struct move { int dx, dy; bool is_out;
} moves[AUTO_N_MOVES] = {
    [AUTO_LEFT] = { .dx = -1 }, [AUTO_RIGHT] = { .dx = 1 },     [AUTO_UP] = { .dy = -1 },
    [AUTO_DOWN] = { .dy = 1 },  [AUTO_OUT] = { .is_out = true },
};

/* Where nobody knows what stands beside it. */
static const enum auto_move by_seed[] = { AUTO_IN, AUTO_RIGHT, AUTO_OUT, AUTO_LEFT, AUTO_IN, AUTO_UP, AUTO_OUT, AUTO_DOWN };

static struct window auto_look(const void *opts, const struct effect_env *env, double t)
{
    struct rng r = { env->seed };
    const struct pace *p = &paces[env->is_drawn];
    double amount = fmin(p->most, fmax(p->least, p->per_second * env->seconds));
    enum auto_move chosen = by_seed[rng_below(&r, COUNTOF(by_seed))];
    const struct move *m = &moves[env->auto_move ? env->auto_move : (int)chosen];
    double x = 0.5 + (rng_unit(&r) - 0.5) * 0.5, y = 0.5 + (rng_unit(&r) - 0.5) * 0.4;
    (void)opts;
    if (env->is_moving)
        return (struct window){ 0, 0, 1, 1 };
    struct param_rect focus = env->focus ? *env->focus : (struct param_rect){ x, y, 0, 0 };
    if (env->is_drawn)
        focus = (struct param_rect){ 0.5, 0.5, 0, 0 };
    if (m->dx || m->dy)
        return pan_look(&(struct pan){ .amount = amount, .ease = EASE_LINEAR }, env, m->dx, m->dy, t);
    struct zoom z = { .amount = 1 + amount, .focus = focus, .ease = EASE_LINEAR };
    return m->is_out ? zoom_out_look(&z, env, t) : zoom_in_look(&z, env, t);
}

const struct effect effect_auto = {
    .row = { .shared = effect_move_params, .name = "auto", .help = "a slow camera move, different for each section and the same at each run; none over a clip" },
    .look = auto_look,
};
