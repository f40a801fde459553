/* clips.c - small video files whose frames tell their number */
#include "tests/support/clips.h"
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

enum { LAST_MS = 40 };

struct maker {
    struct clip_recipe r;
    AVFormatContext *fmt;
    AVCodecContext *enc;
    AVFrame *frame;
    AVPacket *pkt;
};

static struct clip_recipe with_defaults(const struct clip_recipe *r)
{
    struct clip_recipe d = *r;
    d.format = d.format ? d.format : "mp4";
    d.codec = d.codec ? d.codec : "mpeg4";
    d.w = d.w ? d.w : 64;
    d.h = d.h ? d.h : 36;
    d.n = d.n ? d.n : 24;
    d.fps_num = d.fps_num ? d.fps_num : 24;
    d.fps_den = d.fps_den ? d.fps_den : 1;
    d.gop = d.gop ? d.gop : 12;
    d.matrix = d.matrix ? d.matrix : AVCOL_SPC_BT709;
    return d;
}

static bool open_encoder(struct maker *m)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(m->r.codec);
    AVCodecContext *c = m->enc = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!c)
        return false;
    c->width = m->r.w;
    c->height = m->r.h;
    c->pix_fmt = AV_PIX_FMT_YUV420P;
    c->time_base = m->r.ms ? (AVRational){ 1, 1000 } : (AVRational){ m->r.fps_den, m->r.fps_num };
    if (!m->r.ms)
        c->framerate = (AVRational){ m->r.fps_num, m->r.fps_den };
    c->gop_size = m->r.gop;
    c->max_b_frames = m->r.n_bidirectional;
    c->colorspace = m->r.matrix;
    c->color_range = m->r.is_full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    c->sample_aspect_ratio = (AVRational){ m->r.sar_num, m->r.sar_num ? m->r.sar_den : 1 };
    c->thread_count = 1;
    c->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_QSCALE;
    c->global_quality = FF_QP2LAMBDA * 2;
    if (m->fmt->oformat->flags & AVFMT_GLOBALHEADER)
        c->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_opt_set(c->priv_data, "crf", "8", 0);
    av_opt_set(c->priv_data, "cpu-used", "8", 0);
    return avcodec_open2(c, codec, NULL) >= 0;
}

static bool open_muxer(struct maker *m)
{
    if (avformat_alloc_output_context2(&m->fmt, NULL, m->r.format, NULL) < 0)
        return false;
    AVStream *st = avformat_new_stream(m->fmt, NULL);
    if (!st || !open_encoder(m) || avcodec_parameters_from_context(st->codecpar, m->enc) < 0)
        return false;
    st->time_base = m->enc->time_base;
    st->sample_aspect_ratio = m->enc->sample_aspect_ratio;
    if (m->r.turn) {
        int32_t *matrix = (int32_t *)(void *)av_stream_new_side_data(st, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof *matrix);
        av_display_rotation_set(matrix, m->r.turn);
    }
    m->fmt->flags |= AVFMT_FLAG_BITEXACT;
    AVDictionary *opts = NULL;
    if (m->r.has_fast_start)
        av_dict_set(&opts, "moov_size", "8192", 0); /* room for the index before the frames */
    bool ok = avio_open_dyn_buf(&m->fmt->pb) >= 0 && avformat_write_header(m->fmt, &opts) >= 0;
    av_dict_free(&opts);
    return ok;
}

/* The recipe's own luma and chroma of a colour. */
static void colour_values(const struct clip_recipe *r, int out[3])
{
    double red = (r->colour >> 16 & 255) / 255.0, green = (r->colour >> 8 & 255) / 255.0,
           blue = (r->colour & 255) / 255.0;
    double kr = r->matrix == AVCOL_SPC_BT709 ? 0.2126 : 0.299, kb = r->matrix == AVCOL_SPC_BT709 ? 0.0722 : 0.114;
    double y = kr * red + (1 - kr - kb) * green + kb * blue, scale = r->is_full_range ? 255 : 219;
    double wide = r->is_full_range ? 255 : 224;
    out[0] = (int)lrint((r->is_full_range ? 0 : 16) + scale * y);
    out[1] = (int)lrint(128 + wide * (blue - y) / (2 * (1 - kb)));
    out[2] = (int)lrint(128 + wide * (red - y) / (2 * (1 - kr)));
}

