/* clip_fit.c - a decoded frame of a clip in the film's size, shape and colours
 *
 * swscale does the work in the video's own values, not in linear light as with stills: at 30 frames a second that would
 * cost more than the encoder. */
#include "compose/clip_fit.h"
#include "compose/clip_alpha.h"
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/clip_light.h"
#include "gen/base/mem.h"
#include "gen/lesson.h"

enum { SIDE_MIN = 2, BLUR_SIDE = 64, BLUR_REACH = 2 };

struct rect {
    int x, y, w, h;
};

/* One conversion, and what it was made for. */
struct scaler {
    struct SwsContext *sws;
    int src_w, src_h, src_format, dst_w, dst_h, space, range;
};

struct clip_fit {
    struct clip_spec spec;
    AVRational sar;
    int orientation;
    struct scaler main[2], few[2], back; /* the second ones: after clip_light */
    struct clip_light *light;     /* NULL while no frame has needed it */
    struct clip_alpha *alpha;     /* the same */
    struct frame *inner, *turned; /* of the clip's part in the frame, before and after turning */
    uint8_t *small[2];            /* contain-blur's bars, a few dozen px, three planes one after another */
    int small_w, small_h;
    double aim_x, aim_y;          /* of the pixels as they are stored */
};

static const unsigned sws_flags =
    SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_FULL_CHR_H_INT | SWS_BITEXACT;

void clip_shown_size(int w, int h, AVRational sar, int orientation, int *shown_w, int *shown_h)
{
    /* the longer way, so that nothing of the resolution is lost */
    double x = sar.num > sar.den ? av_q2d(sar) : 1, y = sar.num < sar.den ? 1 / av_q2d(sar) : 1;
    int sw = (int)lrint(w * x), sh = (int)lrint(h * y);
    *shown_w = orientation >= 5 ? sh : sw;
    *shown_h = orientation >= 5 ? sw : sh;
}

/* Where what is seen at the aim is stored: the way that turn_plane goes. */
static void place_aim(struct clip_fit *f)
{
    int o = f->orientation;
    bool swap = o >= 5, flip_x = o == 2 || o == 3 || o == 7 || o == 8, flip_y = o == 3 || o == 4 || o == 6 || o == 7;
    double x = f->spec.has_aim ? f->spec.aim_x : 0.5, y = f->spec.has_aim ? f->spec.aim_y : 0.5;
    f->aim_x = flip_x ? 1 - (swap ? y : x) : swap ? y : x;
    f->aim_y = flip_y ? 1 - (swap ? x : y) : swap ? x : y;
}

struct clip_fit *clip_fit_create(const struct clip_spec *spec, AVRational sar, int orientation)
{
    struct clip_fit *f = mem_alloc(sizeof *f);
    f->spec = *spec;
    f->sar = sar;
    f->orientation = orientation;
    place_aim(f);
    return f;
}

void clip_fit_destroy(struct clip_fit *f)
{
    if (!f)
        return;
    for (int i = 0; i < 2; i++) {
        sws_freeContext(f->main[i].sws);
        sws_freeContext(f->few[i].sws);
    }
    sws_freeContext(f->back.sws);
    clip_light_destroy(f->light);
    frame_destroy(f->inner);
    frame_destroy(f->turned);
    free(f->small[0]);
    free(f->small[1]);
    clip_alpha_destroy(f->alpha);
    free(f);
}

/* ---------- colours ---------- */

/* What nothing is said about: high definition is BT.709, the rest BT.601, as encoders have it. */
int clip_space_of(const AVFrame *v)
{
    switch (v->colorspace) {
    case AVCOL_SPC_BT709:
        return SWS_CS_ITU709;
    case AVCOL_SPC_FCC:
        return SWS_CS_FCC;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
        return SWS_CS_ITU601;
    case AVCOL_SPC_SMPTE240M:
        return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return SWS_CS_BT2020;
    default:
        return v->height >= 720 || v->width >= 1280 ? SWS_CS_ITU709 : SWS_CS_ITU601;
    }
}

bool clip_is_full_range(const AVFrame *v)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(v->format);
    return v->color_range == AVCOL_RANGE_JPEG || (d && (strstr(d->name, "yuvj") || (d->flags & AV_PIX_FMT_FLAG_RGB)));
}

