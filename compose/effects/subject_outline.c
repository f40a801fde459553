/* subject_outline.c - a line around the subject, with a glow; as wide at every zoom */
#include <math.h>
#include <stdlib.h>
#include "compose/effects/rows.h"
#include "compose/effects/subject.h"
#include "gen/base/mem.h"
#include "gen/effect_time.h"

struct outline {
    double width, glow;
    uint32_t color;
    struct subject subject;
};

static const struct param outline_params[] = {
    PARAM_DOUBLE(struct outline, width, .def = 0.006, .min = 0, .max = 0.1, .aliases = "thickness,stroke",
                 .help = "of the line, as a part of the frame's height; 0 draws none"),
    PARAM_DOUBLE(struct outline, glow, .def = 0.012, .min = 0, .max = 0.2,
                 .help = "how far it shines to both sides, as a part of the frame's height"),
    PARAM_COLOR(struct outline, color, .def_text = "#FFD400", .aliases = "colour", .help = "of the line"),
    SUBJECT_PARAMS(struct outline, REGION_BOX),
    { 0 }
};

static const double glow_strength = 0.45;

struct outline_state {
    struct cover cover;
    struct yuv colour;
    int alpha;
};

/* A line whose edges are one px wide, and light that falls off from them. */
static double share_at(const void *opts, const struct effect_env *env, double distance)
{
    const struct outline *o = opts;
    double beside = fabs(distance) - o->width * env->height / 2, reach = o->glow * env->height;
    double line = fmax(0, fmin(1, 0.5 - beside)), rest = 1 - fmax(0, beside) / fmax(reach, 1e-9);
    if (o->width <= 0)
        return 0;
    return fmax(line, reach > 0 && rest > 0 ? glow_strength * rest * rest : 0);
}

static void *outline_create(const void *opts, const struct effect_env *env)
{
    const struct outline *o = opts;
    struct outline_state *state = mem_alloc(sizeof *state);
    double reach = (o->width / 2 + o->glow) * env->height + 1;
    if (!cover_init(&state->cover, &o->subject, env, -reach, reach, share_at, opts)) {
        free(state);
        return NULL;
    }
    state->colour = yuv_of(o->color >> 8);
    state->alpha = (int)lrint(256 * (o->color & 255) / 255.0);
    return state;
}

static void outline_apply(void *state, const void *opts, struct frame *f, const struct effect_moment *m)
{
    struct outline_state *s = state;
    (void)opts;
    cover_tint(f, cover_for(&s->cover, &m->view), s->colour, s->alpha);
}

static void outline_destroy(void *state)
{
    struct outline_state *s = state;
    if (s)
        cover_deinit(&s->cover);
    free(s);
}

const struct effect effect_subject_outline = {
    .row = { .shared = effect_frame_params,
             .name = "subject-outline",
             .help = "draw a line around the subject",
             .params = outline_params,
             .opts_size = sizeof(struct outline),
             .aliases = "outline",
             .needs_subject = true },
    .create = outline_create,
    .apply = outline_apply,
    .destroy = outline_destroy,
};
