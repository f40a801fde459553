/* json.c - tests of JSON: what is accepted, where mistakes are, what is printed */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include "gen/base/json.h"
#include "gen/base/number.h"
#include "tests/support/test.h"

static bool parse(struct arena *a, const char *text, unsigned flags, struct json **out, struct json_pos *at, struct err *e)
{
    return json_parse(a, str_from(text), flags, out, NULL, NULL, at, e);
}

TEST(strict_json_follows_rfc_8259)
{
    static const struct { const char *name, *text; bool ok; } rows[] = {
        { "an object", "{\"a\":[1,2.5e-3,true,false,null,\"x\"]}", true },
        { "a bare value", " 1 ", true },
        { "every escape", "\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9\"", true },
        { "a surrogate pair", "\"\\ud83d\\ude00\"", true },
        { "nothing", "", false },
        { "white space only", " \n", false },
        { "an open object", "{\"a\":1", false },
        { "an open array", "[1", false },
        { "a key alone", "{\"a\"}", false },
        { "a key without a value", "{\"a\":}", false },
        { "no comma", "[1 2]", false },
        { "two commas", "[1,,2]", false },
        { "a leading comma", "[,1]", false },
        { "a trailing comma", "[1,]", false },
        { "a comment", "[1] // x", false },
        { "a fence", "```\n[1]\n```", false },
        { "a byte order mark", "\xef\xbb\xbf[1]", false },
        { "text after the end", "[1] 2", false },
        { "the wrong bracket", "[1}", false },
        { "a leading zero", "01", false },
        { "a leading plus", "+1", false },
        { "a point without digits", "1.", false },
        { "a bare point", ".5", false },
        { "hex", "0x10", false },
        { "NaN", "[NaN]", false },
        { "Infinity", "[-Infinity]", false },
        { "too large", "[1e999]", false },
        { "words run together", "[truefalse]", false },
        { "upper case", "[True]", false },
        { "single quotes", "['a']", false },
        { "a bare key", "{a:1}", false },
        { "a raw newline in a string", "\"a\nb\"", false },
        { "a raw tab in a string", "\"a\tb\"", false },
        { "an unknown escape", "\"\\x41\"", false },
        { "a short \\u", "\"\\u12\"", false },
        { "U+0000", "\"\\u0000\"", false },
        { "a lone high surrogate", "\"\\ud83d\"", false },
        { "a lone low surrogate", "\"\\ude00\"", false },
        { "two high surrogates", "\"\\ud83d\\ud83d\"", false },
        { "bad UTF-8", "\"\xc3\"", false },
        { "a string that does not end", "\"abc", false },
        { "a duplicate key", "{\"a\":1,\"a\":2}", false },
        { "a duplicate key deep inside", "[{\"b\":{\"a\":1,\"c\":0,\"a\":2}}]", false },
        { "keys that differ in case", "{\"a\":1,\"A\":2}", true },
        { "a duplicate key by an escape", "{\"a\":1,\"\\u0061\":2}", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct json *v;
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, parse(&a, rows[i].text, 0, &v, NULL, &e) == rows[i].ok);
        CHECK_ROW(rows[i].name, rows[i].ok == (e.msg[0] == '\0'));
        arena_deinit(&a);
    }
}

TEST(a_mistake_is_told_with_its_line_and_column)
{
    static const struct { const char *name, *text; unsigned line, col; const char *msg; } rows[] = {
        { "first line", "{\"a\" 1}", 1, 6, "expected ':' after the key" },
        { "third line", "{\n\"a\": 1,\n  \"b\": tru\n}", 3, 8, "expected a value; strings stand in double quotes" },
        { "columns count characters", "[\"\xc3\xa9\xc3\xa9\", x]", 1, 8, "expected a value; strings stand in double quotes" },
        { "missing comma", "{\"a\": 1\n \"b\": 2}", 2, 2, "expected ',' or '}'" },
        { "duplicate", "{\"a\": 1,\n \"a\": 2}", 2, 2, "duplicate key \"a\"" },
        { "cut short", "{\"a\": [1,\n2", 2, 2, "the text ends inside an array" },
        { "windows line ends", "[1,\r\n2,\r\n}", 3, 1, "expected a value" },
        { "too large", "[1,\n 1e999]", 2, 2, "this number is too large" },
        { "a string left open", "{\"a\": \"b\n}", 1, 7, "this string does not end on its line; a line break is written \\n" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct json *v;
        struct json_pos at;
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, !parse(&a, rows[i].text, 0, &v, &at, &e));
        CHECK_STR(rows[i].name, rows[i].msg, str_from(e.msg));
        CHECK_INT(rows[i].name, rows[i].line, at.line);
        CHECK_INT(rows[i].name, rows[i].col, at.col);
        arena_deinit(&a);
    }
}

