/* pronounce.c - whole words respelled for speech */
#include "gen/pronounce.h"
#include <string.h>
#include "gen/base/text.h"

static bool is_word_byte(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static const struct pronounce *match(struct str text, size_t at, const struct voice_opts *v)
{
    const struct pronounce *best = NULL;
    if (at > 0 && is_word_byte((unsigned char)text.p[at - 1]))
        return NULL;
    for (size_t i = 0; i < v->n_pronounce; i++) {
        const struct pronounce *p = &v->pronounce[i];
        size_t end = at + p->word.n;
        if (p->word.n == 0 || end > text.n || memcmp(text.p + at, p->word.p, p->word.n) != 0)
            continue;
        if (end < text.n && is_word_byte((unsigned char)text.p[end]))
            continue;
        if (!best || p->word.n > best->word.n)
            best = p;
    }
    return best;
}

struct str pronounce_apply(struct str narration, const struct voice_opts *v, struct arena *a)
{
    struct buf out = { 0 };
    for (size_t i = 0; i < narration.n;) {
        const struct pronounce *p = match(narration, i, v);
        if (p)
            buf_adds(&out, p->say);
        else
            buf_addc(&out, narration.p[i]);
        i += p ? p->word.n : 1;
    }
    struct str said = arena_str(a, buf_str(&out));
    buf_deinit(&out);
    return said;
}
