/* speak.c - tests of the built-in voice: its sound, its word times, respelling, and its refusals */
#include <stdlib.h>
#include <unistd.h>
#include "compose/decode.h"
#include "compose/speak.h"
#include "compose/tokens.h"
#include "tests/support/media.h"
#include "tests/support/test.h"

struct said {
    int fd;
    struct media_info info;
    struct word *words;
    size_t n;
    struct err e;
};

static bool say(struct said *s, const char *text, const char *language, const struct voice_opts *v)
{
    struct speak_spec spec = { .text = str_from(text), .voice = v, .language = str_from(language) };
    *s = (struct said){ .fd = media_fd("", 0) };
    return speak(&spec, s->fd, &s->info, &s->words, &s->n, &s->e);
}

static void said_deinit(struct said *s)
{
    close(s->fd);
    free(s->words);
}

static struct str word_of(const struct said *s, const char *text, size_t i)
{
    return (struct str){ text + s->words[i].at, s->words[i].n };
}

static void check_times(const char *row, const struct said *s)
{
    for (size_t i = 0; i < s->n; i++) {
        CHECK_ROW(row, s->words[i].start_samples >= 0 && s->words[i].end_samples <= s->info.n_samples);
        CHECK_ROW(row, s->words[i].start_samples < s->words[i].end_samples);
        CHECK_ROW(row, !i || s->words[i].start_samples >= s->words[i - 1].end_samples);
    }
}

