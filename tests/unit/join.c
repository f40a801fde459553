/* join.c - tests of the finished film, read back with libavformat */
#include <fcntl.h>
#include <glob.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "compose/decode.h"
#include "compose/effects.h"
#include "compose/join.h"
#include "compose/loudness.h"
#include "compose/mix.h"
#include "compose/piece.h"
#include "compose/transitions.h"
#include "gen/base/arena.h"
#include "gen/base/file.h"
#include "tests/support/media.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { N_SECTIONS = 3, SECTION = 40, HALF = 5, N_PIECES = 5 };

/* Three sections of 40 frames, transitions of 10 between them, speech of 0.8 s in the first and last. */
struct fixture {
    char *dir;
    struct arena *arena, memory;
    struct lesson lesson;
    struct section section[N_SECTIONS];
    struct blob speech[N_SECTIONS], piece[N_PIECES];
    const struct blob *pieces[N_PIECES];
    struct join_section join[N_SECTIONS];
    struct word words[2];
    struct join_spec spec;
};

static double voice(int64_t i, int c)
{
    (void)c;
    return 0.3 * sin((double)i * 0.03) * (0.6 + 0.4 * sin((double)i * 0.0009));
}

static struct str keep(const struct fixture *f, const char *name)
{
    return arena_printf(f->arena, "%s/%s", f->dir, name);
}

static void render(struct fixture *f, size_t i, const struct piece_spec *s, const struct picture_source *src)
{
    char name[20];
    struct err e = { 0 };
    snprintf(name, sizeof name, "piece%zu.nut", i);
    f->piece[i].path = keep(f, name);
    int fd = open(f->piece[i].path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK_ROW(e.msg, piece_render(s, src, fd, &f->piece[i].info, NULL, NULL, &e));
    close(fd);
    f->pieces[i] = &f->piece[i];
}

static const struct row *row_named(const struct row *const *rows, const char *name)
{
    while (*rows && strcmp((*rows)->name, name))
        rows++;
    return *rows;
}

static void render_all(struct fixture *f)
{
    struct plate_source pixels[N_SECTIONS];
    struct blob blobs[N_SECTIONS];
    struct shot shots[N_SECTIONS];
    struct visual v[N_SECTIONS];
    for (size_t i = 0; i < N_SECTIONS; i++) {
        pixels[i] = picture_make(PICTURE_PHOTO, 400, 240, i + 1);
        blobs[i] = picture_blob(i);
        shots[i] = (struct shot){ .picture = &blobs[i], .n_frames = SECTION + (i ? HALF : 0) + (i + 1 < N_SECTIONS ? HALF : 0) };
        v[i] = (struct visual){ .shots = &shots[i], .n_shots = 1, .n_frames = shots[i].n_frames };
    }
    struct picture_source src = picture_source_array(pixels);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        struct piece_spec body = { .video = f->spec.video, .a = &v[i], .first_a = i ? 2 * HALF : 0, .n_frames = SECTION - (i ? HALF : 0) - (i + 1 < N_SECTIONS ? HALF : 0) };
        render(f, 2 * i, &body, &src);
        if (i + 1 == N_SECTIONS)
            break;
        struct piece_spec between = { .video = f->spec.video, .a = &v[i], .b = &v[i + 1], .first_a = v[i].n_frames - 2 * HALF, .first_b = 0,
                                      .n_frames = 2 * HALF, .transition = { .row = row_named(transition_rows, "fade") } };
        render(f, 2 * i + 1, &between, &src);
    }
    for (size_t i = 0; i < N_SECTIONS; i++)
        free((void *)(uintptr_t)pixels[i].bgra);
}

