/* tokens.c - the words of a narration */
#include "compose/tokens.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum kind { SPACE, NEWLINE, PUNCT, LETTER, DIGIT, SIGN, ALONE };

struct range { uint32_t from, to; };

static bool in(const struct range *r, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= r[i].from && cp <= r[i].to)
            return true;
    return false;
}

/* Scripts without spaces between words: each character stands alone (Unicode 15 blocks). */
static const struct range alone[] = {
    { 0x3005, 0x3007 }, { 0x3041, 0x30fa }, { 0x30fc, 0x30ff }, { 0x31f0, 0x31ff },   { 0x3400, 0x4dbf },
    { 0x4e00, 0x9fff }, { 0xf900, 0xfaff }, { 0xff66, 0xff9d }, { 0x20000, 0x323af },
};
static const struct range spaces[] = { { 0x20, 0x20 },     { 0x09, 0x09 },     { 0xa0, 0xa0 },
                                       { 0x1680, 0x1680 }, { 0x2000, 0x200b }, { 0x202f, 0x202f },
                                       { 0x205f, 0x2060 }, { 0x3000, 0x3000 }, { 0xfeff, 0xfeff } };
static const struct range puncts[] = { { 0xa1, 0xa1 },     { 0xab, 0xab },     { 0xb7, 0xb7 },     { 0xbb, 0xbb },
                                       { 0xbf, 0xbf },     { 0x55a, 0x55f },   { 0x589, 0x58a },   { 0x60c, 0x60c },
                                       { 0x61b, 0x61b },   { 0x61f, 0x61f },   { 0x6d4, 0x6d4 },   { 0x964, 0x965 },
                                       { 0x2010, 0x2027 }, { 0x2039, 0x203e }, { 0x3001, 0x3003 }, { 0x3008, 0x3011 },
                                       { 0x3014, 0x301f }, { 0xff01, 0xff0f }, { 0xff1a, 0xff20 }, { 0xff5f, 0xff65 } };

static enum kind kind_of(uint32_t cp)
{
    if (cp == '\n' || cp == '\r')
        return NEWLINE;
    if (in(spaces, COUNTOF(spaces), cp))
        return SPACE;
    if (cp >= '0' && cp <= '9')
        return DIGIT;
    if (cp < 0x80 && cp > 0 && strchr("!\"'(),-.:;?[]`{}", (int)cp))
        return PUNCT;
    if (cp < 0x80 && !((cp | 32) >= 'a' && (cp | 32) <= 'z'))
        return SIGN;
    if (in(puncts, COUNTOF(puncts), cp))
        return PUNCT;
    return in(alone, COUNTOF(alone), cp) ? ALONE : LETTER;
}

static unsigned pause_of(uint32_t cp)
{
    static const uint32_t ends[] = { '.', '!', '?', 0x2026, 0x3002, 0xff01, 0xff0e, 0xff1f, 0x61f, 0x6d4, 0x964 };
    static const uint32_t commas[] = { ',', ';', ':', 0x2013, 0x2014, 0x3001, 0xff0c, 0xff1a, 0xff1b, 0x60c, 0x61b };
    for (size_t i = 0; i < COUNTOF(ends); i++)
        if (cp == ends[i])
            return 2;
    for (size_t i = 0; i < COUNTOF(commas); i++)
        if (cp == commas[i])
            return 1;
    return 0;
}

static bool is_vowel(uint32_t cp)
{
    uint32_t l = cp < 0x80 ? cp | 32 : cp;
    return l == 'a' || l == 'e' || l == 'i' || l == 'o' || l == 'u' || l == 'y' || (cp >= 0xc0 && cp < 0x250);
}

