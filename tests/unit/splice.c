/* splice.c - tests of speech joined from parts */
#include "compose/splice.h"
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "gen/sentences.h"
#include "compose/decode.h"
#include "compose/envelope.h"
#include "tests/support/media.h"
#include "tests/support/test.h"

enum { RATE = SAMPLE_RATE, MOST = 4 };

/* One part: silence, a tone, silence; seconds. */
struct tone {
    double before, sound, after;
    int channels, rate, pause;
    const char *text;
};
static _Thread_local struct tone now; /* of the sound being written */

static double tone_at(int64_t i, int channel)
{
    double t = (double)i / now.rate - now.before;
    return t >= 0 && t < now.sound ? 0.3 * sin(2 * M_PI * (channel ? 330 : 220) * t) : 0;
}

struct joined {
    struct sound sound;
    struct word *words;
    size_t n_words;
    struct err e;
    bool ok;
};

static void write_file(const char *path, struct str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    close(fd);
}

/* words: of the parts, one for each; NULL: none come with them */
static struct joined join(const struct tone *tones, size_t n, const struct word *words, double speed)
{
    struct joined out = { 0 };
    struct media_info info;
    struct splice_part parts[MOST];
    struct blob blobs[MOST];
    char paths[MOST][200], *dir = test_tmpdir();
    uint32_t at = 0;
    for (size_t i = 0; i < n; i++) {
        struct buf b = { 0 };
        now = tones[i];
        media_wav(&b, now.rate, now.channels, (int64_t)((now.before + now.sound + now.after) * now.rate), tone_at, -1);
        snprintf(paths[i], sizeof paths[i], "%s/%zu.wav", dir, i);
        write_file(paths[i], buf_str(&b));
        buf_deinit(&b);
        blobs[i] =
            (struct blob){ .path = str_from(paths[i]), .words = words ? &words[i] : NULL, .n_words = words != NULL };
        parts[i] = (struct splice_part){ &blobs[i], str_from(now.text), at, now.pause };
        at += (uint32_t)strlen(now.text) + 1;
    }
    const struct splice_spec spec = { .parts = parts, .n_parts = n, .speed = speed };
    int fd = media_fd("", 0);
    out.ok = speech_splice(&spec, fd, &info, &out.words, &out.n_words, &out.e);
    if (out.ok) {
        CHECK_ROW(out.e.msg, sound_decode(fd, &out.sound, &out.e));
        CHECK_INT("told and true length", out.sound.n_samples, info.n_samples);
    }
    close(fd);
    return out;
}

static void joined_deinit(struct joined *j)
{
    if (j->ok)
        sound_deinit(&j->sound);
    free(j->words);
}

/* Seconds of quiet from the first sample of it after `from_s`. */
static double quiet_after(const struct sound *s, double from_s)
{
    struct envelope env = envelope_of(s);
    size_t i = (size_t)(from_s * RATE / ENVELOPE_HOP), begin;
    while (envelope_is_speech(&env, i))
        i++;
    for (begin = i; i < env.n && !envelope_is_speech(&env, i); i++) {
    }
    envelope_deinit(&env);
    return (double)(i - begin) * ENVELOPE_HOP / RATE;
}

static const struct {
    const char *name;
    int pause;
    double speed, after, before, want_s;
} gaps[] = {
    { "no silence at all: a sentence's pause is put in", PAUSE_SENTENCE, 1, 0, 0, 0.55 },
    { "too much silence: it is cut", PAUSE_SENTENCE, 1, 1.5, 2, 0.55 },
    { "silence on one side", PAUSE_SENTENCE, 1, 0, 2, 0.55 },
    { "a paragraph", PAUSE_PARAGRAPH, 1, 0.7, 0.3, 0.85 },
    { "a clause", PAUSE_CLAUSE, 1, 0.7, 0.3, 0.3 },
    { "between words hardly any", PAUSE_WORD, 1, 0.7, 0.3, 0.08 },
    { "a fast voice stops for less", PAUSE_SENTENCE, 1.5, 0.7, 0.3, 0.55 / 1.5 },
};

TEST(parts_meet_with_the_pause_of_what_ends_there)
{
    for (size_t i = 0; i < COUNTOF(gaps); i++) {
        struct tone t[2] = { { 0.2, 1, gaps[i].after, 1, 24000, gaps[i].pause, "One." },
                             { gaps[i].before, 1, 0.3, 1, 24000, 0, "Two." } };
        struct joined j = join(t, 2, NULL, gaps[i].speed);
        CHECK_ROW(j.e.msg, j.ok);
        /* 40 ms are kept around a sound even where it should be followed sooner; an envelope tells 10 ms */
        CHECK_NEAR(gaps[i].name, gaps[i].want_s, quiet_after(&j.sound, 0.7), 0.021);
        joined_deinit(&j);
    }
}

