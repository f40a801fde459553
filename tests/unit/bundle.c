/* bundle.c - tests of files that hold several lessons */
#include "gen/lesson/bundle.h"
#include "gen/base/rand.h"
#include "gen/lesson/read.h"
#include "tests/support/words.h"
#include "tests/support/test.h"

/* The parts as "line:col text|line:col text", or "alone". */
static void check_parts(const char *want, const char *text, bool is_lines)
{
    struct arena a = { 0 };
    struct bundle parts;
    struct buf b = { 0 };
    bundle_split(&a, str_from(text), is_lines, &parts);
    if (parts.is_alone)
        buf_addz(&b, "alone");
    for (size_t i = 0; !parts.is_alone && i < parts.n; i++)
        buf_printf(&b, "%s%u:%u " STR_FMT, i ? "|" : "", parts.v[i].at.line, parts.v[i].at.col,
                   STR_ARG(parts.v[i].text));
    CHECK_STR(text, want, buf_str(&b));
    buf_deinit(&b);
    arena_deinit(&a);
}

TEST(a_file_with_one_lesson_is_that_lesson_whatever_else_is_wrong_with_it)
{
    check_parts("alone", "{\"a\": 1}", false);
    check_parts("alone", " {\"a\": [1, {\"b\": \"}\"}]} // end", false);
    check_parts("alone", "{\"a\": 1", false);
    check_parts("alone", "", false);
    check_parts("alone", "nonsense", false);
    check_parts("alone", "{} nonsense", false);
}

TEST(an_array_gives_its_objects_with_their_places)
{
    check_parts("1:2 {}|1:6 {\"a\":\"]\"}", "[{}, {\"a\":\"]\"}]", false);
    check_parts("2:3 {\"é\":1}|2:12 {}", "[\n  {\"é\":1}, {}\n]", false);
    check_parts("1:2 {}|1:16 {}", "[{}, /* , { */ {},]", false);
    check_parts("", "[]", false);
    check_parts("alone", "[{}, 3]", false);
    check_parts("alone", "[{} {}]", false);
    check_parts("alone", "[{}", false);
    check_parts("alone", "[{}] x", false);
}

TEST(one_lesson_after_the_other_are_several_and_a_broken_line_spoils_no_other)
{
    check_parts("1:1 {\"a\":1}|2:1 {\"b\":2}", "{\"a\":1}\n{\"b\":2}\n", false);
    check_parts("1:1 {\"a\":1|3:1 {}", "{\"a\":1\n\n{}\n", true);
    check_parts("1:1 {}", "{}", true);
    check_parts("", "\n \n", true);
}

TEST(parts_lie_inside_the_text_in_order_whatever_the_bytes)
{
    static const char few[] = "{}[]\",:\\/* \n\xC3\xA9x";
    struct rng r = { 7 };
    for (int round = 0; round < 20000; round++) {
        char text[40];
        size_t n = rng_below(&r, sizeof text);
        struct arena a = { 0 };
        struct bundle parts;
        for (size_t i = 0; i < n; i++)
            text[i] = few[rng_below(&r, sizeof few - 1)];
        bundle_split(&a, (struct str){ text, n }, round % 2, &parts);
        const char *at = text;
        for (size_t i = 0; i < parts.n; i++) {
            CHECK(parts.v[i].text.p >= at && parts.v[i].text.p + parts.v[i].text.n <= text + n);
            at = parts.v[i].text.p + parts.v[i].text.n;
        }
        arena_deinit(&a);
    }
}

TEST(problems_of_a_part_are_told_at_their_place_in_the_file)
{
    struct problems p;
    const struct read_opts opts = { .words = &test_words, .at = { 7, 5 }, .number = 3 };
    struct lesson *l = lesson_read(STR("dir/all.json"),
                                   STR("{\"title\": \"T\", \"sectoins\": 1,\n\"sections\": [{\"narration\": 3}]}"),
                                   &opts, &p);
    CHECK(p.n_errors >= 2);
    CHECK_INT("line of the first", 7, p.v[0].pos.line);
    CHECK_INT("its column, four to the right", 20, p.v[0].pos.col);
    CHECK_INT("line of the last", 8, p.v[p.n - 1].pos.line);
    CHECK_STR("id", "all-003", l->id);
    lesson_destroy(l);
}
