/* scene.c - one section ready to be drawn: which of its shots are seen, and the captions over them */
#include "compose/scene.h"
#include <libavutil/frame.h>
#include <stdlib.h>
#include <string.h>
#include "compose/captions.h"
#include "compose/distance.h"
#include "compose/kernel.h"
#include "compose/overlays.h"
#include "compose/take.h"
#include "gen/base/mem.h"

struct scene {
    const struct visual *visual;
    struct visual own;      /* what visual is where a mask says where a subject is */
    struct shot *shots;     /* of own; NULL: nothing was to be found out */
    struct param_rect *focuses;
    const struct video_format *format;
    const struct picture_source *pictures;
    struct kernel *kernel;
    struct take **takes;    /* by shot; NULL: not seen now */
    struct frame *mixed[2]; /* two shots that turn into each other; NULL until there are some */
    struct overlays *overlays;
    struct captions *captions;
};

struct frame frame_view(const struct AVFrame *f)
{
    struct frame v = { .w = f->width, .h = f->height };
    for (int p = 0; p < 3; p++) {
        v.plane[p] = f->data[p];
        v.stride[p] = f->linesize[p];
    }
    return v;
}

static bool draw_beneath(void *ctx, int64_t index, struct AVFrame *out);
static struct view look_at(void *ctx, int64_t index);

static bool needs_focus(const struct shot *s)
{
    return s->mask && !s->focus;
}

/* A subject that only a mask shows is where the mask's box is, for the camera and for what the frame cuts off. */
static bool find_focuses(struct scene *s, struct err *e)
{
    const struct visual *v = s->visual;
    bool is_needed = false;
    for (size_t i = 0; i < v->n_shots; i++)
        is_needed = is_needed || needs_focus(&v->shots[i]);
    if (!is_needed)
        return true;
    s->shots = mem_array(v->n_shots, sizeof *s->shots);
    s->focuses = mem_array(v->n_shots, sizeof *s->focuses);
    for (size_t i = 0; i < v->n_shots; i++) {
        struct plate_source mask;
        void *held;
        s->shots[i] = v->shots[i];
        if (!needs_focus(&v->shots[i]))
            continue;
        if (!s->pictures->open(s->pictures->ctx, v->shots[i].mask, &mask, &held, e))
            return err_wrap(e, "mask");
        if (mask_box(&mask, &s->focuses[i]))
            s->shots[i].focus = &s->focuses[i];
        s->pictures->close(s->pictures->ctx, held);
    }
    s->own = *v;
    s->own.shots = s->shots;
    s->visual = &s->own;
    return true;
}

struct scene *scene_create(const struct visual *v, const struct video_format *f, const struct picture_source *pictures,
                           bool allow_simd, struct err *e)
{
    struct scene *s = mem_alloc(sizeof *s);
    struct err none = { 0 };
    s->visual = v;
    s->format = f;
    s->pictures = pictures;
    s->kernel = kernel_create(allow_simd);
    s->takes = mem_array(v->n_shots, sizeof(struct take *));
    if (find_focuses(s, &none))
        s->captions = captions_create(v, f, &none);
    v = s->visual;
    if (none.code == ERR_NONE) {
        const struct overlay_stage stage = { s, draw_beneath, look_at, pictures };
        s->overlays = overlays_create(v, f, &stage, &none);
    }
    if (none.code != ERR_NONE) {
        *e = none;
        scene_destroy(s);
        return NULL;
    }
    return s;
}

void scene_destroy(struct scene *s)
{
    if (!s)
        return;
    captions_destroy(s->captions);
    overlays_destroy(s->overlays);
    for (size_t i = 0; i < s->visual->n_shots; i++)
        take_destroy(s->takes[i]);
    free(s->takes);
    free(s->shots);
    free(s->focuses);
    frame_destroy(s->mixed[0]);
    frame_destroy(s->mixed[1]);
    kernel_destroy(s->kernel);
    free(s);
}

static bool is_seen(const struct shot *s, int64_t index)
{
    return index >= s->first_frame && index < s->first_frame + s->n_frames;
}

/* Makes ready what is seen and gives up what is not, that first: no more than two plates are ever held. on[] gets the
 * shots, earlier one first. */
static bool takes_turn(struct scene *s, int64_t index, size_t on[2], size_t *n_on, struct err *e)
{
    const struct visual *v = s->visual;
    *n_on = 0;
    for (size_t i = 0; i < v->n_shots; i++) {
        if (is_seen(&v->shots[i], index) && *n_on < 2) {
            on[(*n_on)++] = i;
        } else {
            take_destroy(s->takes[i]);
            s->takes[i] = NULL;
        }
    }
    for (size_t i = 0; i < *n_on; i++) {
        struct take **t = &s->takes[on[i]];
        if (!*t && !(*t = take_create(s->visual, &s->visual->shots[on[i]], s->format, s->pictures, s->kernel, e)))
            return false;
    }
    return true;
}

static bool draw_both(struct scene *s, const size_t on[2], int64_t index, struct frame *out, struct err *e)
{
    const struct shot *a = &s->visual->shots[on[0]], *b = &s->visual->shots[on[1]];
    for (int i = 0; i < 2; i++) {
        if (!s->mixed[i])
            s->mixed[i] = frame_create(out->w, out->h);
        if (!take_draw(s->takes[on[i]], index, s->mixed[i], e))
            return false;
    }
    const struct transition *t = transition_of(b->transition.row), *own = t;
    if (t->choose)
        t = t->choose(b->seed);
    int64_t n = a->first_frame + a->n_frames - b->first_frame, i = index - b->first_frame;
    t->mix(t, t == own ? b->transition.opts : NULL, out, s->mixed[0], s->mixed[1], (double)(i + 1) / (double)(n + 1));
    return true;
}

static bool draw_picture(struct scene *s, int64_t index, struct AVFrame *out, struct err *e)
{
    struct frame f = frame_view(out);
    size_t on[2], n_on;
    if (!takes_turn(s, index, on, &n_on, e))
        return false;
    return n_on == 2 ? draw_both(s, on, index, &f, e) : n_on != 1 || take_draw(s->takes[on[0]], index, &f, e);
}

static bool draw_beneath(void *ctx, int64_t index, struct AVFrame *out)
{
    struct err e;
    return draw_picture(ctx, index, out, &e);
}

static struct view look_at(void *ctx, int64_t index)
{
    const struct scene *s = ctx;
    const struct shot *on = &s->visual->shots[0];
    for (size_t i = 0; i < s->visual->n_shots; i++)
        if (is_seen(&s->visual->shots[i], index))
            on = &s->visual->shots[i];
    return take_look(s->visual, on, s->format, index);
}

bool scene_draw(struct scene *s, int64_t index, struct AVFrame *out, struct err *e)
{
    int64_t last = s->visual->n_frames - 1;
    index = index < 0 ? 0 : index > last ? last : index;
    if (!draw_picture(s, index, out, e))
        return false;
    if (s->overlays)
        overlays_blend(s->overlays, out, index);
    if (s->captions)
        captions_blend(s->captions, out, index);
    return true;
}

bool scene_share_mark(struct scene *a, struct scene *b)
{
    return a->overlays && b->overlays && overlays_share_mark(a->overlays, b->overlays);
}

void scene_blend_mark(struct scene *s, int64_t index, struct AVFrame *out)
{
    overlays_blend_mark(s->overlays, out, index);
}
