/* spotlight.c - all but the subject goes towards a colour, black when nothing else is said */
#include <math.h>
#include <stdlib.h>
#include "compose/effects/rows.h"
#include "compose/effects/subject.h"
#include "gen/base/mem.h"
#include "gen/effect_time.h"

struct spotlight {
    double dim, feather;
    uint32_t color;
    struct subject subject;
};

static const struct param spotlight_params[] = {
    PARAM_DOUBLE(struct spotlight, dim, .def = 0.6, .min = 0, .max = 1, .aliases = "strength,amount",
                 .help = "how far all the rest goes; 0 leaves the picture alone, 1 is the colour alone"),
    PARAM_DOUBLE(struct spotlight, feather, .def = 0.08, .min = 0, .max = 0.5, .aliases = "softness,blur",
                 .help = "width of the soft edge, as a part of the frame's height"),
    PARAM_COLOR(struct spotlight, color, .def_text = "#000000", .aliases = "colour", .help = "of the rest"),
    SUBJECT_PARAMS(struct spotlight, REGION_ELLIPSE),
    { 0 }
};

struct spotlight_state {
    struct cover cover;
    struct yuv colour;
    int alpha;
};

/* Light ends softly on both sides of the edge. */
static double share_at(const void *opts, const struct effect_env *env, double distance)
{
    const struct spotlight *s = opts;
    double width = fmax(1, s->feather * env->height);
    return ease_at(EASE_IN_OUT, distance / width + 0.25);
}

static void *spotlight_create(const void *opts, const struct effect_env *env)
{
    const struct spotlight *s = opts;
    struct spotlight_state *state = mem_alloc(sizeof *state);
    double width = fmax(1, s->feather * env->height);
    if (!cover_init(&state->cover, &s->subject, env, -width / 4, width * 3 / 4, share_at, opts)) {
        free(state);
        return NULL;
    }
    state->colour = yuv_of(s->color >> 8);
    state->alpha = (int)lrint(256 * s->dim * (s->color & 255) / 255.0);
    return state;
}

static void spotlight_apply(void *state, const void *opts, struct frame *f, const struct effect_moment *m)
{
    struct spotlight_state *s = state;
    (void)opts;
    cover_tint(f, cover_for(&s->cover, &m->view), s->colour, s->alpha);
}

static void spotlight_destroy(void *state)
{
    struct spotlight_state *s = state;
    if (s)
        cover_deinit(&s->cover);
    free(s);
}

const struct effect effect_spotlight = {
    .row = { .shared = effect_frame_params,
             .name = "spotlight",
             .help = "darken all but the subject",
             .params = spotlight_params,
             .opts_size = sizeof(struct spotlight),
             .needs_subject = true },
    .create = spotlight_create,
    .apply = spotlight_apply,
    .destroy = spotlight_destroy,
};
