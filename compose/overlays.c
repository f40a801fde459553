/* overlays.c - the overlays of a section: laid out, placed, drawn when first seen, put into frames */
#include "compose/overlays.h"
#include <libavutil/frame.h>
#include <math.h>
#include <stdlib.h>
#include "compose/caption_layer.h"
#include "compose/captions.h"
#include "compose/scene.h"
#include "gen/base/mem.h"
#include "gen/request.h"

enum { PROBES = 5, PATH_POINTS = 9 };
static const double MOTION_S = 0.3, UNREAD_MOST = 0.01;
static const double SCALES[] = { 1, 0.8, 0.64, 0.5, 0.4 }; /* of a block for which there is no room */

const char *const overlay_motion_names[] = {
#define X(id, name) name,
    OVERLAY_MOTIONS(X)
#undef X
        NULL
};

struct shown_part {
    struct caption_layer layer; /* w 0: not drawn, or given up */
    int64_t from;               /* frame in which it begins to appear */
    bool is_drawn;
};

struct shown {
    const struct overlay_span *span;
    const struct overlay_type *type;
    struct overlay_layout layout;
    void *state;
    struct box block; /* in the frame; w 0: left out */
    struct overlay_ink ink;
    bool has_ink;
    int64_t from, to; /* frames in which it is seen, [from, to) */
    bool fades_in, fades_out;
    struct shown_part *parts;
    struct window target;
    bool has_target;
    struct caption_layer pointer;
    struct box pointed_at; /* of the pointer that is drawn, when is_pointed */
    bool is_pointed;
};

struct overlays {
    const struct visual *visual;
    const struct video_format *format;
    struct overlay_stage stage;
    struct fitter fit;
    struct shown *v;
    size_t n;
    bool is_mark_apart; /* overlays_blend leaves the lesson's watermark out */
    void *held;         /* the watermark's picture */
    struct plate_source picture;
};

/* ---------- times ---------- */

static double seconds_of(const struct overlays *o, int64_t frames)
{
    return (double)frames * o->format->fps_den / o->format->fps_num;
}

/* The first frame that begins at or after a sample; as far as frames of the visual go. */
static int64_t frame_of(const struct overlays *o, int64_t sample)
{
    if (sample <= 0)
        return 0;
    double f = ceil((double)sample * o->format->fps_num / ((double)o->format->fps_den * SAMPLE_RATE) - 1e-6);
    return f < (double)o->visual->n_frames ? (int64_t)f : o->visual->n_frames;
}

static void set_times(const struct overlays *o, struct shown *s)
{
    s->from = frame_of(o, s->span->start_samples);
    s->to = frame_of(o, s->span->end_samples);
    s->fades_in = s->span->start_samples > 0;
    s->fades_out = s->to < o->visual->n_frames;
}

/* ---------- places ---------- */

static struct box seen_at(const struct overlays *o, struct window target, int64_t index)
{
    const struct view all = { { 0, 0, 1, 1 }, 0 };
    struct view v = o->stage.look ? o->stage.look(o->stage.ctx, index) : all;
    return box_seen(v, target, o->format->width, o->format->height);
}

/* All places of the target while it is pointed at. */
static struct box path_of(const struct overlays *o, const struct shown *s)
{
    struct box b = seen_at(o, s->target, s->from);
    for (int i = 1; i < PATH_POINTS; i++)
        b = box_joined(b, seen_at(o, s->target, s->from + (s->to - 1 - s->from) * i / (PATH_POINTS - 1)));
    return b;
}

static void lay_out(struct overlays *o, struct shown *s, double scale)
{
    int w = o->format->width, h = o->format->height;
    struct overlay_env env = { .width = w,
                               .height = h,
                               .u = (w < h ? w : h) / 1080.0,
                               .scale = scale,
                               .area = overlays_area(w, h),
                               .fit = &o->fit,
                               .language = o->visual->language,
                               .span = s->span,
                               .picture = s->span->picture && o->picture.bgra ? &o->picture : NULL };
    if (s->has_target)
        env.target = path_of(o, s);
    if (s->state)
        s->type->destroy(s->state);
    s->layout = (struct overlay_layout){ .wish = { .opacity = 1 } };
    s->state = s->type->create(s->span->choice.opts, &env, &s->layout);
}

