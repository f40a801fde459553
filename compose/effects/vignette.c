/* vignette.c - darker corners draw the eye to the middle; headings of drawn pictures stand near corners and stay bright
 */
#include <math.h>
#include <stdlib.h>
#include "compose/effects/rows.h"
#include "gen/base/mem.h"
#include "gen/effect_time.h"

struct vignette {
    double strength, radius;
};

static const struct param vignette_params[] = {
    PARAM_DOUBLE(struct vignette, strength, .def = 0.4, .min = 0, .max = 1,
                 .help = "darkening at the corners, a third of it with slides; 0 leaves the picture alone"),
    PARAM_DOUBLE(struct vignette, radius, .def = 0.45, .min = 0, .max = 1,
                 .help = "where it begins, from the middle (0) to the corners (1)"),
    { 0 }
};

enum { GAIN_ONE = 256 };

/* Gains of one quarter: the rest is its mirror image. One for luma, one for chroma. */
struct vignette_state {
    int w[2], h[2];
    uint16_t *gain[2];
};

static double gain_at(const struct vignette *v, double strength, double x, double y)
{
    double far = sqrt((x * x + y * y) / 2), t = (far - v->radius) / (1.0001 - v->radius);
    return 1 - strength * ease_at(EASE_IN_OUT, t);
}

static void *vignette_create(const void *opts, const struct effect_env *env)
{
    static const double share_drawn = 0.35;
    struct vignette_state *s = mem_alloc(sizeof *s);
    const struct vignette *v = opts;
    double strength = v->strength * (env->is_drawn ? share_drawn : 1);
    for (int p = 0; p < 2; p++) {
        int w = p ? (env->width + 1) / 2 : env->width, h = p ? (env->height + 1) / 2 : env->height;
        s->w[p] = (w + 1) / 2;
        s->h[p] = (h + 1) / 2;
        s->gain[p] = mem_array((size_t)s->w[p] * (size_t)s->h[p], sizeof *s->gain[p]);
        for (int y = 0; y < s->h[p]; y++)
            for (int x = 0; x < s->w[p]; x++)
                s->gain[p][y * s->w[p] + x] = (uint16_t)lrint(
                    GAIN_ONE * gain_at(v, strength, 1 - (2 * x + 1) / (double)w, 1 - (2 * y + 1) / (double)h));
    }
    return s;
}

static void row_gain(uint8_t *px, int w, const uint16_t *gain, int base)
{
    for (int x = 0, half = (w + 1) / 2; x < half; x++) {
        int g = gain[x], m = w - 1 - x;
        int left = base + (((px[x] - base) * g + GAIN_ONE / 2) >> 8),
            right = base + (((px[m] - base) * g + GAIN_ONE / 2) >> 8);
        px[x] = (uint8_t)left;
        px[m] = (uint8_t)right;                 /* the middle of an odd row: the same value twice */
    }
}

static void vignette_apply(void *state, const void *opts, struct frame *f, const struct effect_moment *m)
{
    const struct vignette_state *s = state;
    (void)opts, (void)m;
    for (int p = 0; p < 3; p++) {
        int h = frame_plane_h(f, p), q = p > 0;
        for (int y = 0; y < h; y++)
            row_gain(f->plane[p] + y * f->stride[p], frame_plane_w(f, p),
                     s->gain[q] + (ptrdiff_t)(y < h - 1 - y ? y : h - 1 - y) * s->w[q], p ? 128 : 16);
    }
}

static void vignette_destroy(void *state)
{
    struct vignette_state *s = state;
    free(s->gain[0]);
    free(s->gain[1]);
    free(s);
}

const struct effect effect_vignette = {
    .row = { .shared = effect_frame_params, .name = "vignette", .help = "darken the corners",
             .params = vignette_params, .opts_size = sizeof(struct vignette) },
    .create = vignette_create,
    .apply = vignette_apply,
    .destroy = vignette_destroy,
};
