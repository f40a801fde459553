/* encode.c - frames become packets that any other piece of the film can follow */
#include "compose/encode.h"
#include <assert.h>
#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "compose/encoders.h"
#include "compose/upload.h"
#include "compose/frame.h"
#include "gen/base/mem.h"

enum { KEY_SECONDS = 10, LOG_SILENT = 100, OPTIONS_ROOM = 400 };

struct encoder {
    const struct encoder_row *row;
    AVCodecContext *ctx;
    struct upload *upload;                      /* NULL: the encoder takes frames as they are */
    AVFrame *frame;
    AVPacket *packet;
    int64_t n_in, n_out;
    bool is_open, is_ended;
};

static bool fail(struct err *e, int r, const char *what)
{
    char text[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(r, text, sizeof text);
    return err_set(e, ERR_RENDER, "%s: %s", what, text);
}

static int preset_find(struct str name)
{
    int i = 0;
    while (i < PRESET_N && !str_is(name, preset_names[i]))
        i++;
    return i;
}

static void context_set(AVCodecContext *c, const struct video_format *f)
{
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
}

static AVDictionary *options_of(const struct encoder_row *row, int preset, int crf)
{
    AVDictionary *d = NULL;
    char text[OPTIONS_ROOM];
    int n = snprintf(text, sizeof text, "%s%s%s", row->always, row->preset[preset].options, row->more ? row->more() : "");
    assert(n > 0 && n < (int)sizeof text);
    if (av_dict_parse_string(&d, text, "=", " ", 0) < 0)
        abort();
    if (row->quality)
        av_dict_set_int(&d, row->quality, crf > 0 && crf <= codec_crf_max(row->codec) ? crf : row->preset[preset].crf, 0);
    return d;
}

static bool context_open(struct encoder *enc, const AVCodec *codec, const struct video_format *f, int preset,
                         struct err *e)
{
    AVDictionary *options = options_of(enc->row, preset, f->crf);
    if (!(enc->ctx = avcodec_alloc_context3(codec)))
        abort();
    context_set(enc->ctx, f);
    bool ok = !enc->row->is_uploaded || (enc->upload = upload_create(enc->ctx, e));
    int r = ok ? avcodec_open2(enc->ctx, codec, &options) : 0;
    const AVDictionaryEntry *left = ok && r >= 0 ? av_dict_get(options, "", NULL, AV_DICT_IGNORE_SUFFIX) : NULL;
    if (left)
        ok = err_set(e, ERR_RENDER, "this FFmpeg's %s knows no option %s", enc->row->name, left->key);
    av_dict_free(&options);
    enc->is_open = avcodec_is_open(enc->ctx);
    return r < 0 ? fail(e, r, enc->row->name) : ok;
}

static bool frame_alloc(struct encoder *enc, const struct video_format *f, struct err *e)
{
    enc->frame = av_frame_alloc();
    enc->packet = av_packet_alloc();
    if (!enc->frame || !enc->packet)
        abort();
    enc->frame->format = AV_PIX_FMT_YUV420P;
    enc->frame->width = f->width;
    enc->frame->height = f->height;
    int r = av_frame_get_buffer(enc->frame, FRAME_ALIGN);
    return r >= 0 || fail(e, r, "a frame's memory");
}

static bool format_ok(const struct video_format *f, struct err *e)
{
    if (f->width >= 16 && f->height >= 16 && f->width <= FRAME_SIDE_MAX && f->height <= FRAME_SIDE_MAX &&
        f->width % 2 == 0 && f->height % 2 == 0 && f->fps_num > 0 && f->fps_den > 0)
        return true;
    return err_set(e, ERR_CONFIG, "a video of %dx%d at %d/%d: sides must be even, 16 to %d", f->width, f->height,
                   f->fps_num, f->fps_den, FRAME_SIDE_MAX);
}

struct encoder *encoder_create(const struct video_format *f, struct err *e)
{
    int preset = preset_find(f->preset.n ? f->preset : STR("balanced"));
    const struct encoder_row *row = encoder_row_of(f);
    const AVCodec *codec = row ? avcodec_find_encoder_by_name(row->name) : NULL;
    struct encoder *enc = NULL;
    if (preset == PRESET_N) {
        err_set(e, ERR_CONFIG, "no encoder preset \"" STR_FMT "\"; there are draft, balanced, quality, archive",
                STR_ARG(f->preset));
        return NULL;
    }
    if (!codec) {
        err_set(e, ERR_RENDER, "this FFmpeg has no %s", row ? row->name : "such encoder");
        return NULL;
    }
    if (!format_ok(f, e))
        return NULL;
    enc = mem_alloc(sizeof *enc);
    enc->row = row;
    if (context_open(enc, codec, f, preset, e) && frame_alloc(enc, f, e))
        return enc;
    encoder_destroy(enc);
    return NULL;
}

/* It also waits for ever when it is told of the end before any frame. */
static void end(struct encoder *enc)
{
    if (enc->n_in == 0 && enc->frame) {
        enc->frame->pts = 0;
        avcodec_send_frame(enc->ctx, enc->frame);
    }
    if (avcodec_send_frame(enc->ctx, NULL) >= 0)
        while (avcodec_receive_packet(enc->ctx, enc->packet) >= 0)
            av_packet_unref(enc->packet);
}

void encoder_destroy(struct encoder *enc)
{
    if (!enc)
        return;
    if (enc->row->must_end && enc->is_open && !enc->is_ended)
        end(enc);
    av_packet_free(&enc->packet);
    av_frame_free(&enc->frame);
    avcodec_free_context(&enc->ctx);
    upload_destroy(enc->upload);
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

static bool drain(struct encoder *enc, encoder_sink *sink, void *ctx, struct err *e)
{
    const struct encoder_row *row = enc->row;
    int r;
    while ((r = avcodec_receive_packet(enc->ctx, enc->packet)) >= 0) {
        if (enc->n_out == 0 && row->clean)
            row->clean(enc->packet);
        enc->packet->dts = enc->n_out++ - row->delay;
        enc->packet->duration = 1;
        if (enc->packet->dts > enc->packet->pts)
            return err_set(e, ERR_RENDER, "%s reorders by more than %d frames", row->name, row->delay);
        bool ok = sink(ctx, enc->packet, e);
        av_packet_unref(enc->packet);
        if (!ok)
            return false;
    }
    return r == AVERROR(EAGAIN) || r == AVERROR_EOF || fail(e, r, row->name);
}

bool encoder_send(struct encoder *enc, struct AVFrame *f, encoder_sink *sink, void *ctx, struct err *e)
{
    f->pts = enc->n_in++;
    AVFrame *given = f;
    if (enc->upload && !upload_frame(enc->upload, f, &given, e))
        return false;
    int r = avcodec_send_frame(enc->ctx, given);
    return r < 0 ? fail(e, r, enc->row->name) : drain(enc, sink, ctx, e);
}

bool encoder_finish(struct encoder *enc, encoder_sink *sink, void *ctx, struct err *e)
{
    enc->is_ended = true;
    int r = avcodec_send_frame(enc->ctx, NULL);
    if (r < 0)
        return fail(e, r, enc->row->name);
    if (!drain(enc, sink, ctx, e))
        return false;
    return enc->n_in == enc->n_out || err_set(e, ERR_RENDER, "%s took %lld frames and gave %lld", enc->row->name,
                                              (long long)enc->n_in, (long long)enc->n_out);
}
