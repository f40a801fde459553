/* sentences.c - tests of where texts are cut, and of respelling for speech */
#include "gen/sentences.h"
#include <stdio.h>
#include "gen/base/rand.h"
#include "gen/base/text.h"
#include "gen/pronounce.h"
#include "tests/support/test.h"

/* '|' stands where a part ends; the limit lets one sentence in, not two. */
static const struct {
    const char *name, *want;
    size_t limit;
} cuts[] = {
    { "full stops", "One is here. |Two is here. |Three is here.", 14 },
    { "a limit that holds all", "One is here. Two is here.", 25 },
    { "an abbreviation", "Take e.g. This one. |Then go on.", 20 },
    { "a title", "Ask Dr. Smith now. |He will know it.", 20 },
    { "an initial", "Here is J. Smith. |He is here now.", 18 },
    { "a decimal", "It has 3.3 V now. |It had 5.0 V then.", 19 },
    { "an ordinal", "Am 3. Oktober ging es los. |Dann kam der Schnee.", 27 },
    { "a number at the end", "There were 120. |Two were broken.", 17 },
    { "quotes go with their sentence", "\"Is it so?\" |\"It is not.\"", 13 },
    { "curly quotes", "He said \xe2\x80\x9cno.\xe2\x80\x9d |She said yes.", 15 },
    { "speech that goes on", "\"Stop!\" he said. |They went on.", 17 },
    { "an ellipsis that goes on", "It was... well, old. |It is new now.", 21 },
    { "an ellipsis that ends", "It was old... |It is new now.", 16 },
    { "question and call", "Really?! |Yes, really!", 14 },
    { "CJK full stops", "\xe4\xb8\xad\xe6\x96\x87\xe3\x80\x82|\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x80\x82", 4 },
    { "CJK quotes", "\xe3\x80\x8c\xe4\xb8\xad\xe3\x80\x82\xe3\x80\x8d|\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x80\x82",
      4 },
    { "a paragraph without a full stop", "A heading\n\n|One line here", 14 },
    { "a long sentence at its clause", "because it was so late, |and it had been raining all day", 35 },
    { "a clause without spaces", "the gate\xe2\x80\x94|which is closed now", 23 },
    { "no clause", "characteristic |transconductance", 17 },
    { "no space", "aaaaaaaa|aaaaaaaa", 12 },
    { "the white space goes before", "  One is here.   \n  |Two is here.  ", 20 },
};

/* The text with '|' where it is cut. */
static void split(struct buf *out, const char *marked, size_t limit)
{
    struct arena a = { 0 };
    struct buf text = { 0 };
    struct sentence_part *parts;
    for (const char *p = marked; *p; p++)
        if (*p != '|')
            buf_addc(&text, *p);
    size_t n = sentences_split(&a, buf_str(&text), limit, NULL, &parts);
    for (size_t i = 0; i < n; i++) {
        buf_addz(out, i ? "|" : "");
        buf_adds(out, parts[i].text);
    }
    buf_deinit(&text);
    arena_deinit(&a);
}

TEST(a_text_is_cut_where_a_sentence_ends)
{
    for (size_t i = 0; i < COUNTOF(cuts); i++) {
        struct buf got = { 0 };
        split(&got, cuts[i].want, cuts[i].limit);
        if (strcmp(cuts[i].name, "no space") == 0)
            CHECK_INT(cuts[i].name, 17, got.n); /* where exactly is chance */
        else
            CHECK_STR(cuts[i].name, cuts[i].want, buf_str(&got));
        buf_deinit(&got);
    }
}

TEST(the_pause_after_a_part_is_that_of_its_end)
{
    struct arena a = { 0 };
    struct sentence_part *p;
    CHECK_INT("parts", 3, sentences_split(&a, STR("One is here.\n\nTwo is here. Three is here."), 15, NULL, &p));
    CHECK_INT("paragraph", PAUSE_PARAGRAPH, p[0].pause);
    CHECK_INT("sentence", PAUSE_SENTENCE, p[1].pause);
    CHECK_INT("clauses", 2, sentences_split(&a, STR("because it was so late, and it had been raining"), 30, NULL, &p));
    CHECK_INT("clause", PAUSE_CLAUSE, p[0].pause);
    CHECK_INT("nothing to say", 0, sentences_split(&a, STR(" \n\xe3\x80\x80 "), 30, NULL, &p));
    CHECK_INT("empty", 0, sentences_split(&a, STR(""), 30, NULL, &p));
    arena_deinit(&a);
}

