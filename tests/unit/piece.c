/* piece.c - tests of pieces: what is encoded decodes, joins, repeats to the byte, and stops when told */
#include "compose/piece.h"
#include <fcntl.h>
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "compose/effects.h"
#include "compose/effects/zoom.h"
#include "compose/encoders.h"
#include "gen/base/digest.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { W = 192, H = 108, FRAMES = 70, FADE = 9, H264_DELAY = 2 };

struct film {
    struct plate_source pictures[2];
    struct picture_source source;
    struct blob blobs[2];
    struct zoom zoom;
    struct choice effects[2];
    struct shot shots[2];
    struct visual visuals[2];
    struct piece_spec body, fade;
};

static void film_begin(struct film *f)
{
    *f = (struct film){ .zoom = { .amount = 1.3, .focus = { .x = 0.4, .y = 0.6 } } };
    for (size_t i = 0; i < 2; i++) {
        f->pictures[i] = picture_make(i ? PICTURE_DIAGRAM : PICTURE_PHOTO, 288, 192, i + 21);
        f->blobs[i] = picture_blob(i);
        f->effects[i] = (struct choice){ .row = row_find(effect_rows, i ? STR("none") : STR("zoom-in")), .opts = i ? NULL : &f->zoom };
        f->shots[i] = (struct shot){ .picture = &f->blobs[i], .effects = &f->effects[i], .n_effects = 1,
                                     .n_frames = FRAMES + FADE };
        f->visuals[i] = (struct visual){ .shots = &f->shots[i], .n_shots = 1, .n_frames = FRAMES + FADE };
    }
    f->source = picture_source_array(f->pictures);
    struct video_format video = { W, H, 30, 1, STR("balanced"), 0, 0, { 0 } };
    f->body = (struct piece_spec){ .video = video, .a = &f->visuals[0], .n_frames = FRAMES };
    f->fade = (struct piece_spec){ .video = video, .a = &f->visuals[0], .b = &f->visuals[1], .first_a = FRAMES,
                                   .n_frames = FADE, .transition = { .row = row_find(transition_rows, STR("fade")) } };
}

static void film_end(struct film *f)
{
    free((void *)(uintptr_t)f->pictures[0].bgra);
    free((void *)(uintptr_t)f->pictures[1].bgra);
}

/* A memory file with the piece in it. */
static int render(const struct film *f, const struct piece_spec *s)
{
    struct err e = { 0 };
    struct media_info info;
    atomic_llong done = 0;
    int fd = memfd_create("piece", MFD_CLOEXEC);
    CHECK(fd >= 0);
    CHECK_ROW(e.msg, piece_render(s, &f->source, fd, &info, NULL, &done, &e));
    CHECK_INT("frames done", s->n_frames, done);
    CHECK_INT("frames told", s->n_frames, info.n_frames);
    CHECK_INT("width told", s->video.width, info.width);
    return fd;
}

static void sum_of_fd(int fd, char hex[DIGEST_HEX])
{
    struct digest *d = digest_create();
    char chunk[65536];
    off_t at = 0;
    for (ssize_t n; (n = pread(fd, chunk, sizeof chunk, at)) > 0; at += n)
        digest_add(d, chunk, (size_t)n);
    digest_finish(d, hex);
}

static AVCodecContext *decoder_for(const struct AVCodecParameters *par)
{
    AVCodecContext *c = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264));
    CHECK(c && avcodec_parameters_to_context(c, par) >= 0 && avcodec_open2(c, NULL, NULL) >= 0);
    return c;
}

/* Decodes everything of the piece; calls back for each frame. */
static int64_t decode(int fd, AVCodecContext *c, int64_t offset, int64_t *last_pts)
{
    struct err e = { 0 };
    struct piece_reader *r = piece_open(fd, &e);
    AVPacket *p = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    int64_t n = 0;
    bool got = true;
    CHECK_ROW(e.msg, r != NULL);
    while (got) {
        CHECK_ROW(e.msg, piece_next(r, p, &got, &e));
        if (got)
            p->pts += offset, p->dts += offset;
        CHECK(avcodec_send_packet(c, got ? p : NULL) >= 0);
        av_packet_unref(p);
        while (avcodec_receive_frame(c, frame) >= 0) {
            CHECK_INT("pts grow by one", *last_pts + 1, frame->pts);
            *last_pts = frame->pts;
            n++;
        }
    }
    av_frame_free(&frame);
    av_packet_free(&p);
    piece_close(r);
    return n;
}

