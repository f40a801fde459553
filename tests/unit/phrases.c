/* phrases.c - tests of gen/phrases: what is told of a narration, and that it is told whole */
#include "gen/phrases.h"
#include <ctype.h>
#include "tests/support/test.h"

static const char square_law[] =
    "Current is charge divided by time. The gate and channel form a capacitor, and only the voltage beyond threshold makes mobile "
    "charge. No direct current flows into the gate. At 0.45 V the channel opens; it carries 625 microamps.";

static bool is_edge(const char *text, const char *p)
{
    return p < text || *p == 0 || !isalnum((unsigned char)*p);
}

/* Apart from a capital at the start, the phrase is a run of whole words of the text. */
static bool is_whole_run(const char *text, struct str phrase)
{
    for (const char *p = text; *p; p++)
        if (strncmp(p + 1, phrase.p + 1, phrase.n - 1) == 0 && tolower((unsigned char)*p) == tolower((unsigned char)phrase.p[0]) &&
            is_edge(text, p - 1) && is_edge(text, p + phrase.n))
            return true;
    return false;
}

TEST(phrases_are_whole_runs_of_the_narration_s_own_words_in_its_order)
{
    struct arena a = { 0 };
    const struct str *p;
    size_t n = phrases_pick(&a, str_from(square_law), STR("en"), 5, &p);
    CHECK(n >= 3 && n <= 5);
    const char *from = square_law;
    for (size_t i = 0; i < n; i++) {
        CHECK_ROW(p[i].p, is_whole_run(from, p[i]));
        const char *at = strstr(from, p[i].p + 1);
        CHECK_ROW(p[i].p, at != NULL);
        from = at + 1;
    }
    arena_deinit(&a);
}

static bool has(const struct str *p, size_t n, const char *want)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(p[i], want))
            return true;
    return false;
}

TEST(numbers_are_kept_whole_and_a_negation_is_never_dropped)
{
    struct arena a = { 0 };
    const struct str *p;
    size_t n = phrases_pick(&a, str_from(square_law), STR("en"), 8, &p);
    CHECK(has(p, n, "At 0.45 V the channel opens"));
    CHECK(has(p, n, "No direct current flows into the gate"));
    CHECK(!has(p, n, "Direct current flows into the gate"));
    n = phrases_pick(&a, STR("Here I_D = 1/2 beta (V_GS - V_T)^2 holds."), STR("en"), 3, &p);
    CHECK(has(p, n, "I_D = 1/2 beta (V_GS - V_T)^2 holds"));
    arena_deinit(&a);
}

TEST(phrases_are_the_same_twice)
{
    struct arena a = { 0 };
    const struct str *p, *q;
    size_t n = phrases_pick(&a, str_from(square_law), STR("en-GB"), 4, &p);
    CHECK_INT("count", n, phrases_pick(&a, str_from(square_law), STR("en-GB"), 4, &q));
    for (size_t i = 0; i < n; i++)
        CHECK(str_eq(p[i], q[i]));
    arena_deinit(&a);
}

TEST(a_phrase_that_says_the_same_again_is_passed_over)
{
    struct arena a = { 0 };
    const struct str *p;
    CHECK_INT("count", 1, phrases_pick(&a, STR("The gate controls the channel. The gate controls the channel."), STR("en"), 5, &p));
    arena_deinit(&a);
}

TEST(a_narration_without_words_gives_no_phrase)
{
    static const struct { const char *name, *text; } rows[] = {
        { "empty", "" }, { "spaces", " \n\t " }, { "marks", "... --- !?" }, { "bad bytes", "\xff\xfe\x80" },
    };
    struct arena a = { 0 };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        const struct str *p;
        CHECK_INT(rows[i].name, 0, phrases_pick(&a, str_from(rows[i].text), STR("en"), 5, &p));
    }
    arena_deinit(&a);
}

TEST(scripts_without_spaces_are_divided_at_their_punctuation)
{
    struct arena a = { 0 };
    const struct str *p;
    size_t n = phrases_pick(&a, STR("\xe9\x9b\x86\xe6\x88\x90\xe7\x94\xb5\xe8\xb7\xaf\xef\xbc\x8c\xe6\xaf\x8f\xe4\xb8\x80\xe4\xb8\xaa\xe9\x83\xbd"
                                    "\xe6\x98\xaf\xe5\xbc\x80\xe5\x85\xb3\xe3\x80\x82"), STR("zh"), 5, &p);
    CHECK_INT("count", 2, n);
    CHECK_STR("first", "\xe9\x9b\x86\xe6\x88\x90\xe7\x94\xb5\xe8\xb7\xaf", p[0]);
    arena_deinit(&a);
}

TEST(a_word_of_three_thousand_letters_and_ten_thousand_words_are_survived)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    const struct str *p;
    for (int i = 0; i < 3000; i++)
        buf_addc(&b, 'x');
    CHECK_INT("one long word", 0, phrases_pick(&a, buf_str(&b), STR("en"), 5, &p));
    for (int i = 0; i < 10000; i++)
        buf_addz(&b, " word");
    CHECK(phrases_pick(&a, buf_str(&b), STR("en"), 5, &p) <= 5);
    buf_deinit(&b);
    arena_deinit(&a);
}
