/* audit_work.c - a finished film is decoded: all of its sound, some of its pictures (the worker's side) */
#include <assert.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "compose/audit_look.h"
#include "compose/audit_low.h"
#include "compose/av.h"
#include "compose/confine.h"
#include "compose/containers.h"
#include "compose/fd_io.h"
#include "compose/meter.h"
#include "compose/peak_meter.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "gen/encoding.h"

enum { CHANNELS_MOST = 2, LOW_OUT = LOW_BLOCK / LOW_STEP + 2, LOW_HELD = 64 };

/* Sound on its way through the meters. */
struct ear {
    AVCodecContext *dec;
    int stream, channels;
    struct meter *loud;
    struct peak_meter *peaks;
    float block[PEAK_BLOCK * CHANNELS_MOST];
    int n_block;                                /* samples of each channel in it */
    struct low low;
    float mono[LOW_BLOCK];
    int n_mono;
    int16_t out[LOW_HELD * LOW_OUT];
    size_t n_out;
    int64_t first, n, n_low;
};

/* Pictures at the frames asked for. */
struct eye {
    AVCodecContext *dec;
    int stream;
    AVRational frame;                           /* seconds */
    const int64_t *wanted;
    struct audit_look *looks;
    size_t n, at;                               /* at: the one that is waited for */
    int64_t key, n_decoded;                     /* frame of the keyframe decoding began at */
    bool is_awake;                              /* packets are decoded */
};

struct audience {
    struct child *child;
    struct audit_job job;
    AVFormatContext *fmt;
    AVIOContext *io;
    AVPacket *packet;
    AVFrame *v;
    struct ear ear;
    struct eye eye;
};

static int refuse_open(AVFormatContext *fmt, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
    (void)fmt, (void)pb, (void)url, (void)flags, (void)options;
    return AVERROR(EACCES);
}

/* ---------- sound ---------- */

static bool low_write(struct audience *a, struct err *e)
{
    struct ear *r = &a->ear;
    bool ok = r->n_out == 0 || fd_write(a->child->data, (const char *)r->out, r->n_out * sizeof *r->out, e);
    r->n_low += (int64_t)r->n_out;
    r->n_out = 0;
    return ok;
}

static bool low_flush(struct audience *a, struct err *e)
{
    struct ear *r = &a->ear;
    r->n_out += low_add(&r->low, r->mono, (size_t)r->n_mono, r->out + r->n_out);
    r->n_mono = 0;
    return r->n_out + LOW_OUT <= COUNTOF(r->out) || low_write(a, e);
}

/* One moment of all channels. */
static bool hear(struct audience *a, const float *x, struct err *e)
{
    struct ear *r = &a->ear;
    float sum = 0;
    for (int c = 0; c < r->channels; c++) {
        r->block[r->n_block * r->channels + c] = x[c];
        sum += x[c];
    }
    r->mono[r->n_mono++] = sum / (float)r->channels;
    if (++r->n_block == PEAK_BLOCK) {
        meter_add(r->loud, r->block, PEAK_BLOCK);
        peak_meter_add(r->peaks, r->block);
        r->n_block = 0;
    }
    return r->n_mono < LOW_BLOCK || low_flush(a, e);
}

static bool hear_silence(struct audience *a, int64_t n, struct err *e)
{
    static const float nothing[CHANNELS_MOST];
    bool ok = true;
    for (int64_t i = 0; ok && i < n; i++)
        ok = hear(a, nothing, e);
    return ok;
}

/* What stands before the film's first sample is not heard; where its sound begins later there was silence. */
static bool hear_frame(struct audience *a, struct err *e)
{
    struct ear *r = &a->ear;
    const AVFrame *v = a->v;
    int64_t skip = 0;
    if (v->format != AV_SAMPLE_FMT_FLTP || v->sample_rate != SAMPLE_RATE || v->ch_layout.nb_channels != r->channels)
        return err_set(e, ERR_RENDER, "its sound changes on the way");
    if (r->n == 0) {
        int64_t at = v->pts == AV_NOPTS_VALUE ? 0 : av_rescale_q(v->pts, r->dec->pkt_timebase, (AVRational){ 1, SAMPLE_RATE });
        r->first = at;
        if (at > 0 && (at > SAMPLE_RATE || !hear_silence(a, at, e)))
            return err_set(e, ERR_RENDER, "its sound begins %.2f s late", (double)at / SAMPLE_RATE);
        r->n = at > 0 ? at : 0;
        skip = at < 0 ? -at : 0;
    }
    bool ok = true;
    for (int64_t i = skip; ok && i < v->nb_samples; i++) {
        float x[CHANNELS_MOST];
        for (int c = 0; c < r->channels; c++) {
            x[c] = ((const float *)(const void *)v->extended_data[c])[i];
            x[c] = isfinite(x[c]) ? x[c] : 0;
        }
        ok = hear(a, x, e);
        r->n++;
    }
    return ok;
}