static bool scaler_set(struct scaler *s, int src_w, int src_h, int src_format, int space, bool range, int dst_w,
                       int dst_h, int dst_format, unsigned flags, struct err *e)
{
    if (s->sws && s->src_w == src_w && s->src_h == src_h && s->src_format == src_format && s->dst_w == dst_w &&
        s->dst_h == dst_h && s->space == space && s->range == range)
        return true;
    sws_freeContext(s->sws);
    s->sws = sws_getContext(src_w, src_h, src_format, dst_w, dst_h, dst_format, (int)flags, NULL, NULL, NULL);
    if (!s->sws)
        return err_set(e, ERR_MEDIA, "pixels of kind %s cannot be converted",
                       av_get_pix_fmt_name(src_format) ? av_get_pix_fmt_name(src_format) : "unknown");
    sws_setColorspaceDetails(s->sws, sws_getCoefficients(space), range, sws_getCoefficients(SWS_CS_ITU709), 0, 0,
                             1 << 16, 1 << 16);
    *s = (struct scaler){ s->sws, src_w, src_h, src_format, dst_w, dst_h, space, range };
    return true;
}

/* The part of src as pointers to its planes; the corner is moved to where the chroma has a sample. */
static void part_of(const AVFrame *src, struct rect *part, const uint8_t *planes[4])
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(src->format);
    int sx = d->log2_chroma_w, sy = d->log2_chroma_h;
    int steps[4], first[4];
    part->x = part->x >> sx << sx;
    part->y = part->y >> sy << sy;
    av_image_fill_max_pixsteps(steps, first, d);
    for (int p = 0; p < 4; p++) {
        bool is_chroma = p == 1 || p == 2;
        planes[p] = src->data[p] ? src->data[p] + (part->y >> (is_chroma ? sy : 0)) * (ptrdiff_t)src->linesize[p] +
                                       (ptrdiff_t)(part->x >> (is_chroma ? sx : 0)) * steps[p]
                                 : NULL;
    }
}

/* The part of src as w x h px of dst_format in the film's colours. */
static bool convert(struct clip_fit *f, struct scaler s[2], const AVFrame *src, struct rect part, int w, int h,
                    int dst_format, unsigned flags, uint8_t *const out[4], const int strides[4], struct err *e)
{
    const uint8_t *planes[4];
    bool is_light = clip_light_needed(src);
    part_of(src, &part, planes);
    if (!scaler_set(&s[0], part.w, part.h, src->format, clip_space_of(src), clip_is_full_range(src), w, h,
                    is_light ? AV_PIX_FMT_RGB48 : dst_format, flags, e))
        return false;
    if (!is_light) {
        sws_scale(s[0].sws, planes, src->linesize, 0, part.h, out, strides);
        return true;
    }
    if (!f->light)
        f->light = clip_light_create(src);
    uint8_t *rgb[4] = { (uint8_t *)clip_light_room(f->light, w, h) };
    int rgb_strides[4] = { 6 * w };
    sws_scale(s[0].sws, planes, src->linesize, 0, part.h, rgb, rgb_strides);
    clip_light_apply(f->light, w, h);
    if (!scaler_set(&s[1], w, h, AV_PIX_FMT_RGB48, SWS_CS_ITU709, true, w, h, dst_format, flags, e))
        return false;
    sws_scale(s[1].sws, (const uint8_t *const *)rgb, rgb_strides, 0, h, out, strides);
    return true;
}

/* ---------- shapes ---------- */

static int even(double v)
{
    int n = (int)lrint(v / 2) * 2;
    return n < SIDE_MIN ? SIDE_MIN : n;
}

/* Where a part of `n` px begins that has the place `at` of `all` px in its middle, if it can. */
static int begin_of(int n, int all, double at)
{
    double from = at * all - n / 2.0;
    return (int)fmax(0, fmin(all - n, floor(from)));
}

