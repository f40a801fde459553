/* audit.c - tests of looking at finished films: what is wrong with one is named, what is meant is not */
#include "compose/audit.h"
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "compose/audit_grid.h"
#include "compose/effects.h"
#include "compose/effects/zoom.h"
#include "compose/join.h"
#include "compose/mix.h"
#include "compose/piece.h"
#include "compose/scene.h"
#include "gen/base/arena.h"
#include "gen/base/file.h"
#include "gen/base/rand.h"
#include "gen/encoding.h"
#include "tests/support/media.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { N = 3, FRAMES = 90, FPS = 30, SPEECH = 2 * SAMPLE_RATE };

enum shown { SHOWN_MOVING, SHOWN_STILL, SHOWN_PLAIN, SHOWN_BLACK_PICTURE, SHOWN_DARK_GRAIN, N_SHOWN };

/* A film of N sections of 3 s, each with 2 s of speech that begins after 0.5 s. */
struct fixture {
    struct arena memory;
    const char *dir;
    struct lesson lesson;
    struct section section[N];
    struct caption_opts captions;
    struct zoom zoom;
    struct choice moving;
    struct plate_source pixels[3];              /* a photo, nothing but black, and a dark one with grain */
    struct picture_source source;
    struct blob pictures[3];
    struct shot shots[N_SHOWN];
    struct visual visuals[N_SHOWN];                  /* by enum shown */
    struct piece_spec specs[N];
    const struct piece_spec *spec_of[N];
    struct blob speech[N], pieces[N];
    const struct blob *piece_of[N];
    struct join_section join[N];
    struct speech_heard heard[N];
    struct join_spec spec;
};

/* Like speech: syllables of a hum and of noise without its highest part, other ones in each section; 9 is music. */
static int seed, silent_from, silent_to;
static double hiss = 0;                         /* how much white noise is in it */

static double noise_at(int64_t i, int64_t salt)
{
    struct rng r = { (uint64_t)(i * 32 + salt) };
    return 2 * rng_unit(&r) - 1;
}

static double voice(int64_t i, int c)
{
    double syllable = 0.55 + 0.45 * sin((double)i * 0.0006 * (1 + 0.13 * seed)), part = (double)(i % 8) / 8;
    double breath = noise_at(i / 8, seed) * (1 - part) + noise_at(i / 8 + 1, seed) * part;
    (void)c;
    if (i >= silent_from && i < silent_to)
        return 0;
    return 0.3 * syllable * (0.3 * sin((double)i * (0.02 + 0.003 * seed)) + 0.7 * breath + hiss * noise_at(i, seed + 16));
}

static struct str name_of(struct fixture *f, const char *name)
{
    return arena_printf(&f->memory, "%s/%s", f->dir, name);
}

static void sound_write(struct fixture *f, const char *name, int which, int from, int to)
{
    struct buf wav = { 0 };
    struct err e = { 0 };
    seed = which;
    silent_from = from;
    silent_to = to;
    media_wav(&wav, SAMPLE_RATE, 1, SPEECH, voice, -1);
    CHECK_ROW(e.msg, file_replace(name_of(f, name).p, buf_str(&wav), &e));
    buf_deinit(&wav);
}

static void visuals_fill(struct fixture *f)
{
    f->pixels[0] = picture_make(PICTURE_PHOTO, 288, 162, 3);
    f->pixels[1] = picture_make(PICTURE_PHOTO, 288, 162, 3);
    uint8_t *black = (uint8_t *)(uintptr_t)f->pixels[1].bgra;
    for (size_t i = 0; i < f->pixels[1].stride * 162; i++)
        black[i] = i % 4 == 3 ? 255 : 0;
    f->pixels[2] = picture_make(PICTURE_PHOTO, 288, 162, 3);
    uint8_t *grain = (uint8_t *)(uintptr_t)f->pixels[2].bgra;
    for (size_t i = 0; i < f->pixels[2].stride * 162; i++)  /* luma 27, and 2 to 3 of it grain */
        grain[i] = i % 4 == 3 ? 255 : (uint8_t)(13 + 6 * noise_at((int64_t)(i / 4), 77));
    f->source = picture_source_array(f->pixels);
    f->zoom = (struct zoom){ .amount = 1.5, .focus = { .x = 0.4, .y = 0.6 } };
    f->moving = (struct choice){ .row = row_find(effect_rows, STR("zoom-in")), .opts = &f->zoom };
    for (size_t i = 0; i < COUNTOF(f->pictures); i++)
        f->pictures[i] = picture_blob(i);
    for (int i = 0; i < N_SHOWN; i++) {
        size_t picture = i >= SHOWN_BLACK_PICTURE ? (size_t)(i - SHOWN_PLAIN) : 0;
        f->shots[i] = (struct shot){ .n_frames = FRAMES, .picture = i == SHOWN_PLAIN ? NULL : &f->pictures[picture],
                                     .effects = &f->moving, .n_effects = i == SHOWN_MOVING };
        f->visuals[i] = (struct visual){ .shots = &f->shots[i], .n_shots = 1, .n_frames = FRAMES };
    }
}

