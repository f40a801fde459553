/* png.c - a drawn picture as a PNG file, by FFmpeg's encoder (a third of the time of cairo's) */
#include "compose/png.h"
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <unistd.h>
#include "gen/base/fd.h"
#include "gen/base/mem.h"

static AVFrame *frame_of(cairo_surface_t *s)
{
    AVFrame *f = av_frame_alloc();
    if (!f)
        abort();
    f->format = AV_PIX_FMT_RGB24;
    f->width = cairo_image_surface_get_width(s);
    f->height = cairo_image_surface_get_height(s);
    if (av_frame_get_buffer(f, 0) < 0)
        abort();
    cairo_surface_flush(s);
    const unsigned char *data = cairo_image_surface_get_data(s);
    for (int y = 0; y < f->height; y++) {
        const uint32_t *px = (const void *)(data + (ptrdiff_t)y * cairo_image_surface_get_stride(s));
        uint8_t *o = f->data[0] + (ptrdiff_t)y * f->linesize[0];
        for (int x = 0; x < f->width; x++) {
            *o++ = (uint8_t)(px[x] >> 16);
            *o++ = (uint8_t)(px[x] >> 8);
            *o++ = (uint8_t)px[x];
        }
    }
    return f;
}

bool png_write(cairo_surface_t *s, int fd, struct err *e)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
    if (!codec)
        return err_set(e, ERR_RENDER, "this FFmpeg has no PNG encoder");
    AVFrame *f = frame_of(s);
    AVCodecContext *c = avcodec_alloc_context3(codec);
    AVPacket *p = av_packet_alloc();
    bool ok = false;
    if (!c || !p)
        abort();
    c->width = f->width;
    c->height = f->height;
    c->pix_fmt = AV_PIX_FMT_RGB24;
    c->time_base = (AVRational){ 1, 25 };
    c->thread_count = 1;
    c->compression_level = 1;
    av_opt_set(c->priv_data, "pred", "sub", 0);
    if (avcodec_open2(c, codec, NULL) < 0 || avcodec_send_frame(c, f) < 0 || avcodec_send_frame(c, NULL) < 0 ||
        avcodec_receive_packet(c, p) < 0) {
        err_set(e, ERR_RENDER, "encode a PNG of %dx%d", f->width, f->height);
        goto out;
    }
    ok = fd_write_at(fd, p->data, (size_t)p->size, 0, e);
out:
    av_packet_free(&p);
    avcodec_free_context(&c);
    av_frame_free(&f);
    return ok;
}