/* ---------- texts by chance ---------- */

static const char *const pieces[] = { "gate",
                                      "silicon",
                                      "3.3",
                                      "V",
                                      "e.g.",
                                      "Dr.",
                                      "Smith",
                                      "a",
                                      "because",
                                      "na\xc3\xafve",
                                      "\xc3\xa9z", "e\xcc\x81",
                                      "\xe4\xb8\xad\xe6\x96\x87",
                                      "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac",
                                      "transistors",
                                      "VLSI",
                                      "(say)",
                                      "\xe2\x80\x9cso\xe2\x80\x9d" };
static const char *const ends[] = {
    " ", " ", " ", " ", " ", ", ", ". ", ".\n\n", "? ", "... ", "\xe3\x80\x82", "\xe2\x80\x94", "", "; ", ": ", ".\" "
};

static void random_text(struct buf *out, struct rng *r, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        buf_addz(out, pieces[rng_below(r, COUNTOF(pieces))]);
        buf_addz(out, ends[rng_below(r, COUNTOF(ends))]);
    }
}

TEST(parts_of_any_text_are_the_text_and_none_is_over_the_limit_or_empty)
{
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        struct rng r = { seed };
        struct arena a = { 0 };
        struct buf text = { 0 }, joined = { 0 };
        struct sentence_part *p;
        char row[40];
        random_text(&text, &r, 1 + rng_below(&r, 200));
        size_t limit = 1 + rng_below(&r, rng_below(&r, 2) ? 20 : 400);
        size_t n = sentences_split(&a, buf_str(&text), limit, NULL, &p);
        snprintf(row, sizeof row, "seed %d", (int)seed);
        for (size_t i = 0; i < n; i++) {
            buf_adds(&joined, p[i].text);
            CHECK_ROW(row, text_length(str_trim(p[i].text)) <= limit);
            CHECK_ROW(row, str_trim(p[i].text).n > 0);
            CHECK_ROW(row, text_valid(p[i].text, NULL));
        }
        CHECK_STR(row, buf_str(&text).p, buf_str(&joined));
        arena_deinit(&a);
        buf_deinit(&text);
        buf_deinit(&joined);
    }
}

TEST(bytes_that_are_no_text_are_cut_all_the_same)
{
    for (uint64_t seed = 1; seed <= 500; seed++) {
        struct rng r = { seed };
        struct arena a = { 0 };
        char bytes[300];
        struct sentence_part *p;
        size_t sum = 0, size = 1 + rng_below(&r, sizeof bytes);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)rng_below(&r, 256);
        size_t n = sentences_split(&a, (struct str){ bytes, size }, 1 + rng_below(&r, 50), NULL, &p);
        for (size_t i = 0; i < n; i++)
            sum += p[i].text.n;
        CHECK_INT("bytes", n ? size : 0, sum);
        sentences_first((struct str){ bytes, size }, 20);
        sentences_last((struct str){ bytes, size }, 20);
        arena_deinit(&a);
    }
}

/* Plain sentences of 20 to 140 characters. */
static void add_sentence(struct buf *out, struct rng *r)
{
    static const char *const words[] = { "gates",   "switch", "slowly", "when",    "current", "flows",
                                         "through", "the",    "narrow", "channel", "of",      "silicon" };
    size_t n = 4 + rng_below(r, 14);
    buf_addz(out, "The");
    for (size_t i = 0; i < n; i++) {
        buf_addc(out, ' ');
        buf_addz(out, words[rng_below(r, COUNTOF(words))]);
    }
    buf_addz(out, rng_below(r, 12) ? ". " : ".\n\n");
}