TEST(tolerated_forms_are_read_and_noted_once)
{
    static const struct { const char *name, *text; unsigned flags, line, col; } rows[] = {
        { "byte order mark", "\xef\xbb\xbf{\"a\": 1}", JSON_BOM, 1, 1 },
        { "fence", "```json\n{\"a\": 1}\n```\n", JSON_FENCE, 1, 1 },
        { "fence after an empty line", "\n ```\n{\"a\": 1}\n```", JSON_FENCE, 2, 2 },
        { "line comment", "{ // one\n // two\n \"a\": 1}", JSON_COMMENTS, 1, 3 },
        { "block comment", "/* a \" ] } */{\"a\":/**/1}", JSON_COMMENTS, 1, 1 },
        { "comment at the end", "{\"a\":1} // end", JSON_COMMENTS, 1, 9 },
        { "trailing comma of an object", "{\"a\": 1,}", JSON_TRAILING_COMMA, 1, 8 },
        { "trailing comma of an array", "{\"b\":[1,2 , ],\n\"a\": 1}", JSON_TRAILING_COMMA, 1, 11 },
        { "two trailing commas are one note", "{\"b\":[1,],\"a\":1,}", JSON_TRAILING_COMMA, 1, 8 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct json *v;
        struct json_note notes[4];
        size_t n = 9;
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, json_parse(&a, str_from(rows[i].text), JSON_LENIENT, &v, notes, &n, NULL, &e));
        CHECK_INT(rows[i].name, 1, n);
        CHECK_INT(rows[i].name, rows[i].flags, notes[0].what);
        CHECK_INT(rows[i].name, rows[i].line, notes[0].pos.line);
        CHECK_INT(rows[i].name, rows[i].col, notes[0].pos.col);
        CHECK_NEAR(rows[i].name, 1, json_num_or(v, "a", 0), 0);
        CHECK_ROW(rows[i].name, !json_parse(&a, str_from(rows[i].text), JSON_LENIENT & ~rows[i].flags, &v, notes, &n, NULL, &e));
        arena_deinit(&a);
    }
}

TEST(places_stay_true_after_everything_tolerated)
{
    struct arena a = { 0 };
    struct json *v;
    struct err e;
    CHECK(parse(&a, "\xef\xbb\xbf```json\n{ /* \xc3\xa9 */ \"a\": [1, // x\n   {\"b\": null},\n ]}\n```", JSON_LENIENT, &v, NULL, &e));
    const struct json *list = json_get(v, "a"), *object = json_at(list, 1), *b = json_get(object, "b");
    CHECK_INT("key line", 2, list->key_pos.line);
    CHECK_INT("key column", 11, list->key_pos.col);
    CHECK_INT("array column", 16, list->pos.col);
    CHECK_INT("object line", 3, object->pos.line);
    CHECK_INT("object column", 4, object->pos.col);
    CHECK_INT("null column", 10, b->pos.col);
    arena_deinit(&a);
}

TEST(equal_keys_are_kept_when_the_caller_wants_to_report_them)
{
    struct arena a = { 0 };
    struct json *v;
    struct err e;
    CHECK(parse(&a, "{\"a\":1,\"a\":2}", JSON_DUPLICATES, &v, NULL, &e));
    CHECK_INT("children", 2, v->n);
    arena_deinit(&a);
}

TEST(depth_over_64_is_refused_without_a_deep_stack)
{
    struct arena a = { 0 };
    struct json *v;
    struct err e;
    char text[200];
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    CHECK(json_parse(&a, (struct str){ text, 128 }, 0, &v, NULL, NULL, NULL, &e));
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    CHECK(!json_parse(&a, (struct str){ text, 130 }, 0, &v, NULL, NULL, NULL, &e));
    CHECK_STR("message", "nested deeper than 64", str_from(e.msg));
    size_t n = 1 << 20;
    char *deep = mem_alloc(n);
    memset(deep, '{', n);
    CHECK(!json_parse(&a, (struct str){ deep, n }, 0, &v, NULL, NULL, NULL, &e));
    free(deep);
    arena_deinit(&a);
}

TEST(too_many_values_are_refused)
{
    struct arena a = { 0 };
    struct json *v;
    struct err e;
    size_t n = 1100000;
    char *text = mem_alloc(n);
    for (size_t i = 0; i < n; i++)
        text[i] = i == 0 ? '[' : i % 2 ? '1' : ',';
    CHECK(!json_parse(&a, (struct str){ text, n }, 0, &v, NULL, NULL, NULL, &e));
    CHECK_STR("message", "more than 500000 values", str_from(e.msg));
    free(text);
    arena_deinit(&a);
}

TEST(a_number_of_a_hundred_digits_is_read_whole)
{
    struct arena a = { 0 };
    struct json *v;
    struct err e;
    char text[200] = "[0.";
    memset(text + 3, '3', 100);
    memcpy(text + 103, ", 2]", 5);
    CHECK(parse(&a, text, 0, &v, NULL, &e));
    CHECK_NEAR("value", 1.0 / 3, json_at(v, 0)->number, 1e-15);
    CHECK_INT("text", 102, json_at(v, 0)->string.n);
    CHECK_NEAR("the one after it", 2, json_at(v, 1)->number, 0);
    arena_deinit(&a);
}

