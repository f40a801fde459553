/* rotate.c - the picture turns a few degrees, near enough that no corner of the frame ever leaves it */
#include <math.h>
#include "compose/effects/rows.h"
#include "gen/effect_time.h"

struct rotate {
    double from, to;
    int ease;
};

#define MOST 8.0
static const struct param rotate_params[] = {
    PARAM_DOUBLE(struct rotate, from, .def = -1.5, .min = -MOST, .max = MOST,
                 .help =
                     "degrees at first; clockwise, below 0 the other way; over slides all is at most half a degree"),
    PARAM_DOUBLE(struct rotate, to, .def = 1.5, .min = -MOST, .max = MOST, .help = "degrees at last"),
    PARAM_CHOICE(struct rotate, ease, .def = EASE_IN_OUT, .choices = ease_names,
                 .help = "how the move starts and ends"),
    { 0 }
};

/* Words that lie aslant by more are harder to read, and their corners would come under the captions. */
static const double drawn_most = 0.5;

/* Of the two: so much of it is made. */
static double share(const struct rotate *r, const struct effect_env *env)
{
    double most = fmax(fabs(r->from), fabs(r->to));
    return env->is_drawn && most > drawn_most ? drawn_most / most : 1;
}

static double radians(double degrees)
{
    return degrees * 3.14159265358979323846 / 180;
}

/* As near as the largest turn needs all the time: the enlargement does not change on the way. */
static struct window rotate_look(const void *opts, const struct effect_env *env, double t)
{
    const struct rotate *r = opts;
    double most = fmax(fabs(r->from), fabs(r->to)) * share(r, env);
    (void)t;
    return camera_turnable(radians(most), (double)env->width / env->height, env->bounds);
}

static double rotate_turn(const void *opts, const struct effect_env *env, double t)
{
    const struct rotate *r = opts;
    return -radians((r->from + ease_at(r->ease, t) * (r->to - r->from)) * share(r, env));
}

const struct effect effect_rotate = {
    .row = { .shared = effect_move_params,
             .name = "rotate",
             .help = "turn the picture slowly by a few degrees",
             .params = rotate_params,
             .opts_size = sizeof(struct rotate),
             .aliases = "roll,tilt" },
    .look = rotate_look,
    .turn = rotate_turn,
};