enum { N_SENTENCES = 300, LIMIT = 1500 };

static void sentences_text(struct buf *out, uint64_t seed, size_t changed)
{
    struct rng r = { seed };
    for (size_t i = 0; i < N_SENTENCES; i++) {
        struct rng own = { rng_next(&r) + (i == changed) };
        add_sentence(out, &own);
    }
}

TEST(no_part_of_a_long_text_is_a_stub_or_ends_inside_a_sentence)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct arena a = { 0 };
        struct buf text = { 0 };
        struct sentence_part *p;
        sentences_text(&text, seed, SIZE_MAX);
        size_t n = sentences_split(&a, buf_str(&text), LIMIT, NULL, &p);
        for (size_t i = 0; i < n; i++) {
            CHECK(text_length(p[i].text) >= LIMIT / 3 - 140);
            CHECK(p[i].pause >= PAUSE_SENTENCE);
        }
        arena_deinit(&a);
        buf_deinit(&text);
    }
}

static size_t n_new(const struct sentence_part *old, size_t n_old, const struct sentence_part *p, size_t n)
{
    size_t fresh = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_known = false;
        for (size_t k = 0; k < n_old && !is_known; k++)
            is_known = str_eq(old[k].text, p[i].text);
        fresh += !is_known;
    }
    return fresh;
}

/* About fifteen parts a text: a split by equal shares would change most of them. The bound of one and a half on average
 * is what was seen (1.26) with some room. */
TEST(a_changed_sentence_buys_one_part_and_seldom_another)
{
    size_t fresh = 0, changes = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct arena a = { 0 };
        struct buf text = { 0 };
        struct sentence_part *old, *p;
        sentences_text(&text, seed, SIZE_MAX);
        size_t n_old = sentences_split(&a, buf_str(&text), LIMIT, NULL, &old);
        for (size_t i = 0; i < N_SENTENCES; i += 13) {
            struct buf other = { 0 };
            sentences_text(&other, seed, i);
            size_t n = sentences_split(&a, buf_str(&other), LIMIT, NULL, &p);
            size_t k = n_new(old, n_old, p, n);
            fresh += k;
            changes++;
            buf_deinit(&other);
        }
        arena_deinit(&a);
        buf_deinit(&text);
    }
    CHECK(fresh * 2 <= changes * 3);
    CHECK(fresh >= changes);
}

TEST(the_neighbours_of_a_text_are_its_nearest_sentences)
{
    struct str s = STR(" First one here. Second e.g. Two. The third is last. ");
    CHECK_STR("first", "First one here.", sentences_first(s, 100));
    CHECK_STR("last", "The third is last.", sentences_last(s, 100));
    CHECK_STR("first, cut at a word", "First one", sentences_first(s, 10));
    CHECK_STR("last, cut at a word", "is last.", sentences_last(s, 10));
    CHECK_STR("one sentence, first", "Only one.", sentences_first(STR("Only one."), 100));
    CHECK_STR("one sentence, last", "Only one.", sentences_last(STR("Only one."), 100));
    CHECK_STR("a word too long", "", sentences_first(STR("Incomprehensibilities are."), 5));
    CHECK_STR("nothing, first", "", sentences_first(STR("  "), 5));
    CHECK_STR("nothing, last", "", sentences_last(STR(""), 5));
}

/* ---------- respelling ---------- */

static const struct pronounce say_as[] = { { STR("VLSI"), STR("V L S I") },     { STR("MOSFET"), STR("moss fet") },
                                           { STR("MOS"), STR("moss") },         { STR("C++"), STR("C plus plus") },
                                           { STR("\xe9\x8a\x80"), STR("yin") }, { STR("V"), STR("volts") } };
static const struct voice_opts voice = { .pronounce = say_as, .n_pronounce = COUNTOF(say_as) };

