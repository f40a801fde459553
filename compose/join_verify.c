/* join_verify.c - a film is read back before it gets its name */
#include "compose/join_verify.h"
#include <stdlib.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include "compose/av.h"
#include "compose/containers.h"
#include "compose/cues.h"
#include "compose/fd_io.h"
#include "compose/mix.h"
#include "gen/base/mem.h"
#include "gen/media.h"

static int never_open(AVFormatContext *s, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
    (void)s, (void)pb, (void)url, (void)flags, (void)options;
    return AVERROR(EACCES);
}

struct counts {
    int64_t pictures, samples, texts, n_frames;
    AVRational frame;                           /* seconds */
    bool *is_seen;                              /* n_frames: is there a picture for each? */
};

/* Each frame has its picture, at its time. */
static bool see(struct counts *n, const AVPacket *p, AVRational base, struct err *e)
{
    int64_t at = p->pts == AV_NOPTS_VALUE ? -1 : av_rescale_q(p->pts, base, n->frame);
    if (at < 0 || at >= n->n_frames || n->is_seen[at])
        return err_set(e, ERR_RENDER, "a picture at the wrong time");
    n->is_seen[at] = true;
    n->pictures++;
    return true;
}

static bool count(AVFormatContext *fmt, struct counts *n, bool has_dts, struct err *e)
{
    AVPacket *p = av_packet_alloc();
    int64_t last = INT64_MIN;
    bool ok = p != NULL;
    while (ok && av_read_frame(fmt, p) >= 0) {
        const AVStream *st = fmt->streams[p->stream_index];
        if (st->codecpar->codec_type == AVMEDIA_TYPE_VIDEO) {
            ok = !has_dts || p->dts > last || err_set(e, ERR_RENDER, "pictures out of order");
            last = p->dts;
            ok = ok && see(n, p, st->time_base, e);
        } else if (st->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
            int64_t end = av_rescale_q(p->pts + p->duration, st->time_base, (AVRational){ 1, SAMPLE_RATE });
            n->samples = end > n->samples ? end : n->samples;
        } else if (st->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE) {
            int length = st->codecpar->codec_id == AV_CODEC_ID_MOV_TEXT ? 2 : 0; /* comes before each of MP4's texts */
            n->texts += p->size > length;       /* MP4 fills pauses with texts of no bytes */
        }
        av_packet_unref(p);
    }
    av_packet_free(&p);
    return ok;
}

static bool verify(const struct join_spec *s, const struct cues *cues, AVFormatContext *fmt,
                   const struct container_row *row, struct err *e)
{
    int64_t texts = s->lesson->output.track ? (int64_t)cues->n : 0;
    struct counts n = { .n_frames = s->n_frames, .frame = { s->video.fps_den, s->video.fps_num } };
    unsigned chapters = s->lesson->output.chapters ? (unsigned)s->n_sections : 0;
    int64_t want = film_samples(&s->video, s->n_frames), frame = film_samples(&s->video, 1);
    n.is_seen = mem_array((size_t)s->n_frames, sizeof *n.is_seen);
    bool ok = count(fmt, &n, !row->hides_priming, e);
    free(n.is_seen);
    if (!ok)
        return false;
    if (n.pictures != s->n_frames)
        return err_set(e, ERR_RENDER, "%lld of %lld pictures", (long long)n.pictures, (long long)s->n_frames);
    if (llabs(n.samples - want) >= frame + row->slack_samples)
        return err_set(e, ERR_RENDER, "%.3f s of sound for %.3f s of pictures", (double)n.samples / SAMPLE_RATE,
                       (double)want / SAMPLE_RATE);
    if (n.texts != texts)
        return err_set(e, ERR_RENDER, "%lld of %lld subtitles", (long long)n.texts, (long long)texts);
    if (fmt->nb_chapters != chapters)
        return err_set(e, ERR_RENDER, "%u of %u chapters", fmt->nb_chapters, chapters);
    return true;
}

bool film_verify(const struct join_spec *s, const struct cues *cues, int fd, struct err *e)
{
    const struct container_row *row = container_row_of(s->out_path);
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
    if ((r = avformat_open_input(&fmt, NULL, av_find_input_format(row->demuxer), NULL)) < 0)
        err_av(e, ERR_RENDER, r, "open");
    else
        ok = verify(s, cues, fmt, row, e);
out:
    avformat_close_input(&fmt);
    fd_io_destroy(io);
    return ok || err_wrap(e, "the film that was written does not read back");
}
