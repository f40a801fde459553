/* plate.c - a picture made ready for the camera */
#include "compose/plate.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "compose/camera.h"
#include "compose/shrink.h"
#include "gen/base/mem.h"
#include "gen/lesson.h"

enum {
    AREA_MAX = 16 << 20,                        /* px of a plate: 48 MiB of planes */
    SIDE_MIN = 2,
    BLUR_SIDE = 64,                             /* px of the source's longer side in contain-blur's bars */
};

/* Where the source goes: `inner` px inside a canvas of `w` x `h` px that shows `frame` as the frame. */
struct layout {
    int w, h, inner_x, inner_y, inner_w, inner_h;
    struct window frame;
};

static int px_up(double v)
{
    int n = (int)ceil(v - 1e-6);
    return n < SIDE_MIN ? SIDE_MIN : n;
}

/* The part of the room that the frame shows begins here. */
static double aim_at(double aim, double room)
{
    return fmin(0, fmax(1 - room, 0.5 - aim * room));
}

struct window plate_bounds(int src_w, int src_h, int frame_w, int frame_h, int fit, const struct param_rect *aim)
{
    struct window all = { 0, 0, 1, 1 };
    if (fit != FIT_COVER)
        return all;
    double wider = (double)src_w * frame_h / ((double)src_h * frame_w); /* of the source against the frame's shape */
    if (wider > 1)
        return (struct window){ aim ? aim_at(aim->x + aim->w / 2, wider) : (1 - wider) / 2, 0, wider, 1 };
    return (struct window){ 0, aim ? aim_at(aim->y + aim->h / 2, 1 / wider) : (1 - 1 / wider) / 2, 1, 1 / wider };
}

struct window plate_picture(int src_w, int src_h, int frame_w, int frame_h, int fit, const struct param_rect *aim)
{
    double wider = (double)src_w * frame_h / ((double)src_h * frame_w), w = 1, h = 1;
    if (fit == FIT_CONTAIN || fit == FIT_CONTAIN_BLUR) {
        w = wider > 1 ? 1 : wider;
        h = wider > 1 ? 1 / wider : 1;
        return (struct window){ (1 - w) / 2, (1 - h) / 2, w, h };
    }
    return plate_bounds(src_w, src_h, frame_w, frame_h, fit, aim);
}

/* The source covers its part of the canvas at its own resolution, or at what the frame can show if that is less. */
static struct layout layout_of(const struct plate_source *src, const struct plate_spec *spec)
{
    struct layout l = { 0 };
    struct window b = plate_bounds(src->w, src->h, spec->frame_w, spec->frame_h, spec->fit, spec->aim);
    struct window fill = plate_picture(src->w, src->h, spec->frame_w, spec->frame_h, spec->fit, spec->aim);
    double fill_w = fill.w, fill_h = fill.h;
    double need_w = fill_w * spec->frame_w * spec->zoom, need_h = fill_h * spec->frame_h * spec->zoom;
    double area = need_w * need_h * b.w * b.h / (fill_w * fill_h);
    if (area > AREA_MAX) {
        need_w *= sqrt(AREA_MAX / area);
        need_h *= sqrt(AREA_MAX / area);
    }
    /* A little more than needed stays as it is: filtering it twice would only blur it. */
    l.inner_w = src->w > need_w * 1.1 ? px_up(need_w) : src->w;
    l.inner_h = src->h > need_h * 1.1 ? px_up(need_h) : src->h;
    if (spec->fit == FIT_COVER || spec->fit == FIT_STRETCH) {
        l.w = l.inner_w;
        l.h = l.inner_h;
        l.frame = (struct window){ -b.x / b.w * l.w, -b.y / b.h * l.h, l.w / b.w, l.h / b.h };
        return l;
    }
    l.w = px_up(fmin(l.inner_w / fill_w, spec->frame_w * spec->zoom * 1.1));
    l.h = px_up(fmin(l.inner_h / fill_h, spec->frame_h * spec->zoom * 1.1));
    l.inner_w = l.inner_w < l.w ? l.inner_w : l.w;
    l.inner_h = l.inner_h < l.h ? l.inner_h : l.h;
    l.inner_x = (l.w - l.inner_w) / 2;
    l.inner_y = (l.h - l.inner_h) / 2;
    l.frame = (struct window){ 0, 0, l.w, l.h };
    return l;
}

struct paint {
    struct plane *plane;                        /* three, of equal size */
    int x, y;                                   /* where row 0 goes */
    double dim;                                 /* 1: as it is; less: towards black */
};

static void paint_px(struct plane *plane, ptrdiff_t at, double r, double g, double b)
{
    double y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    const double one = 1 << PLANE_FRACTION;
    plane[0].px[at] = (int16_t)lrint(one * (16 + 219 * y));
    plane[1].px[at] = (int16_t)lrint(one * (128 + 224 / 1.8556 * (b - y)));
    plane[2].px[at] = (int16_t)lrint(one * (128 + 224 / 1.5748 * (r - y)));
}

