/* clip_file.c - the frames of a video file in the order of their times */
#include "compose/clip_file.h"
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <string.h>
#include <sys/stat.h>
#include "compose/av.h"
#include "compose/clip.h"
#include "compose/clip_webp.h"
#include "compose/fd_io.h"
#include "compose/moving.h"
#include "gen/base/clock.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "gen/sniff.h"

enum { STREAMS_MAX = 16 };

/* type, FFmpeg's demuxer, the decoders that may run */
static const struct demuxer {
    const char *type, *name, *codecs;
    bool is_whole; /* read from its beginning only: each frame is drawn over the one before */
} demuxers[] = {
    { "mp4", "mov", "h264,hevc,libdav1d,av1,vp9,mpeg4,mjpeg,prores", false },
    { "webm", "matroska", "vp8,vp9,libvpx,libvpx-vp9,libdav1d,av1,h264,hevc,mpeg4,mjpeg", false },
    { "gif", "gif", "gif", true },
    { "png", "apng", "apng", true },
    { "webp", NULL, NULL, true },
};

static int never_open(AVFormatContext *fmt, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
    (void)fmt, (void)pb, (void)url, (void)flags, (void)options;
    return AVERROR(EACCES);
}

static int is_late(void *opaque)
{
    const struct clip_file *f = opaque;
    return clock_now_ms(&clock_monotonic) > f->deadline_ms;
}

static const struct demuxer *demuxer_of(int fd, struct err *e)
{
    char head[SNIFF_BYTES];
    struct stat st;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
        err_set(e, ERR_IO, "not a regular file");
        return NULL;
    }
    struct str h = { head, fd_read_at(fd, head, sizeof head, 0) };
    const char *type = sniff_type(h);
    for (size_t i = 0; i < COUNTOF(demuxers); i++)
        if (strcmp(demuxers[i].type, type) == 0 && (strcmp(type, "png") != 0 || moving_is_apng(fd)) &&
            (strcmp(type, "webp") != 0 || moving_is_webp(h)))
            return &demuxers[i];
    sniff_explain(h, "a video (MP4 or WebM) or a picture that moves (GIF, PNG, WebP)", e);
    return NULL;
}

static bool open_format(struct clip_file *f, int fd, const struct demuxer *d, struct err *e)
{
    const AVInputFormat *in = av_find_input_format(d->name);
    AVDictionary *opts = NULL;
    int r;
    if (!in)
        return err_set(e, ERR_INTERNAL, "this FFmpeg has no demuxer '%s'", d->name);
    f->io = fd_io_create(fd, false);
    if (!(f->fmt = avformat_alloc_context()))
        return err_set(e, ERR_MEDIA, "no memory");
    f->fmt->pb = f->io;
    f->fmt->flags |= AVFMT_FLAG_CUSTOM_IO;
    f->fmt->io_open = never_open;
    f->fmt->interrupt_callback = (AVIOInterruptCB){ is_late, f };
    f->fmt->max_streams = STREAMS_MAX;
    av_dict_set(&opts, "format_whitelist", in->name, 0); /* these go by a list of names */
    av_dict_set(&opts, "codec_whitelist", d->codecs, 0);
    av_dict_set(&opts, "protocol_whitelist", "none", 0);
    r = avformat_open_input(&f->fmt, "", in, &opts);
    av_dict_free(&opts);
    if (r < 0)
        return err_av(e, ERR_MEDIA, r, "does not open; is it cut off?");
    for (unsigned i = 0; i < f->fmt->nb_streams; i++) {
        const AVStream *st = f->fmt->streams[i];
        bool is_picture = st->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
                          !(st->disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS));
        if (is_picture && f->stream < 0)
            f->stream = (int)i;
        else
            f->fmt->streams[i]->discard = AVDISCARD_ALL;
    }
    if (f->stream < 0)
        return err_set(e, ERR_MEDIA, "there is no moving picture in it");
    r = avformat_find_stream_info(f->fmt, NULL);
    return r >= 0 || err_av(e, ERR_MEDIA, r, "does not open; is it cut off?");
}

/* The decoders of their own have no transparency of VP8 and VP9. */
static const AVCodec *decoder_of(const AVStream *st)
{
    const AVDictionaryEntry *alpha = av_dict_get(st->metadata, "alpha_mode", NULL, 0);
    enum AVCodecID id = st->codecpar->codec_id;
    const AVCodec *codec = NULL;
    if (alpha && strcmp(alpha->value, "1") == 0 && (id == AV_CODEC_ID_VP9 || id == AV_CODEC_ID_VP8))
        codec = avcodec_find_decoder_by_name(id == AV_CODEC_ID_VP9 ? "libvpx-vp9" : "libvpx");
    return codec ? codec : avcodec_find_decoder(id);
}