static bool hear_packet(struct audience *a, const AVPacket *p, struct err *e)
{
    struct ear *r = &a->ear;
    int k = avcodec_send_packet(r->dec, p);
    bool ok = k >= 0 || err_av(e, ERR_RENDER, k, "its sound does not decode at %.2f s", (double)r->n / SAMPLE_RATE);
    while (ok && avcodec_receive_frame(r->dec, a->v) >= 0) {
        ok = hear_frame(a, e);
        av_frame_unref(a->v);
    }
    return ok;
}

static bool hear_end(struct audience *a, struct err *e)
{
    struct ear *r = &a->ear;
    static const float nothing[PEAK_BLOCK * CHANNELS_MOST];
    if (!hear_packet(a, NULL, e) || !low_flush(a, e) || !low_write(a, e))
        return false;
    meter_add(r->loud, r->block, (size_t)r->n_block);
    memset(r->block + r->n_block * r->channels, 0, (size_t)((PEAK_BLOCK - r->n_block) * r->channels) * sizeof *r->block);
    peak_meter_add(r->peaks, r->block);
    peak_meter_add(r->peaks, nothing);
    return true;
}

/* ---------- pictures ---------- */

static void see_frame(struct audience *a)
{
    struct eye *y = &a->eye;
    int64_t at = a->v->pts == AV_NOPTS_VALUE ? -1 : av_rescale_q(a->v->pts, y->dec->pkt_timebase, y->frame);
    struct audit_grid *grid = NULL;
    y->n_decoded++;
    for (; y->at < y->n && y->wanted[y->at] <= at; y->at++) { /* one picture may be the first one after two places */
        struct audit_look *l = &y->looks[y->at];
        l->frame = at;
        if (grid)
            l->grid = *grid;
        else
            audit_grid_take(&l->grid, a->v->data[0], a->v->linesize[0], a->v->width, a->v->height);
        grid = &l->grid;
    }
}

static bool see_packet(struct audience *a, const AVPacket *p, struct err *e)
{
    struct eye *y = &a->eye;
    int k = avcodec_send_packet(y->dec, p);
    if (k < 0)
        return err_av(e, ERR_RENDER, k, "its pictures do not decode at %.2f s", (double)y->key * av_q2d(y->frame));
    while (avcodec_receive_frame(y->dec, a->v) >= 0) {
        if (a->v->format != AV_PIX_FMT_YUV420P)
            return err_set(e, ERR_RENDER, "its pictures are of another kind than they should be");
        see_frame(a);
        av_frame_unref(a->v);
    }
    return true;
}

/* A group of pictures is over: what is still held in the decoder comes out, and what was not found in it is given up. */
static bool rest(struct audience *a, int64_t next_key, struct err *e)
{
    struct eye *y = &a->eye;
    if (y->is_awake && !see_packet(a, NULL, e))
        return false;
    if (y->is_awake)
        avcodec_flush_buffers(y->dec);
    y->is_awake = false;
    while (y->at < y->n && y->wanted[y->at] < next_key)
        y->at++;
    return true;
}

static bool see(struct audience *a, struct err *e)
{
    struct eye *y = &a->eye;
    const AVPacket *p = a->packet;
    assert(y->dec);                             /* packets of pictures come where they can be decoded */
    if (p->flags & AV_PKT_FLAG_KEY) {
        int64_t at = av_rescale_q(p->pts, y->dec->pkt_timebase, y->frame);
        if (!rest(a, at, e))
            return false;
        y->key = at;
        y->is_awake = true;
    }
    double reach = AUDIT_REACH_S / av_q2d(y->frame);
    bool is_near = y->at < y->n && (double)(y->wanted[y->at] - y->key) <= reach;
    if (y->is_awake && !is_near) {
        y->is_awake = false;
        avcodec_flush_buffers(y->dec);
    }
    return !y->is_awake || see_packet(a, p, e);
}

/* ---------- the whole ---------- */

static AVCodecContext *open_decoder(struct audience *a, enum AVMediaType type, int *stream, struct err *e)
{
    const AVCodec *codec = NULL;
    AVCodecContext *dec = NULL;
    *stream = av_find_best_stream(a->fmt, type, -1, -1, &codec, 0);
    if (*stream < 0 || !codec || !(dec = avcodec_alloc_context3(codec)) ||
        avcodec_parameters_to_context(dec, a->fmt->streams[*stream]->codecpar) < 0) {
        avcodec_free_context(&dec);
        err_set(e, ERR_RENDER, "there is no %s in it", type == AVMEDIA_TYPE_VIDEO ? "picture" : "sound");
        return NULL;
    }
    dec->thread_count = 1;
    dec->pkt_timebase = a->fmt->streams[*stream]->time_base;
    if (type == AVMEDIA_TYPE_VIDEO) {
        dec->skip_frame = AVDISCARD_BIDIR;
        dec->skip_loop_filter = AVDISCARD_ALL;
        dec->flags |= AV_CODEC_FLAG_LOW_DELAY;
    }
    int r = avcodec_open2(dec, codec, NULL);
    if (r < 0) {
        err_av(e, ERR_RENDER, r, "%s", codec->name);
        avcodec_free_context(&dec);
    }
    return dec;
}

