/* clip_alpha.c - frames of a clip that one can see through, over the section's background */
#include "compose/clip_alpha.h"
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stdlib.h>
#include "compose/clip_fit.h"
#include "gen/base/mem.h"

struct clip_alpha {
    uint8_t back[3]; /* B G R */
    struct SwsContext *sws;
    int w, h, format; /* what it was made for */
    AVFrame *out;
};

bool clip_alpha_is_in(const AVFrame *v)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(v->format);
    return d && (d->flags & AV_PIX_FMT_FLAG_ALPHA);
}

struct clip_alpha *clip_alpha_create(uint32_t background)
{
    struct clip_alpha *a = mem_alloc(sizeof *a);
    for (unsigned i = 0; i < 3; i++)
        a->back[i] = (uint8_t)(background >> (8 + 8 * i));
    return a;
}

void clip_alpha_destroy(struct clip_alpha *a)
{
    if (!a)
        return;
    sws_freeContext(a->sws);
    av_frame_free(&a->out);
    free(a);
}

static bool prepare(struct clip_alpha *a, const AVFrame *src, struct err *e)
{
    if (a->sws && a->w == src->width && a->h == src->height && a->format == src->format)
        return true;
    sws_freeContext(a->sws);
    av_frame_free(&a->out);
    a->sws = sws_getContext(src->width, src->height, src->format, src->width, src->height, AV_PIX_FMT_BGRA,
                            SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_FULL_CHR_H_INT | SWS_BITEXACT,
                            NULL, NULL, NULL);
    if (!a->sws || !(a->out = av_frame_alloc()))
        return err_set(e, ERR_MEDIA, "pixels of kind %s cannot be converted", av_get_pix_fmt_name(src->format));
    const int *own = sws_getCoefficients(clip_space_of(src));
    sws_setColorspaceDetails(a->sws, own, clip_is_full_range(src), own, 1, 0, 1 << 16, 1 << 16);
    a->out->width = a->w = src->width;
    a->out->height = a->h = src->height;
    a->format = src->format;
    a->out->format = AV_PIX_FMT_BGRA;
    return av_frame_get_buffer(a->out, 0) >= 0 || err_set(e, ERR_MEDIA, "no memory");
}

static void lay_over(const struct clip_alpha *a, uint8_t *px, int w)
{
    for (int x = 0; x < w; x++, px += 4) {
        unsigned alpha = px[3];
        for (int i = 0; i < 3; i++)
            px[i] = (uint8_t)((px[i] * alpha + a->back[i] * (255 - alpha) + 127) / 255);
        px[3] = 255;
    }
}

const AVFrame *clip_alpha_over(struct clip_alpha *a, const AVFrame *src, struct err *e)
{
    if (!prepare(a, src, e))
        return NULL;
    AVFrame *v = a->out;
    sws_scale(a->sws, (const uint8_t *const *)src->data, src->linesize, 0, src->height, v->data, v->linesize);
    for (int y = 0; y < v->height; y++)
        lay_over(a, v->data[0] + (ptrdiff_t)y * v->linesize[0], v->width);
    v->format = AV_PIX_FMT_BGR0;
    v->color_range = AVCOL_RANGE_JPEG;
    v->colorspace = AVCOL_SPC_RGB;
    v->color_primaries = src->color_primaries;
    v->color_trc = src->color_trc;
    return v;
}
