/* blur.c - softer, or sharper by what softening takes away
 *
 * Three running means in a row are within 3 % of a Gauss bell (Wells 1986) and cost the same for any radius. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/effects/rows.h"
#include "gen/base/mem.h"

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

enum { PASSES = 3, STRIP = 64 };

struct blur_state {
    int radius[2];                              /* px of one running mean; luma, chroma */
    int amount;                                 /* sharpen: of 256 */
    uint32_t *sum;                              /* one per column of a strip */
    uint8_t *line, *copy;
};

static struct blur_state *state_create(const struct effect_env *env, double radius_px)
{
    struct blur_state *s = mem_alloc(sizeof *s);
    int side = env->width > env->height ? env->width : env->height;
    for (int p = 0; p < 2; p++)
        s->radius[p] = (int)lrint(radius_px * (p ? 0.5 : 1));
    s->sum = mem_array(STRIP, sizeof *s->sum);
    s->line = mem_array((size_t)side * STRIP, 1);
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
    free(s->sum);
    free(s->line);
    free(s->copy);
    free(s);
}

/* A running mean over n values that lie `step` bytes apart, `width` such lines side by side. */
static void mean_run(uint8_t *px, ptrdiff_t step, int n, int width, int radius, uint32_t *sum, uint8_t *line)
{
    uint32_t count = (uint32_t)(2 * radius + 1), scale = (1u << 24) / count;
    for (int i = 0; i < n; i++)
        memcpy(line + (ptrdiff_t)i * width, px + i * step, (size_t)width);
    for (int x = 0; x < width; x++) {
        sum[x] = (uint32_t)radius * line[x];
        for (int i = 0; i < radius; i++)
            sum[x] += line[(ptrdiff_t)(i < n ? i : n - 1) * width + x];
    }
    for (int i = 0; i < n; i++) {
        const uint8_t *in = line + (ptrdiff_t)(i + radius < n ? i + radius : n - 1) * width;
        const uint8_t *out = line + (ptrdiff_t)(i - radius > 0 ? i - radius : 0) * width;
        for (int x = 0; x < width; x++) {
            sum[x] += in[x];
            px[i * step + x] = (uint8_t)((sum[x] * (uint64_t)scale + (1u << 23)) >> 24);
            sum[x] -= out[x];
        }
    }
}

static void plane_blur(struct blur_state *s, uint8_t *px, ptrdiff_t stride, int w, int h, int radius)
{
    if (radius < 1)
        return;
    for (int pass = 0; pass < PASSES; pass++) {
        for (int y = 0; y < h; y++)
            mean_run(px + y * stride, 1, w, 1, radius, s->sum, s->line);
        for (int x = 0; x < w; x += STRIP)
            mean_run(px + x, stride, h, w - x < STRIP ? w - x : STRIP, radius, s->sum, s->line);
    }
}

static void blur_apply(void *state, const void *opts, struct frame *f, int64_t index)
{
    struct blur_state *s = state;
    (void)opts, (void)index;
    for (int p = 0; p < 3; p++)
        plane_blur(s, f->plane[p], f->stride[p], frame_plane_w(f, p), frame_plane_h(f, p), s->radius[p > 0]);
}

static void sharpen_apply(void *state, const void *opts, struct frame *f, int64_t index)
{
    struct blur_state *s = state;
    (void)opts, (void)index;
    for (int y = 0; y < f->h; y++)
        memcpy(s->copy + (ptrdiff_t)y * f->w, f->plane[0] + y * f->stride[0], (size_t)f->w);
    plane_blur(s, s->copy, f->w, f->w, f->h, s->radius[0]);
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
    .row = { .name = "blur", .help = "soften the picture", .params = blur_params, .opts_size = sizeof(struct blur) },
    .create = blur_create,
    .apply = blur_apply,
    .destroy = blur_destroy,
};

const struct effect effect_sharpen = {
    .row = { .name = "sharpen", .help = "stronger edges",
             .params = sharpen_params, .opts_size = sizeof(struct sharpen) },
    .create = sharpen_create,
    .apply = sharpen_apply,
    .destroy = blur_destroy,
};
