/* answer.c - tests of gen/answer: which texts of a chat model are kept, and what JSON is read out of them */
#include "gen/answer.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/support/test.h"

static int file_of(const char *text, size_t n)
{
    char path[] = "/tmp/vidgen-answer-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0 && unlink(path) == 0 && write(fd, text, n) == (ssize_t)n);
    return fd;
}

static const struct { const char *name, *text, *refused; bool is_json; } rows[] = {
    { "a text", "The gate opens.\n", NULL, false },
    { "a text of other letters", "Das Tor \xc3\xb6""ffnet.", NULL, false },
    { "an object", " {\"a\": 1}\n", NULL, true },
    { "an object in a fence", "```json\n{\"a\": 1}\n```\n", NULL, true },
    { "an array", "[1, 2]", NULL, true },
    { "nothing", "", "an empty text", false },
    { "white space", " \n\t", "an empty text", false },
    { "bytes that are no UTF-8", "a\xff", "not UTF-8 at byte 1", false },
    { "a control character", "a\x1b[2Jb", "control characters", false },
    { "words before the object", "Here it is: {\"a\": 1}", "no JSON, line 1, column 1", true },
    { "words behind the object", "{\"a\": 1}\nI hope this helps.", "no JSON, line 2", true },
    { "words behind the fence", "```json\n{\"a\": 1}\n```\nI hope this helps.", "no JSON", true },
    { "a number", "12", "expected an object of JSON, not a number", true },
    { "an object that stops", "{\"a\": [1, 2", "no JSON", true },
    { "a key that stands twice", "{\"a\": 1, \"a\": 2}", "no JSON", true },
    { "a comment", "{\"a\": 1 /* one */}", "no JSON", true },
};

TEST(only_texts_that_can_be_used_are_kept)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct media_info info;
        struct err e = { 0 };
        int fd = file_of(rows[i].text, strlen(rows[i].text));
        bool ok = answer_check(fd, rows[i].is_json, &info, &e);
        check_true(rows[i].name, e.msg, ok == !rows[i].refused, __FILE__, __LINE__);
        if (ok)
            CHECK_STR(rows[i].name, rows[i].is_json ? "json" : "text", str_from(info.type));
        else
            CHECK_INT(rows[i].name, ERR_MEDIA, e.code);
        check_true(rows[i].name, e.msg, ok || strstr(e.msg, rows[i].refused), __FILE__, __LINE__);
        close(fd);
    }
}

TEST(a_text_that_is_too_long_is_refused_and_one_of_the_limit_is_not)
{
    for (size_t n = ANSWER_MAX; n <= ANSWER_MAX + 1; n++) {
        char *text = malloc(n);
        struct media_info info;
        struct err e = { 0 };
        memset(text, 'a', n);
        int fd = file_of(text, n);
        CHECK_INT("taken", n == ANSWER_MAX, answer_check(fd, false, &info, &e));
        close(fd);
        free(text);
    }
}