TEST(numbers_are_the_same_in_every_locale)
{
    const char *names[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8" };
    for (size_t i = 0; i < COUNTOF(names); i++)
        setlocale(LC_ALL, names[i]);
    struct arena a = { 0 };
    struct json *v;
    struct err e;
    struct buf b = { 0 };
    CHECK(parse(&a, "[1.5,-2.25e1]", 0, &v, NULL, &e));
    json_print(&b, v, 0);
    CHECK_STR("printed", "[1.5,-22.5]", buf_str(&b));
    setlocale(LC_ALL, "C");
    buf_deinit(&b);
    arena_deinit(&a);
}

TEST(numbers_print_in_their_shortest_form)
{
    static const struct { const char *name; double v; const char *want; } rows[] = {
        { "zero", 0, "0" }, { "minus zero", -0.0, "0" }, { "one", 1, "1" }, { "a tenth", 0.1, "0.1" },
        { "three tenths that are not", 0.1 + 0.2, "0.30000000000000004" }, { "2^53", 9007199254740992.0, "9007199254740992" },
        { "over 2^53", 1e300, "1e+300" }, { "a million", 1e6, "1000000" }, { "small", 5e-324, "4.94065645841247e-324" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char text[NUMBER_TEXT];
        double back;
        struct str s = number_print(text, rows[i].v);
        CHECK_STR(rows[i].name, rows[i].want, s);
        CHECK_ROW(rows[i].name, number_parse(s, &back) && back == rows[i].v);
    }
}

TEST(only_decimal_text_is_a_number)
{
    static const char *const good[] = { "1", "-1.5", "+2", ".5", "5.", "1e3", "1E-3", "007" };
    static const char *const bad[] = { "", " 1", "1 ", "0x10", "inf", "nan", "1e", "-", ".", "1.2.3", "1,5", "1e999", "12a" };
    double v;
    for (size_t i = 0; i < COUNTOF(good); i++)
        CHECK_ROW(good[i], number_parse(str_from(good[i]), &v));
    for (size_t i = 0; i < COUNTOF(bad); i++)
        CHECK_ROW(bad[i], !number_parse(str_from(bad[i]), &v));
}

TEST(the_canonical_form_sorts_keys_and_the_plain_one_does_not)
{
    struct arena a = { 0 };
    struct json *v;
    struct err e;
    struct buf b = { 0 };
    CHECK(parse(&a, "{\"b\": [], \"a\": {\"z\": 1, \"y\": \"\\u0001\\n/\"}, \"B\": {}}", 0, &v, NULL, &e));
    json_print(&b, v, JSON_SORTED);
    CHECK_STR("sorted", "{\"B\":{},\"a\":{\"y\":\"\\u0001\\n/\",\"z\":1},\"b\":[]}", buf_str(&b));
    buf_clear(&b);
    json_print(&b, v, 0);
    CHECK_STR("plain", "{\"b\":[],\"a\":{\"z\":1,\"y\":\"\\u0001\\n/\"},\"B\":{}}", buf_str(&b));
    buf_clear(&b);
    json_print(&b, v, JSON_PRETTY);
    CHECK_STR("pretty", "{\n  \"b\": [],\n  \"a\": {\n    \"z\": 1,\n    \"y\": \"\\u0001\\n/\"\n  },\n  \"B\": {}\n}", buf_str(&b));
    buf_deinit(&b);
    arena_deinit(&a);
}

TEST(what_is_built_by_hand_prints_and_copies)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    struct json *o = json_object(&a), *list = json_array(&a);
    json_push(list, json_number(&a, 1));
    json_push(list, json_string(&a, STR("two")));
    json_set(&a, o, "list", list);
    json_set(&a, o, "flag", json_bool(&a, false));
    json_set(&a, o, "none", json_null(&a));
    json_set(&a, o, "flag", json_bool(&a, true));
    json_set(&a, o, "none", json_number(&a, 2));
    json_set(&a, o, "more", json_number(&a, 3));
    json_print(&b, json_copy(&a, o), 0);
    CHECK_STR("printed", "{\"list\":[1,\"two\"],\"flag\":true,\"none\":2,\"more\":3}", buf_str(&b));
    CHECK(json_bool_or(o, "flag", false));
    CHECK_NEAR("missing", 7, json_num_or(o, "nothing", 7), 0);
    CHECK_STR("not an object", "x", json_str_or(list, "flag", STR("x")));
    CHECK(json_at(list, 2) == NULL && json_get(NULL, "a") == NULL);
    buf_deinit(&b);
    arena_deinit(&a);
}
