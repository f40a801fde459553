/* overlay_times.c - tests of when overlays are seen: marks, and points that appear as they are spoken */
#include "gen/overlay_times.h"
#include "gen/reveal.h"
#include "tests/support/lessons.h"
#include "tests/support/test.h"

static const char story[] = "The gate opens. Then the drain falls to zero.";
/* Words by hand: 0.5 s each, half a second of rest between the sentences. */
static const struct word words[] = {
    { 0, 24000, 0, 3 },       { 24000, 48000, 4, 4 },    { 48000, 72000, 9, 5 },    { 96000, 120000, 16, 4 },
    { 120000, 144000, 21, 3 }, { 144000, 168000, 25, 5 }, { 168000, 192000, 31, 5 }, { 192000, 216000, 37, 2 },
    { 216000, 240000, 40, 4 },
};

TEST(a_mark_is_where_the_word_after_it_begins)
{
    static const struct { const char *name; size_t at; int64_t want; } rows[] = {
        { "at the beginning", 0, 4800 },
        { "before a word", 4, 4800 + 24000 },
        { "in the space before it", 3, 4800 + 24000 },
        { "inside a word", 27, 4800 + 144000 },
        { "between sentences", 15, 4800 + 96000 },
        { "after the last word", 44, 4800 + 240000 },
        { "at the end", 45, 4800 + 240000 },
    };
    const struct spoken sp = { words, COUNTOF(words), 4800, 250000, 0 };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_INT(rows[i].name, rows[i].want, spoken_at(&sp, str_from(story), rows[i].at));
}

TEST(without_word_times_a_mark_is_where_its_share_of_the_text_is)
{
    const struct spoken sp = { NULL, 0, 1000, 45000, 0 };
    CHECK_INT("a fifth", 1000 + 9000, spoken_at(&sp, str_from(story), 9)); /* 9 of 45 bytes */
    const struct spoken silent = { NULL, 0, 1000, 0, 0 };
    CHECK_INT("silence", 1000, spoken_at(&silent, STR(""), 0));
}

TEST(points_are_found_where_they_are_said)
{
    static const struct { const char *name, *narration; struct str texts[3]; size_t n, want[3]; } rows[] = {
        { "their own words", story, { STR("gate opens"), STR("zero") }, 2, { 4, 40 } },
        { "another form of a word", story, { STR("Gates"), STR("drains") }, 2, { 4, 25 } },
        { "case and punctuation", "Pull-up first, pull-down second.", { STR("PULL UP"), STR("Pull-down:") }, 2, { 0, 15 } },
        { "some of the words", story, { STR("open a gate"), STR("the big drain") }, 2, { 4, 25 } },
        { "in the list's order", "one two one two", { STR("two"), STR("one") }, 2, { 4, 8 } },
        { "what is not said lies between", story, { STR("gate"), STR("nothing"), STR("zero") }, 3, { 4, 22, 40 } },
        { "nothing is said", "abcd efgh", { STR("x"), STR("y"), STR("z") }, 3, { 0, 3, 6 } },
        { "no words at all", "", { STR("x") }, 1, { 0 } },
        { "a text of signs", story, { STR("!!!"), STR("zero") }, 2, { 0, 40 } },
        { "without spaces", "\xe9\x9b\x86\xe6\x88\x90\xe7\x94\xb5\xe8\xb7\xaf", { STR("\xe7\x94\xb5\xe8\xb7\xaf") }, 1, { 6 } },
        { "umlauts", "Die \xc3\x9c" "bertragung beginnt.", { STR("\xc3\xbc" "bertragung") }, 1, { 4 } },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        size_t at[3];
        reveal_places(rows[i].texts, rows[i].n, str_from(rows[i].narration), at);
        for (size_t k = 0; k < rows[i].n; k++)
            CHECK_INT(rows[i].name, rows[i].want[k], at[k]);
    }
}

/* The section begins 0.25 s after it is seen first, its speech 0.3 s later; marks by hand from the words above. */
TEST(overlays_have_the_times_of_their_marks_seconds_and_points)
{
    struct problems p;
    struct arena a = { 0 };
    struct lesson *l = lesson_of("{\"title\": \"T\", \"watermark\": \"W\", \"sections\": [{\"image_prompt\": \"y\", \"narration\": "
                                 "\"The <mark name='g'/>gate opens. Then the drain falls to zero.\", \"overlays\": ["
                                 "{\"type\": \"lower-third\", \"text\": \"a\", \"at\": \"mark:g\", \"for\": 2},"
                                 "{\"type\": \"lower-third\", \"text\": \"a\", \"at\": 1.5},"
                                 "{\"type\": \"bullets\", \"items\": [\"gate\", {\"text\": \"x\", \"at\": 4}, \"zero\"], \"reveal\": \"narration\"},"
                                 "{\"type\": \"bullets\", \"items\": [\"gate\", \"zero\"], \"at\": 1}]}]}", &p);
    expect_clean("lesson", &p);
    const struct spoken sp = { words, COUNTOF(words), 12000 + 14400, 250000, 12000 };
    const struct overlay_span *o = overlay_spans(&l->sections[0], &sp, NULL, &a);
    CHECK_INT("overlays", 5, l->sections[0].n_overlays);
    CHECK("the watermark is always there" && o[0].is_watermark && o[0].start_samples == INT64_MIN && o[0].end_samples == INT64_MAX);
    CHECK_INT("at the mark", 12000 + 14400 + 24000, o[1].start_samples);
    CHECK_INT("for two seconds", o[1].start_samples + 96000, o[1].end_samples);
    CHECK_INT("at seconds", 12000 + 72000, o[2].start_samples);
    CHECK("to the end" && o[2].end_samples == INT64_MAX && !o[2].item_samples);
    CHECK_INT("spoken", 26400 + 24000, o[3].item_samples[0]);
    CHECK_INT("own time wins", 12000 + 192000, o[3].item_samples[1]);
    CHECK_INT("spoken later", 26400 + 216000, o[3].item_samples[2]);
    CHECK("all at once" && o[4].item_samples[0] == 60000 && o[4].item_samples[1] == 60000);
    lesson_destroy(l);
    arena_deinit(&a);
}