/* The largest part of w x h px around the aim that has the shape ratio (width over height as shown, before turning). */
static struct rect crop_to(const struct clip_fit *f, int w, int h, double ratio)
{
    double own = w * av_q2d(f->sar) / h;
    struct rect r = { 0, 0, w, h };
    if (own > ratio)
        r.w = (int)lrint(w * ratio / own);
    else
        r.h = (int)lrint(h * own / ratio);
    r.w = r.w < 1 ? 1 : r.w > w ? w : r.w;
    r.h = r.h < 1 ? 1 : r.h > h ? h : r.h;
    r.x = begin_of(r.w, w, f->aim_x);
    r.y = begin_of(r.h, h, f->aim_y);
    return r;
}

/* Where the whole clip goes in the frame when all of it is to be seen. */
static struct rect room_for(const struct clip_fit *f, int w, int h)
{
    int sw, sh;
    clip_shown_size(w, h, f->sar, f->orientation, &sw, &sh);
    double scale = fmin((double)f->spec.width / sw, (double)f->spec.height / sh);
    struct rect r = { 0, 0, even(sw * scale), even(sh * scale) };
    r.w = r.w > f->spec.width ? f->spec.width : r.w;
    r.h = r.h > f->spec.height ? f->spec.height : r.h;
    r.x = (f->spec.width - r.w) / 4 * 2;
    r.y = (f->spec.height - r.h) / 4 * 2;
    return r;
}

static struct frame *sized(struct frame *v, int w, int h)
{
    if (v && v->w == w && v->h == h)
        return v;
    frame_destroy(v);
    return frame_create(w, h);
}

/* The pixel of the source that is seen at (x, y) when turned as EXIF says. */
static void turn_plane(uint8_t *dst, ptrdiff_t dst_stride, const uint8_t *src, ptrdiff_t src_stride, int dw, int dh,
                       int orientation)
{
    bool swap = orientation >= 5;
    bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int sw = swap ? dh : dw, sh = swap ? dw : dh;
    for (int y = 0; y < dh; y++)
        for (int x = 0; x < dw; x++) {
            int sx = swap ? y : x, sy = swap ? x : y;
            sx = flip_x ? sw - 1 - sx : sx;
            sy = flip_y ? sh - 1 - sy : sy;
            dst[y * dst_stride + x] = src[sy * src_stride + sx];
        }
}

static void copy_at(struct frame *dst, const struct frame *src, int x, int y)
{
    for (int p = 0; p < 3; p++)
        for (int row = 0; row < frame_plane_h(src, p); row++)
            memcpy(dst->plane[p] + (row + (p ? y / 2 : y)) * dst->stride[p] + (p ? x / 2 : x),
                   src->plane[p] + row * src->stride[p], (size_t)frame_plane_w(src, p));
}

/* The part of src, `room` large and upright, in f->inner or f->turned. */
static const struct frame *scaled(struct clip_fit *f, const AVFrame *src, struct rect part, int w, int h, struct err *e)
{
    bool swap = f->orientation >= 5;
    int bw = swap ? h : w, bh = swap ? w : h;
    f->inner = sized(f->inner, bw, bh);
    int strides[4] = { (int)f->inner->stride[0], (int)f->inner->stride[1], (int)f->inner->stride[2], 0 };
    uint8_t *out[4] = { f->inner->plane[0], f->inner->plane[1], f->inner->plane[2], NULL };
    if (!convert(f, f->main, src, part, bw, bh, AV_PIX_FMT_YUV420P, sws_flags, out, strides, e))
        return NULL;
    if (f->orientation == 1)
        return f->inner;
    f->turned = sized(f->turned, w, h);
    for (int p = 0; p < 3; p++)
        turn_plane(f->turned->plane[p], f->turned->stride[p], f->inner->plane[p], f->inner->stride[p],
                   frame_plane_w(f->turned, p), frame_plane_h(f->turned, p), f->orientation);
    return f->turned;
}

/* ---------- contain-blur's bars ---------- */

/* A smooth mean of 5 x 5 px around each, and darker: what stands in the bars must not be looked at. */
static void soften(uint8_t *dst, const uint8_t *src, int w, int h, int zero)
{
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int sum = 0, n = 0;
            for (int dy = -BLUR_REACH; dy <= BLUR_REACH; dy++)
                for (int dx = -BLUR_REACH; dx <= BLUR_REACH; dx++) {
                    int yy = y + dy < 0 ? 0 : y + dy >= h ? h - 1 : y + dy;
                    int xx = x + dx < 0 ? 0 : x + dx >= w ? w - 1 : x + dx;
                    int weight = (3 - abs(dx)) * (3 - abs(dy));
                    sum += weight * src[yy * w + xx];
                    n += weight;
                }
            dst[y * w + x] = (uint8_t)(zero + (int)lrint(0.6 * ((double)sum / n - zero)));
        }
}