static struct fixture *fixture_create(int fps_num, int fps_den)
{
    static const char *const titles[] = { "One: \"gate\"", "", "\303\234ber <b>" };
    struct fixture *f = mem_alloc(sizeof *f);
    struct buf wav = { 0 };
    struct err e = { 0 };
    f->dir = test_tmpdir();
    f->arena = &f->memory;
    f->lesson = (struct lesson){ .title = STR("A film; \\ = #"), .language = STR("en-US"), .loudness = { -16, -1 },
                                 .output = { .thumbnail = STR("auto"), .chapters = true, .srt = true, .vtt = true } };
    f->spec = (struct join_spec){ .lesson = &f->lesson, .video = { .width = 320, .height = 180, .fps_num = fps_num, .fps_den = fps_den, .preset = STR("balanced"), .crf = 23 },
                                  .audio_kbps = 128, .pieces = f->pieces, .n_pieces = N_PIECES, .sections = f->join, .n_sections = N_SECTIONS,
                                  .n_frames = (int64_t)N_SECTIONS * SECTION, .dir = str_from(f->dir), .out_path = keep(f, "film.mp4") };
    f->words[0] = (struct word){ 0, 9600, 0, 3 };
    f->words[1] = (struct word){ 14400, 38400, 4, 4 };
    media_wav(&wav, 48000, 1, 38400, voice, -1);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        f->section[i] = (struct section){ .id = STR("second"), .title = str_from(titles[i]), .narration = STR("Two gates."), .voice = { .volume = 1, .speed = 1 },
                                          .captions = { .enabled = true, .max_lines = 2, .size = 0.05, .font = STR("sans") } };
        f->speech[i] = (struct blob){ .path = keep(f, "speech.wav"), .words = f->words, .n_words = 2 };
        f->join[i] = (struct join_section){ .section = &f->section[i], .speech = i == 1 ? NULL : &f->speech[i], .first_frame = (int64_t)i * SECTION, .n_frames = SECTION,
                                            .speech_start_samples = film_samples(&f->spec.video, (int64_t)i * SECTION) + 12000 };
    }
    CHECK_ROW(e.msg, file_replace(f->speech[0].path.p, buf_str(&wav), &e));
    buf_deinit(&wav);
    render_all(f);
    return f;
}

static void fixture_destroy(struct fixture *f)
{
    arena_deinit(&f->memory);
    free(f);
}

static void slurp(const struct fixture *f, const char *name, struct buf *out)
{
    struct err e = { 0 };
    struct str path = keep(f, name);
    CHECK_ROW(e.msg, file_read(path.p, 64 * MIB, out, &e));
}

static AVFormatContext *open_film(const struct fixture *f)
{
    AVFormatContext *fmt = NULL;
    CHECK(avformat_open_input(&fmt, f->spec.out_path.p, NULL, NULL) == 0);
    CHECK(avformat_find_stream_info(fmt, NULL) >= 0);
    return fmt;
}

/* Decodes a stream to its end; returns frames of pictures or samples of sound. */
static int64_t decode_stream(AVFormatContext *fmt, int stream, double *start_s)
{
    const AVCodecParameters *par = fmt->streams[stream]->codecpar;
    const AVCodec *codec = avcodec_find_decoder(par->codec_id);
    AVCodecContext *c = avcodec_alloc_context3(codec);
    AVPacket *p = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    int64_t n = 0, last = INT64_MIN;
    CHECK(avcodec_parameters_to_context(c, par) >= 0);
    c->err_recognition = AV_EF_EXPLODE;
    c->pkt_timebase = fmt->streams[stream]->time_base;
    CHECK(avcodec_open2(c, codec, NULL) == 0);
    for (bool more = true; more;) {
        more = av_read_frame(fmt, p) >= 0;
        if (more && p->stream_index != stream) {
            av_packet_unref(p);
            continue;
        }
        CHECK(avcodec_send_packet(c, more ? p : NULL) >= 0);
        av_packet_unref(p);
        while (avcodec_receive_frame(c, frame) >= 0) {
            if (!n)
                *start_s = (double)frame->pts * av_q2d(c->pkt_timebase);
            CHECK(frame->pts > last);
            last = frame->pts;
            n += par->codec_type == AVMEDIA_TYPE_VIDEO ? 1 : frame->nb_samples;
        }
    }
    av_frame_free(&frame);
    av_packet_free(&p);
    avcodec_free_context(&c);
    return n;
}