static const struct {
    const char *name, *text, *want;
} spoken[] = {
    { "a word", "The VLSI chip", "The V L S I chip" },
    { "part of a word", "VLSIs aVLSI VLSI2 ULSI", "VLSIs aVLSI VLSI2 ULSI" },
    { "another case", "vlsi", "vlsi" },
    { "the longest wins", "MOSFET MOS", "moss fet moss" },
    { "between signs", "(VLSI), VLSI-chip; VLSI.", "(V L S I), V L S I-chip; V L S I." },
    { "between curly quotes", "\xe2\x80\x9cVLSI\xe2\x80\x9d", "\xe2\x80\x9cV L S I\xe2\x80\x9d" },
    { "before a dash", "VLSI\xe2\x80\x94the art", "V L S I\xe2\x80\x94the art" },
    { "after an accent", "\xc3\xa9VLSI e\xcc\x81VLSI VLSI\xcc\x81", "\xc3\xa9VLSI e\xcc\x81VLSI VLSI\xcc\x81" },
    { "in Chinese", "\xe7\x94\xa8VLSI\xe6\x8a\x80", "\xe7\x94\xa8V L S I\xe6\x8a\x80" },
    { "Chinese itself", "\xe4\xb8\xad\xe9\x8a\x80\xe4\xb8\xad", "\xe4\xb8\xadyin\xe4\xb8\xad" },
    { "a name with signs", "C++ or C++11", "C plus plus or C plus plus11" },
    { "with an index", "V_th of 3.3 V", "V_th of 3.3 volts" },
};

TEST(whole_words_are_respelled_and_no_others)
{
    for (size_t i = 0; i < COUNTOF(spoken); i++) {
        struct arena a = { 0 };
        CHECK_STR(spoken[i].name, spoken[i].want, pronounce_apply(str_from(spoken[i].text), &voice, &a));
        arena_deinit(&a);
    }
}

TEST(the_limit_holds_for_what_is_sent_when_words_grow)
{
    struct arena a = { 0 };
    struct buf text = { 0 };
    struct sentence_part *p;
    for (int i = 0; i < 40; i++)
        buf_addz(&text, "A VLSI chip with MOSFET gates at 3.3 V. ");
    const uint32_t *sent = pronounce_measure(buf_str(&text), &voice, false, &a);
    size_t n = sentences_split(&a, buf_str(&text), 200, sent, &p), sum = 0;
    CHECK_INT("all that is sent", text_length(pronounce_apply(buf_str(&text), &voice, &a)), sent[text.n]);
    for (size_t i = 0; i < n; i++) {
        size_t chars = text_length(pronounce_apply(p[i].text, &voice, &a));
        CHECK(chars <= 200);
        sum += chars;
    }
    CHECK_INT("nothing lost", sent[text.n], sum);
    CHECK(n > 2000 / 200);
    arena_deinit(&a);
    buf_deinit(&text);
}

TEST(a_respelled_word_is_never_cut)
{
    struct arena a = { 0 };
    struct sentence_part *p;
    struct str text = STR("MOSFET");
    const uint32_t *sent = pronounce_measure(text, &voice, false, &a);
    CHECK_INT("parts", 1, sentences_split(&a, text, 4, sent, &p));
    arena_deinit(&a);
}

TEST(a_limit_in_bytes_holds_for_bytes)
{
    struct arena a = { 0 };
    struct buf text = { 0 };
    struct sentence_part *p;
    for (int i = 0; i < 40; i++)
        buf_addz(&text, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e VLSI\xe3\x80\x82");
    const uint32_t *sent = pronounce_measure(buf_str(&text), &voice, true, &a);
    size_t n = sentences_split(&a, buf_str(&text), 100, sent, &p), sum = 0;
    CHECK_INT("all that is sent", pronounce_apply(buf_str(&text), &voice, &a).n, sent[text.n]);
    for (size_t i = 0; i < n; i++) {
        size_t bytes = pronounce_apply(p[i].text, &voice, &a).n;
        CHECK(bytes <= 100);
        sum += bytes;
    }
    CHECK_INT("nothing lost", sent[text.n], sum);
    CHECK(n > 40 * 20 / 100);
    arena_deinit(&a);
    buf_deinit(&text);
}
