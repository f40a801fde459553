/* thin.c - tests of api/thin: the same tree as the plain parser's, with long strings left where they lie */
#include "api/thin.h"
#include "tests/support/test.h"

static struct str filled(struct buf *b, const char *before, char c, size_t n, const char *after)
{
    b->max = 4 * MIB;
    buf_addz(b, before);
    for (size_t i = 0; i < n; i++)
        buf_addc(b, c);
    buf_addz(b, after);
    return buf_str(b);
}

static bool lies_in(struct str s, struct str text)
{
    return s.p >= text.p && s.p + s.n <= text.p + text.n;
}

TEST(a_long_string_stays_where_it_lies)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    struct json *v = NULL;
    struct str text = filled(&b, "{\"a\": 1, \"data\": [{\"b64\": \"", 'x', 5000, "\"}], \"z\": \"end\"}");
    CHECK(thin_parse(&a, text, &v));
    struct str got = json_get(json_get(v, "data")->child, "b64")->string;
    CHECK_INT("length", 5000, got.n);
    CHECK(lies_in(got, text));
    CHECK_STR("what follows", "end", json_str_or(v, "z", STR("")));
    thin_forget(v, text);
    CHECK_INT("forgotten", 0, json_get(json_get(v, "data")->child, "b64")->string.n);
    CHECK_STR("others stay", "end", json_str_or(v, "z", STR("")));
    arena_deinit(&a);
    buf_deinit(&b);
}

TEST(strings_that_do_not_stand_for_themselves_are_decoded)
{
    static const struct { const char *name, *end, *want_end; } rows[] = {
        { "an escape at the end", "\\n", "\n" },
        { "an escaped quote", "\\\"", "\"" },
        { "an escaped backslash", "\\\\", "\\" },
        { "UTF-8", "\xc3\xa4", "\xc3\xa4" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct buf b = { 0 };
        struct json *v = NULL;
        filled(&b, "{\"t\": \"", 'x', 5000, rows[i].end);
        buf_addz(&b, "\", \"u\": 2}");
        CHECK_ROW(rows[i].name, thin_parse(&a, buf_str(&b), &v));
        struct str got = json_str_or(v, "t", STR(""));
        CHECK_ROW(rows[i].name, !lies_in(got, buf_str(&b)));
        CHECK_INT(rows[i].name, 5000 + strlen(rows[i].want_end), got.n);
        CHECK_ROW(rows[i].name, str_ends(got, rows[i].want_end));
        CHECK_INT(rows[i].name, 2, (int)json_num_or(v, "u", 0));
        arena_deinit(&a);
        buf_deinit(&b);
    }
}

TEST(what_is_not_json_is_refused_with_long_strings_as_without)
{
    static const char *const ends[] = { "", "\"", "\"}x", "\\", "\\\"", "\", }", "\x01\"}", "\xff\"}", "\n\"}" };
    for (size_t i = 0; i < COUNTOF(ends); i++) {
        struct arena a = { 0 };
        struct buf b = { 0 };
        struct json *v = NULL;
        CHECK_ROW(ends[i], !thin_parse(&a, filled(&b, "{\"t\": \"", 'x', 5000, ends[i]), &v));
        arena_deinit(&a);
        buf_deinit(&b);
    }
}

TEST(a_text_that_looks_like_a_mark_gets_nothing_that_is_not_its_own)
{
    static const char *const marks[] = { "\\u00010", "\\u00011", "\\u0001", "\\u0001x", "\\u0001999999999999999999" };
    for (size_t i = 0; i < COUNTOF(marks); i++) {
        struct arena a = { 0 };
        struct buf b = { 0 };
        struct json *v = NULL;
        buf_printf(&b, "{\"m\": \"%s\", ", marks[i]);
        struct str text = filled(&b, "\"t\": \"", 'x', 5000, "\"}");
        CHECK_ROW(marks[i], thin_parse(&a, text, &v));
        struct str got = json_str_or(v, "m", STR(""));
        CHECK_ROW(marks[i], got.n == 5000 ? lies_in(got, text) : got.n < 30);
        CHECK_INT(marks[i], 5000, json_str_or(v, "t", STR("")).n);
        arena_deinit(&a);
        buf_deinit(&b);
    }
}

TEST(a_string_of_escapes_alone_is_read_in_one_pass)
{
    enum { N = 400000 };                        /* a second look for the end at each of them would take minutes */
    struct arena a = { 0 };
    struct buf b = { .max = 4 * MIB };
    struct json *v = NULL;
    buf_addz(&b, "[\"");
    for (int i = 0; i < N; i++)
        buf_addz(&b, "\\n");
    buf_addz(&b, "\"]");
    CHECK(thin_parse(&a, buf_str(&b), &v));
    CHECK_INT("length", N, v->child->string.n);
    arena_deinit(&a);
    buf_deinit(&b);
}