TEST(a_piece_decodes_on_its_own_to_exactly_its_frames)
{
    static const int64_t counts[] = { 1, 2, 3, 4, 5, 8, 9, 25, 33, FRAMES };
    struct film f;
    film_begin(&f);
    for (size_t i = 0; i < COUNTOF(counts); i++) {
        char row[20];
        int64_t last = -1;
        struct err e = { 0 };
        f.body.n_frames = counts[i];
        snprintf(row, sizeof row, "%d frames", (int)counts[i]);
        int fd = render(&f, &f.body);
        struct piece_reader *r = piece_open(fd, &e);
        AVCodecContext *c = decoder_for(piece_params(r));
        CHECK_INT(row, counts[i], decode(fd, c, 0, &last));
        avcodec_free_context(&c);
        piece_close(r);
        close(fd);
    }
    film_end(&f);
}

TEST(what_is_decoded_looks_like_what_was_drawn)
{
    struct film f;
    struct err e = { 0 };
    film_begin(&f);
    int fd = render(&f, &f.body);
    struct piece_reader *r = piece_open(fd, &e);
    AVCodecContext *c = decoder_for(piece_params(r));
    AVFrame *drawn = av_frame_alloc(), *frame = av_frame_alloc();
    AVPacket *p = av_packet_alloc();
    struct scene *s = scene_create(f.body.a, &f.body.video, &f.source, true, &e);
    drawn->format = 0;
    drawn->width = W;
    drawn->height = H;
    CHECK(av_frame_get_buffer(drawn, FRAME_ALIGN) == 0);
    bool got = true;
    while (got) {
        CHECK(piece_next(r, p, &got, &e));
        CHECK(avcodec_send_packet(c, got ? p : NULL) >= 0);
        av_packet_unref(p);
        while (avcodec_receive_frame(c, frame) >= 0) {
            double error = 0;
            scene_draw(s, frame->pts, drawn, NULL);
            for (int y = 0; y < H; y++)
                for (int x = 0; x < W; x++) {
                    double d = frame->data[0][y * frame->linesize[0] + x] - drawn->data[0][y * drawn->linesize[0] + x];
                    error += d * d;
                }
            CHECK(10 * log10(255.0 * 255 * W * H / error) > 34); /* dB; crf 20 is about 38 here */
            CHECK_INT("matrix", AVCOL_SPC_BT709, frame->colorspace);
            CHECK_INT("primaries", AVCOL_PRI_BT709, frame->color_primaries);
            CHECK_INT("transfer", AVCOL_TRC_BT709, frame->color_trc);
            CHECK_INT("range", AVCOL_RANGE_MPEG, frame->color_range);
            CHECK_INT("format", AV_PIX_FMT_YUV420P, frame->format);
            CHECK_INT("pixel shape", 1, frame->sample_aspect_ratio.num);
        }
    }
    scene_destroy(s);
    av_packet_free(&p);
    av_frame_free(&drawn);
    av_frame_free(&frame);
    avcodec_free_context(&c);
    piece_close(r);
    close(fd);
    film_end(&f);
}

TEST(pieces_follow_one_another_in_one_decoder_without_a_gap)
{
    struct film f;
    struct err e = { 0 };
    film_begin(&f);
    int fds[3] = { render(&f, &f.body), render(&f, &f.fade), render(&f, &f.body) };
    struct piece_reader *first = piece_open(fds[0], &e);
    AVPacket *p = av_packet_alloc();
    int64_t offset = 0, last_dts = -100;
    for (int i = 0; i < 3; i++) {
        struct piece_reader *r = piece_open(fds[i], &e);
        CHECK_ROW(e.msg, r != NULL);
        const struct AVCodecParameters *a = piece_params(first), *b = piece_params(r);
        CHECK_INT("parameter sets: size", a->extradata_size, b->extradata_size);
        CHECK_ROW("parameter sets", memcmp(a->extradata, b->extradata, (size_t)a->extradata_size) == 0);
        int64_t n = 0;
        for (bool got = true; piece_next(r, p, &got, &e) && got; n++) {
            CHECK_INT("only the first is a key", n == 0, (p->flags & AV_PKT_FLAG_KEY) != 0);
            CHECK_INT("dts", last_dts < -99 ? -H264_DELAY : last_dts + 1, p->dts + offset);
            CHECK(p->pts >= p->dts && p->pts >= 0);
            last_dts = p->dts + offset;
            av_packet_unref(p);
        }
        offset += n;
        piece_close(r);
    }
    CHECK_INT("frames", 2 * FRAMES + FADE, offset);
    /* and the decoder does not notice the seams */
    AVCodecContext *c = decoder_for(piece_params(first));
    AVFrame *frame = av_frame_alloc();
    int64_t n = 0;
    offset = 0;
    for (int i = 0; i < 3; i++) {
        struct piece_reader *r = piece_open(fds[i], &e);
        int64_t k = 0;
        for (bool got = true; piece_next(r, p, &got, &e) && got; k++) {
            p->pts += offset;
            p->dts += offset;
            CHECK(avcodec_send_packet(c, p) >= 0);
            av_packet_unref(p);
            for (; avcodec_receive_frame(c, frame) >= 0; n++)
                CHECK_INT("pts", n, frame->pts);
        }
        offset += k;
        piece_close(r);
    }
    avcodec_send_packet(c, NULL);
    for (; avcodec_receive_frame(c, frame) >= 0; n++)
        CHECK_INT("pts", n, frame->pts);
    CHECK_INT("decoded", 2 * FRAMES + FADE, n);
    av_frame_free(&frame);
    av_packet_free(&p);
    avcodec_free_context(&c);
    piece_close(first);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
    film_end(&f);
}

