/* take.c - one shot of a section ready to be drawn */
#include "compose/take.h"
#include <math.h>
#include <stdlib.h>
#include "compose/effects.h"
#include "compose/kernel.h"
#include "compose/scene.h"
#include "compose/scene_clip.h"
#include "compose/stint.h"
#include "gen/base/mem.h"

enum { ZOOM_PROBES = 33 };

struct operation {
    const struct effect *effect;
    const void *opts;
    void *state;
    struct stint stint;
};

struct take {
    const struct shot *shot;
    struct effect_env env;
    struct kernel *kernel;
    struct plate *plate; /* plate and clip NULL: background */
    struct scene_clip *clip;
    struct yuv background;
    struct operation *operations; /* of the shot's effects those that change frames */
    size_t n_operations;
    const struct video_format *format;
    struct frame *before; /* of a change that fades; NULL until there is one */
};

static const struct window whole = { 0, 0, 1, 1 };

static struct effect_env env_of(const struct visual *v, const struct shot *s, const struct video_format *f,
                                struct window bounds)
{
    return (struct effect_env){ .width = f->width,
                                .height = f->height,
                                .seed = s->seed,
                                .auto_move = s->auto_move,
                                .is_drawn = s->is_drawn,
                                .is_moving = s->clip != NULL,
                                .safe = safe_of(v->captions && v->captions->enabled ? v->captions : NULL, f->width,
                                                f->height),
                                .seconds = (double)s->n_frames * f->fps_den / f->fps_num,
                                .n_frames = s->n_frames,
                                .focus = s->focus,
                                .picture = bounds,
                                .bounds = bounds };
}

/* Camera moves in the order written, each inside what the one before shows; the first may use all of the picture. Moves
 * that are gentle one by one have to be so together. */
static struct view look_at(const struct shot *s, const struct video_format *f, const struct effect_env *env,
                           double frame)
{
    struct view view = { whole, 0 };
    struct effect_env inner = *env;
    bool is_gentle = env->is_drawn;
    for (size_t i = 0; i < s->n_effects; i++) {
        const struct effect *fx = effect_of(s->effects[i].row);
        const void *opts = s->effects[i].opts;
        if (!fx->look)
            continue;
        struct stint stint = stint_of(s->spans ? &s->spans[i] : NULL, s, f);
        double t = stint_way(&stint, frame);
        inner.n_frames = stint.last - stint.first + 1;
        inner.seconds = (double)inner.n_frames * f->fps_den / f->fps_num;
        struct view own = { fx->look(opts, &inner, t), fx->turn ? fx->turn(opts, &inner, t) : 0 };
        is_gentle = is_gentle && safe_holds(&env->safe, own.look);
        view = camera_within_view(view, own, (double)env->width / env->height);
        inner.bounds = whole;
    }
    if (is_gentle)
        view.look = safe_keep(&env->safe, view.look);
    return view;
}

static double zoom_at(const struct shot *s, const struct video_format *f, const struct effect_env *env, double frame)
{
    struct window w = look_at(s, f, env, frame).look;
    return fmax(1 / w.w, 1 / w.h);
}

double take_zoom(const struct visual *v, const struct shot *s, const struct video_format *f, struct window bounds)
{
    struct effect_env env = env_of(v, s, f, bounds);
    double zoom = 1;
    for (int i = 0; i < ZOOM_PROBES; i++)
        zoom = fmax(zoom, zoom_at(s, f, &env, (double)(s->n_frames - 1) * i / (ZOOM_PROBES - 1)));
    for (size_t i = 0; s->spans && i < s->n_effects; i++) { /* a short move may begin and end between two of them */
        struct stint stint = stint_of(&s->spans[i], s, f);
        zoom = fmax(zoom, zoom_at(s, f, &env, (double)stint.first));
        zoom = fmax(zoom, zoom_at(s, f, &env, (double)stint.last));
    }
    return fmin(zoom, CAMERA_ZOOM_MAX);
}

/* Where the picture lies in the frame that no camera has moved. A clip is cut to the frame before the camera sees it. */
static struct window picture_of(const struct shot *s, const struct video_format *f)
{
    const struct media_info *i = s->picture ? &s->picture->info : NULL;
    bool is_known = i && i->width > 0 && i->height > 0;
    return is_known ? plate_picture(i->width, i->height, f->width, f->height, s->fit, s->focus) : whole;
}

struct view take_look(const struct visual *v, const struct shot *s, const struct video_format *f, int64_t index)
{
    const struct media_info *i = s->picture && !s->clip ? &s->picture->info : NULL;
    bool is_known = i && i->width > 0 && i->height > 0;
    struct window bounds = is_known ? plate_bounds(i->width, i->height, f->width, f->height, s->fit, s->focus) : whole;
    struct effect_env env = env_of(v, s, f, bounds);
    env.picture = picture_of(s, f);
    int64_t last = s->n_frames - 1, at = index - s->first_frame;
    at = at < 0 ? 0 : at > last ? last : at;
    return look_at(s, f, &env, (double)at);
}