static bool open_decoder(struct clip_file *f, const struct demuxer *d, struct err *e)
{
    const AVStream *st = f->fmt->streams[f->stream];
    const AVCodec *codec = decoder_of(st);
    if (!codec)
        return err_set(e, ERR_MEDIA, "video of kind %s cannot be read", avcodec_get_name(st->codecpar->codec_id));
    f->dec = avcodec_alloc_context3(codec);
    if (!f->dec || avcodec_parameters_to_context(f->dec, st->codecpar) < 0)
        return err_set(e, ERR_MEDIA, "no memory");
    f->dec->thread_count = 1;
    f->dec->max_pixels = CLIP_AREA_MAX + 64LL * CLIP_SIDE_MAX; /* FFmpeg counts rows padded to 64 */
    f->dec->pkt_timebase = st->time_base;
    f->dec->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    if (av_opt_set(f->dec, "codec_whitelist", d->codecs, 0) < 0 || avcodec_open2(f->dec, codec, NULL) < 0)
        return err_set(e, ERR_MEDIA, "video of kind %s is not accepted in a .%s file", codec->name, d->type);
    return true;
}

/* A display matrix that is one of the eight turns, as EXIF numbers them. Its rows are (a b), (c d): x' = a x + c y. */
static int orientation_of(const AVStream *st)
{
    const int32_t *m = (const int32_t *)(const void *)av_stream_get_side_data(st, AV_PKT_DATA_DISPLAYMATRIX, NULL);
    if (!m)
        return 1;
    int a = (m[0] > 0) - (m[0] < 0), b = (m[1] > 0) - (m[1] < 0), c = (m[3] > 0) - (m[3] < 0),
        d = (m[4] > 0) - (m[4] < 0);
    static const struct {
        int a, b, c, d;
    } turns[] = {
        { 1, 0, 0, 1 }, { -1, 0, 0, 1 }, { -1, 0, 0, -1 }, { 1, 0, 0, -1 },
        { 0, 1, 1, 0 }, { 0, 1, -1, 0 }, { 0, -1, -1, 0 }, { 0, -1, 1, 0 },
    };
    for (size_t i = 0; i < COUNTOF(turns); i++)
        if (turns[i].a == a && turns[i].b == b && turns[i].c == c && turns[i].d == d)
            return (int)i + 1;
    return 1;
}

static int64_t ticks_of(const struct clip_file *f, int64_t units)
{
    return av_rescale_q(units, f->fmt->streams[f->stream]->time_base, (AVRational){ 1, SAMPLE_RATE });
}

int64_t clip_file_frame_ticks(const struct clip_file *f)
{
    if (f->webp)
        return SAMPLE_RATE / 10;
    const AVStream *st = f->fmt->streams[f->stream];
    AVRational rate = st->avg_frame_rate.num > 0 ? st->avg_frame_rate : st->r_frame_rate;
    int64_t n = rate.num > 0 && rate.den > 0 ? av_rescale(SAMPLE_RATE, rate.den, rate.num) : 0;
    return n > 0 && n <= SAMPLE_RATE ? n : SAMPLE_RATE / 25;
}

bool clip_file_open(struct clip_file *f, int fd, struct err *e)
{
    int64_t deadline = f->deadline_ms;
    *f = (struct clip_file){ .stream = -1, .deadline_ms = deadline, .last_tick = -1, .orientation = 1 };
    const struct demuxer *d = demuxer_of(fd, e);
    if (!d)
        return false;
    f->type = d->type;
    f->fd = fd;
    f->is_whole = d->is_whole;
    f->sar = (AVRational){ 1, 1 };
    if (!d->name)
        return (f->webp = clip_webp_open(fd, e)) != NULL;
    if (!(f->pkt = av_packet_alloc()))
        return err_set(e, ERR_MEDIA, "no memory");
    if (!open_format(f, fd, d, e) || !open_decoder(f, d, e))
        return false;
    AVStream *st = f->fmt->streams[f->stream];
    f->sar = av_guess_sample_aspect_ratio(f->fmt, st, NULL);
    if (f->sar.num <= 0 || f->sar.den <= 0 || f->sar.num > 100 * (int64_t)f->sar.den ||
        f->sar.den > 100 * (int64_t)f->sar.num)
        f->sar = (AVRational){ 1, 1 };
    f->orientation = orientation_of(st);
    f->tolerance = av_rescale_q_rnd(1, st->time_base, (AVRational){ 1, 2 * SAMPLE_RATE }, AV_ROUND_UP) / 4 + 1;
    return true;
}