TEST(a_film_is_h264_and_aac_of_equal_length_with_every_frame_decodable)
{
    static const struct { const char *name; int num, den; } rows[] = { { "30", 30, 1 }, { "NTSC", 30000, 1001 }, { "25", 25, 1 } };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct fixture *f = fixture_create(rows[i].num, rows[i].den);
        struct join_result r;
        struct err e = { 0 };
        CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
        AVFormatContext *fmt = open_film(f);
        int v = av_find_best_stream(fmt, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0), a = av_find_best_stream(fmt, AVMEDIA_TYPE_AUDIO, -1, -1, NULL, 0);
        CHECK(v >= 0 && a >= 0);
        const AVCodecParameters *par = fmt->streams[v]->codecpar;
        CHECK_INT("codec", AV_CODEC_ID_H264, par->codec_id);
        CHECK_INT("pixels", AV_PIX_FMT_YUV420P, par->format);
        CHECK_INT("matrix", AVCOL_SPC_BT709, par->color_space);
        CHECK_INT("primaries", AVCOL_PRI_BT709, par->color_primaries);
        CHECK_INT("transfer", AVCOL_TRC_BT709, par->color_trc);
        CHECK_INT("range", AVCOL_RANGE_MPEG, par->color_range);
        CHECK_INT("rate", 0, av_cmp_q(fmt->streams[v]->avg_frame_rate, (AVRational){ rows[i].num, rows[i].den }));
        CHECK_INT("sound", AV_CODEC_ID_AAC, fmt->streams[a]->codecpar->codec_id);
        CHECK_INT("sample rate", SAMPLE_RATE, fmt->streams[a]->codecpar->sample_rate);
        CHECK_INT("channels", 2, fmt->streams[a]->codecpar->ch_layout.nb_channels);
        double video_s = (double)fmt->streams[v]->duration * av_q2d(fmt->streams[v]->time_base);
        double audio_s = (double)fmt->streams[a]->duration * av_q2d(fmt->streams[a]->time_base);
        CHECK_NEAR("length", 120.0 * rows[i].den / rows[i].num, video_s, 0.0005);
        CHECK_NEAR("sound as long as pictures", video_s, audio_s, 0.0005);
        double start = -1;
        CHECK_INT("frames", 120, decode_stream(fmt, v, &start));
        CHECK_NEAR("first frame at 0", 0, start, 1e-9);
        avformat_close_input(&fmt);
        fmt = open_film(f);
        /* The edit list ends inside the last AAC frame; FFmpeg's decoder gives that frame whole. */
        CHECK_NEAR("samples", (double)film_samples(&f->spec.video, 120) + 512, (double)decode_stream(fmt, a, &start), 512);
        avformat_close_input(&fmt);
        fixture_destroy(f);
    }
}

TEST(a_film_names_its_chapters_and_itself)
{
    static const char *const titles[] = { "One: \"gate\"", "second", "\303\234ber <b>" };
    struct fixture *f = fixture_create(30, 1);
    struct join_result r;
    struct err e = { 0 };
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    AVFormatContext *fmt = open_film(f);
    CHECK_INT("chapters", 3, fmt->nb_chapters);
    for (unsigned i = 0; i < 3; i++) {
        AVDictionaryEntry *t = av_dict_get(fmt->chapters[i]->metadata, "title", NULL, 0);
        CHECK_STR("title", titles[i], str_from(t ? t->value : NULL));
        CHECK_NEAR("start", i * 40.0 / 30, (double)fmt->chapters[i]->start * av_q2d(fmt->chapters[i]->time_base), 0.001);
    }
    AVDictionaryEntry *t = av_dict_get(fmt->metadata, "title", NULL, 0);
    CHECK_STR("title", "A film; \\ = #", str_from(t ? t->value : NULL));
    CHECK(!av_dict_get(fmt->metadata, "creation_time", NULL, 0));
    avformat_close_input(&fmt);
    f->lesson.output.chapters = false;
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    fmt = open_film(f);
    CHECK_INT("without chapters", 0, fmt->nb_chapters);
    avformat_close_input(&fmt);
    fixture_destroy(f);
}

