/* thumbnail.c - the picture that stands for a film, as a JPEG */
#include "compose/thumbnail.h"
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include "compose/decode.h"
#include "compose/jpeg.h"
#include "compose/kernel.h"
#include "compose/piece.h"
#include "compose/plate.h"
#include "compose/scene.h"
#include "gen/lesson/files.h"

enum { QUALITY = 3 };

/* Packets before that of the keyframe which frame `frame` needs. */
static bool count_before(int fd, int64_t frame, size_t *n, struct err *e)
{
    struct piece_reader *r = piece_open(fd, e);
    AVPacket *p = av_packet_alloc();
    bool ok = r && p, got = true;
    *n = 0;
    for (size_t i = 0; ok && got; i++) {
        ok = piece_next(r, p, &got, e);
        if (ok && got && (p->flags & AV_PKT_FLAG_KEY)) {
            if (p->pts > frame)
                got = false;
            else
                *n = i;
        }
        av_packet_unref(p);
    }
    av_packet_free(&p);
    piece_close(r);
    return ok;
}

static bool decode_until(struct piece_reader *r, AVCodecContext *dec, size_t skipped, int64_t frame, AVFrame *out,
                         struct err *e)
{
    AVPacket *p = av_packet_alloc();
    bool ok = p != NULL, found = false, got = true;
    for (size_t i = 0; ok && got && !found; i++) {
        ok = piece_next(r, p, &got, e);
        if (ok && got && i < skipped) {
            av_packet_unref(p);
            continue;
        }
        if (!ok || avcodec_send_packet(dec, got ? p : NULL) < 0) /* NULL: the frames that it still holds */
            break;
        while (!found && avcodec_receive_frame(dec, out) >= 0)
            found = out->pts >= frame;
        av_packet_unref(p);
    }
    av_packet_free(&p);
    return found || (ok && err_set(e, ERR_RENDER, "no frame %lld in its piece", (long long)frame));
}

static bool from_piece(const struct blob *b, int64_t frame, AVFrame *out, struct err *e)
{
    int fd = open(b->path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct piece_reader *r = fd >= 0 ? piece_open(fd, e) : NULL;
    const AVCodec *codec = r ? avcodec_find_decoder(piece_params(r)->codec_id) : NULL;
    AVCodecContext *dec = codec ? avcodec_alloc_context3(codec) : NULL;
    size_t skipped;
    bool ok = false;
    if (!r || !dec) {
        if (fd < 0 || r)
            err_set(e, ERR_RENDER, "a piece of the film cannot be opened");
        goto out;
    }
    dec->thread_count = 1;
    if (avcodec_parameters_to_context(dec, piece_params(r)) < 0 || avcodec_open2(dec, codec, NULL) < 0)
        err_set(e, ERR_RENDER, "no decoder for the thumbnail");
    else
        ok = count_before(fd, frame, &skipped, e) && decode_until(r, dec, skipped, frame, out, e);
out:
    avcodec_free_context(&dec);
    piece_close(r);
    if (fd >= 0)
        close(fd);
    return ok;
}

bool film_frame(const struct join_spec *s, int64_t frame, AVFrame *out, struct err *e)
{
    for (size_t i = 0; i < s->n_pieces; i++) {
        int64_t n = s->pieces[i]->info.n_frames;
        if (frame < n || i + 1 == s->n_pieces)
            return from_piece(s->pieces[i], frame < n ? frame : n - 1, out, e);
        frame -= n;
    }
    return err_set(e, ERR_RENDER, "a film without pieces");
}

/* A picture of the user's own fills the frame as a section's picture would. */
static bool from_file(const struct join_spec *s, AVFrame *out, struct err *e)
{
    struct str name = s->lesson->output.thumbnail_file;
    struct picture p = { 0 };
    int fd = -1;
    bool ok = lesson_open_file(s->lesson, name, 0, &fd, e) && picture_decode(fd, &p, e);
    out->format = AV_PIX_FMT_YUV420P;
    out->width = s->video.width;
    out->height = s->video.height;
    if (ok && av_frame_get_buffer(out, 0) < 0)
        ok = err_set(e, ERR_RENDER, "no memory for a picture");
    if (ok) {
        struct plate_source src = { p.bgra, p.width, p.height, p.stride };
        struct plate_spec spec = { .frame_w = s->video.width, .frame_h = s->video.height, .fit = FIT_COVER,
                                   .background = s->lesson->video.background, .zoom = 1 };
        struct kernel *k = kernel_create(true);
        struct plate *plate = plate_create(&src, &spec, k);
        struct frame view = frame_view(out);
        plate_sample(plate, k, (struct view){ { 0, 0, 1, 1 }, 0 }, &view);
        plate_destroy(plate);
        kernel_destroy(k);
    }
    picture_deinit(&p);
    if (fd >= 0)
        close(fd);
    return ok || err_wrap(e, STR_FMT, STR_ARG(name));
}

static bool choose(const struct join_spec *s, int64_t *frame, struct err *e)
{
    const struct output_opts *o = &s->lesson->output;
    double last = (double)(s->n_frames - 1), fps = (double)s->video.fps_num / s->video.fps_den;
    if (o->is_thumbnail_timed) {
        *frame = (int64_t)fmin(last, floor(o->thumbnail_at * fps + 0.5));
        return true;
    }
    for (size_t i = 0; i < s->n_sections; i++)
        if (str_eq(s->sections[i].section->id, o->thumbnail)) {
            *frame = s->sections[i].first_frame + s->sections[i].n_frames / 2;
            return true;
        }
    return thumbnail_choose(s, frame, e);
}

bool thumbnail_make(const struct join_spec *s, struct buf *out, struct err *e)
{
    AVFrame *f = av_frame_alloc();
    int64_t frame = 0;
    bool ok = false;
    if (!f)
        return err_set(e, ERR_RENDER, "no memory for a picture");
    if (s->lesson->output.thumbnail_file.n)
        ok = from_file(s, f, e);
    else
        ok = choose(s, &frame, e) && film_frame(s, frame, f, e);
    ok = ok && jpeg_encode(f, f->width, QUALITY, out, e);
    av_frame_free(&f);
    return ok;
}
