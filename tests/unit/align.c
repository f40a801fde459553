/* align.c - tests of word times: found in the sound by its pauses, or taken from a provider's words */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include "compose/align.h"
#include "compose/envelope.h"
#include "compose/speak.h"
#include "gen/base/rand.h"
#include "tests/support/media.h"
#include "tests/support/test.h"

/* Speech made of hums: each {length, pause after} in ms. */
struct hum { int ms, pause_ms; };

static struct sound hum(const struct hum *h, size_t n, int lead_ms)
{
    int64_t total = lead_ms * 48;
    for (size_t i = 0; i < n; i++)
        total += (h[i].ms + h[i].pause_ms) * 48;
    float *pcm = mem_array((size_t)total, sizeof *pcm);
    int64_t at = lead_ms * 48;
    for (size_t i = 0; i < n; i++) {
        for (int64_t k = 0; k < h[i].ms * 48; k++)
            pcm[at + k] = (float)(0.3 * sin((double)k * 0.03));
        at += (h[i].ms + h[i].pause_ms) * 48;
    }
    return (struct sound){ .pcm = pcm, .channels = 1, .n_samples = total };
}

static void free_hum(struct sound *s)
{
    free((void *)(uintptr_t)s->pcm);
}

static void check_order(const char *row, const struct word *w, size_t n, int64_t n_samples)
{
    for (size_t i = 0; i < n; i++) {
        CHECK_ROW(row, w[i].start_samples >= 0 && w[i].end_samples <= n_samples && w[i].start_samples <= w[i].end_samples);
        CHECK_ROW(row, !i || w[i].start_samples >= w[i - 1].end_samples);
    }
}

TEST(a_pause_in_the_sound_meets_the_full_stop_in_the_text)
{
    /* 3 words, long pause, 5 words; by letters alone the pause would fall into the fourth word. */
    static const struct hum h[] = { { 1300, 600 }, { 1500, 0 } };
    static const char text[] = "One two three. Four five six seven eight";
    struct sound s = hum(h, 2, 200);
    struct word *w;
    size_t n;
    align_measured(&s, str_from(text), &w, &n);
    CHECK_INT("words", 8, n);
    check_order("order", w, n, s.n_samples);
    CHECK_NEAR("first", 200 * 48, (double)w[0].start_samples, 960);
    CHECK_NEAR("end of three", 1500 * 48, (double)w[2].end_samples, 1440);
    CHECK_NEAR("four", 2100 * 48, (double)w[3].start_samples, 960);
    CHECK_NEAR("end of eight", 3600 * 48, (double)w[7].end_samples, 1440);
    free(w);
    free_hum(&s);
}

TEST(no_word_is_laid_over_silence)
{
    static const struct hum h[] = { { 900, 400 }, { 700, 1500 }, { 1200, 300 }, { 500, 0 } };
    static const char text[] = "Alpha beta gamma, delta epsilon. Zeta eta theta iota; kappa lambda.";
    struct sound s = hum(h, 4, 900);
    struct envelope env = envelope_of(&s);
    struct word *w;
    size_t n;
    align_measured(&s, str_from(text), &w, &n);
    CHECK_INT("words", 11, n);
    for (size_t i = 0; i < n; i++) {
        size_t loud = 0, all = 0;
        for (int64_t hop = w[i].start_samples / ENVELOPE_HOP; hop < w[i].end_samples / ENVELOPE_HOP; hop++, all++)
            loud += envelope_is_speech(&env, (size_t)hop);
        CHECK(loud * 10 >= all * 9);
    }
    free(w);
    envelope_deinit(&env);
    free_hum(&s);
}

TEST(measured_times_of_the_built_in_voice_are_near_its_own)
{
    static const char text[] = "A transistor is a switch with no moving parts. When the gate voltage rises above the threshold, a channel forms "
                               "between source and drain, and current flows. Put two of them in series: you have the beginnings of a logic gate. "
                               "At 1.2 volts, it switches in about 10 picoseconds!";
    struct speak_spec spec = { .text = str_from(text), .language = STR("en") };
    struct media_info info;
    struct word *told, *found;
    size_t n, k;
    struct sound s;
    struct err e = { 0 };
    int fd = media_fd("", 0);
    CHECK_ROW(e.msg, speak(&spec, fd, &info, &told, &n, &e) && sound_decode(fd, &s, &e));
    align_measured(&s, str_from(text), &found, &k);
    CHECK_INT("words", n, k);
    double sum = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        double off = fabs((double)(told[i].start_samples - found[i].start_samples)) / SAMPLE_RATE;
        sum += off;
        most = off > most ? off : most;
    }
    CHECK_NEAR("mean distance, s", 0, sum / (double)n, 0.10);
    CHECK_NEAR("largest distance, s", 0, most, 0.45);
    free(told);
    free(found);
    sound_deinit(&s);
    close(fd);
}