TEST(a_film_sounds_as_loud_as_asked_and_at_the_right_time)
{
    struct fixture *f = fixture_create(30, 1);
    struct join_result r;
    struct sound s;
    struct err e = { 0 };
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    int fd = open(f->spec.out_path.p, O_RDONLY | O_CLOEXEC);
    CHECK_ROW(e.msg, sound_decode(fd, &s, &e));
    close(fd);
    CHECK_NEAR("loudness", -16, loudness_of(s.pcm, s.channels, s.n_samples), 0.5);
    CHECK_NEAR("as told", -16, r.loudness_lufs, 0.2);
    CHECK(20 * log10(sound_peak(&s)) <= -1);
    CHECK_NEAR("length told", 4, r.duration_s, 1e-9);
    /* Speech of sections 0 and 2 begins 12000 samples into them and lasts 38400. */
    static const struct { const char *name; int64_t at; bool loud; } rows[] = {
        { "before", 11000, false },         { "begins", 12800, true },   { "ends", 49400, true },    { "after", 51600, false },
        { "the silent section", 96000, false }, { "before the last", 138500, false }, { "the last begins", 140800, true }, { "the last ends", 177400, true },
        { "over", 179600, false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        float most = 0;
        for (int64_t k = rows[i].at - 200; k < rows[i].at + 200; k++)
            most = fmaxf(most, fabsf(s.pcm[k * s.channels]));
        CHECK_ROW(rows[i].name, rows[i].loud ? most > 0.05f : most < 0.01f);
    }
    sound_deinit(&s);
    fixture_destroy(f);
}

TEST(the_index_comes_first_and_nothing_is_left_beside_the_film)
{
    struct fixture *f = fixture_create(30, 1);
    struct join_result r;
    struct err e = { 0 };
    struct buf b = BUF_INIT(64 * MIB), pattern = { 0 };
    struct stat st;
    glob_t g;
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    slurp(f, "film.mp4", &b);
    const char *moov = memmem(b.p, b.n, "moov", 4), *mdat = memmem(b.p, b.n, "mdat", 4);
    CHECK(moov && mdat && moov < mdat);
    CHECK_INT("size told", b.n, r.bytes);
    buf_printf(&pattern, "%s/.vidgen-*", f->dir);
    CHECK_INT("left over", GLOB_NOMATCH, glob(pattern.p, 0, NULL, &g));
    CHECK(stat(f->spec.out_path.p, &st) == 0 && (st.st_mode & 0400));
    buf_deinit(&b);
    buf_deinit(&pattern);
    fixture_destroy(f);
}

TEST(the_same_pieces_join_to_the_same_bytes)
{
    static const char *const files[] = { "film.mp4", "film.srt", "film.vtt", "film.jpg" };
    struct fixture *f = fixture_create(30, 1);
    struct join_result r;
    struct err e = { 0 };
    struct buf a[4], b[4];
    for (size_t i = 0; i < 4; i++)
        a[i] = b[i] = (struct buf)BUF_INIT(64 * MIB);
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    for (size_t i = 0; i < 4; i++)
        slurp(f, files[i], &a[i]);
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    for (size_t i = 0; i < 4; i++) {
        slurp(f, files[i], &b[i]);
        CHECK_ROW(files[i], str_eq(buf_str(&a[i]), buf_str(&b[i])));
        buf_deinit(&a[i]);
        buf_deinit(&b[i]);
    }
    fixture_destroy(f);
}

TEST(subtitles_and_a_thumbnail_lie_beside_the_film)
{
    struct fixture *f = fixture_create(30, 1);
    struct join_result r;
    struct picture p;
    struct err e = { 0 };
    struct buf b = { 0 };
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    slurp(f, "film.srt", &b);
    CHECK(str_starts(buf_str(&b), "1\n00:00:00,"));
    CHECK(memmem(b.p, b.n, "\n2\n00:00:02,", 12) || memmem(b.p, b.n, "\n2\n00:00:03,", 12));
    CHECK(memmem(b.p, b.n, "Two gates.", 10) != NULL);
    buf_clear(&b);
    slurp(f, "film.vtt", &b);
    CHECK(str_starts(buf_str(&b), "WEBVTT\n\n"));
    buf_clear(&b);
    slurp(f, "film.jpg", &b);
    int fd = media_fd(b.p, b.n);
    CHECK_ROW(e.msg, picture_decode(fd, &p, &e));
    CHECK_INT("width", 320, p.width);
    CHECK(!picture_is_flat(&p));
    picture_deinit(&p);
    close(fd);
    buf_deinit(&b);
    fixture_destroy(f);
}

TEST(subtitles_of_one_or_two_letters_are_counted_in_every_container)
{
    static const char *const files[] = { "film.mp4", "film.mkv" };
    for (size_t i = 0; i < COUNTOF(files); i++) {
        struct fixture *f = fixture_create(30, 1);
        struct join_result r;
        struct err e = { 0 };
        f->lesson.output.track = true;
        f->section[0].narration = STR("OK");
        f->words[0] = (struct word){ 0, 9600, 0, 2 };
        f->speech[0].n_words = 1;
        f->spec.out_path = keep(f, files[i]);
        bool ok = film_join(&f->spec, &r, NULL, &e);
        CHECK_ROW(e.msg, ok);
        fixture_destroy(f);
    }
}

TEST(a_join_that_fails_or_is_stopped_leaves_no_film)
{
    struct fixture *f = fixture_create(30, 1);
    struct join_result r;
    struct err e = { 0 };
    atomic_bool stop = true;
    CHECK(!film_join(&f->spec, &r, &stop, &e));
    CHECK_INT(e.msg, ERR_CANCELLED, e.code);
    CHECK(access(f->spec.out_path.p, F_OK) != 0);
    CHECK(truncate(f->piece[1].path.p, 600) == 0);
    CHECK(!film_join(&f->spec, &r, NULL, &e));
    CHECK_INT(e.msg, ERR_RENDER, e.code);
    CHECK(access(f->spec.out_path.p, F_OK) != 0);
    f->spec.pieces = (const struct blob *const[]){ &f->piece[0] };
    f->spec.n_pieces = 1;
    CHECK(!film_join(&f->spec, &r, NULL, &e));
    CHECK_INT(e.msg, ERR_RENDER, e.code);
    fixture_destroy(f);
}

TEST(sound_that_was_kept_gives_the_same_film_and_sound_that_is_damaged_is_made_anew)
{
    struct fixture *f = fixture_create(30000, 1001);
    struct join_result made, again;
    struct buf first = { 0 }, second = { 0 }, third = { 0 };
    struct blob kept = { .path = keep(f, "kept") };
    struct err e = { 0 };
    f->spec.is_sound_wanted = true;
    f->spec.sound_fd = open(kept.path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK_ROW(e.msg, film_join(&f->spec, &made, NULL, &e));
    CHECK(made.is_sound_kept);
    close(f->spec.sound_fd);
    slurp(f, "film.mp4", &first);
    f->spec.is_sound_wanted = false;
    f->spec.sound = &kept;
    f->join[0].speech = &f->piece[0];            /* not looked at: it is no sound */
    CHECK_ROW(e.msg, film_join(&f->spec, &again, NULL, &e));
    slurp(f, "film.mp4", &second);
    CHECK(str_eq(buf_str(&first), buf_str(&second)));
    CHECK_NEAR("loudness", made.loudness_lufs, again.loudness_lufs, 0);
    CHECK_NEAR("peak", made.peak_dbtp, again.peak_dbtp, 0);
    CHECK(!again.is_sound_kept);
    f->join[0].speech = &f->speech[0];
    CHECK(file_replace(kept.path.p, STR("VGSOUND and no more"), &e));
    CHECK_ROW(e.msg, film_join(&f->spec, &again, NULL, &e));
    slurp(f, "film.mp4", &third);
    CHECK(str_eq(buf_str(&first), buf_str(&third)));
    buf_deinit(&first);
    buf_deinit(&second);
    buf_deinit(&third);
    fixture_destroy(f);
}

/* A limit on the size of files stands for a full disk: writes beyond it fail (EFBIG in place of ENOSPC). */
TEST(a_disk_that_is_full_at_any_moment_leaves_the_earlier_film_and_nothing_beside_it)
{
    enum { STEPS = 24 };
    struct fixture *f = fixture_create(30, 1);
    struct blob kept = { .path = keep(f, "kept") };
    struct rlimit before;
    struct join_result r;
    struct err e = { 0 };
    struct buf name = { 0 };
    glob_t left;
    f->spec.is_sound_wanted = true;
    f->spec.sound_fd = open(kept.path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    close(f->spec.sound_fd);
    f->spec.is_sound_wanted = false;
    f->spec.sound = &kept;
    CHECK(file_replace(f->spec.out_path.p, STR("the earlier film"), &e));
    CHECK(file_replace(keep(f, "film.srt").p, STR("the earlier subtitles"), &e));
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < STEPS; i++) {
        rlim_t room = (rlim_t)r.bytes * (rlim_t)i / STEPS;
        struct join_result none;
        e = (struct err){ 0 };
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){ room, before.rlim_max });
        bool ok = film_join(&f->spec, &none, NULL, &e);
        setrlimit(RLIMIT_FSIZE, &before);
        struct buf now = { 0 };
        slurp(f, "film.mp4", &now);
        CHECK_ROW(e.msg, !ok && e.code == ERR_IO);
        CHECK_STR(e.msg, "the earlier film", buf_str(&now));
        buf_clear(&now);
        slurp(f, "film.srt", &now);
        CHECK_STR(e.msg, "the earlier subtitles", buf_str(&now));
        buf_deinit(&now);
    }
    buf_printf(&name, "%s/.vidgen-*", f->dir);
    CHECK_INT("what was begun is gone", GLOB_NOMATCH, glob(name.p, 0, NULL, &left));
    buf_deinit(&name);
    fixture_destroy(f);
}