static size_t captions_obstacle(const struct overlays *o, struct obstacle *out)
{
    const struct visual *v = o->visual;
    if (!v->captions || !v->captions->enabled || v->narration.n == 0)
        return 0;
    struct caption_zone z = captions_zone(v->captions, o->format->width, o->format->height);
    out->box = (struct box){ 0, floor(z.top * o->format->height), o->format->width,
                             ceil((z.bottom - z.top) * o->format->height) };
    out->from = 0;
    out->to = INT64_MAX;
    return 1;
}

static void place_all(struct overlays *o)
{
    struct obstacle *in_the_way = mem_array(2 * o->n + 1, sizeof *in_the_way);
    size_t n = captions_obstacle(o, in_the_way);
    double gap = 16.0 * fmin(o->format->width, o->format->height) / 1080;
    for (size_t i = 0; i < o->n; i++) {
        struct shown *s = &o->v[i];
        bool ok = false;
        if (s->from >= s->to)
            continue;
        size_t own = 0;
        if (s->has_target) { /* what is pointed at stays in sight */
            in_the_way[n] = (struct obstacle){ path_of(o, s), s->from, s->to };
            own = in_the_way[n].box.w < 0.6 * o->format->width && in_the_way[n].box.h < 0.6 * o->format->height;
        }
        for (size_t k = 0; !ok && k < COUNTOF(SCALES); k++) {
            lay_out(o, s, SCALES[k]);
            const struct overlay_layout *l = &s->layout;
            struct place_wish w = { l->w, l->h, l->ax, l->ay, l->spots, l->n_spots, s->from, s->to, fmax(2, gap) };
            ok = overlay_place(&w, overlays_area(o->format->width, o->format->height), in_the_way, n + own, &s->block);
        }
        if (ok)
            in_the_way[n++] = (struct obstacle){ s->block, s->from, s->to };
        else
            s->block = (struct box){ 0 };
    }
    free(in_the_way);
}

/* ---------- colours ---------- */

/* Whether the picture beneath is too near in colour, at some moments of the overlay's time. */
static bool needs_outline(struct overlays *o, struct shown *s)
{
    const struct shot *shot = &o->visual->shots[0];
    if (s->layout.wish.is_plain || overlay_ink_is_safe(&s->ink))
        return false;
    /* clips and several pictures: drawing moments of them ahead costs too much, so the worst is taken for granted */
    if (!o->stage.draw || o->visual->n_shots != 1 || shot->clip || s->layout.wish.opacity < 1)
        return true;
    AVFrame *f = av_frame_alloc();
    if (!f)
        abort();
    f->format = AV_PIX_FMT_YUV420P;
    f->width = o->format->width;
    f->height = o->format->height;
    bool is_unread = av_frame_get_buffer(f, FRAME_ALIGN) < 0;
    for (int i = 0; !is_unread && i < PROBES; i++) {
        int64_t index = s->from + (s->to - 1 - s->from) * i / (PROBES - 1);
        is_unread = !o->stage.draw(o->stage.ctx, index, f) || overlay_ink_unread(&s->ink, f, s->block) > UNREAD_MOST;
    }
    av_frame_free(&f);
    return is_unread;
}

static void choose_ink(struct overlays *o, struct shown *s)
{
    if (s->has_ink)
        return;
    s->ink = overlay_ink_of(&s->layout.wish);
    if (needs_outline(o, s))
        overlay_ink_outline(&s->ink, s->layout.wish.font_px);
    /* The same whatever is beneath: a watermark that stays must not change with the pictures. */
    if (!s->layout.wish.is_plain && s->ink.opacity < 1)
        s->ink.opacity = fmax(s->ink.opacity, overlay_ink_least_opacity(&s->ink));
    s->has_ink = true;
}

/* ---------- creating ---------- */

static bool open_picture(struct overlays *o, const struct shown *s, struct err *e)
{
    if (!s->span->picture || o->held || !o->stage.pictures)
        return true;
    return o->stage.pictures->open(o->stage.pictures->ctx, s->span->picture, &o->picture, &o->held, e) ||
           err_wrap(e, "watermark");
}