TEST(words_are_what_a_listener_counts)
{
    static const struct { const char *name, *text, *words; } rows[] = {
        { "plain", "Two transistors share.", "Two|transistors|share" },
        { "numbers", "At 1.2 V, 3,000 or 50%?", "At|1.2|V|3,000|or|50%" },
        { "apostrophes and hyphens", "It isn't \"p-type\" (n-type)", "It|isn't|p-type|n-type" },
        { "dashes", "one\xe2\x80\x94two \xe2\x80\x93 three - four", "one|two|three|four" },
        { "signs", "V_th < V + 2", "V_th|<|V|+|2" },
        { "umlauts", "\xc3\xbc" "ber \xc3\x84pfel", "\xc3\xbc" "ber|\xc3\x84pfel" },
        { "Han", "\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96", "\xe4\xbd\xa0|\xe5\xa5\xbd|\xe4\xb8\x96" },
        { "nothing", " \xe2\x80\x94 ... ", "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        size_t n;
        struct buf b = { 0 };
        struct token *t = tokens_of(str_from(rows[i].text), &n);
        for (size_t k = 0; k < n; k++)
            buf_printf(&b, "%s" STR_FMT, k ? "|" : "", (int)t[k].n, rows[i].text + t[k].at);
        CHECK_STR(rows[i].name, rows[i].words, buf_str(&b));
        buf_deinit(&b);
        free(t);
    }
}

TEST(every_word_has_its_time_inside_the_sound)
{
    static const struct { const char *name, *language, *text; } rows[] = {
        { "plain", "en", "Every chip begins with one small gate. Two transistors share the work." },
        { "numbers", "en-US", "It runs at 1.2 volts, draws 1,234 nA, and isn't 3.5e9 Hz fast." },
        { "signs", "", "If V_gs > V_th & V_ds = 0: a channel \xe2\x80\x94 p-type (or n-type) \xe2\x80\x94 forms, right?" },
        { "umlauts", "de", "\xc3\x9c" "ber \xc3\xa4ltere \xc3\x96l\xc3\xb6" "fen: 1,5 Volt gen\xc3\xbcgen." },
        { "Chinese", "zh", "\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96\xe7\x95\x8c\xe3\x80\x82" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct said s;
        size_t n;
        CHECK_ROW(s.e.msg, say(&s, rows[i].text, rows[i].language, NULL));
        struct token *t = tokens_of(str_from(rows[i].text), &n);
        CHECK_INT(rows[i].name, n, s.n);
        check_times(rows[i].name, &s);
        CHECK_ROW(rows[i].name, s.words[0].start_samples < SAMPLE_RATE / 10);
        CHECK_ROW(rows[i].name, s.info.n_samples - s.words[s.n - 1].end_samples < SAMPLE_RATE / 4);
        free(t);
        said_deinit(&s);
    }
}

TEST(the_file_is_the_wav_that_the_answer_describes)
{
    struct said s;
    struct sound snd;
    CHECK_ROW(s.e.msg, say(&s, "One small gate.", "en", NULL));
    CHECK_ROW(s.e.msg, sound_decode(s.fd, &snd, &s.e));
    CHECK_STR("type", "wav", str_from(snd.type));
    CHECK_INT("length", s.info.n_samples, snd.n_samples);
    CHECK_INT("channels", 1, snd.channels);
    CHECK(sound_peak(&snd) > 0.1 && sound_peak(&snd) < 0.99);
    sound_deinit(&snd);
    said_deinit(&s);
}

TEST(the_same_words_give_the_same_bytes)
{
    struct said a, b;
    struct sound x, y;
    CHECK(say(&a, "The same, every time: 42.", "en", NULL) && say(&b, "The same, every time: 42.", "en", NULL));
    CHECK(sound_decode(a.fd, &x, &a.e) && sound_decode(b.fd, &y, &b.e));
    CHECK_INT("length", x.mapped, y.mapped);
    CHECK(memcmp(x.pcm, y.pcm, x.mapped) == 0);
    CHECK(memcmp(a.words, b.words, a.n * sizeof *a.words) == 0);
    sound_deinit(&x);
    sound_deinit(&y);
    said_deinit(&a);
    said_deinit(&b);
}

TEST(speed_changes_the_length_and_stays_near_170_words_a_minute)
{
    static const char text[] = "A transistor is a switch with no moving parts. When the gate voltage rises above the threshold, "
                               "a channel forms between source and drain, and current flows.";
    struct voice_opts fast = { .speed = 1.5 };
    struct said a, b;
    CHECK(say(&a, text, "en", NULL) && say(&b, text, "en", &fast));
    CHECK_NEAR("words a minute", 165, (double)a.n * 60 * SAMPLE_RATE / (double)a.info.n_samples, 20);
    CHECK_NEAR("1.5 times as fast", 1.5, (double)a.info.n_samples / (double)b.info.n_samples, 0.2);
    said_deinit(&a);
    said_deinit(&b);
}

TEST(a_sentence_ends_in_a_pause_and_an_abbreviation_does_not)
{
    static const char text[] = "It ends here. It begins e.g. there.";
    struct said s;
    CHECK(say(&s, text, "en", NULL));
    CHECK_INT("words", 7, s.n);
    double after_here = (double)(s.words[3].start_samples - s.words[2].end_samples) / SAMPLE_RATE;
    double after_eg = (double)(s.words[6].start_samples - s.words[5].end_samples) / SAMPLE_RATE;
    CHECK_NEAR("sentence", 0.55, after_here, 0.03);
    CHECK_NEAR("abbreviation", 0, after_eg, 0.3);
    said_deinit(&s);
}

TEST(respelling_is_heard_but_words_stay_those_of_the_narration)
{
    static const struct pronounce say_as[] = { { STR("VLSI"), STR("very large scale integration") }, { STR("fin"), STR("x x x x x x") } };
    static const char text[] = "Now VLSI begins, finally.";
    struct voice_opts v = { .speed = 1, .pronounce = say_as, .n_pronounce = 2 };
    struct said plain, s;
    CHECK(say(&plain, text, "en", NULL) && say(&s, text, "en", &v));
    CHECK_INT("words", 4, s.n);
    CHECK_STR("second", "VLSI", word_of(&s, text, 1));
    CHECK_STR("last", "finally", word_of(&s, text, 3));
    check_times("respelt", &s);
    double was = (double)(plain.words[2].start_samples - plain.words[1].start_samples);
    CHECK((double)(s.words[2].start_samples - s.words[1].start_samples) > was * 1.2); /* five words instead of four letters */
    /* "fin" inside "finally" is no whole word and keeps its sound. */
    CHECK_NEAR("finally", (double)(plain.info.n_samples - plain.words[3].start_samples),
               (double)(s.info.n_samples - s.words[3].start_samples), SAMPLE_RATE / 20);
    said_deinit(&plain);
    said_deinit(&s);
}

TEST(the_letter_a_is_no_article_in_english)
{
    static const struct pronounce letter[] = { { STR("A"), STR("eigh") } };
    static const struct { const char *text; bool is_letter; } rows[] = {
        { "When A or B is zero.", true },        { "A and B are in series.", true }, { "the path: A and B in series", true },
        { "A gate.", false }, { "It ends. A gate follows.", false },
        { "Note: A gate follows.", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct voice_opts v = { .speed = 1, .pronounce = letter, .n_pronounce = 1 };
        struct said own, respelt;
        CHECK_ROW(rows[i].text, say(&own, rows[i].text, "en", NULL) && say(&respelt, rows[i].text, "en", &v));
        CHECK_INT(rows[i].text, rows[i].is_letter, own.info.n_samples == respelt.info.n_samples);
        said_deinit(&own);
        said_deinit(&respelt);
    }
}

TEST(a_voice_is_chosen_by_language_variant_or_both_and_others_are_refused)
{
    static const struct { const char *voice, *language; bool ok; } rows[] = {
        { "en-gb", "de", true },  { "f3", "en", true },     { "en-gb+f3", "", true }, { "default", "fr", true }, { "EN-GB+F3", "", true },
        { "alloy", "en", false }, { "en+zz", "en", false }, { "../x", "en", false },  { "", "tlh-x", false },    { "", "../../etc", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct voice_opts v = { .voice = str_from(rows[i].voice), .speed = 1 };
        struct said s;
        bool ok = say(&s, "Hello.", rows[i].language, &v);
        CHECK_ROW(ok ? rows[i].voice : s.e.msg, ok == rows[i].ok);
        if (!ok)
            CHECK_INT(s.e.msg, ERR_LESSON, s.e.code);
        said_deinit(&s);
    }
}

TEST(a_narration_that_cannot_be_spoken_is_an_error)
{
    struct said s;
    CHECK(!say(&s, " ... ", "en", NULL));
    CHECK_INT(s.e.msg, ERR_MEDIA, s.e.code);
    said_deinit(&s);
}
