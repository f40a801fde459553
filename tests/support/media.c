/* media.c - small pictures and sounds for tests */
#include "tests/support/media.h"
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include "gen/base/mem.h"

int media_fd(const void *p, size_t n)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    if (fd < 0 || write(fd, p, n) != (ssize_t)n)
        abort();
    return fd;
}

static bool receive(AVCodecContext *c, struct buf *out)
{
    AVPacket *pkt = av_packet_alloc();
    bool any = false;
    while (avcodec_receive_packet(c, pkt) >= 0) {
        any = buf_add(out, pkt->data, (size_t)pkt->size);
        av_packet_unref(pkt);
    }
    av_packet_free(&pkt);
    return any;
}

bool media_picture(const char *codec, int width, int height, struct buf *out)
{
    const AVCodec *enc = avcodec_find_encoder_by_name(codec);
    if (!enc)
        return false;
    bool is_rgb = enc->id == AV_CODEC_ID_PNG;
    AVCodecContext *c = avcodec_alloc_context3(enc);
    AVFrame *f = av_frame_alloc();
    c->width = f->width = width;
    c->height = f->height = height;
    f->format = is_rgb ? AV_PIX_FMT_RGB24 : enc->id == AV_CODEC_ID_MJPEG ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
    c->pix_fmt = f->format;
    c->time_base = (AVRational){ 1, 25 };
    c->color_range = enc->id == AV_CODEC_ID_MJPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_UNSPECIFIED;
    av_frame_get_buffer(f, 0);
    for (int k = 0; k < (is_rgb ? 1 : 3); k++)
        for (int y = 0; y < (k ? (height + 1) / 2 : height); y++)
            for (int x = 0; x < (is_rgb ? 3 * width : k ? (width + 1) / 2 : width); x++)
                f->data[k][y * f->linesize[k] + x] = (uint8_t)(x * 3 + y * 5 + k * 40);
    f->pts = 0;
    bool ok = avcodec_open2(c, enc, NULL) >= 0 && avcodec_send_frame(c, f) >= 0 && avcodec_send_frame(c, NULL) >= 0 &&
              receive(c, out);
    av_frame_free(&f);
    avcodec_free_context(&c);
    return ok;
}

static bool mux(AVFormatContext *fmt, AVCodecContext *c, AVPacket *pkt)
{
    bool ok = true;
    while (avcodec_receive_packet(c, pkt) >= 0) {
        av_packet_rescale_ts(pkt, c->time_base, fmt->streams[0]->time_base);
        ok &= av_interleaved_write_frame(fmt, pkt) >= 0;
    }
    return ok;
}

static void sine(AVFrame *f, int64_t from, int rate)
{
    for (int k = 0; k < f->ch_layout.nb_channels; k++)
        for (int i = 0; i < f->nb_samples; i++) {
            double v = 0.5 * sin(2 * 3.14159265358979 * 440 * (double)(from + i) / rate);
            bool planar = av_sample_fmt_is_planar(f->format);
            size_t at = planar ? (size_t)i : (size_t)i * (size_t)f->ch_layout.nb_channels + (size_t)k;
            uint8_t *p = f->data[planar ? k : 0];
            if (av_get_packed_sample_fmt(f->format) == AV_SAMPLE_FMT_FLT)
                ((float *)(void *)p)[at] = (float)v;
            else
                ((int16_t *)(void *)p)[at] = (int16_t)(v * 32767);
        }
}

bool media_sine(const char *format, const char *codec, int rate, int channels, double seconds, struct buf *out)
{
    const AVCodec *enc = avcodec_find_encoder_by_name(codec);
    AVFormatContext *fmt = NULL;
    uint8_t *bytes = NULL;
    if (!enc || avformat_alloc_output_context2(&fmt, NULL, format, NULL) < 0)
        return false;
    AVCodecContext *c = avcodec_alloc_context3(enc);
    AVFrame *f = av_frame_alloc();
    AVPacket *pkt = av_packet_alloc();
    c->sample_rate = f->sample_rate = rate;
    av_channel_layout_default(&c->ch_layout, channels);
    av_channel_layout_default(&f->ch_layout, channels);
    for (const enum AVSampleFormat *sf = enc->sample_fmts; sf && *sf != AV_SAMPLE_FMT_NONE; sf++)
        if (av_get_packed_sample_fmt(*sf) == AV_SAMPLE_FMT_FLT || av_get_packed_sample_fmt(*sf) == AV_SAMPLE_FMT_S16)
            c->sample_fmt = *sf;
    f->format = c->sample_fmt;
    c->bit_rate = 96000;
    c->time_base = (AVRational){ 1, rate };
    c->flags |= (fmt->oformat->flags & AVFMT_GLOBALHEADER ? AV_CODEC_FLAG_GLOBAL_HEADER : 0);
    AVStream *st = avformat_new_stream(fmt, NULL);
    bool ok = avcodec_open2(c, enc, NULL) >= 0 && avcodec_parameters_from_context(st->codecpar, c) >= 0 &&
              avio_open_dyn_buf(&fmt->pb) >= 0;
    st->time_base = c->time_base;
    ok = ok && avformat_write_header(fmt, NULL) >= 0;
    int size = ok && c->frame_size ? c->frame_size : 1024;
    int64_t n = (int64_t)(seconds * rate);
    for (int64_t at = 0; ok && at < n; at += size) {
        f->nb_samples = n - at < size ? (int)(n - at) : size;
        f->pts = at;
        ok = av_frame_get_buffer(f, 0) >= 0;
        if (ok)
            sine(f, at, rate);
        int samples = f->nb_samples;
        ok = ok && avcodec_send_frame(c, f) >= 0 && mux(fmt, c, pkt);
        av_frame_unref(f);
        f->nb_samples = samples;
        f->sample_rate = rate;
        f->format = c->sample_fmt;
        av_channel_layout_default(&f->ch_layout, channels);
    }
    ok = ok && avcodec_send_frame(c, NULL) >= 0 && mux(fmt, c, pkt) && av_write_trailer(fmt) >= 0;
    if (fmt->pb) {
        int size_out = avio_close_dyn_buf(fmt->pb, &bytes);
        ok = ok && buf_add(out, bytes, (size_t)size_out);
        av_free(bytes);
        fmt->pb = NULL;
    }
    av_packet_free(&pkt);
    av_frame_free(&f);
    avcodec_free_context(&c);
    avformat_free_context(fmt);
    return ok;
}

static void le(struct buf *b, uint32_t v, int n)
{
    for (int i = 0; i < n; i++)
        buf_addc(b, (char)(v >> (8 * i)));
}

void media_wav(struct buf *out, int rate, int channels, int64_t n, double (*sample)(int64_t i, int channel),
               int64_t data_size)
{
    uint32_t size = data_size < 0 ? (uint32_t)(n * channels * 2) : (uint32_t)data_size;
    buf_addz(out, "RIFF");
    le(out, data_size < 0 ? size + 36 : size, 4);
    buf_addz(out, "WAVEfmt ");
    le(out, 16, 4);
    le(out, 1, 2);
    le(out, (uint32_t)channels, 2);
    le(out, (uint32_t)rate, 4);
    le(out, (uint32_t)(rate * channels * 2), 4);
    le(out, (uint32_t)channels * 2, 2);
    le(out, 16, 2);
    buf_addz(out, "data");
    le(out, size, 4);
    for (int64_t i = 0; i < n; i++)
        for (int k = 0; k < channels; k++)
            le(out, (uint32_t)(int32_t)lrint(sample(i, k) * 32767) & 0xffff, 2);
}