struct overlays *overlays_create(const struct visual *v, const struct video_format *f,
                                 const struct overlay_stage *stage, struct err *e)
{
    if (e)
        *e = (struct err){ 0 };
    if (v->n_overlays == 0 || f->width < 16 || f->height < 16)
        return NULL;
    struct overlays *o = mem_alloc(sizeof *o);
    o->visual = v;
    o->format = f;
    o->stage = *stage;
    fitter_init(&o->fit, v->language);
    o->fit.keep_lines = true;
    o->n = v->n_overlays;
    o->v = mem_array(o->n, sizeof *o->v);
    for (size_t i = 0; i < o->n; i++) {
        struct shown *s = &o->v[i];
        s->span = &v->overlays[i];
        s->type = overlay_of(s->span->choice.row);
        s->has_target = s->type->target && s->type->target(s->span->choice.opts, &s->target);
        set_times(o, s);
        if (s->from < s->to && !open_picture(o, s, e)) {
            overlays_destroy(o);
            return NULL;
        }
    }
    place_all(o);
    for (size_t i = 0; i < o->n; i++) {
        struct shown *s = &o->v[i];
        s->parts = mem_array(s->layout.n_parts, sizeof *s->parts);
        for (size_t k = 0; k < s->layout.n_parts; k++) {
            size_t item = s->layout.parts[k].item;
            int64_t at =
                item == SIZE_MAX || !s->span->item_samples ? s->span->start_samples : s->span->item_samples[item];
            s->parts[k].from = frame_of(o, at);
        }
    }
    return o;
}

static void drop_layers(struct shown *s)
{
    for (size_t k = 0; k < s->layout.n_parts && s->parts; k++) {
        caption_layer_deinit(&s->parts[k].layer);
        s->parts[k].is_drawn = false;
    }
    caption_layer_deinit(&s->pointer);
    s->is_pointed = false;
}

void overlays_destroy(struct overlays *o)
{
    if (!o)
        return;
    for (size_t i = 0; i < o->n; i++) {
        drop_layers(&o->v[i]);
        free(o->v[i].parts);
        if (o->v[i].state)
            o->v[i].type->destroy(o->v[i].state);
    }
    if (o->held)
        o->stage.pictures->close(o->stage.pictures->ctx, o->held);
    fitter_deinit(&o->fit);
    free(o->v);
    free(o);
}

struct overlay_outcome overlays_outcome(struct overlays *o, size_t i)
{
    struct shown *s = &o->v[i];
    bool is_out = s->block.w <= 0 && s->from < s->to;
    if (!is_out && s->from < s->to)
        choose_ink(o, s);
    return (struct overlay_outcome){ .rect = s->block,
                                     .is_cut = s->layout.is_cut,
                                     .is_out = is_out,
                                     .outline_px = s->ink.outline_px,
                                     .opacity = s->ink.opacity,
                                     .is_raised = s->has_ink && s->ink.opacity > s->layout.wish.opacity,
                                     .has_box = s->ink.box.a > 0 };
}

/* ---------- drawing ---------- */

/* A surface for a rectangle of the frame, its edges even, its coordinates the frame's. */
static cairo_t *begin_layer(const struct overlays *o, struct box b, struct caption_layer *layer)
{
    int x0 = (int)fmax(0, floor(b.x)) & ~1, x1 = ((int)fmin(o->format->width, ceil(b.x + b.w)) + 1) & ~1;
    int y0 = (int)fmax(0, floor(b.y)) & ~1, y1 = ((int)fmin(o->format->height, ceil(b.y + b.h)) + 1) & ~1;
    if (x1 <= x0 || y1 <= y0)
        return NULL;
    caption_layer_init(layer, x0, y0, x1 - x0, y1 - y0);
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, x1 - x0, y1 - y0);
    cairo_t *cr = cairo_create(s);
    cairo_surface_destroy(s);
    cairo_translate(cr, -x0, -y0);
    return cr;
}

static void end_layer(struct caption_layer *layer, cairo_t *cr)
{
    caption_layer_take(layer, cairo_get_target(cr));
    cairo_destroy(cr);
}

static void draw_part(const struct overlays *o, struct shown *s, size_t k)
{
    const struct overlay_part *p = &s->layout.parts[k];
    struct box b = { s->block.x + p->box.x, s->block.y + p->box.y, p->box.w, p->box.h };
    cairo_t *cr = begin_layer(o, b, &s->parts[k].layer);
    s->parts[k].is_drawn = true;
    if (!cr)
        return;
    cairo_rectangle(cr, b.x, b.y, b.w, b.h); /* stacked marks can be any height */
    cairo_clip(cr);
    cairo_translate(cr, s->block.x, s->block.y);
    if (s->ink.opacity < 1)
        cairo_push_group(cr);
    s->type->draw(s->state, cr, p, &s->ink);
    if (s->ink.opacity < 1) {
        cairo_pop_group_to_source(cr);
        cairo_paint_with_alpha(cr, s->ink.opacity);
    }
    end_layer(&s->parts[k].layer, cr);
}

