/* thumbnail.c - the picture that stands for a film, as a JPEG */
#include "compose/thumbnail.h"
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include <libswscale/swscale.h>
#include "compose/av.h"
#include "compose/decode.h"
#include "compose/kernel.h"
#include "compose/piece.h"
#include "compose/plate.h"
#include "compose/scene.h"
#include "gen/lesson/files.h"

enum { QUALITY = 3 };                           /* mjpeg's quantiser: 2 best to 31 */

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

static bool to_jpeg_colours(const AVFrame *f, AVFrame *out, struct err *e)
{
    out->format = AV_PIX_FMT_YUVJ420P;
    out->width = f->width;
    out->height = f->height;
    struct SwsContext *sws = sws_getContext(f->width, f->height, f->format, f->width, f->height, out->format,
                                            SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, NULL, NULL, NULL);
    if (!sws || av_frame_get_buffer(out, 0) < 0) {
        sws_freeContext(sws);
        return err_set(e, ERR_RENDER, "no conversion to JPEG's colours");
    }
    /* Film: BT.709, limited range. JFIF: BT.601, full range. */
    sws_setColorspaceDetails(sws, sws_getCoefficients(SWS_CS_ITU709), 0, sws_getCoefficients(SWS_CS_ITU601), 1, 0,
                             1 << 16, 1 << 16);
    sws_scale(sws, (const uint8_t *const *)f->data, f->linesize, 0, f->height, out->data, out->linesize);
    sws_freeContext(sws);
    return true;
}

static bool encode(AVFrame *f, struct buf *out, struct err *e)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;
    AVPacket *p = av_packet_alloc();
    bool ok = false;
    if (!c || !p) {
        err_set(e, ERR_RENDER, "this FFmpeg has no JPEG encoder");
        goto out;
    }
    c->width = f->width;
    c->height = f->height;
    c->pix_fmt = f->format;
    c->color_range = AVCOL_RANGE_JPEG;
    c->time_base = (AVRational){ 1, 1 };
    c->thread_count = 1;
    c->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
    c->global_quality = QUALITY * FF_QP2LAMBDA;
    f->quality = c->global_quality;
    f->pts = 0;
    f->pict_type = AV_PICTURE_TYPE_I;
    if (avcodec_open2(c, codec, NULL) < 0 || avcodec_send_frame(c, f) < 0 || avcodec_send_frame(c, NULL) < 0 ||
        avcodec_receive_packet(c, p) < 0)
        err_set(e, ERR_RENDER, "the thumbnail cannot be encoded");
    else
        ok =
            buf_add(out, p->data, (size_t)p->size) || err_set(e, ERR_RENDER, "a thumbnail of over %zu bytes", out->max);
out:
    av_packet_free(&p);
    avcodec_free_context(&c);
    return ok;
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
    AVFrame *f = av_frame_alloc(), *jpeg = av_frame_alloc();
    int64_t frame = 0;
    bool ok = (f && jpeg) || err_set(e, ERR_RENDER, "no memory for a picture");
    if (ok && s->lesson->output.thumbnail_file.n)
        ok = from_file(s, f, e);
    else
        ok = ok && choose(s, &frame, e) && film_frame(s, frame, f, e);
    ok = ok && to_jpeg_colours(f, jpeg, e) && encode(jpeg, out, e);
    av_frame_free(&f);
    av_frame_free(&jpeg);
    return ok;
}
