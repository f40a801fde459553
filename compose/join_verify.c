/* join_verify.c - a film is read back before it gets its name */
#include "compose/join_verify.h"
#include <stdlib.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include "compose/av.h"
#include "compose/fd_io.h"
#include "compose/mix.h"
#include "gen/media.h"

static int never_open(AVFormatContext *s, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
    (void)s, (void)pb, (void)url, (void)flags, (void)options;
    return AVERROR(EACCES);
}

struct counts { int64_t pictures, samples; };

static bool count(AVFormatContext *fmt, struct counts *n, struct err *e)
{
    AVPacket *p = av_packet_alloc();
    int64_t last = INT64_MIN;
    bool ok = p != NULL;
    while (ok && av_read_frame(fmt, p) >= 0) {
        const AVStream *st = fmt->streams[p->stream_index];
        if (st->codecpar->codec_type == AVMEDIA_TYPE_VIDEO) {
            ok = p->dts > last || err_set(e, ERR_RENDER, "pictures out of order");
            last = p->dts;
            n->pictures++;
        } else if (st->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
            int64_t end = av_rescale_q(p->pts + p->duration, st->time_base, (AVRational){ 1, SAMPLE_RATE });
            n->samples = end > n->samples ? end : n->samples;
        }
        av_packet_unref(p);
    }
    av_packet_free(&p);
    return ok;
}

static bool verify(const struct join_spec *s, AVFormatContext *fmt, struct err *e)
{
    struct counts n = { 0 };
    unsigned chapters = s->lesson->output.chapters ? (unsigned)s->n_sections : 0;
    int64_t want = film_samples(&s->video, s->n_frames), frame = film_samples(&s->video, 1);
    if (!count(fmt, &n, e))
        return false;
    if (n.pictures != s->n_frames)
        return err_set(e, ERR_RENDER, "%lld of %lld pictures", (long long)n.pictures, (long long)s->n_frames);
    if (llabs(n.samples - want) >= frame)
        return err_set(e, ERR_RENDER, "%.3f s of sound for %.3f s of pictures", (double)n.samples / SAMPLE_RATE,
                       (double)want / SAMPLE_RATE);
    if (fmt->nb_chapters != chapters)
        return err_set(e, ERR_RENDER, "%u of %u chapters", fmt->nb_chapters, chapters);
    return true;
}

bool film_verify(const struct join_spec *s, int fd, struct err *e)
{
    AVIOContext *io = fd_io_create(fd, false);
    AVFormatContext *fmt = avformat_alloc_context();
    bool ok = false;
    int r;
    if (!fmt) {
        err_set(e, ERR_RENDER, "no memory");
        goto out;
    }
    fmt->pb = io;
    fmt->flags |= AVFMT_FLAG_CUSTOM_IO;
    fmt->io_open = never_open;
    if ((r = avformat_open_input(&fmt, NULL, av_find_input_format("mov"), NULL)) < 0)
        err_av(e, ERR_RENDER, r, "open");
    else
        ok = verify(s, fmt, e);
out:
    avformat_close_input(&fmt);
    fd_io_destroy(io);
    return ok || err_wrap(e, "the film that was written does not read back");
}