static bool fill_blurred(struct clip_fit *f, const AVFrame *src, struct frame *dst, struct err *e)
{
    bool swap = f->orientation >= 5;
    double ratio = (double)f->spec.width / f->spec.height;
    struct rect part = crop_to(f, src->width, src->height, swap ? 1 / ratio : ratio);
    double scale = (double)BLUR_SIDE / (f->spec.width > f->spec.height ? f->spec.width : f->spec.height);
    int w = even(f->spec.width * scale), h = even(f->spec.height * scale);
    size_t area = (size_t)w * (size_t)h;
    for (int i = 0; i < 2 && !f->small[i]; i++)
        f->small[i] = mem_alloc(3 * area + 64);
    int bw = swap ? h : w, bh = swap ? w : h, strides[4] = { bw, bw, bw, 0 };
    uint8_t *out[4] = { f->small[0], f->small[0] + area, f->small[0] + 2 * area, NULL };
    if (!convert(f, f->few, src, part, bw, bh, AV_PIX_FMT_YUV444P, SWS_AREA | SWS_ACCURATE_RND | SWS_BITEXACT, out,
                 strides, e))
        return false;
    for (int p = 0; p < 3; p++) {
        turn_plane(f->small[1] + (size_t)p * area, w, f->small[0] + (size_t)p * area, bw, w, h, f->orientation);
        soften(f->small[0] + (size_t)p * area, f->small[1] + (size_t)p * area, w, h, p ? 128 : 16);
    }
    if (!scaler_set(&f->back, w, h, AV_PIX_FMT_YUV444P, SWS_CS_ITU709, false, dst->w, dst->h, AV_PIX_FMT_YUV420P,
                    SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, e))
        return false;
    int in_strides[4] = { w, w, w, 0 };
    int out_strides[4] = { (int)dst->stride[0], (int)dst->stride[1], (int)dst->stride[2], 0 };
    sws_scale(f->back.sws, (const uint8_t *const[]){ out[0], out[1], out[2], NULL }, in_strides, 0, h,
              (uint8_t *const[]){ dst->plane[0], dst->plane[1], dst->plane[2], NULL }, out_strides);
    return true;
}

/* ---------- all of it ---------- */

static bool draw_whole(struct clip_fit *f, const AVFrame *src, struct frame *dst, struct rect part, struct err *e)
{
    const struct frame *v = scaled(f, src, part, dst->w, dst->h, e);
    if (v)
        frame_copy(dst, v);
    return v != NULL;
}

bool clip_fit_draw(struct clip_fit *f, const AVFrame *src, struct frame *dst, struct err *e)
{
    double ratio = (double)f->spec.width / f->spec.height;
    struct rect all = { 0, 0, src->width, src->height };
    if (clip_alpha_is_in(src)) {
        if (!f->alpha)
            f->alpha = clip_alpha_create(f->spec.background);
        if (!(src = clip_alpha_over(f->alpha, src, e)))
            return false;
    }
    if (f->spec.fit == FIT_STRETCH)
        return draw_whole(f, src, dst, all, e);
    if (f->spec.fit == FIT_COVER)
        return draw_whole(f, src, dst,
                          crop_to(f, src->width, src->height, f->orientation >= 5 ? 1 / ratio : ratio), e);
    struct rect room = room_for(f, src->width, src->height);
    if (f->spec.fit == FIT_CONTAIN_BLUR && (room.w < dst->w || room.h < dst->h)) {
        if (!fill_blurred(f, src, dst, e))
            return false;
    } else {
        frame_fill(dst, yuv_of(f->spec.background >> 8));
    }
    const struct frame *v = scaled(f, src, all, room.w, room.h, e);
    if (v)
        copy_at(dst, v, room.x, room.y);
    return v != NULL;
}