void clip_file_close(struct clip_file *f)
{
    clip_webp_close(f->webp);
    f->webp = NULL;
    av_packet_free(&f->pkt);
    avcodec_free_context(&f->dec);
    avformat_close_input(&f->fmt);
    fd_io_destroy(f->io);
    f->io = NULL;
}

/* ---------- frames ---------- */

/* A packet to the decoder; at the end of the file the word that there are no more. */
static bool feed(struct clip_file *f, struct err *e)
{
    for (;;) {
        int r = av_read_frame(f->fmt, f->pkt);
        if (r < 0 && is_late(f))
            return err_set(e, ERR_RENDER, "not decoded in time, given up");
        if (r < 0 && r != AVERROR_EOF)
            return err_av(e, ERR_MEDIA, r, "truncated or damaged after %lld frames", (long long)f->n_frames);
        if (r < 0) {
            f->is_drained = true;
            avcodec_send_packet(f->dec, NULL);
            return true;
        }
        bool is_ours = f->pkt->stream_index == f->stream;
        if (is_ours) {
            f->n_packets++;
            f->n_bad += (f->pkt->flags & AV_PKT_FLAG_CORRUPT) || avcodec_send_packet(f->dec, f->pkt) < 0;
        }
        av_packet_unref(f->pkt);
        if (is_ours)
            return true;
    }
}

static int64_t duration_of(const struct clip_file *f, const AVFrame *v)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    int64_t units = v->duration;
#else
    int64_t units = v->pkt_duration;
#endif
    int64_t n = units > 0 && units < INT32_MAX ? ticks_of(f, units) : 0;
    return n > 0 && n < (int64_t)CLIP_SECONDS_MAX * SAMPLE_RATE ? n : clip_file_frame_ticks(f);
}

/* Its time from the first frame's; false for one that belongs before what was there already. */
static bool place(struct clip_file *f, const AVFrame *v, int64_t *tick)
{
    int64_t pts = v->best_effort_timestamp;
    if (!f->has_first) {
        f->first_pts = pts == AV_NOPTS_VALUE ? 0 : pts;
        f->has_first = true;
    }
    *tick = pts == AV_NOPTS_VALUE || pts > INT64_MAX / 4 || pts < -(INT64_MAX / 4)
                ? f->last_tick < 0 ? 0 : f->last_tick + f->last_duration
                : ticks_of(f, pts - f->first_pts);
    if (*tick < 0 || *tick <= f->last_tick)
        return false;
    f->last_tick = *tick;
    f->last_duration = duration_of(f, v);
    return true;
}

static bool webp_next(struct clip_file *f, AVFrame *out, int64_t *tick, bool *got, struct err *e)
{
    int64_t at = 0, length = 0;
    if (!clip_webp_next(f->webp, out, &at, &length, got, e))
        return false;
    if (!*got)
        return true;
    f->n_packets++;
    f->n_frames++;
    *tick = f->last_tick = at * (SAMPLE_RATE / 1000);
    f->last_duration = length * (SAMPLE_RATE / 1000);
    return true;
}

bool clip_file_next(struct clip_file *f, AVFrame *out, int64_t *tick, bool *got, struct err *e)
{
    if (f->webp)
        return webp_next(f, out, tick, got, e);
    *got = false;
    for (;;) {
        int r = avcodec_receive_frame(f->dec, out);
        if (r == AVERROR_EOF || (f->is_drained && r < 0))
            return true;
        if (r < 0) {
            f->n_bad += r != AVERROR(EAGAIN);
            if (!feed(f, e))
                return false;
            continue;
        }
        f->n_bad += out->decode_error_flags || (out->flags & AV_FRAME_FLAG_CORRUPT);
        f->n_frames++;
        *got = place(f, out, tick);
        if (*got)
            return true;
        av_frame_unref(out);
    }
}

static bool begin_again(struct clip_file *f, struct err *e)
{
    int fd = f->fd;
    clip_file_close(f);
    return clip_file_open(f, fd, e);
}

bool clip_file_seek(struct clip_file *f, int64_t tick, struct err *e)
{
    if (f->is_whole)
        return begin_again(f, e);
    const AVStream *st = f->fmt->streams[f->stream];
    int64_t pts = f->first_pts + av_rescale_q_rnd(tick, (AVRational){ 1, SAMPLE_RATE }, st->time_base, AV_ROUND_DOWN);
    int r = av_seek_frame(f->fmt, f->stream, pts, AVSEEK_FLAG_BACKWARD);
    if (r < 0)
        return err_av(e, ERR_MEDIA, r, "cannot go to %.2f s of it", (double)tick / SAMPLE_RATE);
    avcodec_flush_buffers(f->dec);
    f->is_drained = false;
    f->last_tick = -1;
    f->last_duration = 0;
    return true;
}
