/* timing.c - tests of api/timing */
#include "api/timing.h"
#include "tests/support/test.h"

static const struct desc_timing chars = { .chars = STR("/al/c"), .start = STR("/al/s"), .end = STR("/al/e") };
static const struct desc_timing items = { .items = STR("/w"), .text = STR("/word"), .start = STR("/a"), .end = STR("/b") };

static const struct { const char *name; const struct desc_timing *t; const char *answer, *want; } rows[] = {
    { "characters become words", &chars,
      "{\"al\":{\"c\":[\"H\",\"i\",\",\",\" \",\"y\",\"o\"],\"s\":[0,0.1,0.2,0.3,0.5,0.6],\"e\":[0.1,0.2,0.3,0.5,0.6,0.75]}}",
      "[[0,0.3,\"Hi,\"],[0.5,0.75,\"yo\"]]" },
    { "several blanks and one at the end", &chars,
      "{\"al\":{\"c\":[\" \",\"a\",\"\\n\",\" \",\"b\",\" \"],\"s\":[0,1,2,3,4,5],\"e\":[1,2,3,4,5,6]}}", "[[1,2,\"a\"],[4,5,\"b\"]]" },
    { "no-break space parts too", &chars, "{\"al\":{\"c\":[\"a\",\"\\u00a0\",\"b\"],\"s\":[0,1,2],\"e\":[1,2,3]}}", "[[0,1,\"a\"],[2,3,\"b\"]]" },
    { "ideographs stand alone", &chars, "{\"al\":{\"c\":[\"a\",\"\\u6c34\",\"\\u6728\",\"b\"],\"s\":[0,1,2,3],\"e\":[1,2,3,4]}}",
      "[[0,1,\"a\"],[1,2,\"\xe6\xb0\xb4\"],[2,3,\"\xe6\x9c\xa8\"],[3,4,\"b\"]]" },
    { "null alignment", &chars, "{\"al\":null}", NULL },
    { "lengths differ", &chars, "{\"al\":{\"c\":[\"a\",\"b\"],\"s\":[0,1],\"e\":[1]}}", NULL },
    { "times fall", &chars, "{\"al\":{\"c\":[\"a\",\" \",\"b\"],\"s\":[5,1,2],\"e\":[6,2,3]}}", NULL },
    { "negative", &chars, "{\"al\":{\"c\":[\"a\"],\"s\":[-1],\"e\":[1]}}", NULL },
    { "text for a time", &chars, "{\"al\":{\"c\":[\"a\"],\"s\":[\"0\"],\"e\":[1]}}", NULL },
    { "nothing spoken", &chars, "{\"al\":{\"c\":[\" \"],\"s\":[0],\"e\":[1]}}", NULL },
    { "items", &items, "{\"w\":[{\"word\":\"Hi\",\"a\":0.25,\"b\":0.5},{\"word\":\" \",\"a\":0.5,\"b\":0.5},{\"word\":\"yo\",\"a\":0.5,\"b\":0.25}]}",
      "[[0.25,0.5,\"Hi\"],[0.5,0.5,\"yo\"]]" },
    { "an item without a time", &items, "{\"w\":[{\"word\":\"Hi\",\"a\":0.25}]}", NULL },
    { "items that are none", &items, "{\"w\":{}}", NULL },
};

TEST(word_times_of_every_form_become_one_form_or_nothing)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct buf b = { 0 };
        struct json *v = NULL;
        struct err e = { 0 };
        CHECK_ROW(e.msg, json_parse(&a, str_from(rows[i].answer), 0, &v, NULL, NULL, NULL, &e));
        const struct json *words = timing_words(&a, rows[i].t, v);
        CHECK_ROW(rows[i].name, (words != NULL) == (rows[i].want != NULL));
        if (words) {
            json_print(&b, words, 0);
            CHECK_STR(rows[i].name, rows[i].want, buf_str(&b));
        }
        buf_deinit(&b);
        arena_deinit(&a);
    }
}
