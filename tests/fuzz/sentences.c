/* sentences.c - fuzz target: any bytes are cut into parts that are the text, whatever the limit
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -I. tests/fuzz/sentences.c ... build/fuzz/libvidgen.a */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/pronounce.h"
#include "gen/sentences.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* The first byte is the limit. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct pronounce say[] = { { { "V", 1 }, { "volts", 5 } }, { { "e.g.", 4 }, { "", 0 } } };
    const struct voice_opts voice = { .pronounce = say, .n_pronounce = 2 };
    struct arena a = { 0 };
    struct sentence_part *parts;
    if (n == 0)
        return 0;
    struct str text = { (const char *)p + 1, n - 1 };
    size_t at = 0, n_parts = sentences_split(&a, text, p[0], pronounce_measure(text, &voice, n % 2, &a), &parts);
    for (size_t i = 0; i < n_parts; i++) {
        assert(parts[i].text.n > 0 && parts[i].text.p == text.p + at);
        at += parts[i].text.n;
    }
    assert(n_parts == 0 || at == text.n);
    struct str first = sentences_first(text, p[0]), last = sentences_last(text, p[0]);
    assert(first.n <= text.n && last.n <= text.n);
    pronounce_apply(text, &voice, &a);
    arena_deinit(&a);
    return 0;
}
