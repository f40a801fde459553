/* mix.c - tests of the film's sound: places, levels, joins, loudness and peaks */
#include <ebur128.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include "compose/loudness.h"
#include "compose/mix.h"
#include "compose/stretch.h"
#include "compose/bed.h"
#include "compose/duck.h"
#include "compose/meter.h"
#include "compose/peak.h"
#include "gen/base/file.h"
#include "gen/base/rand.h"
#include "tests/support/media.h"
#include "tests/support/test.h"

static const struct video_format hd30 = { .width = 320, .height = 180, .fps_num = 30, .fps_den = 1 };

/* A section that says a WAV file. */
struct part {
    struct section section;
    struct blob blob;
    struct join_section join;
};

static void part_init(struct part *p, const char *dir, int i, int rate, int channels, int64_t n, double (*f)(int64_t, int), int64_t at, double volume)
{
    struct buf b = { 0 }, name = { 0 };
    struct err e = { 0 };
    media_wav(&b, rate, channels, n, f, -1);
    buf_printf(&name, "%s/%d.wav", dir, i);
    CHECK_ROW(e.msg, file_replace(name.p, buf_str(&b), &e));
    buf_deinit(&b);
    *p = (struct part){ .section = { .voice = { .volume = volume } } };
    p->blob.path = str_from(buf_take(&name));
    p->join = (struct join_section){ .section = &p->section, .speech = &p->blob, .speech_start_samples = at };
}

static void part_deinit(struct part *p)
{
    free((char *)(uintptr_t)p->blob.path.p);
}

static bool mix(const struct part *p, size_t n, int64_t frames, struct track *t, struct err *e)
{
    struct join_section s[4] = { { 0 } };
    for (size_t i = 0; i < n; i++) {
        s[i] = p[i].join;
        s[i].section = &p[i].section;
        s[i].speech = &p[i].blob;
    }
    struct lesson lesson = { 0 };
    struct join_spec spec = { .lesson = &lesson, .video = hd30, .sections = s, .n_sections = n, .n_frames = frames, .out_path = STR("/tmp/film.mp4") };
    return mix_film(&spec, media_fd("", 0), t, NULL, e);
}

static double loud(int64_t i, int c)
{
    (void)c;
    return 0.8 * cos((double)i * 0.06);
}

static double quiet(int64_t i, int c)
{
    (void)c;
    return 0.01 * cos((double)i * 0.06);
}

static double left_only(int64_t i, int c)
{
    return c ? 0 : 0.3 * sin((double)i * 0.05);
}

static double level(const struct track *t, int64_t from, int64_t n)
{
    float *x = mem_array((size_t)(n * t->channels), sizeof *x);
    struct err e;
    CHECK(track_read(t, from, x, (size_t)n, &e));
    double l = loudness_of(x, t->channels, n);
    free(x);
    return l;
}