static void piece_show(struct fixture *f, size_t i, enum shown what)
{
    char name[20];
    struct err e = { 0 };
    f->specs[i] = (struct piece_spec){ .video = f->spec.video, .a = &f->visuals[what], .n_frames = FRAMES };
    f->spec_of[i] = &f->specs[i];
    snprintf(name, sizeof name, "piece%zu.nut", i);
    f->pieces[i] = (struct blob){ .path = name_of(f, name) };
    f->piece_of[i] = &f->pieces[i];
    int fd = open(f->pieces[i].path.p, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK_ROW(e.msg, piece_render(&f->specs[i], &f->source, fd, &f->pieces[i].info, NULL, NULL, &e));
    close(fd);
}

static struct fixture *fixture_create(void)
{
    static const char *const ids[] = { "one", "two", "three" }, *const files[] = { "1.wav", "2.wav", "3.wav" };
    struct fixture *f = mem_alloc(sizeof *f);
    f->dir = test_tmpdir();
    f->lesson = (struct lesson){ .title = STR("Gates"), .loudness = { -16, -1 }, .dir = str_from(f->dir),
                                 .output = { .thumbnail = STR("none") } };
    f->spec = (struct join_spec){ .lesson = &f->lesson, .video = { .width = 192, .height = 108, .fps_num = FPS, .fps_den = 1, .preset = STR("draft") },
                                  .audio_kbps = 128, .pieces = f->piece_of, .n_pieces = N, .sections = f->join, .n_sections = N, .n_frames = (int64_t)N * FRAMES,
                                  .dir = str_from(f->dir), .out_path = name_of(f, "film.mp4"), .specs = f->spec_of, .speech = f->heard };
    visuals_fill(f);
    for (size_t i = 0; i < N; i++) {
        sound_write(f, files[i], (int)i, 0, 0);
        f->speech[i] = (struct blob){ .path = name_of(f, files[i]), .info = { .n_samples = SPEECH } };
        f->section[i] = (struct section){ .id = str_from(ids[i]), .narration = STR("Two gates."), .voice = { .volume = 1, .speed = 1 } };
        f->join[i] = (struct join_section){ .section = &f->section[i], .speech = &f->speech[i], .first_frame = (int64_t)i * FRAMES, .n_frames = FRAMES,
                                            .speech_start_samples = film_samples(&f->spec.video, (int64_t)i * FRAMES) + SAMPLE_RATE / 2 + 5 };
        piece_show(f, i, i == 1 ? SHOWN_STILL : SHOWN_MOVING);
    }
    return f;
}

static void fixture_destroy(struct fixture *f)
{
    for (size_t i = 0; i < COUNTOF(f->pixels); i++)
        free((void *)(uintptr_t)f->pixels[i].bgra);
    arena_deinit(&f->memory);
    free(f);
}

/* A film, made whatever will be thought of it: without anything to hold it against. */
static void film_make(const struct fixture *f)
{
    struct join_spec s = f->spec;
    struct join_section sections[N];
    struct join_result r;
    struct err e = { 0 };
    s.specs = NULL;
    CHECK(N == s.n_sections);
    memcpy(sections, f->join, sizeof sections);
    s.sections = sections;
    CHECK_ROW(e.msg, film_join(&s, &r, NULL, &e));
}

static bool look(const struct fixture *f, struct audit_found *out, struct err *e)
{
    const struct audit_made made = { .loudness = { -16, -1.5 } };
    int fd = open(f->spec.out_path.p, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    bool ok = film_audit(&f->spec, fd, &made, &f->source, out, NULL, e);
    close(fd);
    return ok;
}

static void expect_fault(const char *row, const struct fixture *f, enum audit_fault want, const char *const *words)
{
    struct audit_found found;
    struct err e = { 0 };
    CHECK_ROW(row, !look(f, &found, &e));
    CHECK_INT(row, want, found.fault);
    CHECK_INT(row, ERR_RENDER, e.code);
    for (; *words; words++)
        check_true(e.msg, *words, strstr(e.msg, *words) != NULL, __FILE__, __LINE__);
}

TEST(a_good_film_passes_and_is_told_in_figures)
{
    struct fixture *f = fixture_create();
    struct join_result r;
    struct audit_found found;
    struct err e = { 0 };
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    CHECK(r.audit.is_made);
    CHECK_INT("sections to be heard", N, r.audit.n_speech);
    CHECK_INT("heard", N, r.audit.n_speech_heard);
    CHECK_NEAR("in their places, ms", 0, r.audit.speech_late_ms, 0.2);
    CHECK_NEAR("ends together, ms", 0, r.audit.sound_over_ms, 22);
    CHECK_NEAR("loudness", -16, r.loudness_lufs, 0.3);
    CHECK(r.peak_dbtp <= -1);
    CHECK(r.audit.n_pictures >= 3 && r.audit.n_pictures <= 40);
    for (size_t i = 0; i < N; i++)
        CHECK_NEAR(f->section[i].id.p, 1, f->heard[i].likeness, 0.1);
    CHECK_ROW(e.msg, look(f, &found, &e));
    CHECK_INT("nothing looked wrong", 0, found.audit.n_compared);
    fixture_destroy(f);
}

TEST(a_narration_that_is_not_in_the_film_is_named_also_under_loud_music)
{
    for (int music = 0; music < 2; music++) {
        struct fixture *f = fixture_create();
        static const char *const words[] = { "section 2 (\"two\")", "not heard", "from 0:03.5 to 0:05.5", "--force", NULL };
        struct audit_found found;
        struct err e = { 0 };
        sound_write(f, "music.wav", 9, 0, 0);
        if (music)
            f->lesson.music = (struct music_opts){ .enabled = true, .file = STR("music.wav"), .volume = 1, .duck = 1, .loop = true };
        film_make(f);
        CHECK_ROW(e.msg, look(f, &found, &e));
        f->join[1].speech = NULL;
        film_make(f);
        f->join[1].speech = &f->speech[1];
        expect_fault(music ? "music" : "silence", f, AUDIT_SOUND, words);
        fixture_destroy(f);
    }
}

TEST(a_narration_with_a_hole_is_named_with_its_time)
{
    static const char *const words[] = { "section 3 (\"three\")", "missing", "from 0:07.5 to 0:08.0", NULL };
    struct fixture *f = fixture_create();
    sound_write(f, "3.wav", 2, SAMPLE_RATE, SAMPLE_RATE * 3 / 2);
    film_make(f);
    sound_write(f, "3.wav", 2, 0, 0);
    expect_fault("hole", f, AUDIT_SOUND, words);
    fixture_destroy(f);
}

TEST(a_narration_at_another_place_is_named_with_how_far_it_is_off)
{
    static const struct { const char *name; int64_t ms; const char *words[4]; } rows[] = {
        { "late", 300, { "section 1 (\"one\")", "300 ms too late", NULL } },
        { "early", -120, { "section 1 (\"one\")", "120 ms too early", NULL } },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct fixture *f = fixture_create();
        int64_t off = rows[i].ms * SAMPLE_RATE / 1000;
        f->join[0].speech_start_samples += off;
        film_make(f);
        f->join[0].speech_start_samples -= off;
        expect_fault(rows[i].name, f, AUDIT_SOUND, rows[i].words);
        fixture_destroy(f);
    }
}

TEST(a_voice_that_is_hardly_to_be_heard_is_not_asked_for)
{
    struct fixture *f = fixture_create();
    struct join_result r;
    struct err e = { 0 };
    f->section[1].voice.volume = 0;
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    CHECK_INT("asked for", N - 1, r.audit.n_speech);
    CHECK_NEAR("said so", -1, f->heard[1].likeness, 0);
    fixture_destroy(f);
}

TEST(what_is_not_shown_as_it_is_meant_is_named)
{
    static const struct { const char *name; enum shown is, meant; const char *words[5]; } rows[] = {
        { "black for a picture", SHOWN_PLAIN, SHOWN_MOVING, { "section 2 (\"two\")", "black", "from 0:03.0", "--force", NULL } },
        { "still for a move", SHOWN_STILL, SHOWN_MOVING, { "section 2 (\"two\")", "frozen", "from 0:03.0 to 0:05", NULL } },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct fixture *f = fixture_create();
        piece_show(f, 1, rows[i].is);
        film_make(f);
        f->specs[1].a = &f->visuals[rows[i].meant];
        expect_fault(rows[i].name, f, AUDIT_PICTURE, rows[i].words);
        fixture_destroy(f);
    }
}

TEST(black_and_stillness_that_are_meant_pass)
{
    static const struct { const char *name; enum shown what; int codec; const char *file; size_t compared; } rows[] = {
        { "a plain background", SHOWN_PLAIN, CODEC_H264, "film.mp4", 0 },
        { "a still", SHOWN_STILL, CODEC_H264, "film.mp4", 0 },
        { "a black picture", SHOWN_BLACK_PICTURE, CODEC_H264, "film.mp4", 5 },
        { "a dark picture with grain", SHOWN_DARK_GRAIN, CODEC_H264, "film.mp4", 5 },
        { "a move", SHOWN_MOVING, CODEC_H264, "film.mp4", 0 },
        { "HEVC in Matroska", SHOWN_MOVING, CODEC_HEVC, "film.mkv", 0 },
        { "VP9 in Matroska", SHOWN_MOVING, CODEC_VP9, "film.mkv", 0 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct fixture *f = fixture_create();
        struct audit_found found;
        struct err e = { 0 };
        f->spec.video.codec = rows[i].codec;
        f->spec.out_path = name_of(f, rows[i].file);
        for (size_t k = 0; k < N; k++)
            piece_show(f, k, k == 1 ? rows[i].what : SHOWN_MOVING);
        film_make(f);
        CHECK_ROW(rows[i].name, look(f, &found, &e));
        CHECK_INT(rows[i].name, rows[i].compared, found.audit.n_compared);
        CHECK_NEAR(rows[i].name, 0, found.audit.speech_late_ms, 1.1);
        fixture_destroy(f);
    }
}

TEST(loudness_peaks_and_lengths_that_are_off_are_told)
{
    static const struct { const char *name; double target, peak; int64_t frames; enum audit_fault fault; const char *words[4]; } rows[] = {
        { "too quiet", -18, -1, 0, AUDIT_LOUDNESS, { "LUFS", "instead of -16.0", NULL } },
        { "peaks", -16, -9, 0, AUDIT_PEAK, { "dBTP instead of -9.00", "encode.audio_kbps", NULL } },
        { "sound is cut", -16, -1, FPS, AUDIT_SOUND, { "its sound ends", "before its pictures", NULL } },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct fixture *f = fixture_create();
        f->lesson.loudness.target = rows[i].target;
        film_make(f);
        f->lesson.loudness = (struct loudness_opts){ -16, rows[i].peak };
        f->spec.n_frames += rows[i].frames;
        expect_fault(rows[i].name, f, rows[i].fault, rows[i].words);
        fixture_destroy(f);
    }
}

/* Little data for much noise: the coder lifts peaks and takes what is high. */
TEST(a_film_that_coding_changes_is_mixed_again_until_it_is_as_it_should_be)
{
    static const struct { const char *name; double hiss, target; int kbps; } rows[] = {
        { "peaks are lifted", 0, -12, 48 },
        { "hiss is taken", 1, -20, 48 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        hiss = rows[i].hiss;
        struct fixture *f = fixture_create();
        struct join_result r;
        struct err e = { 0 };
        f->spec.audio_kbps = rows[i].kbps;
        f->lesson.loudness.target = rows[i].target;
        CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
        CHECK_ROW(rows[i].name, r.peak_dbtp <= -1 + 0.011);
        CHECK_NEAR(rows[i].name, rows[i].target, r.loudness_lufs, 0.5);
        fixture_destroy(f);
        hiss = 0;
    }
}

TEST(a_film_that_fails_leaves_the_earlier_one_and_says_that_a_piece_is_to_blame)
{
    struct fixture *f = fixture_create();
    struct join_result r;
    struct buf png = { 0 }, now = { 0 };
    struct err e = { 0 };
    CHECK(media_picture("png", 192, 108, &png) && file_replace(name_of(f, "light.png").p, buf_str(&png), &e));
    CHECK(file_replace(f->spec.out_path.p, STR("the earlier film"), &e));
    piece_show(f, 1, SHOWN_PLAIN);
    f->pictures[0].path = name_of(f, "light.png");
    f->specs[1].a = &f->visuals[SHOWN_STILL];
    CHECK(!film_join(&f->spec, &r, NULL, &e));
    CHECK_INT("code", ERR_RENDER, e.code);
    CHECK(strstr(e.msg, "section 2 (\"two\"): the picture is black") != NULL);
    CHECK(r.has_bad_piece);
    CHECK(file_read(f->spec.out_path.p, MIB, &now, &e));
    CHECK_STR("at its place", "the earlier film", buf_str(&now));
    buf_deinit(&png);
    buf_deinit(&now);
    fixture_destroy(f);
}

TEST(sound_that_was_kept_and_lacks_a_narration_is_mixed_anew)
{
    struct fixture *f = fixture_create();
    struct blob kept = { .path = name_of(f, "kept") };
    struct join_result r;
    struct err e = { 0 };
    f->spec.is_sound_wanted = true;
    f->spec.sound_fd = open(kept.path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    f->join[1].speech = NULL;
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    CHECK(r.is_sound_kept);
    close(f->spec.sound_fd);
    f->spec.is_sound_wanted = false;
    f->spec.sound = &kept;
    f->join[1].speech = &f->speech[1];
    CHECK_ROW(e.msg, film_join(&f->spec, &r, NULL, &e));
    CHECK_INT("heard", N, r.audit.n_speech_heard);
    fixture_destroy(f);
}

TEST(a_cell_counts_as_changed_only_beyond_the_steps_asked_for)
{
    enum { W = 64, H = 36 };
    uint8_t luma[W * H];
    struct audit_grid a, b;
    memset(luma, 16, sizeof luma);
    audit_grid_take(&a, luma, W, W, H);
    CHECK_NEAR("black", 0, a.light, 0);
    CHECK_INT("cell", 16 * GRID_ONE, a.cell[GRID_H - 1][GRID_W - 1]);
    for (int y = 0; y < H / 2; y++)
        memset(luma + y * W, 200, W);
    audit_grid_take(&b, luma, W, W, H);
    CHECK_NEAR("half is light", 0.5, b.light, 1e-9);
    CHECK_NEAR("half changed", 0.5, audit_grid_change(&a, &b, 1, 0, 0), 1e-9);
    CHECK_NEAR("but not by so much", 0, audit_grid_change(&a, &b, 184, 0, 0), 1e-9);
    CHECK_NEAR("outside those rows nothing", 0, audit_grid_change(&a, &b, 1, 0, GRID_H / 2), 1e-9);
}

TEST(grain_that_coding_took_out_of_a_dark_picture_is_no_blackness)
{
    enum { W = 320, H = 180 };
    static uint8_t luma[W * H];
    struct audit_grid drawn, smooth, black;
    for (int i = 0; i < W * H; i++)
        luma[i] = (uint8_t)(27 + (i * 7 % 13) - 6);
    audit_grid_take(&drawn, luma, W, W, H);
    memset(luma, 27, sizeof luma);
    audit_grid_take(&smooth, luma, W, W, H);
    memset(luma, 16, sizeof luma);
    audit_grid_take(&black, luma, W, W, H);
    CHECK_ROW("light pixels are gone", drawn.light >= 0.01 && smooth.light == 0);
    CHECK_NEAR("nothing is lost", 0, audit_grid_darkened(&drawn, &smooth, 8), 0);
    CHECK_NEAR("so dark that black is not told", 0, audit_grid_darkened(&drawn, &black, 8), 0);
    memset(luma, 40, sizeof luma);
    audit_grid_take(&drawn, luma, W, W, H);
    CHECK_NEAR("all is lost", 1, audit_grid_darkened(&drawn, &black, 8), 1e-9);
}