static void paint(struct maker *m, int i)
{
    AVFrame *f = m->frame;
    int value[3] = { m->r.is_black ? 16 : CLIP_DARKEST + i * CLIP_STEP, 128, 128 };
    bool is_counting = !m->r.is_black && !m->r.colour;
    if (m->r.colour)
        colour_values(&m->r, value);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < (p ? (m->r.h + 1) / 2 : m->r.h); y++)
            memset(f->data[p] + y * f->linesize[p], value[p], (size_t)(p ? (m->r.w + 1) / 2 : m->r.w));
    if (m->r.colour) /* a light corner, or it would be flat */
        for (int y = 0; y < m->r.h / 8; y++)
            memset(f->data[0] + y * f->linesize[0], 235, (size_t)m->r.w / 8);
    for (int y = m->r.h / 2; is_counting && y < m->r.h; y++)
        for (int x = 0; x < m->r.w; x++)
            f->data[0][y * f->linesize[0] + x] = (x + 2 * i) / (m->r.w / 8) % 2 ? 200 : 60;
}

static bool write_packets(struct maker *m)
{
    while (avcodec_receive_packet(m->enc, m->pkt) >= 0) {
        if (!m->pkt->duration) /* the last one's would end the film before it */
            m->pkt->duration = m->r.ms ? LAST_MS : 1;
        av_packet_rescale_ts(m->pkt, m->enc->time_base, m->fmt->streams[0]->time_base);
        if (av_interleaved_write_frame(m->fmt, m->pkt) < 0)
            return false;
    }
    return true;
}

static bool write_frames(struct maker *m)
{
    m->frame->format = m->enc->pix_fmt;
    m->frame->width = m->r.w;
    m->frame->height = m->r.h;
    if (av_frame_get_buffer(m->frame, 0) < 0)
        return false;
    for (int i = 0; i < m->r.n; i++) {
        if (av_frame_make_writable(m->frame) < 0)
            return false;
        paint(m, i);
        m->frame->pts = m->r.ms ? m->r.ms[i] : i;
        m->frame->quality = m->enc->global_quality;
        if (avcodec_send_frame(m->enc, m->frame) < 0 || !write_packets(m))
            return false;
    }
    return avcodec_send_frame(m->enc, NULL) >= 0 && write_packets(m) && av_write_trailer(m->fmt) >= 0;
}

bool clip_make(const struct clip_recipe *r, struct buf *out)
{
    struct maker m = { .r = with_defaults(r), .frame = av_frame_alloc(), .pkt = av_packet_alloc() };
    uint8_t *bytes = NULL;
    av_log_set_level(AV_LOG_QUIET);
    bool ok = open_muxer(&m) && write_frames(&m);
    int n = m.fmt && m.fmt->pb ? avio_close_dyn_buf(m.fmt->pb, &bytes) : 0;
    if (ok)
        buf_add(out, bytes, (size_t)n);
    av_free(bytes);
    if (m.fmt)
        m.fmt->pb = NULL;
    avformat_free_context(m.fmt);
    avcodec_free_context(&m.enc);
    av_frame_free(&m.frame);
    av_packet_free(&m.pkt);
    return ok;
}

double clip_number(const struct frame *f, double x, double y)
{
    int cx = (int)(x * f->w), cy = (int)(y * f->h), sum = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            sum += f->plane[0][(cy + dy) * f->stride[0] + cx + dx];
    return round((sum / 9.0 - CLIP_DARKEST) / CLIP_STEP * 100) / 100;
}
