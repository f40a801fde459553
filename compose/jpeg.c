/* jpeg.c - a frame of a film as a JPEG */
#include "compose/jpeg.h"
#include <libavcodec/avcodec.h>
#include <libswscale/swscale.h>

static bool to_jpeg_colours(const AVFrame *f, int width, AVFrame *out, struct err *e)
{
    int height = width == f->width ? f->height : (int)((int64_t)f->height * width / f->width + 1) / 2 * 2;
    out->format = AV_PIX_FMT_YUVJ420P;
    out->width = width;
    out->height = height > 2 ? height : 2;
    struct SwsContext *sws = sws_getContext(f->width, f->height, f->format, out->width, out->height, out->format,
                                            SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, NULL, NULL, NULL);
    if (!sws || av_frame_get_buffer(out, 0) < 0) {
        sws_freeContext(sws);
        return err_set(e, ERR_RENDER, "no conversion to JPEG's colours");
    }
    /* Film: BT.709, limited range. JFIF: BT.601, full range. */
    sws_setColorspaceDetails(sws, sws_getCoefficients(SWS_CS_ITU709), 0, sws_getCoefficients(SWS_CS_ITU601), 1, 0,
                             1 << 16, 1 << 16);
    sws_scale(sws, (const uint8_t *const *)f->data, f->linesize, 0, f->height, out->data, out->linesize);
    sws_freeContext(sws);
    return true;
}

static bool encode(AVFrame *f, int quality, struct buf *out, struct err *e)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;
    AVPacket *p = av_packet_alloc();
    bool ok = false;
    if (!c || !p) {
        err_set(e, ERR_RENDER, "this FFmpeg has no JPEG encoder");
        goto out;
    }
    c->width = f->width;
    c->height = f->height;
    c->pix_fmt = f->format;
    c->color_range = AVCOL_RANGE_JPEG;
    c->time_base = (AVRational){ 1, 1 };
    c->thread_count = 1;
    c->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
    c->global_quality = quality * FF_QP2LAMBDA;
    f->quality = c->global_quality;
    f->pts = 0;
    f->pict_type = AV_PICTURE_TYPE_I;
    if (avcodec_open2(c, codec, NULL) < 0 || avcodec_send_frame(c, f) < 0 || avcodec_send_frame(c, NULL) < 0 ||
        avcodec_receive_packet(c, p) < 0)
        err_set(e, ERR_RENDER, "the picture cannot be encoded");
    else
        ok = buf_add(out, p->data, (size_t)p->size) || err_set(e, ERR_RENDER, "a picture of over %zu bytes", out->max);
out:
    av_packet_free(&p);
    avcodec_free_context(&c);
    return ok;
}

bool jpeg_encode(const AVFrame *f, int width, int quality, struct buf *out, struct err *e)
{
    AVFrame *jpeg = av_frame_alloc();
    bool ok = jpeg ? to_jpeg_colours(f, width, jpeg, e) && encode(jpeg, quality, out, e) : err_set(e, ERR_RENDER, "no memory");
    av_frame_free(&jpeg);
    return ok;
}