/* Syllables, roughly: groups of vowels, some time for each consonant, digits and capitals spelt out. */
static float weigh(struct str w)
{
    float sum = 0.25f;
    bool was_vowel = false, all_capital = true;
    size_t letters = 0;
    for (size_t i = 0; i < w.n;) {
        uint32_t cp = 0;
        size_t k = text_decode((struct str){ w.p + i, w.n - i }, &cp);
        i += k ? k : 1;
        enum kind kind = kind_of(cp);
        bool vowel = kind == LETTER && is_vowel(cp);
        if (kind == DIGIT || kind == ALONE)
            sum += 1.1f;
        else if (kind == SIGN)
            sum += 1.3f;
        else if (vowel)
            sum += was_vowel ? 0.15f : 0.65f;
        else if (kind == LETTER)
            sum += cp < 0x250 ? 0.22f : 0.4f;
        else if (cp == '.' && i < w.n)          /* "1.2": "point" */
            sum += 0.9f;
        letters += kind == LETTER;
        all_capital &= kind != LETTER || (cp >= 'A' && cp <= 'Z');
        was_vowel = vowel;
    }
    if (all_capital && letters >= 2 && letters <= 5)
        sum += 0.6f * (float)letters;           /* an abbreviation, said letter by letter */
    return sum;
}

struct scan {
    struct str s;
    struct token *v;
    size_t n, cap;
    size_t from, to;                            /* the run being read; to: after its last letter */
    bool open, has_core;
    unsigned newlines;
};

static void close_run(struct scan *c)
{
    if (c->open && c->has_core) {
        if (c->n == c->cap) {
            c->cap = c->cap ? c->cap * 2 : 64;
            c->v = mem_resize(c->v, c->cap, sizeof *c->v);
        }
        struct str w = { c->s.p + c->from, c->to - c->from };
        c->v[c->n++] = (struct token){ .at = (uint32_t)c->from, .n = (uint32_t)w.n, .weight = weigh(w) };
    }
    c->open = c->has_core = false;
}

static void note_pause(struct scan *c, unsigned pause)
{
    if (c->n && c->v[c->n - 1].pause < pause)
        c->v[c->n - 1].pause = (uint8_t)pause;
}

/* Punctuation belongs to a word only between two of its letters: it waits in [to, here) until one comes. */
static void close_with_pauses(struct scan *c, size_t here)
{
    size_t from = c->open ? c->to : here;
    close_run(c);
    for (size_t i = from; i < here;) {
        uint32_t cp = 0;
        size_t k = text_decode((struct str){ c->s.p + i, here - i }, &cp);
        i += k ? k : 1;
        note_pause(c, pause_of(cp));
    }
}

static void step(struct scan *c, size_t at, size_t n, uint32_t cp)
{
    enum kind kind = kind_of(cp);
    if (kind != NEWLINE && kind != SPACE)
        c->newlines = 0;
    if (kind == SPACE || kind == NEWLINE) {
        close_with_pauses(c, at);
        if (kind == NEWLINE && cp == '\n' && ++c->newlines == 2)
            note_pause(c, 3);
    } else if (kind == ALONE) {
        close_with_pauses(c, at);
        *c = (struct scan){ c->s, c->v, c->n, c->cap, at, at + n, true, true, 0 };
        close_run(c);
    } else if (kind == PUNCT && !c->open) {
        note_pause(c, pause_of(cp));
    } else if (kind == PUNCT && (cp == 0x2014 || cp == 0x2026 || cp >= 0x3000)) {
        close_with_pauses(c, at);               /* dashes and full-width signs part words without spaces */
        note_pause(c, pause_of(cp));
    } else if (kind != PUNCT) {
        if (!c->open)
            c->from = at;
        c->open = c->has_core = true;
        c->to = at + n;
    }
}

struct token *tokens_of(struct str s, size_t *n)
{
    struct scan c = { .s = s };
    for (size_t i = 0; i < s.n && s.n < UINT32_MAX;) {
        uint32_t cp = 0;
        size_t k = text_decode((struct str){ s.p + i, s.n - i }, &cp);
        step(&c, i, k ? k : 1, k ? cp : '?');
        i += k ? k : 1;
    }
    close_with_pauses(&c, s.n);
    *n = c.n;
    return c.v;
}
