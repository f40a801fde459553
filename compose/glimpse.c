/* glimpse.c - small JPEGs of moments of a video file, made by a child process */
#include "compose/glimpse.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include "compose/av.h"
#include "compose/confine.h"
#include "compose/containers.h"
#include "compose/fd_io.h"
#include "compose/jpeg.h"
#include "compose/workers.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"

enum { QUALITY = 7, SIDE_MOST = 16384 };

/* The job: this, then n moments. The data: for each its length as uint32_t, then the JPEG. */
struct glimpse_job {
    char demuxer[16];
    int32_t width, allowance;
    uint32_t n;
};
struct moment {
    double from_s, at_s;
};

/* ---------- in the child ---------- */

struct film_file {
    AVIOContext *io;
    AVFormatContext *fmt;
    AVCodecContext *dec;
    int stream;
    double origin_s;
};

static int never_open(AVFormatContext *s, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
    (void)s, (void)pb, (void)url, (void)flags, (void)options;
    return AVERROR(EACCES);
}

static bool open_decoder(struct film_file *f, struct err *e)
{
    const AVCodec *codec = NULL;
    int r;
    f->stream = av_find_best_stream(f->fmt, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    f->dec = f->stream >= 0 && codec ? avcodec_alloc_context3(codec) : NULL;
    if (!f->dec)
        return err_set(e, ERR_MEDIA, "no video stream that can be decoded");
    const AVStream *st = f->fmt->streams[f->stream];
    f->dec->thread_count = 1;
    f->dec->max_pixels = (int64_t)SIDE_MOST * SIDE_MOST;
    f->origin_s = st->start_time == AV_NOPTS_VALUE ? 0 : (double)st->start_time * av_q2d(st->time_base);
    if ((r = avcodec_parameters_to_context(f->dec, st->codecpar)) < 0 || (r = avcodec_open2(f->dec, codec, NULL)) < 0)
        return err_av(e, ERR_MEDIA, r, "decoder");
    for (unsigned i = 0; i < f->fmt->nb_streams; i++)
        f->fmt->streams[i]->discard = (int)i == f->stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    return true;
}

static bool open_file(struct film_file *f, int fd, const char *demuxer, struct err *e)
{
    int r;
    f->io = fd_io_create(fd, false);
    f->fmt = avformat_alloc_context();
    if (!f->fmt)
        return err_set(e, ERR_MEDIA, "no memory");
    f->fmt->pb = f->io;
    f->fmt->flags |= AVFMT_FLAG_CUSTOM_IO;
    f->fmt->io_open = never_open;
    if ((r = avformat_open_input(&f->fmt, NULL, av_find_input_format(demuxer), NULL)) < 0)
        return err_av(e, ERR_MEDIA, r, "open");
    return open_decoder(f, e);
}

/* The frame at the moment, or the last one that the allowance reaches. */
static bool decode_to(struct film_file *f, const struct moment *m, int allowance, AVFrame *out)
{
    const AVStream *st = f->fmt->streams[f->stream];
    AVPacket *p = av_packet_alloc();
    double half = 0.5 / (st->avg_frame_rate.num ? av_q2d(st->avg_frame_rate) : 25);
    bool found = false, got = p != NULL;
    int64_t target = (int64_t)((m->at_s + f->origin_s + half) / av_q2d(st->time_base));
    if (avformat_seek_file(f->fmt, f->stream, INT64_MIN, target, target, 0) < 0)
        got = false;
    avcodec_flush_buffers(f->dec);
    for (int n = 0; got && !found;) {
        got = av_read_frame(f->fmt, p) >= 0;
        if (avcodec_send_packet(f->dec, got ? p : NULL) < 0 && !got)
            break;
        while (!found && avcodec_receive_frame(f->dec, out) >= 0) {
            double at = (double)out->best_effort_timestamp * av_q2d(st->time_base) - f->origin_s;
            n++;
            found = at >= m->from_s - half && (at >= m->at_s - half || n >= allowance);
        }
        av_packet_unref(p);
    }
    av_packet_free(&p);
    return found;
}

bool glimpse_work(struct child *c, struct err *e)
{
    struct glimpse_job job = { 0 };
    struct film_file f = { .stream = -1 };
    AVFrame *frame = av_frame_alloc();
    bool ok = frame && c->job.n >= sizeof job;
    av_log_set_level(AV_LOG_QUIET);
    if (ok)
        memcpy(&job, c->job.p, sizeof job);
    ok = ok && open_file(&f, c->media, job.demuxer, e);
    confine_files();
    for (uint32_t i = 0; ok && i < job.n; i++) {
        struct buf jpeg = BUF_INIT(GLIMPSE_BYTES);
        struct moment m;
        memcpy(&m, c->job.p + sizeof job + i * sizeof m, sizeof m);
        if (!decode_to(&f, &m, job.allowance, frame) || !jpeg_encode(frame, job.width, QUALITY, &jpeg, NULL))
            buf_clear(&jpeg);
        uint32_t n = (uint32_t)jpeg.n;
        ok = fd_write(c->data, &n, sizeof n, e) && fd_write(c->data, buf_str(&jpeg).p, jpeg.n, e);
        buf_deinit(&jpeg);
        av_frame_unref(frame);
    }
    av_frame_free(&frame);
    avcodec_free_context(&f.dec);
    avformat_close_input(&f.fmt);
    fd_io_destroy(f.io);
    return ok;
}

/* ---------- in the program ---------- */

/* The child has read what may be hostile: every length is looked at. */
static void take_all(struct glimpse *v, size_t n, const char *data, size_t n_data, struct arena *a)
{
    size_t at = 0;
    for (size_t i = 0; i < n && n_data - at >= sizeof(uint32_t); i++) {
        uint32_t length;
        memcpy(&length, data + at, sizeof length);
        at += sizeof length;
        if (length > GLIMPSE_BYTES || length > n_data - at)
            return;
        v[i].jpeg = arena_str(a, (struct str){ data + at, length });
        at += length;
    }
}

bool glimpses_take(const char *path, struct glimpse *v, size_t n, int width, int allowance, struct arena *a,
                   struct err *e)
{
    struct glimpse_job job = { .width = width, .allowance = allowance, .n = (uint32_t)n };
    struct buf b = { 0 };
    struct glimpse_answer answer;
    const void *data = NULL;
    size_t n_data = 0;
    if (n > GLIMPSES_MOST)
        return err_set(e, ERR_MEDIA, "%zu pictures of one film, limit %d", n, GLIMPSES_MOST);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(e, "open '%s'", path);
    snprintf(job.demuxer, sizeof job.demuxer, "%s", container_row_of(str_from(path))->demuxer);
    buf_add(&b, &job, sizeof job);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, &(struct moment){ v[i].from_s, v[i].at_s }, sizeof(struct moment));
    bool ok = child_run("glimpse", buf_str(&b), fd, CHILD_WALL_MS, &answer, sizeof answer, &data, &n_data, e);
    if (ok && data)
        take_all(v, n, data, n_data, a);
    if (data)
        munmap((void *)(uintptr_t)data, n_data);
    close(fd);
    buf_deinit(&b);
    return ok;
}