static void paint_row(void *ctx, int y, const float *rgb, int w)
{
    const struct paint *p = ctx;
    ptrdiff_t at = (y + p->y) * p->plane[0].stride + p->x;
    for (int x = 0; x < w; x++, rgb += 4)
        paint_px(p->plane, at + x, p->dim * (double)rgb[0], p->dim * (double)rgb[1], p->dim * (double)rgb[2]);
}

static void fill(struct plane *plane, uint32_t colour)
{
    struct yuv c = yuv_of(colour >> 8);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < plane[p].h; y++)
            for (int x = 0; x < plane[p].w; x++)
                plane[p].px[y * plane[p].stride + x] = (int16_t)(c.c[p] << PLANE_FRACTION);
}

/* contain-blur: the source covers the canvas as a few dozen px, smoothed and dimmed, then enlarged. */
static void fill_blurred(struct plane *plane, const struct plate_source *src, uint32_t background, struct kernel *k)
{
    struct plane few[3], soft;
    double wider = (double)src->w * plane->h / ((double)src->h * plane->w);
    double scale = BLUR_SIDE / (double)(src->w > src->h ? src->w : src->h);
    int w = scale < 1 ? px_up(src->w * scale) : src->w, h = scale < 1 ? px_up(src->h * scale) : src->h;
    for (int p = 0; p < 3; p++)
        plane_init(&few[p], w, h);
    struct paint paint = { .plane = few, .dim = 0.6 };
    shrink(src, w, h, background, paint_row, &paint);
    double seen_w = wider > 1 ? w / wider : w, seen_h = wider > 1 ? h : h * wider;
    for (int p = 0; p < 3; p++) {
        plane_pad(&few[p]);
        plane_init(&soft, w, h);
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) {
                int sum = 0, n = 0;
                for (int dy = -2; dy <= 2; dy++)
                    for (int dx = -2; dx <= 2; dx++) {
                        int yy = y + dy < 0 ? 0 : y + dy >= h ? h - 1 : y + dy;
                        int weight = (3 - abs(dx)) * (3 - abs(dy));
                        sum += weight * few[p].px[yy * few[p].stride + x + dx];
                        n += weight;
                    }
                soft.px[y * soft.stride + x] = (int16_t)(sum / n);
            }
        plane_pad(&soft);
        struct span sx = { (w - seen_w) / 2 + 0.5 * seen_w / plane[p].w - 0.5, seen_w / plane[p].w };
        struct span sy = { (h - seen_h) / 2 + 0.5 * seen_h / plane[p].h - 0.5, seen_h / plane[p].h };
        kernel_resize(k, &soft, sx, sy, &plane[p]);
        plane_deinit(&soft);
        plane_deinit(&few[p]);
    }
}

/* Chroma is kept at half of what the luma needs: the frame shows no more. */
static void chroma_reduce(struct plane *c, const struct layout *l, const struct plate_spec *spec, struct kernel *k)
{
    double need_w = spec->zoom * spec->frame_w / 2 * l->w / l->frame.w;
    double need_h = spec->zoom * spec->frame_h / 2 * l->h / l->frame.h;
    int w = c->w > need_w * 1.1 ? px_up(need_w) : c->w, h = c->h > need_h * 1.1 ? px_up(need_h) : c->h;
    w = w < c->w / KERNEL_STEP_MAX + 1 ? c->w / KERNEL_STEP_MAX + 1 : w;
    h = h < c->h / KERNEL_STEP_MAX + 1 ? c->h / KERNEL_STEP_MAX + 1 : h;
    if (w == c->w && h == c->h)
        return;
    struct plane small;
    plane_init(&small, w, h);
    plane_pad(c);
    double sx = c->w / (double)w, sy = c->h / (double)h;
    kernel_resize(k, c, (struct span){ sx / 2 - 0.5, sx }, (struct span){ sy / 2 - 0.5, sy }, &small);
    plane_deinit(c);
    *c = small;
}

struct plate *plate_create(const struct plate_source *src, const struct plate_spec *spec, struct kernel *k)
{
    struct plate *p = mem_alloc(sizeof *p);
    struct layout l = layout_of(src, spec);
    for (int i = 0; i < 3; i++)
        plane_init(&p->plane[i], l.w, l.h);
    if (spec->fit == FIT_CONTAIN_BLUR && (l.inner_w < l.w || l.inner_h < l.h))
        fill_blurred(p->plane, src, spec->background, k);
    else if (l.inner_w < l.w || l.inner_h < l.h)
        fill(p->plane, spec->background);
    struct paint paint = { .plane = p->plane, .x = l.inner_x, .y = l.inner_y, .dim = 1 };
    shrink(src, l.inner_w, l.inner_h, spec->background, paint_row, &paint);
    chroma_reduce(&p->plane[1], &l, spec, k);
    chroma_reduce(&p->plane[2], &l, spec, k);
    for (int i = 0; i < 3; i++) {
        double kx = p->plane[i].w / (double)l.w, ky = p->plane[i].h / (double)l.h;
        plane_pad(&p->plane[i]);
        p->frame[i] = (struct window){ l.frame.x * kx, l.frame.y * ky, l.frame.w * kx, l.frame.h * ky };
    }
    p->bounds = plate_bounds(src->w, src->h, spec->frame_w, spec->frame_h, spec->fit, spec->aim);
    return p;
}