/* The pointer is drawn again when the camera has moved. */
static void draw_pointer(const struct overlays *o, struct shown *s, int64_t index)
{
    struct box t = seen_at(o, s->target, index), all = box_joined(t, s->block);
    double room = 0.03 * o->format->height, w = o->format->width, h = o->format->height;
    if (s->is_pointed && box_is_same(t, s->pointed_at))
        return;
    caption_layer_deinit(&s->pointer);
    s->pointed_at = t;
    s->is_pointed = true;
    double cx = t.x + t.w / 2, cy = t.y + t.h / 2;
    if (cx < 0 || cy < 0 || cx > w || cy > h)
        return; /* the camera looks elsewhere */
    cairo_t *cr =
        begin_layer(o, (struct box){ all.x - room, all.y - room, all.w + 2 * room, all.h + 2 * room }, &s->pointer);
    if (!cr)
        return;
    s->type->point(s->state, cr, s->block, t, &s->ink);
    end_layer(&s->pointer, cr);
}

/* ---------- frames ---------- */

static double eased(double t)
{
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return t * t * (3 - 2 * t);
}

/* How much of something is there that appears in frame `from`, 0 to 1. */
static double presence(const struct overlays *o, const struct shown *s, int64_t from, bool fades_in, int64_t index)
{
    double in = fades_in ? eased(seconds_of(o, index - from + 1) / MOTION_S) : 1;
    double out = s->fades_out ? eased(seconds_of(o, s->to - index) / MOTION_S) : 1;
    return s->layout.motion == OVERLAY_NONE ? 1 : fmin(in, out);
}

static void blend_part(const struct shown *s, const struct caption_layer *l, double there, AVFrame *frame)
{
    if (l->w == 0)
        return;
    int x0 = 0, x1 = l->w, opacity = (int)lrint(256 * there);
    if (s->layout.motion == OVERLAY_WIPE) {
        int w = (int)lrint(there * l->w / 2) * 2;
        x0 = s->layout.is_rtl ? l->w - w : 0;
        x1 = x0 + w;
        opacity = 256;
    }
    caption_layer_blend_some(l, frame, x0, x1, opacity);
}

static void blend_one(struct overlays *o, struct shown *s, AVFrame *frame, int64_t index)
{
    choose_ink(o, s);
    if (s->has_target && s->type->point) {
        draw_pointer(o, s, index);
        if (s->pointer.w)
            caption_layer_blend_some(&s->pointer, frame, 0, s->pointer.w,
                                     (int)lrint(256 * presence(o, s, s->from, s->fades_in, index)));
    }
    for (size_t k = 0; k < s->layout.n_parts; k++) {
        struct shown_part *p = &s->parts[k];
        if (index < p->from)
            continue;
        if (!p->is_drawn)
            draw_part(o, s, k);
        blend_part(s, &p->layer, presence(o, s, p->from, s->fades_in || p->from > s->from, index), frame);
    }
}

bool overlays_share_mark(struct overlays *a, struct overlays *b)
{
    const struct shown *x = &a->v[0], *y = &b->v[0];
    bool is_same = x->span->is_watermark && y->span->is_watermark && request_is_same_overlay(x->span, y->span) &&
                   x->span->start_samples == INT64_MIN && x->span->end_samples == INT64_MAX && x->block.w > 0 &&
                   box_is_same(x->block, y->block);
    a->is_mark_apart = b->is_mark_apart = is_same;
    return is_same;
}

void overlays_blend_mark(struct overlays *o, AVFrame *frame, int64_t index)
{
    blend_one(o, &o->v[0], frame, index);
}

void overlays_blend(struct overlays *o, AVFrame *frame, int64_t index)
{
    for (size_t i = 0; o && i < o->n; i++) {
        struct shown *s = &o->v[i];
        if (i == 0 && o->is_mark_apart)
            continue;
        if (s->block.w > 0 && index >= s->from && index < s->to)
            blend_one(o, s, frame, index);
        else if (index >= s->to)
            drop_layers(s);
    }
}
