/* encode.c - frames become H.264 packets */
#include "compose/encode.h"
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "compose/frame.h"
#include "gen/base/mem.h"

enum { KEY_SECONDS = 10, CRF_MAX = 51, LOG_SILENT = 100 };

/* Slow camera moves over stills want many B-frames in a fixed pattern, a look-ahead of some of them, and a cheap motion
 * search. 24 frames of look-ahead are as good as 40 at equal size (SSIM 18.52 dB at 2.48 MB against 18.51 at 2.46) and
 * hold 130 MB less at 1080p. */
#define STILLS "bframes=7:b-adapt=0"
const struct encode_preset encode_presets[] = {
    { "draft", "half the time, a third larger", "superfast", STILLS ":me=dia:rc-lookahead=24:mbtree=1", 23 },
    { "balanced", "fast and small", "veryfast", STILLS ":me=dia:rc-lookahead=24:ref=3", 20 },
    { "quality", "three times the time, a quarter smaller", "medium", STILLS, 18 },
    { NULL, NULL, NULL, NULL, 0 },
};

struct encoder {
    AVCodecContext *ctx;
    AVFrame *frame;
    AVPacket *packet;
    int64_t n_in, n_out;
};

static bool fail(struct err *e, int r, const char *what)
{
    char text[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(r, text, sizeof text);
    return err_set(e, ERR_RENDER, "%s: %s", what, text);
}

static const struct encode_preset *preset_find(struct str name)
{
    for (const struct encode_preset *p = encode_presets; p->name; p++)
        if (str_is(name, p->name))
            return p;
    return NULL;
}

/* x264's AVX-512 code for macroblock trees reads memory that nobody wrote when a frame is not a multiple of 8
 * macroblocks wide: other packets at each run (version 164; the same with the ffmpeg program under MALLOC_PERTURB_).
 * AVX2 gives the right ones. */
static const char *without_avx512(void)
{
#if defined(__x86_64__) || defined(__i386__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx2"))
        return ":asm=avx2";
#endif
    return "";
}

static void context_set(AVCodecContext *c, const struct video_format *f, const struct encode_preset *p)
{
    char params[200];
    snprintf(params, sizeof params, "%s%s", p->params, without_avx512());
    c->log_level_offset = LOG_SILENT;           /* its errors reach us as codes; nothing is printed from here */
    c->width = f->width;
    c->height = f->height;
    c->pix_fmt = AV_PIX_FMT_YUV420P;
    c->time_base = (AVRational){ f->fps_den, f->fps_num };
    c->framerate = (AVRational){ f->fps_num, f->fps_den };
    c->sample_aspect_ratio = (AVRational){ 1, 1 };
    c->color_range = AVCOL_RANGE_MPEG;
    c->color_primaries = AVCOL_PRI_BT709;
    c->color_trc = AVCOL_TRC_BT709;
    c->colorspace = AVCOL_SPC_BT709;
    c->chroma_sample_location = AVCHROMA_LOC_LEFT;
    c->thread_count = 1;
    c->gop_size = KEY_SECONDS * (f->fps_num + f->fps_den - 1) / f->fps_den;
    c->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP | AV_CODEC_FLAG_BITEXACT;
    av_opt_set(c->priv_data, "preset", p->preset, 0);
    av_opt_set(c->priv_data, "x264-params", params, 0);
    av_opt_set_double(c->priv_data, "crf", f->crf > 0 && f->crf <= CRF_MAX ? f->crf : p->crf, 0);
}

static bool frame_alloc(struct encoder *enc, struct err *e)
{
    enc->frame = av_frame_alloc();
    enc->packet = av_packet_alloc();
    if (!enc->frame || !enc->packet)
        abort();
    enc->frame->format = AV_PIX_FMT_YUV420P;
    enc->frame->width = enc->ctx->width;
    enc->frame->height = enc->ctx->height;
    int r = av_frame_get_buffer(enc->frame, FRAME_ALIGN);
    return r >= 0 || fail(e, r, "a frame's memory");
}

struct encoder *encoder_create(const struct video_format *f, struct err *e)
{
    const struct encode_preset *p = preset_find(f->preset.n ? f->preset : STR("balanced"));
    const AVCodec *codec = avcodec_find_encoder_by_name("libx264");
    struct encoder *enc = NULL;
    int r;
    if (!p) {
        err_set(e, ERR_CONFIG, "no encoder preset \"" STR_FMT "\"; there are draft, balanced, quality",
                STR_ARG(f->preset));
        return NULL;
    }
    if (!codec) {
        err_set(e, ERR_RENDER, "this FFmpeg has no libx264");
        return NULL;
    }
    if (f->width < 16 || f->height < 16 || f->width > FRAME_SIDE_MAX || f->height > FRAME_SIDE_MAX || f->width % 2 ||
        f->height % 2 || f->fps_num <= 0 || f->fps_den <= 0) {
        err_set(e, ERR_CONFIG, "a video of %dx%d at %d/%d: sides must be even, 16 to %d", f->width, f->height,
                f->fps_num, f->fps_den, FRAME_SIDE_MAX);
        return NULL;
    }
    enc = mem_alloc(sizeof *enc);
    if (!(enc->ctx = avcodec_alloc_context3(codec)))
        abort();
    context_set(enc->ctx, f, p);
    if ((r = avcodec_open2(enc->ctx, codec, NULL)) < 0) {
        fail(e, r, "open libx264");
        goto fail;
    }
    if (!frame_alloc(enc, e))
        goto fail;
    return enc;
fail:
    encoder_destroy(enc);
    return NULL;
}

void encoder_destroy(struct encoder *enc)
{
    if (!enc)
        return;
    av_packet_free(&enc->packet);
    av_frame_free(&enc->frame);
    avcodec_free_context(&enc->ctx);
    free(enc);
}

bool encoder_params(const struct encoder *enc, struct AVCodecParameters *out, struct err *e)
{
    int r = avcodec_parameters_from_context(out, enc->ctx);
    return r >= 0 || fail(e, r, "codec parameters");
}

bool encoder_frame(struct encoder *enc, struct AVFrame **out, struct err *e)
{
    int r = av_frame_make_writable(enc->frame);
    *out = enc->frame;
    return r >= 0 || fail(e, r, "a frame's memory");
}

/* The position of the next start code 00 00 01 at or after p, or end. */
static const uint8_t *start_code(const uint8_t *p, const uint8_t *end)
{
    for (; end - p >= 3; p++)
        if (p[0] == 0 && p[1] == 0 && p[2] == 1)
            return p;
    return end;
}

/* Removes NAL units of type 6 in place (H.264 table 7-1: supplemental enhancement information). */
static void sei_strip(AVPacket *p)
{
    enum { NAL_SEI = 6 };
    const uint8_t *end = p->data + p->size, *nal = start_code(p->data, end);
    uint8_t *out = p->data;
    while (nal < end) {
        const uint8_t *next = start_code(nal + 3, end);
        const uint8_t *stop = next < end && next[-1] == 0 ? next - 1 : next; /* a four-byte start code follows */
        if (nal + 3 < end && (nal[3] & 31) != NAL_SEI) {
            memmove(out, (const uint8_t[]){ 0, 0, 0, 1 }, 4);
            out += 4;
            memmove(out, nal + 3, (size_t)(stop - nal - 3));
            out += stop - nal - 3;
        }
        nal = next;
    }
    av_shrink_packet(p, (int)(out - p->data));
}

static bool drain(struct encoder *enc, encoder_sink *sink, void *ctx, struct err *e)
{
    int r;
    while ((r = avcodec_receive_packet(enc->ctx, enc->packet)) >= 0) {
        if (enc->n_out == 0)
            sei_strip(enc->packet);
        enc->packet->dts = enc->n_out++ - ENCODE_DELAY;
        enc->packet->duration = 1;
        if (enc->packet->dts > enc->packet->pts)
            return err_set(e, ERR_RENDER, "libx264 reorders by more than %d frames", ENCODE_DELAY);
        bool ok = sink(ctx, enc->packet, e);
        av_packet_unref(enc->packet);
        if (!ok)
            return false;
    }
    return r == AVERROR(EAGAIN) || r == AVERROR_EOF || fail(e, r, "libx264");
}

bool encoder_send(struct encoder *enc, struct AVFrame *f, encoder_sink *sink, void *ctx, struct err *e)
{
    f->pts = enc->n_in++;
    int r = avcodec_send_frame(enc->ctx, f);
    return r < 0 ? fail(e, r, "libx264") : drain(enc, sink, ctx, e);
}

bool encoder_finish(struct encoder *enc, encoder_sink *sink, void *ctx, struct err *e)
{
    int r = avcodec_send_frame(enc->ctx, NULL);
    if (r < 0)
        return fail(e, r, "libx264");
    if (!drain(enc, sink, ctx, e))
        return false;
    return enc->n_in == enc->n_out || err_set(e, ERR_RENDER, "libx264 took %lld frames and gave %lld",
                                              (long long)enc->n_in, (long long)enc->n_out);
}
