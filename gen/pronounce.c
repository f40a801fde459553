/* pronounce.c - whole words respelled for speech */
#include "gen/pronounce.h"
#include <string.h>
#include "gen/base/letters.h"
#include "gen/base/text.h"
#include "gen/sentences.h"

static bool is_of_word(struct str s, size_t at)
{
    uint32_t cp = 0;
    if (text_decode((struct str){ s.p + at, s.n - at }, &cp) == 0)
        return false;
    return cp == '_' || letter_is_word(cp) || letter_joins(cp);
}

/* Do the characters on both sides of this byte belong to one word? */
static bool is_inside_word(struct str s, size_t at)
{
    size_t before = at;
    if (at == 0 || at >= s.n || !is_of_word(s, at))
        return false;
    do
        before--;
    while (before > 0 && ((unsigned char)s.p[before] & 0xc0) == 0x80);
    return is_of_word(s, before);
}

const struct pronounce *pronounce_at(struct str text, size_t at, const struct voice_opts *v)
{
    const struct pronounce *best = NULL;
    for (size_t i = 0; v && i < v->n_pronounce; i++) {
        const struct pronounce *p = &v->pronounce[i];
        if (p->word.n == 0 || p->word.n > text.n - at || memcmp(text.p + at, p->word.p, p->word.n) != 0)
            continue;
        if ((best && best->word.n >= p->word.n) || is_inside_word(text, at) || is_inside_word(text, at + p->word.n))
            continue;
        best = p;
    }
    return best;
}

struct str pronounce_apply(struct str narration, const struct voice_opts *v, struct arena *a)
{
    struct buf out = { 0 };
    for (size_t i = 0; i < narration.n;) {
        const struct pronounce *p = pronounce_at(narration, i, v);
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

const uint32_t *pronounce_measure(struct str narration, const struct voice_opts *v, bool in_bytes, struct arena *a)
{
    uint32_t *sent = arena_array(a, narration.n + 1, sizeof *sent), n = 0;
    for (size_t i = 0; i < narration.n;) {
        const struct pronounce *p = pronounce_at(narration, i, v);
        size_t bytes = p ? p->word.n : 1;
        sent[i] = n;
        for (size_t k = 1; k < bytes; k++)
            sent[i + k] = SENTENCES_WHOLE;
        i += bytes;
        if (p)
            n += (uint32_t)(in_bytes ? p->say.n : text_length(p->say));
        else
            n += in_bytes || i == narration.n ||
                 ((unsigned char)narration.p[i] & 0xc0) != 0x80; /* at a character's last byte */
    }
    sent[narration.n] = n;
    return sent;
}
