/* base.c - tests of gen/base: buffers, text, errors, arena, digest */
#include "gen/base/arena.h"
#include "gen/base/digest.h"
#include "gen/base/err.h"
#include "gen/base/rand.h"
#include "gen/base/text.h"
#include "tests/support/test.h"

TEST(a_buffer_refuses_to_pass_its_ceiling_and_keeps_its_contents)
{
    struct buf b = BUF_INIT(5);
    CHECK(buf_addz(&b, "1234"));
    CHECK(!buf_addz(&b, "56"));
    CHECK_STR("contents", "1234", buf_str(&b));
    CHECK(buf_addc(&b, '5'));
    buf_deinit(&b);
}

TEST(a_wrapped_error_reads_from_outside_to_inside)
{
    struct err e;
    CHECK(!err_set(&e, ERR_LESSON, "%d bytes, limit %d", 9, 8));
    CHECK(!err_wrap(&e, "sections[%d]", 2));
    CHECK_STR("message", "sections[2]: 9 bytes, limit 8", str_from(e.msg));
    CHECK_INT("exit code", 3, err_exit_code(e.code));
}

TEST(a_message_that_is_too_long_ends_in_dots)
{
    struct err e;
    err_set(&e, ERR_IO, "%2000d", 1);
    CHECK(str_ends(str_from(e.msg), "..."));
    CHECK_INT("length", sizeof e.msg - 1, strlen(e.msg));
}

TEST(utf8_is_checked_as_unicode_table_3_7_says)
{
    static const struct { const char *name, *bytes; bool ok; } rows[] = {
        { "ascii", "abc", true },
        { "two bytes", "\xc3\xa9", true },
        { "four bytes", "\xf0\x9f\x98\x80", true },
        { "overlong slash", "\xc0\xaf", false },
        { "overlong three", "\xe0\x80\xaf", false },
        { "surrogate", "\xed\xa0\x80", false },
        { "over U+10FFFF", "\xf4\x90\x80\x80", false },
        { "lone continuation", "\x80", false },
        { "cut short", "\xe2\x82", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_ROW(rows[i].name, text_valid(str_from(rows[i].bytes), NULL) == rows[i].ok);
}

TEST(foreign_text_cannot_move_the_cursor_or_turn_the_line_round)
{
    static const struct { const char *name, *in, *want; } rows[] = {
        { "escape", "a\x1b[2Jb", "a\\x1B[2Jb" },
        { "newline", "a\nb", "a\\x0Ab" },
        { "bad byte", "a\xff", "a\\xFF" },
        { "bidi override", "a\xe2\x80\xae" "b", "a\\u{202E}b" },
        { "C1", "\xc2\x9b" "31m", "\\u{009B}31m" },
        { "plain text stays", "caf\xc3\xa9", "caf\xc3\xa9" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        text_clean(&b, str_from(rows[i].in), 0);
        CHECK_STR(rows[i].name, rows[i].want, buf_str(&b));
        buf_deinit(&b);
    }
}

TEST(durations_show_hours_only_when_there_are_some)
{
    static const struct { const char *name; int64_t ms; const char *want; } rows[] = {
        { "rounded down", 7499, "0:07" },
        { "rounded up", 59500, "1:00" },
        { "minutes", 12 * 60000 + 3000, "12:03" },
        { "hours", 3600000 + 2 * 60000 + 3000, "1:02:03" },
        { "below zero", -5, "0:00" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        text_duration(&b, rows[i].ms);
        CHECK_STR(rows[i].name, rows[i].want, buf_str(&b));
        buf_deinit(&b);
    }
}

TEST(edit_distance_counts_insertions_deletions_and_changes)
{
    CHECK_INT("equal", 0, text_distance(STR("narration"), STR("narration"), 3));
    CHECK_INT("one more", 1, text_distance(STR("narrations"), STR("narration"), 3));
    CHECK_INT("far", 3, text_distance(STR("image"), STR("narration"), 3));
}

TEST(sha256_matches_fips_180_4)
{
    char hex[DIGEST_HEX];
    digest_of("abc", 3, hex); /* FIPS 180-4 example B.1 */
    CHECK_STR("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", str_from(hex));
}

TEST(arena_memory_is_zero_and_strings_end_in_nul)
{
    struct arena a = { 0 };
    char *p = arena_alloc(&a, 100000);
    CHECK(p[0] == 0 && p[99999] == 0);
    struct str s = arena_str(&a, (struct str){ "hello world", 5 });
    CHECK_STR("copy", "hello", str_from(s.p));
    arena_deinit(&a);
}

TEST(equal_seeds_give_equal_numbers_below_the_bound)
{
    struct rng a = rng_from_text(STR("intro"), 1), b = rng_from_text(STR("intro"), 1);
    for (int i = 0; i < 100; i++) {
        uint64_t x = rng_below(&a, 7);
        CHECK(x < 7);
        CHECK_INT("repeatable", x, rng_below(&b, 7));
    }
}
