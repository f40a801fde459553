/* lesson.c - fuzz target: any bytes are a lesson that is read, told about and formatted without a crash
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -I. tests/fuzz/lesson.c ... build/fuzz/libvidgen.a */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/json.h"
#include "gen/lesson/format.h"
#include "gen/lesson/problems.h"
#include "gen/lesson/read.h"
#include "tests/support/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const struct read_opts opts = { .words = &test_words };
    struct problems problems;
    struct buf told = { 0 }, once = { 0 }, twice = { 0 };
    struct json_pos at;
    struct err e = { 0 };
    struct str text = { (const char *)p, n };
    struct lesson *l = lesson_read(STR("-"), text, &opts, &problems);
    problems_print(&told, STR("-"), &problems, n % 2);
    lesson_destroy(l);
    if (lesson_format(text, &test_words, &once, &at, &e)) {
        bool ok = lesson_format(buf_str(&once), &test_words, &twice, &at, &e);
        assert(ok && str_eq(buf_str(&once), buf_str(&twice)));
    }
    buf_deinit(&told);
    buf_deinit(&once);
    buf_deinit(&twice);
    return 0;
}
