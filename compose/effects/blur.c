/* blur.c - softer, or sharper by what softening takes away */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/effects/rows.h"
#include "compose/softener.h"
#include "gen/base/mem.h"
#include "gen/effect_time.h"

struct blur {
    double radius;
};

struct sharpen {
    double amount;
};

static const struct param blur_params[] = {
    PARAM_DOUBLE(struct blur, radius, .def = 0.01, .min = 0, .max = 0.2, .help = "as a part of the frame's height"),
    { 0 }
};

static const struct param sharpen_params[] = {
    PARAM_DOUBLE(struct sharpen, amount, .def = 0.5, .min = 0, .max = 2, .help = "0 changes nothing"),
    { 0 }
};

struct blur_state {
    int radius[2];                              /* px of one running mean; luma, chroma */
    int amount;                                 /* sharpen: of 256 */
    struct softener *softener;
    uint8_t *copy;
};

static struct blur_state *state_create(const struct effect_env *env, double radius_px)
{
    struct blur_state *s = mem_alloc(sizeof *s);
    for (int p = 0; p < 2; p++)
        s->radius[p] = (int)lrint(radius_px * (p ? 0.5 : 1));
    s->softener = softener_create(env->width, env->height);
    s->copy = mem_array((size_t)env->width * (size_t)env->height, 1);
    return s;
}

static void *blur_create(const void *opts, const struct effect_env *env)
{
    /* The deviation of three means of 2r+1 px is about r + 1/2. */
    return state_create(env, ((const struct blur *)opts)->radius * env->height / 2);
}

static void *sharpen_create(const void *opts, const struct effect_env *env)
{
    struct blur_state *s = state_create(env, fmax(1, env->height / 1080.0));
    s->amount = (int)lrint(256 * ((const struct sharpen *)opts)->amount);
    return s;
}

static void blur_destroy(void *state)
{
    struct blur_state *s = state;
    softener_destroy(s->softener);
    free(s->copy);
    free(s);
}

static void blur_apply(void *state, const void *opts, struct frame *f, const struct effect_moment *m)
{
    struct blur_state *s = state;
    (void)opts, (void)m;
    for (int p = 0; p < 3; p++)
        softener_run(s->softener, f->plane[p], f->stride[p], frame_plane_w(f, p), frame_plane_h(f, p),
                     s->radius[p > 0]);
}

static void sharpen_apply(void *state, const void *opts, struct frame *f, const struct effect_moment *m)
{
    struct blur_state *s = state;
    (void)opts, (void)m;
    for (int y = 0; y < f->h; y++)
        memcpy(s->copy + (ptrdiff_t)y * f->w, f->plane[0] + y * f->stride[0], (size_t)f->w);
    softener_run(s->softener, s->copy, f->w, f->w, f->h, s->radius[0]);
    for (int y = 0; y < f->h; y++) {
        uint8_t *row = f->plane[0] + y * f->stride[0];
        const uint8_t *soft = s->copy + (ptrdiff_t)y * f->w;
        for (int x = 0; x < f->w; x++) {
            int v = row[x] + (row[x] - soft[x]) * s->amount / 256;
            row[x] = (uint8_t)(v < 16 ? 16 : v > 235 ? 235 : v);
        }
    }
}

const struct effect effect_blur = {
    .row = { .shared = effect_frame_params, .name = "blur", .help = "soften the picture", .params = blur_params, .opts_size = sizeof(struct blur) },
    .create = blur_create,
    .apply = blur_apply,
    .destroy = blur_destroy,
};

const struct effect effect_sharpen = {
    .row = { .shared = effect_frame_params, .name = "sharpen", .help = "stronger edges",
             .params = sharpen_params, .opts_size = sizeof(struct sharpen) },
    .create = sharpen_create,
    .apply = sharpen_apply,
    .destroy = blur_destroy,
};