static bool plate_prepare(struct take *t, const struct visual *v, const struct video_format *f,
                          const struct picture_source *pictures, struct err *e)
{
    const struct shot *s = t->shot;
    struct plate_source src;
    void *held;
    if (!pictures->open(pictures->ctx, s->picture, &src, &held, e))
        return false;
    t->env.bounds = plate_bounds(src.w, src.h, f->width, f->height, s->fit, s->focus);
    t->env.picture = plate_picture(src.w, src.h, f->width, f->height, s->fit, s->focus);
    struct plate_spec spec = { .frame_w = f->width,
                               .frame_h = f->height,
                               .fit = s->fit,
                               .background = v->background,
                               .zoom = take_zoom(v, s, f, t->env.bounds),
                               .aim = s->focus };
    t->plate = plate_create(&src, &spec, t->kernel);
    pictures->close(pictures->ctx, held);
    return true;
}

static bool needs_subject(const struct shot *s)
{
    for (size_t i = 0; i < s->n_effects; i++)
        if (s->effects[i].row->needs_subject)
            return true;
    return false;
}

static bool operations_create(struct take *t, const struct picture_source *pictures, struct err *e)
{
    const struct shot *s = t->shot;
    struct plate_source mask;
    void *held = NULL;
    bool has_mask = s->mask && needs_subject(s);
    if (has_mask && !pictures->open(pictures->ctx, s->mask, &mask, &held, e))
        return err_wrap(e, "mask");
    t->env.mask = has_mask ? &mask : NULL;
    t->operations = mem_array(s->n_effects, sizeof *t->operations);
    for (size_t i = 0; i < s->n_effects; i++) {
        const struct effect *fx = effect_of(s->effects[i].row);
        const void *opts = s->effects[i].opts;
        if (!fx->apply)
            continue;
        struct operation o = { fx, opts, fx->create ? fx->create(opts, &t->env) : NULL,
                               stint_of(s->spans ? &s->spans[i] : NULL, s, t->format) };
        if (o.state || !fx->row.needs_subject)
            t->operations[t->n_operations++] = o;
    }
    t->env.mask = NULL;
    if (has_mask)
        pictures->close(pictures->ctx, held);
    return true;
}

struct take *take_create(const struct visual *v, const struct shot *s, const struct video_format *f,
                         const struct picture_source *pictures, struct kernel *k, struct err *e)
{
    struct take *t = mem_alloc(sizeof *t);
    t->shot = s;
    t->format = f;
    t->env = env_of(v, s, f, whole);
    t->env.picture = picture_of(s, f);
    t->background = yuv_of(v->background >> 8);
    t->kernel = k;
    if (s->picture && s->clip && !(t->clip = scene_clip_create(v, s, f, take_zoom(v, s, f, whole), pictures, e)))
        goto fail;
    if (s->picture && !s->clip && !plate_prepare(t, v, f, pictures, e))
        goto fail;
    if (!operations_create(t, pictures, e))
        goto fail;
    return t;
fail:
    take_destroy(t);
    return NULL;
}

void take_destroy(struct take *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n_operations; i++)
        if (t->operations[i].effect->destroy)
            t->operations[i].effect->destroy(t->operations[i].state);
    free(t->operations);
    frame_destroy(t->before);
    plate_destroy(t->plate);
    scene_clip_destroy(t->clip);
    free(t);
}

/* While it comes or goes the frame lies between what it was and what the effect makes of it. */
static void operation_run(struct take *t, const struct operation *o, struct frame *out, const struct effect_moment *m)
{
    int weight = stint_weight(&o->stint, m->index);
    bool is_part = weight > 0 && weight < 256;
    if (weight == 0)
        return;
    if (is_part && !t->before)
        t->before = frame_create(out->w, out->h);
    if (is_part)
        frame_copy(t->before, out);
    o->effect->apply(o->state, o->opts, out, m);
    if (is_part)
        frame_mix(out, t->before, out, weight);
}

bool take_draw(struct take *t, int64_t index, struct frame *out, struct err *e)
{
    int64_t last = t->shot->n_frames - 1;
    index -= t->shot->first_frame;
    index = index < 0 ? 0 : index > last ? last : index;
    struct effect_moment m = { .index = index,
                               .view = look_at(t->shot, t->format, &t->env, (double)index) };
    if (t->clip && !scene_clip_draw(t->clip, t->kernel, index, m.view, out, e))
        return false;
    if (t->plate)
        plate_sample(t->plate, t->kernel, m.view, out);
    else if (!t->clip)
        frame_fill(out, t->background);
    for (size_t i = 0; i < t->n_operations; i++)
        operation_run(t, &t->operations[i], out, &m);
    return true;
}