/* The frame's own chroma sits on the left luma sample of each pair (see plate_sample), so its plane begins a quarter of a
 * chroma px to the left of where its picture begins. */
struct plate *plate_of_frames(int w, int h)
{
    struct plate *p = mem_alloc(sizeof *p);
    for (int i = 0; i < 3; i++) {
        plane_init(&p->plane[i], i ? (w + 1) / 2 : w, i ? (h + 1) / 2 : h);
        p->frame[i] = (struct window){ i ? 0.25 : 0, 0, i ? w / 2.0 : w, i ? h / 2.0 : h };
    }
    p->bounds = (struct window){ 0, 0, 1, 1 };
    return p;
}

void plate_load(struct plate *p, const struct frame *f)
{
    for (int i = 0; i < 3; i++) {
        struct plane *to = &p->plane[i];
        for (int y = 0; y < to->h; y++)
            for (int x = 0; x < to->w; x++)
                to->px[y * to->stride + x] = (int16_t)(f->plane[i][y * f->stride[i] + x] << PLANE_FRACTION);
        plane_pad(to);
    }
}

void plate_destroy(struct plate *p)
{
    if (!p)
        return;
    for (int i = 0; i < 3; i++)
        plane_deinit(&p->plane[i]);
    free(p);
}

static void keep_inside(double *at, double *size, double low, double room)
{
    if (!(*size <= room))
        *size = room;
    if (!(*at >= low))
        *at = low;
    if (*at + *size > low + room)
        *at = low + room - *size;
}

static double at_most(double v, double most)
{
    return v < most ? v : most;
}

static void sample_upright(const struct plate *p, struct kernel *k, struct window look, struct frame *dst)
{
    for (int i = 0; i < 3; i++) {
        const struct window *f = &p->frame[i];
        double sub = i ? 2 : 1;
        struct span x = { 0, at_most(look.w * f->w / dst->w * sub, KERNEL_STEP_MAX) };
        struct span y = { 0, at_most(look.h * f->h / dst->h * sub, KERNEL_STEP_MAX) };
        /* Chroma sits on the left luma sample of each pair, and between the two rows (ITU-T H.264 figure 6-1, type 0).
         */
        x.first = f->x + look.x * f->w + x.step * (i ? 0.25 : 0.5) - 0.5;
        y.first = f->y + look.y * f->h + y.step * 0.5 - 0.5;
        kernel_sample(k, &p->plane[i], x, y, dst->plane[i], dst->stride[i], frame_plane_w(dst, i),
                      frame_plane_h(dst, i), 16, i ? 240 : 235);
    }
}

static void sample_turned(const struct plate *p, struct kernel *k, struct view v, struct frame *dst)
{
    const struct window *look = &v.look;
    double c = cos(v.turn), s = sin(v.turn);
    for (int i = 0; i < 3; i++) {
        const struct window *f = &p->frame[i];
        double sub = i ? 2 : 1; /* below: px of the frame by px of the plane, and where sample (0, 0) lies from the middle */
        double per_x = at_most(look->w * f->w / dst->w, KERNEL_STEP_MAX / sub);
        double per_y = at_most(look->h * f->h / dst->h, KERNEL_STEP_MAX / sub);
        double x = sub * (i ? 0.25 : 0.5) - dst->w / 2.0, y = sub * 0.5 - dst->h / 2.0;
        struct lattice l = { .right_x = per_x * sub * c, .right_y = per_y * sub * s,
                             .down_x = -per_x * sub * s, .down_y = per_y * sub * c };
        l.x = f->x + (look->x + look->w / 2) * f->w - 0.5 + per_x * (x * c - y * s);
        l.y = f->y + (look->y + look->h / 2) * f->h - 0.5 + per_y * (x * s + y * c);
        kernel_sample_turned(k, &p->plane[i], &l, dst->plane[i], dst->stride[i], frame_plane_w(dst, i),
                             frame_plane_h(dst, i), 16, i ? 240 : 235);
    }
}

/* Only what is so little that no pixel shows it counts as upright. */
void plate_sample(const struct plate *p, struct kernel *k, struct view v, struct frame *dst)
{
    bool is_turned = fabs(v.turn) > 1e-6;
    struct window box = is_turned ? camera_box(v, (double)dst->w / dst->h) : v.look, had = box;
    keep_inside(&box.x, &box.w, p->bounds.x, p->bounds.w);
    keep_inside(&box.y, &box.h, p->bounds.y, p->bounds.h);
    if (!is_turned) {
        sample_upright(p, k, box, dst);
        return;
    }
    double scale = at_most(box.w / had.w, box.h / had.h);
    v.look.x = box.x + (box.w - v.look.w * scale) / 2;
    v.look.y = box.y + (box.h - v.look.h * scale) / 2;
    v.look.w *= scale;
    v.look.h *= scale;
    sample_turned(p, k, v, dst);
}