TEST(frame_boundaries_come_from_cumulative_frames)
{
    static const struct { const char *name; int num, den; int64_t frame, sample; } rows[] = {
        { "30 fps, one second", 30, 1, 30, 48000 },
        { "NTSC, an hour of frames", 30000, 1001, 107892, 172799827 }, /* 107892 * 1001 / 30000 * 48000 = 172799827.2 */
        { "24 fps, one frame", 24, 1, 1, 2000 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct video_format f = { .fps_num = rows[i].num, .fps_den = rows[i].den };
        CHECK_INT(rows[i].name, rows[i].sample, film_samples(&f, rows[i].frame));
    }
}

TEST(sections_of_any_level_and_rate_are_heard_equally_loud_at_their_places)
{
    struct part p[3];
    struct track t;
    struct err e = { 0 };
    char *dir = test_tmpdir();
    part_init(&p[0], dir, 0, 48000, 1, 96000, loud, 24000, 1);
    part_init(&p[1], dir, 1, 8000, 1, 16000, quiet, 168000, 1);
    part_init(&p[2], dir, 2, 48000, 1, 96000, loud, 312000, 0.5);
    CHECK_ROW(e.msg, mix(p, 3, 300, &t, &e));
    CHECK_INT("film", 480000, t.n_samples);
    CHECK_INT("one channel is enough", 1, t.channels);
    double a = level(&t, 24000, 96000), b = level(&t, 168000, 96000), c = level(&t, 312000, 96000);
    CHECK_NEAR("quiet as loud", a, b, 0.5);
    CHECK_NEAR("half the volume is 6 dB less", a - 6.02, c, 0.3);
    float x[2000];
    CHECK(track_read(&t, 22000, x, 2000, &e));
    for (int i = 0; i < 2000; i++)
        CHECK(fabsf(x[i]) < 1e-6f);              /* silence to the very sample */
    CHECK(track_read(&t, 24000 + 240, x, 1, &e) && fabsf(x[0]) > 0.01f);
    for (int i = 0; i < 3; i++)
        part_deinit(&p[i]);
    close(t.fd);
}

/* cos starts at its full height: without fades each section would begin and end with a click of that height. */
TEST(joins_do_not_click)
{
    struct part p[2];
    struct track t;
    struct err e = { 0 };
    char *dir = test_tmpdir();
    part_init(&p[0], dir, 0, 48000, 1, 48000, loud, 1000, 1);
    part_init(&p[1], dir, 1, 48000, 1, 48000, loud, 49000, 1); /* right behind it */
    CHECK_ROW(e.msg, mix(p, 2, 90, &t, &e));
    float *x = mem_array(144000, sizeof *x), inside = 0, most = 0;
    CHECK(track_read(&t, 0, x, 144000, &e));
    for (int i = 1; i < 144000; i++) {
        float jump = fabsf(x[i] - x[i - 1]);
        most = jump > most ? jump : most;
        if (i > 20000 && i < 40000)
            inside = jump > inside ? jump : inside;
    }
    CHECK(most <= inside * 1.05f);              /* the steepest place is inside the tone itself */
    free(x);
    for (int i = 0; i < 2; i++)
        part_deinit(&p[i]);
    close(t.fd);
}

TEST(a_stereo_section_makes_a_stereo_film_and_keeps_its_sides)
{
    struct part p[2];
    struct track t;
    struct err e = { 0 };
    char *dir = test_tmpdir();
    part_init(&p[0], dir, 0, 48000, 1, 48000, loud, 0, 1);
    part_init(&p[1], dir, 1, 44100, 2, 44100, left_only, 48000, 1);
    CHECK_ROW(e.msg, mix(p, 2, 60, &t, &e));
    CHECK_INT("channels", 2, t.channels);
    float x[2 * 400];
    CHECK(track_read(&t, 20000, x, 400, &e));
    for (int i = 0; i < 400; i++)
        CHECK(x[2 * i] == x[2 * i + 1]);        /* the mono section is in the middle */
    CHECK(track_read(&t, 70000, x, 400, &e));
    for (int i = 0; i < 400; i++)
        CHECK(fabsf(x[2 * i + 1]) < 1e-5f);
    for (int i = 0; i < 2; i++)
        part_deinit(&p[i]);
    close(t.fd);
}

static double loud_noise(int64_t i, int c)
{
    (void)c;
    return sin((double)i * 0.06) > 0 ? 1 : -1;  /* clipped for good */
}

/* What people have: 50 ms of speech, 8 kHz, samples that are clipped, nothing but silence. */
TEST(odd_recordings_are_laid_as_what_they_are)
{
    struct part p[3];
    struct track t;
    struct err e = { 0 };
    char *dir = test_tmpdir();
    part_init(&p[0], dir, 0, 44100, 1, 2205, loud, 4800, 1);
    part_init(&p[1], dir, 1, 8000, 1, 8000, loud_noise, 48000, 1);
    part_init(&p[2], dir, 2, 48000, 1, 48000, quiet, 144000, 0); /* a voice of no volume */
    CHECK_ROW(e.msg, mix(p, 3, 120, &t, &e));
    float *x = mem_array(192000, sizeof *x), most = 0;
    CHECK(track_read(&t, 0, x, 192000, &e));
    CHECK_NEAR("50 ms are as loud as a second would be", -20, loudness_of(x + 4800 + 480, 1, 1440), 1);
    CHECK_NEAR("clipped", -20, loudness_of(x + 48000, 1, 48000), 0.5);
    for (int i = 144000; i < 192000; i++)
        most = fmaxf(most, fabsf(x[i]));
    CHECK(most == 0);
    free(x);
    for (int i = 0; i < 3; i++)
        part_deinit(&p[i]);
    close(t.fd);
}

/* A single sample tells where a sound lies: two hours on, at 29.97 frames a second, still at the planned one. */
static double knock(int64_t i, int c)
{
    (void)c;
    return i == 1000 ? 0.5 : 0;
}

TEST(speech_of_a_film_of_two_hours_lies_at_the_very_sample_that_was_planned)
{
    static const int64_t frames[] = { 0, 107891, 215783 };
    const struct video_format ntsc = { .fps_num = 30000, .fps_den = 1001 };
    struct part p[3];
    struct join_section s[3];
    struct track t;
    struct err e = { 0 };
    char *dir = test_tmpdir();
    for (int i = 0; i < 3; i++) {
        part_init(&p[i], dir, i, 48000, 1, 2000, knock, film_samples(&ntsc, frames[i]) + 7, 1);
        s[i] = p[i].join;
        s[i].section = &p[i].section;
        s[i].speech = &p[i].blob;
    }
    struct lesson lesson = { 0 };
    struct join_spec spec = { .lesson = &lesson, .video = ntsc, .sections = s, .n_sections = 3, .n_frames = 215800, .out_path = p[0].blob.path };
    CHECK_ROW(e.msg, mix_film(&spec, media_fd("", 0), &t, NULL, &e));
    CHECK_INT("two hours", 345625280, t.n_samples);  /* 215800 * 1001 / 30000 * 48000 */
    for (int i = 0; i < 3; i++) {
        float x[3];
        int64_t at = (frames[i] * 1001 * 48000 + 15000) / 30000 + 7 + 1000;
        CHECK(track_read(&t, at - 1, x, 3, &e));
        CHECK(x[0] == 0 && x[1] > 0.001f && x[2] == 0);
    }
    for (int i = 0; i < 3; i++)
        part_deinit(&p[i]);
    close(t.fd);
}

TEST(a_track_that_becomes_wide_keeps_what_it_has)
{
    struct track t;
    struct err e = { 0 };
    float *x = mem_array(40000, sizeof *x), *y = mem_array(80000, sizeof *y);
    CHECK(track_init(&t, media_fd("", 0), 1, 40000, &e));
    for (int i = 0; i < 40000; i++)
        x[i] = (float)i;
    for (int64_t at = 0; at < 40000; at += TRACK_BLOCK)
        CHECK(track_add(&t, at, x + at, at + TRACK_BLOCK < 40000 ? TRACK_BLOCK : 40000 - (size_t)at, &e));
    CHECK(track_widen(&t, &e));
    CHECK(track_read(&t, 0, y, 40000, &e));
    for (int i = 0; i < 40000; i++)
        CHECK(y[2 * i] == x[i] && y[2 * i + 1] == x[i]);
    free(x);
    free(y);
    close(t.fd);
}

TEST(speech_that_is_longer_than_the_film_fades_out_at_its_end)
{
    struct part p;
    struct track t;
    struct err e = { 0 };
    part_init(&p, test_tmpdir(), 0, 48000, 1, 96000, loud, 0, 1);
    CHECK_ROW(e.msg, mix(&p, 1, 30, &t, &e));
    float x[1];
    CHECK(track_read(&t, 47999, x, 1, &e) && fabsf(x[0]) < 0.01f);
    part_deinit(&p);
    close(t.fd);
}

TEST(music_goes_down_before_speech_and_comes_back_after_it)
{
    static const struct { const char *name; int64_t at; double want; } rows[] = {
        { "long before", 0, 1 },           { "250 ms before", 84000, 1 },  { "half way down: half the decibels", 90000, 0.5 },
        { "begins", 96000, 0.25 },         { "speaks", 120000, 0.25 },     { "ends", 144000, 0.25 },
        { "half way up", 180000, 0.5 },    { "1500 ms after", 216000, 1 }, { "the second", 250000, 0.25 },
        { "long after", 500000, 1 },
    };
    struct span speech[] = { { 96000, 144000 }, { 240000, 288000 } };
    const struct ducking d = { .speech = speech, .n = 2, .depth = 0.25, .down = 12000, .up = 72000 };
    size_t first = 0;
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_NEAR(rows[i].name, rows[i].want, ducking_at(&d, rows[i].at, &first), 1e-6);
}

/* Hops of 10 ms: 1 is speech, 0 is not; in seconds from the film's beginning. */
static void add_speech(struct ducking *d, int64_t at, const int *hops, size_t n)
{
    struct envelope env = { .rms = mem_array(n, sizeof *env.rms), .n = n, .floor = 0.5f };
    for (size_t i = 0; i < n; i++)
        env.rms[i] = (float)hops[i];
    ducking_add(d, &env, at);
    envelope_deinit(&env);
}

TEST(only_pauses_that_are_long_enough_to_come_back_bring_the_music_back)
{
    static const int two_words[] = { 0, 1, 1, 0, 0, 1, 0 };
    struct ducking d = { .depth = 0.25, .down = 4800, .up = 9600 };
    add_speech(&d, 0, two_words, 7);             /* a pause of 20 ms inside */
    add_speech(&d, 14400, two_words, 7);         /* 260 ms after the first: 300 would be needed */
    add_speech(&d, 48000, two_words, 7);
    CHECK_INT("spans", 2, d.n);
    CHECK_INT("begins with the first word", 480, d.speech[0].from);
    CHECK_INT("ends with the last", 14400 + 6 * 480, d.speech[0].to);
    CHECK_INT("the next", 48480, d.speech[1].from);
    ducking_deinit(&d);
}

/* A film of ten seconds, speech from 4 to 6 s, one second of stereo music that is looped. */
TEST(music_is_looped_faded_and_ducked_under_the_speech)
{
    struct part p;
    struct track t;
    struct err e = { 0 };
    struct buf b = { 0 }, name = { 0 };
    char *dir = test_tmpdir();
    part_init(&p, dir, 0, 48000, 1, 96000, loud, 192000, 1);
    media_wav(&b, 48000, 2, 48000, left_only, -1);
    buf_printf(&name, "%s/music.wav", dir);
    CHECK_ROW(e.msg, file_replace(name.p, buf_str(&b), &e));
    struct lesson lesson = { .dir = str_from(dir), .music = { .enabled = true, .file = STR("music.wav"), .volume = 0.25, .duck = 0.25, .duck_attack = 0.25, .duck_release = 1.5, .seam = 0.1, .fade_in = 1, .fade_out = 2, .loop = true } };
    p.join.section = &p.section;
    p.join.speech = &p.blob;
    p.blob.info.n_samples = 96000;
    struct join_spec spec = { .lesson = &lesson, .video = hd30, .sections = &p.join, .n_sections = 1, .n_frames = 300 };
    CHECK_ROW(e.msg, mix_film(&spec, media_fd("", 0), &t, NULL, &e));
    CHECK_INT("channels", 2, t.channels);
    double alone = level(&t, 96000, 48000);
    CHECK_NEAR("12 dB under the music's own level of -14 LUFS", -26, alone, 0.6);
    CHECK(level(&t, 0, 20000) < alone - 3);     /* fading in */
    CHECK(level(&t, 460000, 20000) < alone - 10); /* nearly out */
    float x[2 * 4800];
    double sum = 0;
    CHECK(track_read(&t, 250000, x, 4800, &e)); /* speech is the same on both sides, so the difference is music alone */
    for (int i = 0; i < 4800; i++)
        sum += pow((double)x[2 * i] - (double)x[2 * i + 1], 2);
    double under = 10 * log10(sum / 4800);
    CHECK(track_read(&t, 100000, x, 4800, &e));
    sum = 0;
    for (int i = 0; i < 4800; i++)
        sum += pow((double)x[2 * i] - (double)x[2 * i + 1], 2);
    CHECK_NEAR("ducked by 12 dB", 10 * log10(sum / 4800) - 12.04, under, 0.3);
    float most = 0;
    for (int i = 0; i < 4; i++) {               /* seams every 0.9 s */
        CHECK(track_read(&t, 43200 * (i + 1) - 2400, x, 4800, &e));
        for (int k = 1; k < 4800; k++)
            most = fmaxf(most, fabsf(x[2 * k] - x[2 * k - 2]));
    }
    CHECK(most < 0.01f);
    buf_deinit(&b);
    buf_deinit(&name);
    part_deinit(&p);
    close(t.fd);
}

static double hum(int64_t i, int c)
{
    (void)c;
    return 0.5 * sin((double)i * 0.02);
}

static void write_sound(struct blob *b, const char *dir, const char *name, int channels, int64_t n, double (*f)(int64_t, int))
{
    struct buf wav = { 0 }, path = { 0 };
    struct err e = { 0 };
    media_wav(&wav, 48000, channels, n, f, -1);
    buf_printf(&path, "%s/%s", dir, name);
    CHECK_ROW(e.msg, file_replace(path.p, buf_str(&wav), &e));
    *b = (struct blob){ .path = str_from(buf_take(&path)), .info = { .n_samples = n } };
    buf_deinit(&wav);
}

/* Two clips of one second (the second is cut off by its own length), seen for 60 frames each, 20 of them together. */
TEST(sounds_of_clips_cross_while_both_are_seen_and_go_on_without_a_click)
{
    struct blob media[2];
    struct section section = { .id = STR("s") };
    struct track t;
    struct err e = { 0 };
    char *dir = test_tmpdir();
    write_sound(&media[0], dir, "a.wav", 1, 48000, hum);
    write_sound(&media[1], dir, "b.wav", 2, 96000, left_only);
    media[1].info.n_samples = 60000;             /* its pictures end sooner */
    const struct clip_opts looped = { .volume = 1, .length = CLIP_LOOP, .seam = 0.02 }, held = { .volume = 0.5, .length = CLIP_HOLD };
    const struct join_clip clips[] = {
        { .section = &section, .media = &media[0], .opts = &looped, .first_frame = 0, .n_frames = 60, .out_frames = 20 },
        { .section = &section, .media = &media[1], .opts = &held, .first_frame = 40, .n_frames = 60, .in_frames = 20 },
    };
    struct lesson lesson = { .music = { .duck = 1, .duck_attack = 0.25, .duck_release = 1 } };
    struct join_spec spec = { .lesson = &lesson, .video = hd30, .clips = clips, .n_clips = 2, .n_frames = 100, .out_path = media[0].path };
    CHECK_ROW(e.msg, mix_film(&spec, media_fd("", 0), &t, NULL, &e));
    CHECK_INT("channels", 2, t.channels);
    float *x = mem_array(2 * 160000, sizeof *x), most = 0;
    CHECK(track_read(&t, 0, x, 160000, &e));
    double right = 0, alone = 0;
    for (int i = 0; i < 4800; i++) {
        right = fmax(right, fabs((double)x[2 * (79840 + i % 320) + 1])); /* in the middle of both: the first one's sound alone */
        alone = fmax(alone, fabs((double)x[2 * (20000 + i) + 1]));
    }
    CHECK_NEAR("half way out", alone / 2, right, alone * 0.06);
    for (int i = 96000; i < 160000; i++)
        CHECK(fabsf(x[2 * i + 1]) < 1e-5f);      /* the second is on the left only */
    CHECK_NEAR("as loud as speech", -20, level(&t, 4800, 48000), 0.6);
    for (int i = 1; i < 160000; i++)
        most = fmaxf(most, fmaxf(fabsf(x[2 * i] - x[2 * i - 2]), fabsf(x[2 * i + 1] - x[2 * i - 1])));
    CHECK(most < 0.02f);
    for (int i = 64000 + 60000; i < 160000; i++)
        CHECK(x[2 * i] == 0);                    /* pictures that are held have no sound */
    free(x);
    for (int i = 0; i < 2; i++)
        free((char *)(uintptr_t)media[i].path.p);
    close(t.fd);
}

/* A hum of half a second, then as much of another pitch; twice as long it is still both, and they change in the middle. */
static double two_pitches(int64_t i, int c)
{
    double v = 0.5 * sin(2 * M_PI * (i < 24000 ? 300.0 : 700.0) * (double)i / 48000);
    return c ? -0.5 * v : v;
}

static int ups(const float *x, int64_t from, int64_t n, int channels)
{
    int count = 0;
    for (int64_t i = from + 1; i < from + n; i++)
        count += x[(i - 1) * channels] < 0 && x[i * channels] >= 0;
    return count;
}

TEST(sound_that_is_slowed_keeps_its_pitch_its_level_and_its_sides)
{
    static const struct { const char *name; int64_t n_out; } rows[] = { { "as it is", 48000 }, { "a third longer", 64000 }, { "twice", 96000 } };
    struct buf pcm = { 0 };
    for (int64_t i = 0; i < 48000; i++)
        for (int c = 0; c < 2; c++)
            buf_add(&pcm, &(float){ (float)two_pitches(i, c) }, sizeof(float));
    const struct sound s = { .pcm = (const float *)(const void *)pcm.p, .channels = 2, .n_samples = 48000, .type = "wav" };
    for (size_t k = 0; k < COUNTOF(rows); k++) {
        struct sound out;
        struct err e = { 0 };
        int fd = media_fd("", 0);
        int64_t n = rows[k].n_out, half = n / 2;
        CHECK_ROW(e.msg, sound_stretch(&s, n, fd, &out, &e));
        CHECK_INT(rows[k].name, n, out.n_samples);
        double seconds = (double)(half - 4800) / 48000; /* 50 ms about the change are left out on both sides */
        CHECK_NEAR(rows[k].name, 300 * seconds, ups(out.pcm, 2400, half - 4800, 2), 2);
        CHECK_NEAR(rows[k].name, 700 * seconds, ups(out.pcm, half + 2400, half - 4800, 2), 3);
        double power = 0, step = 0, side = 0;
        for (int64_t i = 2400; i < n - 2400; i++) {
            power += (double)out.pcm[2 * i] * (double)out.pcm[2 * i];
            step = fmax(step, fabs((double)out.pcm[2 * i + 2] - (double)out.pcm[2 * i]));
            side = fmax(side, fabs((double)out.pcm[2 * i + 1] + 0.5 * (double)out.pcm[2 * i]));
        }
        CHECK_NEAR("level", 0.125, power / (double)(n - 4800), 0.006);
        CHECK(step < 0.06);                     /* 700 Hz at 0.5: 0.046 */
        CHECK(side < 1e-5);
        for (int i = 0; i < 960; i++)           /* the beginning is what it was */
            CHECK(fabs((double)out.pcm[2 * i] - two_pitches(i, 0)) < 1e-5);
        sound_deinit(&out);
        close(fd);
    }
    buf_deinit(&pcm);
}

TEST(a_slowed_clip_is_heard_for_as_long_as_it_moves)
{
    struct blob media;
    struct section section = { .id = STR("s") };
    struct track t;
    struct err e = { 0 };
    write_sound(&media, test_tmpdir(), "a.wav", 1, 48000, hum);
    const struct clip_opts slow = { .volume = 1, .length = CLIP_SLOW };
    const struct join_clip clip = { .section = &section, .media = &media, .opts = &slow, .n_frames = 90 };
    struct lesson lesson = { .music = { .duck = 1, .duck_attack = 0.25, .duck_release = 1 } };
    struct join_spec spec = { .lesson = &lesson, .video = hd30, .clips = &clip, .n_clips = 1, .n_frames = 90, .out_path = media.path };
    CHECK_ROW(e.msg, mix_film(&spec, media_fd("", 0), &t, NULL, &e));
    CHECK_NEAR("in the first second", level(&t, 4800, 24000), level(&t, 60000, 24000), 0.5);
    CHECK(level(&t, 97000, 24000) < -100);      /* a clip is slowed to half its pace at most: 2 of 3 s */
    free((char *)(uintptr_t)media.path.p);
    close(t.fd);
}

/* ---------- the way out ---------- */

/* Bursts of noise and tone with pauses, and single spikes 20 dB above: speech at its worst. */
static void fill(struct track *t, double amplitude, double spike)
{
    struct rng r = { 1 };
    struct err e;
    float *x = mem_array((size_t)(t->n_samples * t->channels), sizeof *x);
    for (int64_t i = 0; i < t->n_samples; i++) {
        bool speaks = i / 24000 % 4 != 3;
        double v = speaks ? amplitude * (0.6 * sin((double)i * 0.031) + 0.8 * (rng_unit(&r) - 0.5)) : 0;
        if (i % 30011 == 17)
            v = spike;
        for (int c = 0; c < t->channels; c++)
            x[i * t->channels + c] = (float)v;
    }
    for (int64_t at = 0; at < t->n_samples; at += TRACK_BLOCK)
        CHECK(track_add(t, at, x + at * t->channels, TRACK_BLOCK, &e));
    free(x);
}

/* Measured from outside, with both channels, as a player would hear it. */
static struct loudness hear(const struct track *t, double gain_db, double ceiling)
{
    ebur128_state *s = ebur128_init(2, SAMPLE_RATE, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
    struct master *m = master_create(t, gain_db, ceiling);
    struct err e;
    float in[2000], out[2000];
    for (int64_t at = 0; at < t->n_samples; at += 1000) {
        CHECK(master_read(m, in, 1000, &e));
        for (int i = 0; i < 1000; i++)
            for (int c = 0; c < 2; c++)
                out[2 * i + c] = in[i * t->channels + (c < t->channels ? c : 0)];
        ebur128_add_frames_float(s, out, 1000);
    }
    double lufs, peak;
    ebur128_loudness_global(s, &lufs);
    ebur128_true_peak(s, 0, &peak);
    ebur128_destroy(&s);
    master_destroy(m);
    return (struct loudness){ lufs, 20 * log10(peak) };
}

TEST(loudness_meets_its_target_under_the_ceiling)
{
    static const struct { const char *name; double amplitude, spike, target, ceiling; int channels; } rows[] = {
        { "as it should be", 0.2, 0.2, -16, -1, 1 },   { "much too quiet", 0.002, 0.002, -16, -1, 1 },
        { "clipped", 1.6, 2.5, -16, -1, 1 },           { "spikes", 0.05, 0.8, -16, -1, 1 },
        { "stereo", 0.1, 0.5, -14, -2, 2 },            { "broadcast", 0.2, 0.9, -23, -1, 2 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct track t;
        struct loudness said;
        struct err e = { 0 };
        double ceiling = rows[i].ceiling, gain = 4;
        CHECK(track_init(&t, media_fd("", 0), rows[i].channels, 480000, &e));
        fill(&t, rows[i].amplitude, rows[i].spike);
        CHECK_ROW(e.msg, master_fit(&t, rows[i].target, &ceiling, &gain, &said, &e));
        struct loudness heard = hear(&t, gain, ceiling);
        CHECK_NEAR(rows[i].name, rows[i].target, heard.lufs, 0.5);
        CHECK_ROW(rows[i].name, heard.peak_dbtp <= rows[i].ceiling + 0.01);
        CHECK_NEAR(rows[i].name, said.lufs, heard.lufs, 0.05);
        CHECK_NEAR(rows[i].name, said.peak_dbtp, heard.peak_dbtp, 0.05);
        close(t.fd);
    }
}

/* libebur128 measures the same recommendation, and was written by others. */
TEST(loudness_and_peaks_are_what_libebur128_measures)
{
    static const struct { const char *name; double amplitude, spike; int channels; } rows[] = {
        { "speech", 0.2, 0.3, 1 }, { "stereo", 0.1, 0.5, 2 }, { "barely there", 0.0005, 0.002, 1 }, { "over full scale", 2, 3, 2 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct track t;
        struct loudness said;
        struct err e = { 0 };
        CHECK(track_init(&t, media_fd("", 0), rows[i].channels, 240000, &e));
        fill(&t, rows[i].amplitude, rows[i].spike);
        CHECK_ROW(e.msg, master_measure(&t, 3, HUGE_VAL, &said, &e));
        struct loudness heard = hear(&t, 3, HUGE_VAL);
        CHECK_NEAR(rows[i].name, heard.lufs, said.lufs, 0.005);
        CHECK_NEAR(rows[i].name, heard.peak_dbtp, said.peak_dbtp, 0.005);
        close(t.fd);
    }
}

TEST(a_target_that_the_ceiling_forbids_is_met_as_nearly_as_it_allows)
{
    struct track t;
    struct loudness said;
    struct err e = { 0 };
    double ceiling = -12, gain = 4;
    CHECK(track_init(&t, media_fd("", 0), 1, 240000, &e));
    fill(&t, 0.2, 0.2);
    CHECK_ROW(e.msg, master_fit(&t, -5, &ceiling, &gain, &said, &e));
    CHECK_NEAR("about as loud as noise of that peak", -14, said.lufs, 3);
    CHECK(said.peak_dbtp <= -12);
    close(t.fd);
}

TEST(what_stays_under_the_ceiling_passes_unchanged_whatever_the_block_size)
{
    struct track t;
    struct err e = { 0 };
    float a[5000], b[5000], x[5000];
    CHECK(track_init(&t, media_fd("", 0), 1, 48000, &e));
    fill(&t, 0.2, 0.2);
    struct master *m = master_create(&t, 0, -1), *k = master_create(&t, 0, -1);
    CHECK(track_read(&t, 0, x, 5000, &e) && master_read(m, a, 5000, &e));
    for (int i = 0; i < 5000; i += 1000)
        CHECK(master_read(k, b + i, 1000, &e));
    CHECK(memcmp(a, b, sizeof a) == 0);
    for (int i = 0; i < 5000; i++)
        CHECK_NEAR("unchanged", (double)x[i], (double)a[i], 1e-6);
    master_destroy(m);
    master_destroy(k);
    close(t.fd);
}

TEST(silence_stays_silence)
{
    struct track t;
    struct loudness l;
    struct err e = { 0 };
    double ceiling = -1, gain = 5;
    CHECK(track_init(&t, media_fd("", 0), 1, 96000, &e));
    CHECK(master_fit(&t, -16, &ceiling, &gain, &l, &e));
    CHECK_NEAR("gain", 0, gain, 0);
    CHECK(isinf(l.lufs));
    close(t.fd);
}
