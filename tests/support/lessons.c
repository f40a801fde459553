/* lessons.c - what tests that read lessons share */
#include "tests/support/lessons.h"
#include <string.h>
#include "gen/lesson/problems.h"
#include "tests/support/test.h"
#include "tests/support/words.h"

struct lesson *read_with(const char *text, const struct read_opts *opts, struct problems *p)
{
    return lesson_read(STR("<test>"), str_from(text), opts, p);
}

struct lesson *lesson_of(const char *text, struct problems *p)
{
    return read_with(text, &(struct read_opts){ .words = &test_words }, p);
}

/* The lines as people see them, without "<test>". */
struct str lines(struct buf *b, const struct problems *p)
{
    struct problems each = *p;
    buf_clear(b);
    problems_print(b, STR(""), &each, false);
    return buf_str(b);
}

void expect_clean(const char *name, const struct problems *p)
{
    struct buf b = { 0 };
    CHECK_STR(name, ": no problems\n", lines(&b, p));
    buf_deinit(&b);
}

/* A lesson around one section, a section around one member, and the like: "%" stands for the row's text. */
char *around(const char *frame, const char *text)
{
    const char *at = strchr(frame, '%');
    struct buf b = { 0 };
    buf_add(&b, frame, (size_t)(at - frame));
    buf_addz(&b, text);
    buf_addz(&b, at + 1);
    return buf_take(&b);
}


void expect_codes(const char *row, const char *want, const struct problems *p)
{
    struct buf b = { 0 };
    for (size_t i = 0; i < p->n; i++)
        buf_printf(&b, "%s%s", i ? " " : "", p->v[i].code);
    CHECK_STR(row, want, buf_str(&b));
    buf_deinit(&b);
}