TEST(words_of_a_provider_are_matched_to_those_of_the_narration)
{
    static const struct hum h[] = { { 4000, 0 } };
    static const struct { const char *name, *text, *json; int n; int64_t ms[5]; } rows[] = {
        { "the same words", "Two gates share.", "[[0.5,0.8,\"Two\"],[1,1.4,\"gates\"],[2,2.5,\"share.\"]]", 3, { 500, 1000, 2000 } },
        { "spelt out number", "At 12 volts now", "[[0.1,0.2,\"At\"],[1,1.2,\"twelve\"],[2,2.2,\"volts\"],[3,3.2,\"now\"]]", 4, { 100, -1, 2000, 3000 } },
        { "single letters", "Up we", "[[0,0.1,\"U\"],[0.1,0.2,\"p\"],[0.2,0.3,\" \"],[1,1.1,\"w\"],[1.1,1.2,\"e\"]]", 2, { 0, 1000 } },
        { "joined words", "p-type is it", "[[0,1,\"ptype\"],[1,3,\"is it\"]]", 3, { 0, 1000, -1 } },
        { "one word too many", "We go on", "[[0,0.5,\"We\"],[0.6,1,\"uh\"],[1,1.5,\"go\"],[2,2.5,\"on\"]]", 3, { 0, 1000, 2000 } },
        { "inside an object", "Go on", "{\"type\":\"mp3\",\"words\":[[0.5,1,\"Go\"],[1.5,2,\"on\"]]}", 2, { 500, 1500 } },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct sound s = hum(h, 1, 0);
        struct word *w;
        size_t n;
        CHECK_ROW(rows[i].name, align_given(&s, str_from(rows[i].text), str_from(rows[i].json), &w, &n));
        CHECK_INT(rows[i].name, rows[i].n, n);
        check_order(rows[i].name, w, n, s.n_samples);
        for (size_t k = 0; k < n; k++)
            if (rows[i].ms[k] >= 0)
                CHECK_NEAR(rows[i].name, (double)rows[i].ms[k] * 48, (double)w[k].start_samples, 48);
        free(w);
        free_hum(&s);
    }
}

TEST(times_of_something_else_are_not_believed)
{
    static const char *const rows[] = { "", "[]", "{}", "[[0,1]]", "[[0,1,2]]", "[[2,1,\"Go\"]]", "[[-1,1,\"Go\"]]", "[[0,1,\"xyz\"],[1,2,\"qqq\"]]", "nonsense" };
    static const struct hum h[] = { { 2000, 0 } };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct sound s = hum(h, 1, 0);
        struct word *w = NULL;
        size_t n = 0;
        CHECK_ROW(rows[i], !align_given(&s, STR("Go on"), str_from(rows[i]), &w, &n));
        free_hum(&s);
    }
}

TEST(any_text_over_any_sound_gives_words_in_order)
{
    static const char *const gaps[] = { " ", ", ", ". ", " \xe2\x80\x94 " };
    struct rng r = { 7 };
    for (int round = 0; round < 40; round++) {
        struct hum h[12];
        struct buf text = { 0 };
        size_t runs = 1 + rng_below(&r, 12), words = 1 + rng_below(&r, 60);
        for (size_t i = 0; i < runs; i++)
            h[i] = (struct hum){ (int)(20 + rng_below(&r, 1500)), (int)rng_below(&r, 700) };
        for (size_t i = 0; i < words; i++)
            buf_printf(&text, "%.*s%s", (int)(1 + rng_below(&r, 9)), "abecidofu", gaps[rng_below(&r, 4)]);
        struct sound s = hum(h, runs, (int)rng_below(&r, 400));
        struct word *w;
        size_t n;
        align_measured(&s, buf_str(&text), &w, &n);
        check_order("random", w, n, s.n_samples);
        free(w);
        buf_deinit(&text);
        free_hum(&s);
    }
}
