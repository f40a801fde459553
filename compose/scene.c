/* scene.c - one section ready to be drawn */
#include "compose/scene.h"
#include <libavutil/frame.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/captions.h"
#include "compose/effects.h"
#include "compose/kernel.h"
#include "compose/plate.h"
#include "compose/scene_clip.h"
#include "gen/base/mem.h"

enum { ZOOM_PROBES = 33 };

struct operation {
    const struct effect *effect;
    const void *opts;
    void *state;
};

struct scene {
    const struct visual *visual;
    struct effect_env env;
    struct kernel *kernel;
    struct plate *plate;                        /* plate and clip NULL: background */
    struct scene_clip *clip;
    struct yuv background;
    struct operation *operations;               /* of the visual's effects those that change frames */
    size_t n_operations;
    struct captions *captions;
};

static const struct window whole = { 0, 0, 1, 1 };

struct frame frame_view(const struct AVFrame *f)
{
    struct frame v = { .w = f->width, .h = f->height };
    for (int p = 0; p < 3; p++) {
        v.plane[p] = f->data[p];
        v.stride[p] = f->linesize[p];
    }
    return v;
}

static struct effect_env env_of(const struct visual *v, const struct video_format *f, struct window bounds)
{
    return (struct effect_env){ .width = f->width,
                                .height = f->height,
                                .seed = v->seed,
                                .is_drawn = v->is_drawn,
                                .is_moving = v->clip != NULL,
                                .safe = safe_of(v->captions && v->captions->enabled ? v->captions : NULL, f->width,
                                                f->height),
                                .seconds = (double)v->n_frames * f->fps_den / f->fps_num,
                                .n_frames = v->n_frames,
                                .bounds = bounds };
}

/* Camera moves in the order written, each inside what the one before shows; the first may use all of the picture. Moves
 * that are gentle one by one have to be so together. */
static struct window look_at(const struct visual *v, const struct effect_env *env, double t)
{
    struct window look = whole;
    struct effect_env inner = *env;
    bool is_gentle = env->is_drawn;
    for (size_t i = 0; i < v->n_effects; i++) {
        const struct effect *fx = effect_of(v->effects[i].row);
        if (!fx->look)
            continue;
        struct window own = fx->look(v->effects[i].opts, &inner, t);
        is_gentle = is_gentle && safe_holds(&env->safe, own);
        look = camera_within(look, own);
        inner.bounds = whole;
    }
    return is_gentle ? safe_keep(&env->safe, look) : look;
}

double scene_zoom(const struct visual *v, const struct video_format *f, struct window bounds)
{
    struct effect_env env = env_of(v, f, bounds);
    double zoom = 1;
    for (int i = 0; i < ZOOM_PROBES; i++) {
        struct window w = look_at(v, &env, i / (ZOOM_PROBES - 1.0));
        zoom = fmax(zoom, fmax(1 / w.w, 1 / w.h));
    }
    return fmin(zoom, CAMERA_ZOOM_MAX);
}

static bool plate_prepare(struct scene *s, const struct video_format *f, const struct picture_source *pictures,
                          struct err *e)
{
    const struct visual *v = s->visual;
    struct plate_source src;
    void *held;
    if (!pictures->open(pictures->ctx, v->picture, &src, &held, e))
        return false;
    s->env.bounds = plate_bounds(src.w, src.h, f->width, f->height, v->fit);
    struct plate_spec spec = { .frame_w = f->width, .frame_h = f->height, .fit = v->fit, .background = v->background,
                               .zoom = scene_zoom(v, f, s->env.bounds) };
    s->plate = plate_create(&src, &spec, s->kernel);
    pictures->close(pictures->ctx, held);
    return true;
}

static void operations_create(struct scene *s)
{
    const struct visual *v = s->visual;
    s->operations = mem_array(v->n_effects, sizeof *s->operations);
    for (size_t i = 0; i < v->n_effects; i++) {
        const struct effect *fx = effect_of(v->effects[i].row);
        const void *opts = v->effects[i].opts;
        if (fx->apply)
            s->operations[s->n_operations++] =
                (struct operation){ fx, opts, fx->create ? fx->create(opts, &s->env) : NULL };
    }
}

struct scene *scene_create(const struct visual *v, const struct video_format *f, const struct picture_source *pictures,
                           bool allow_simd, struct err *e)
{
    struct scene *s = mem_alloc(sizeof *s);
    struct err none = { 0 };
    s->visual = v;
    s->env = env_of(v, f, whole);
    s->background = yuv_of(v->background >> 8);
    s->kernel = kernel_create(allow_simd);
    if (v->picture && v->clip && !(s->clip = scene_clip_create(v, f, scene_zoom(v, f, whole), pictures, e)))
        goto fail;
    if (v->picture && !v->clip && !plate_prepare(s, f, pictures, e))
        goto fail;
    operations_create(s);
    s->captions = captions_create(v, f, &none);
    if (!s->captions && none.code != ERR_NONE) {
        *e = none;
        goto fail;
    }
    return s;
fail:
    scene_destroy(s);
    return NULL;
}

void scene_destroy(struct scene *s)
{
    if (!s)
        return;
    captions_destroy(s->captions);
    for (size_t i = 0; i < s->n_operations; i++)
        if (s->operations[i].effect->destroy)
            s->operations[i].effect->destroy(s->operations[i].state);
    free(s->operations);
    plate_destroy(s->plate);
    scene_clip_destroy(s->clip);
    kernel_destroy(s->kernel);
    free(s);
}

bool scene_draw(struct scene *s, int64_t index, struct AVFrame *out, struct err *e)
{
    int64_t last = s->visual->n_frames - 1;
    struct frame f = frame_view(out);
    index = index < 0 ? 0 : index > last ? last : index;
    struct window look = look_at(s->visual, &s->env, last > 0 ? (double)index / (double)last : 0);
    if (s->clip && !scene_clip_draw(s->clip, s->kernel, index, look, &f, e))
        return false;
    if (s->plate)
        plate_sample(s->plate, s->kernel, look, &f);
    else if (!s->clip)
        frame_fill(&f, s->background);
    for (size_t i = 0; i < s->n_operations; i++)
        s->operations[i].effect->apply(s->operations[i].state, s->operations[i].opts, &f, index);
    if (s->captions)
        captions_blend(s->captions, out, index);
    return true;
}