TEST(what_lies_before_the_first_and_after_the_last_word_stays)
{
    struct tone t[2] = { { 0.7, 1, 0, 1, 48000, PAUSE_SENTENCE, "One." }, { 0, 1, 0.9, 1, 48000, 0, "Two." } };
    struct joined j = join(t, 2, NULL, 1);
    CHECK_NEAR("whole", 0.7 + 1 + 0.55 + 1 + 0.9, (double)j.sound.n_samples / RATE, 0.1);
    CHECK_NEAR("loudness", 0.3, sound_peak(&j.sound), 0.002);
    CHECK_NEAR("end", 0.9, quiet_after(&j.sound, 2.5), 0.011);
    joined_deinit(&j);
}

TEST(words_of_parts_move_in_time_and_in_the_text)
{
    struct tone t[3] = { { 0.5, 1, 1, 1, 24000, PAUSE_SENTENCE, "One here." },
                         { 1, 1, 1, 1, 24000, PAUSE_SENTENCE, "Two." },
                         { 1, 1, 0.5, 1, 24000, 0, "Three." } };
    const struct word words[3] = { { RATE / 2, RATE, 4, 4 }, { RATE, 2 * RATE, 0, 3 }, { RATE, 2 * RATE, 0, 5 } };
    struct joined j = join(t, 3, words, 1);
    CHECK_INT("words", 3, j.n_words);
    static const struct {
        double start_s;
        uint32_t at, n;
    } want[] = { { 0.5, 4, 4 }, { 0.5 + 1 + 0.55, 10, 3 }, { 0.5 + 2 + 1.1, 15, 5 } };
    for (size_t i = 0; i < 3; i++) {
        CHECK_NEAR("start", want[i].start_s, (double)j.words[i].start_samples / RATE, 0.05);
        CHECK_INT("at", want[i].at, j.words[i].at);
        CHECK_INT("n", want[i].n, j.words[i].n);
        CHECK(j.words[i].end_samples <= j.sound.n_samples &&
              (i == 0 || j.words[i - 1].end_samples <= j.words[i].start_samples));
    }
    joined_deinit(&j);
}

TEST(a_part_without_words_or_with_words_of_another_spelling_is_aligned)
{
    struct tone t[2] = { { 0.5, 1, 1, 1, 24000, PAUSE_SENTENCE, "One." }, { 1, 1, 1, 1, 24000, 0, "Two." } };
    const struct word beyond[2] = { { 0, RATE, 900, 4 }, { 0, RATE, 900, 4 } };
    for (int k = 0; k < 2; k++) {
        struct joined j = join(t, 2, k ? beyond : NULL, 1);
        CHECK_INT("words", 2, j.n_words);
        CHECK_INT("first", 0, j.words[0].at);
        CHECK_INT("second", 5, j.words[1].at);
        CHECK_NEAR("the second is said after the pause", 2.05, (double)j.words[1].start_samples / RATE, 0.06);
        joined_deinit(&j);
    }
}

TEST(parts_of_other_rates_and_channels_join)
{
    struct tone t[3] = { { 0, 1, 0, 1, 16000, PAUSE_SENTENCE, "One." },
                         { 0, 1, 0, 2, 44100, PAUSE_SENTENCE, "Two." },
                         { 0, 1, 0, 1, 8000, 0, "Three." } };
    struct joined j = join(t, 3, NULL, 1);
    CHECK_ROW(j.e.msg, j.ok);
    CHECK_INT("channels", 2, j.sound.channels);
    CHECK_NEAR("seconds", 3 + 2 * 0.55, (double)j.sound.n_samples / RATE, 0.1);
    CHECK_NEAR("level", 0.3, sound_peak(&j.sound), 0.01);
    joined_deinit(&j);
}

TEST(a_part_that_does_not_decode_is_named)
{
    struct splice_part parts[2];
    struct blob none = { .path = STR("/nonexistent/part") };
    struct media_info info;
    struct word *words;
    size_t n;
    struct err e;
    parts[0] = parts[1] = (struct splice_part){ .speech = &none, .text = STR("One.") };
    const struct splice_spec spec = { .parts = parts, .n_parts = 2, .speed = 1 };
    int fd = media_fd("", 0);
    CHECK(!speech_splice(&spec, fd, &info, &words, &n, &e));
    CHECK_ROW(e.msg, strstr(e.msg, "part 1 of 2: open the speech") != NULL);
    close(fd);
}