static bool film_open(struct audience *a, struct err *e)
{
    const struct container_row *row = container_row((enum container)a->job.container);
    int r;
    a->io = fd_io_create(a->child->media, false);
    a->packet = av_packet_alloc();
    a->v = av_frame_alloc();
    a->fmt = avformat_alloc_context();
    if (!a->packet || !a->v || !a->fmt)
        return err_set(e, ERR_RENDER, "no memory");
    a->fmt->pb = a->io;
    a->fmt->flags |= AVFMT_FLAG_CUSTOM_IO;
    a->fmt->io_open = refuse_open;
    if ((r = avformat_open_input(&a->fmt, NULL, av_find_input_format(row->demuxer), NULL)) < 0)
        return err_av(e, ERR_RENDER, r, "open");
    if ((r = avformat_find_stream_info(a->fmt, NULL)) < 0) /* else Matroska's sound before 0 has no times */
        return err_av(e, ERR_RENDER, r, "open");
    if (!(a->eye.dec = open_decoder(a, AVMEDIA_TYPE_VIDEO, &a->eye.stream, e)) ||
        !(a->ear.dec = open_decoder(a, AVMEDIA_TYPE_AUDIO, &a->ear.stream, e)))
        return false;
    a->ear.channels = a->ear.dec->ch_layout.nb_channels;
    if (a->ear.channels < 1 || a->ear.channels > CHANNELS_MOST)
        return err_set(e, ERR_RENDER, "sound of %d channels", a->ear.channels);
    a->ear.loud = meter_create(a->ear.channels);
    a->ear.peaks = peak_meter_create(a->ear.channels);
    low_init(&a->ear.low);
    return true;
}

static bool watch(struct audience *a, struct err *e)
{
    bool ok = true;
    while (ok && av_read_frame(a->fmt, a->packet) >= 0) {
        if (a->packet->stream_index == a->ear.stream)
            ok = hear_packet(a, a->packet, e);
        else if (a->packet->stream_index == a->eye.stream)
            ok = see(a, e);
        av_packet_unref(a->packet);
    }
    return ok && hear_end(a, e) && rest(a, INT64_MAX, e);
}

bool audit_work(struct child *c, struct err *e)
{
    struct audience *a = mem_alloc(sizeof *a);
    bool ok = c->job.n >= sizeof a->job;
    av_log_set_level(AV_LOG_QUIET);
    if (ok)
        memcpy(&a->job, c->job.p, sizeof a->job);
    size_t n = ok && a->job.n_looks > 0 ? (size_t)a->job.n_looks : 0;
    if (!ok || c->job.n != sizeof a->job + n * sizeof(int64_t) || a->job.fps_num < 1 || a->job.fps_den < 1)
        return err_set(e, ERR_INTERNAL, "the audit's job makes no sense");
    int64_t *wanted = mem_array(n + 1, sizeof *wanted);
    memcpy(wanted, c->job.p + sizeof a->job, n * sizeof *wanted);
    a->child = c;
    a->eye = (struct eye){ .frame = { a->job.fps_den, a->job.fps_num }, .wanted = wanted, .n = n,
                           .looks = mem_array(n + 1, sizeof *a->eye.looks) };
    for (size_t i = 0; i < n; i++)
        a->eye.looks[i].frame = -1;
    ok = lseek(c->data, (off_t)(n * sizeof *a->eye.looks), SEEK_SET) >= 0 || err_errno(e, "seek");
    ok = ok && film_open(a, e);
    confine_files();
    ok = ok && watch(a, e) && (lseek(c->data, 0, SEEK_SET) == 0 || err_errno(e, "seek")) &&
         fd_write(c->data, (const char *)a->eye.looks, n * sizeof *a->eye.looks, e);
    if (ok)
        *(struct audit_answer *)c->answer =
            (struct audit_answer){ .lufs = meter_lufs(a->ear.loud), .peak_dbtp = peak_meter_dbtp(a->ear.peaks),
                                   .first_sample = a->ear.first, .n_samples = a->ear.n, .n_low = a->ear.n_low,
                                   .n_decoded = a->eye.n_decoded };
    return ok; /* the process ends here: nothing is given back by hand */
}
