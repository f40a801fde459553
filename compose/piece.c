/* piece.c - draws a run of frames and encodes them into a file of their own */
#include "compose/piece.h"
#include <assert.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <stdlib.h>
#include "compose/encode.h"
#include "compose/fd_io.h"
#include "compose/frame.h"
#include "compose/scene.h"
#include "gen/base/mem.h"

enum { PIECE_FORMAT = 3 };                      /* counts up when the same spec gives other bytes */

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *piece_version(void)
{
    return "piece/" TEXT(PIECE_FORMAT) " " LIBAVCODEC_IDENT " " LIBAVFORMAT_IDENT;
}

struct piece {
    const struct piece_spec *spec;
    struct scene *a, *b;
    AVFrame *frame_a, *frame_b;                 /* of a transition */
    const struct transition *transition;
    bool has_mark;                              /* a watermark that stands still over it */
    struct encoder *encoder;
    AVFormatContext *mux;
    AVIOContext *io;
};

static bool fail(struct err *e, int r, const char *what)
{
    char text[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(r, text, sizeof text);
    return err_set(e, r == AVERROR(ENOSPC) || r == AVERROR(EIO) ? ERR_IO : ERR_RENDER, "%s: %s", what, text);
}

static AVFrame *blank(const struct video_format *f)
{
    AVFrame *v = av_frame_alloc();
    if (!v)
        abort();
    v->format = AV_PIX_FMT_YUV420P;
    v->width = f->width;
    v->height = f->height;
    if (av_frame_get_buffer(v, FRAME_ALIGN) < 0)
        abort();
    return v;
}

static bool mux_open(struct piece *p, int fd, struct err *e)
{
    int r = avformat_alloc_output_context2(&p->mux, NULL, "nut", NULL);
    if (r < 0)
        return fail(e, r, "NUT");
    AVStream *st = avformat_new_stream(p->mux, NULL);
    if (!st)
        abort();
    if (!encoder_params(p->encoder, st->codecpar, e))
        return false;
    st->time_base = (AVRational){ p->spec->video.fps_den, p->spec->video.fps_num };
    st->avg_frame_rate = st->r_frame_rate = (AVRational){ p->spec->video.fps_num, p->spec->video.fps_den };
    p->mux->pb = p->io = fd_io_create(fd, true);
    p->mux->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
    p->mux->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
    return (r = avformat_write_header(p->mux, NULL)) >= 0 || fail(e, r, "write the piece");
}

static bool packet_write(void *ctx, AVPacket *packet, struct err *e)
{
    struct piece *p = ctx;
    const AVStream *st = p->mux->streams[0];
    AVRational frames = { p->spec->video.fps_den, p->spec->video.fps_num };
    packet->stream_index = 0;
    av_packet_rescale_ts(packet, frames, st->time_base);
    int r = av_write_frame(p->mux, packet);
    return r >= 0 || fail(e, r, "write the piece");
}

static bool piece_prepare(struct piece *p, const struct picture_source *pictures, struct err *e)
{
    const struct piece_spec *s = p->spec;
    if (!(p->a = scene_create(s->a, &s->video, pictures, true, e)))
        return false;
    if (!s->b)
        return true;
    if (!(p->b = scene_create(s->b, &s->video, pictures, true, e)))
        return false;
    p->transition = transition_of(s->transition.row);
    if (p->transition->choose)
        p->transition = p->transition->choose(s->b->seed);
    p->has_mark = scene_share_mark(p->a, p->b);
    p->frame_a = blank(&s->video);
    p->frame_b = blank(&s->video);
    return true;
}

static bool piece_draw(struct piece *p, int64_t i, AVFrame *out, struct err *e)
{
    const struct piece_spec *s = p->spec;
    if (!s->b)
        return scene_draw(p->a, s->first_a + i, out, e);
    if (!scene_draw(p->a, s->first_a + i, p->frame_a, e) || !scene_draw(p->b, s->first_b + i, p->frame_b, e))
        return false;
    struct frame a = frame_view(p->frame_a), b = frame_view(p->frame_b), dst = frame_view(out);
    const void *opts = s->transition.row == &p->transition->row ? s->transition.opts : NULL;
    p->transition->mix(p->transition, opts, &dst, &a, &b, (double)(i + 1) / (double)(s->n_frames + 1));
    if (p->has_mark)
        scene_blend_mark(p->b, s->first_b + i, out);
    return true;
}

static bool piece_frames(struct piece *p, const atomic_bool *stop, atomic_llong *frames_done, struct err *e)
{
    for (int64_t i = 0; i < p->spec->n_frames; i++) {
        AVFrame *f;
        if (stop && atomic_load_explicit(stop, memory_order_relaxed))
            return err_set(e, ERR_CANCELLED, "stopped after %lld of %lld frames", (long long)i,
                           (long long)p->spec->n_frames);
        if (!encoder_frame(p->encoder, &f, e))
            return false;
        if (!piece_draw(p, i, f, e))
            return false;
        if (!encoder_send(p->encoder, f, packet_write, p, e))
            return false;
        if (frames_done)
            atomic_fetch_add_explicit(frames_done, 1, memory_order_relaxed);
    }
    return encoder_finish(p->encoder, packet_write, p, e);
}

static void piece_deinit(struct piece *p)
{
    av_frame_free(&p->frame_a);
    av_frame_free(&p->frame_b);
    scene_destroy(p->a);
    scene_destroy(p->b);
}

bool piece_render(const struct piece_spec *s, const struct picture_source *pictures, int fd, struct media_info *info,
                  const atomic_bool *stop, atomic_llong *frames_done, struct err *e)
{
    struct piece p = { .spec = s };
    bool ok = false;
    int r;
    assert(s->a && s->n_frames > 0);
    if (!(p.encoder = encoder_create(&s->video, e)) || !piece_prepare(&p, pictures, e) || !mux_open(&p, fd, e) ||
        !piece_frames(&p, stop, frames_done, e))
        goto out;
    if ((r = av_write_trailer(p.mux)) < 0 || (avio_flush(p.io), r = p.io->error) < 0) {
        fail(e, r, "write the piece");
        goto out;
    }
    *info = (struct media_info){ .type = "nut", .width = s->video.width, .height = s->video.height,
                                 .n_frames = s->n_frames };
    ok = true;
out:
    avformat_free_context(p.mux);
    fd_io_destroy(p.io);
    piece_deinit(&p);
    encoder_destroy(p.encoder);
    return ok;
}

bool piece_draw_some(const struct piece_spec *s, const struct picture_source *pictures, const int64_t *at, size_t n,
                     void (*take)(void *ctx, size_t i, const AVFrame *f), void *ctx, struct err *e)
{
    struct piece p = { .spec = s };
    AVFrame *f = blank(&s->video);
    bool ok = piece_prepare(&p, pictures, e);
    for (size_t i = 0; ok && i < n; i++) {
        ok = piece_draw(&p, at[i], f, e);
        if (ok)
            take(ctx, i, f);
    }
    piece_deinit(&p);
    av_frame_free(&f);
    return ok;
}
