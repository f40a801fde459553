/* pointer.c - tests of api/pointer */
#include "api/pointer.h"
#include "tests/support/test.h"

static const struct json *parse(struct arena *a, const char *text)
{
    struct json *v = NULL;
    struct err e;
    if (!json_parse(a, str_from(text), 0, &v, NULL, NULL, NULL, &e))
        check_true("parse", e.msg, false, __FILE__, __LINE__);
    return v;
}

static struct str printed(struct buf *b, const struct json *v)
{
    buf_clear(b);
    if (v)
        json_print(b, v, 0);
    else
        buf_addz(b, "(nothing)");
    return buf_str(b);
}

TEST(pointers_find_what_rfc_6901_section_5_says)
{
    /* the document and the rows are those of the RFC */
    static const char doc[] = "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,"
                              "\"k\\\"l\":6,\" \":7,\"m~n\":8}";
    static const struct { const char *pointer, *want; } rows[] = {
        { "/foo", "[\"bar\",\"baz\"]" }, { "/foo/0", "\"bar\"" }, { "/", "0" }, { "/a~1b", "1" }, { "/c%d", "2" },
        { "/e^f", "3" }, { "/g|h", "4" }, { "/i\\j", "5" }, { "/k\"l", "6" }, { "/ ", "7" }, { "/m~0n", "8" },
        { "/foo/00", "(nothing)" }, { "/foo/2", "(nothing)" }, { "/foo/-", "(nothing)" }, { "/bar", "(nothing)" },
        { "foo", "(nothing)" }, { "/foo/0/x", "(nothing)" },
    };
    struct arena a = { 0 };
    struct buf b = { 0 };
    const struct json *v = parse(&a, doc);
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_STR(rows[i].pointer, rows[i].want, printed(&b, pointer_get(v, str_from(rows[i].pointer))));
    CHECK(pointer_get(v, STR("")) == v);
    buf_deinit(&b);
    arena_deinit(&a);
}

TEST(a_star_is_the_first_child_for_which_the_rest_resolves)
{
    static const char doc[] = "{\"parts\":[{\"text\":\"hm\"},{\"data\":null},{\"data\":\"AA\"},{\"data\":\"BB\"}],"
                              "\"out\":{\"9\":{\"images\":[]},\"12\":{\"images\":[{\"f\":\"x.png\"}]}},\"none\":[]}";
    static const struct { const char *pointer, *want; } rows[] = {
        { "/parts/*/data", "\"AA\"" }, { "/out/*/images/0/f", "\"x.png\"" }, { "/out/*/images/*/f", "\"x.png\"" },
        { "/none/*/x", "(nothing)" }, { "/parts/*", "{\"text\":\"hm\"}" }, { "/*/*/text", "\"hm\"" },
    };
    struct arena a = { 0 };
    struct buf b = { 0 };
    const struct json *v = parse(&a, doc);
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_STR(rows[i].pointer, rows[i].want, printed(&b, pointer_get(v, str_from(rows[i].pointer))));
    buf_deinit(&b);
    arena_deinit(&a);
}

TEST(an_explicit_null_is_found_but_is_no_value)
{
    struct arena a = { 0 };
    const struct json *v = parse(&a, "{\"a\":null}");
    CHECK(pointer_get(v, STR("/a")) != NULL);
    CHECK(pointer_value(v, STR("/a")) == NULL);
    arena_deinit(&a);
}

TEST(a_pointer_is_valid_only_when_it_can_be_one)
{
    static const struct { const char *pointer; bool ok; } rows[] = {
        { "", true }, { "/", true }, { "/a/~0~1", true }, { "/a/~2", false }, { "/a~", false }, { "a", false },
        { "/*/*/*/*", true }, { "/*/*/*/*/*", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_ROW(rows[i].pointer, pointer_valid(str_from(rows[i].pointer)) == rows[i].ok);
}

TEST(a_sibling_has_another_last_token)
{
    struct buf b = { 0 };
    pointer_sibling(&b, STR("/a/b"), "c");
    CHECK_STR("sibling", "/a/c", buf_str(&b));
    buf_deinit(&b);
}