TEST(packets_carry_no_sei)
{
    struct film f;
    struct err e = { 0 };
    film_begin(&f);
    int fd = render(&f, &f.fade);
    struct piece_reader *r = piece_open(fd, &e);
    AVPacket *p = av_packet_alloc();
    for (bool got = true; piece_next(r, p, &got, &e) && got;) {
        for (int i = 0; i + 3 < p->size; i++)
            CHECK(!(p->data[i] == 0 && p->data[i + 1] == 0 && p->data[i + 2] == 1 && (p->data[i + 3] & 31) == 6));
        av_packet_unref(p);
    }
    av_packet_free(&p);
    piece_close(r);
    close(fd);
    film_end(&f);
}

struct render_job {
    const struct film *film;
    const struct piece_spec *spec;
    char sum[DIGEST_HEX];
};

static void *job_run(void *arg)
{
    struct render_job *j = arg;
    int fd = render(j->film, j->spec);
    sum_of_fd(fd, j->sum);
    close(fd);
    return NULL;
}

TEST(a_piece_has_the_same_bytes_at_each_run_and_beside_others)
{
    struct film f;
    film_begin(&f);
    struct render_job alone[2] = { { &f, &f.body, "" }, { &f, &f.fade, "" } };
    job_run(&alone[0]);
    job_run(&alone[1]);
    enum { THREADS = 6 };
    struct render_job jobs[THREADS];
    pthread_t tid[THREADS];
    for (int i = 0; i < THREADS; i++) {
        jobs[i] = (struct render_job){ &f, i % 2 ? &f.fade : &f.body, "" };
        CHECK(pthread_create(&tid[i], NULL, job_run, &jobs[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(tid[i], NULL);
    for (int i = 0; i < THREADS; i++)
        CHECK_STR("bytes", alone[i % 2].sum, str_from(jobs[i].sum));
    film_end(&f);
}

/* Reading memory that nobody wrote shows only when the memory differs. */
TEST(a_piece_has_the_same_bytes_whatever_its_memory_held_before)
{
    static const struct { const char *name; int w, h; } rows[] = {
        { "10 macroblocks wide", 160, 90 }, { "12", 192, 108 }, { "20", 320, 180 }, { "upright, 12", 180, 320 },
    };
    static const int fills[] = { 1, 85, 170, 255 };
    struct film f;
    film_begin(&f);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct piece_spec specs[] = { f.body, f.fade };
        struct render_job plain, filled;
        for (size_t k = 0; k < COUNTOF(specs); k++) {
            specs[k].video.width = rows[i].w;
            specs[k].video.height = rows[i].h;
            plain = filled = (struct render_job){ &f, &specs[k], "" };
            job_run(&plain);
            for (size_t n = 0; n < COUNTOF(fills); n++) {
                mallopt(M_PERTURB, fills[n]);
                job_run(&filled);
                CHECK_ROW(rows[i].name, strcmp(plain.sum, filled.sum) == 0);
            }
            mallopt(M_PERTURB, 0);
        }
    }
    film_end(&f);
}

TEST(a_body_and_a_transition_show_the_same_frame_where_they_meet)
{
    struct film f;
    struct err e = { 0 };
    film_begin(&f);
    /* frame FRAMES - 1 ends the body, FRAMES begins the transition: the scene is one function of time */
    struct scene *s = scene_create(f.body.a, &f.body.video, &f.source, true, &e);
    struct scene *t = scene_create(f.fade.a, &f.fade.video, &f.source, true, &e);
    AVFrame *x = av_frame_alloc(), *y = av_frame_alloc();
    AVFrame *both[2] = { x, y };
    for (int i = 0; i < 2; i++) {
        both[i]->format = 0;
        both[i]->width = W;
        both[i]->height = H;
        CHECK(av_frame_get_buffer(both[i], FRAME_ALIGN) == 0);
    }
    scene_draw(s, FRAMES, x, NULL);
    scene_draw(t, 3, y, NULL);                        /* drawing other frames first changes nothing */
    scene_draw(t, FRAMES, y, NULL);
    struct frame a = frame_view(x), b = frame_view(y);
    CHECK_INT("frame", frame_checksum(&a), frame_checksum(&b));
    av_frame_free(&x);
    av_frame_free(&y);
    scene_destroy(s);
    scene_destroy(t);
    film_end(&f);
}

TEST(rendering_stops_when_told)
{
    struct film f;
    struct err e = { 0 };
    struct media_info info;
    atomic_bool stop = true;
    atomic_llong done = 0;
    film_begin(&f);
    int fd = memfd_create("piece", MFD_CLOEXEC);
    CHECK(!piece_render(&f.body, &f.source, fd, &info, &stop, &done, &e));
    CHECK_INT("class", ERR_CANCELLED, e.code);
    CHECK_INT("frames done", 0, done);
    close(fd);
    film_end(&f);
}

TEST(a_full_disk_and_wrong_formats_are_errors_with_a_class)
{
    struct film f;
    struct err e = { 0 };
    struct media_info info;
    film_begin(&f);
    int fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    if (fd >= 0) {
        CHECK(!piece_render(&f.body, &f.source, fd, &info, NULL, NULL, &e));
        CHECK_INT("full disk", ERR_IO, e.code);
        close(fd);
    }
    fd = memfd_create("piece", MFD_CLOEXEC);
    f.body.video.preset = STR("ballanced");
    CHECK(!piece_render(&f.body, &f.source, fd, &info, NULL, NULL, &e));
    CHECK_INT("preset", ERR_CONFIG, e.code);
    f.body.video.preset = STR("balanced");
    f.body.video.width = 191;
    CHECK(!piece_render(&f.body, &f.source, fd, &info, NULL, NULL, &e));
    CHECK_INT("odd width", ERR_CONFIG, e.code);
    close(fd);
    film_end(&f);
}

TEST(what_is_no_piece_is_refused)
{
    static const struct { const char *name, *bytes; } rows[] = {
        { "empty", "" }, { "text", "hello, this is not a piece of a film at all" }, { "only the magic", "nut/multimedia container" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct err e = { 0 };
        int fd = memfd_create("piece", MFD_CLOEXEC);
        CHECK(write(fd, rows[i].bytes, strlen(rows[i].bytes)) >= 0);
        CHECK_ROW(rows[i].name, piece_open(fd, &e) == NULL);
        CHECK_INT(rows[i].name, ERR_RENDER, e.code);
        close(fd);
    }
}

TEST(every_frame_rate_and_shape_keeps_its_frames)
{
    static const struct { const char *name; int w, h, num, den; } rows[] = {
        { "29.97", W, H, 30000, 1001 }, { "23.976", W, H, 24000, 1001 }, { "60", W, H, 60, 1 }, { "25, upright", 108, 192, 25, 1 },
        { "1 a second, square", 96, 96, 1, 1 }, { "119.88, sides of no 16", 202, 118, 120000, 1001 },
    };
    struct film f;
    film_begin(&f);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct err e = { 0 };
        int64_t last = -1;
        f.body.video = (struct video_format){ rows[i].w, rows[i].h, rows[i].num, rows[i].den, STR("draft"), 0, 0, { 0 } };
        f.body.n_frames = 21;
        int fd = render(&f, &f.body);
        struct piece_reader *r = piece_open(fd, &e);
        AVCodecContext *c = decoder_for(piece_params(r));
        CHECK_INT(rows[i].name, rows[i].w, piece_params(r)->width);
        CHECK_INT(rows[i].name, 21, decode(fd, c, 0, &last));
        avcodec_free_context(&c);
        piece_close(r);
        close(fd);
    }
    film_end(&f);
}

TEST(every_preset_renders)
{
    struct film f;
    film_begin(&f);
    for (int i = 0; i < PRESET_N; i++) {
        f.fade.video.preset = str_from(preset_names[i]);
        close(render(&f, &f.fade));
    }
    film_end(&f);
}
