/* tokens.c - the words of a narration */
#include "compose/tokens.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/letters.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

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
        enum letter kind = letter_kind(cp);
        bool vowel = kind == LETTER_LETTER && is_vowel(cp);
        if (kind == LETTER_DIGIT || kind == LETTER_ALONE)
            sum += 1.1f;
        else if (kind == LETTER_SIGN)
            sum += 1.3f;
        else if (vowel)
            sum += was_vowel ? 0.15f : 0.65f;
        else if (kind == LETTER_LETTER)
            sum += cp < 0x250 ? 0.22f : 0.4f;
        else if (cp == '.' && i < w.n)          /* "1.2": "point" */
            sum += 0.9f;
        letters += kind == LETTER_LETTER;
        all_capital &= kind != LETTER_LETTER || (cp >= 'A' && cp <= 'Z');
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
        note_pause(c, letter_pause(cp));
    }
}

static void step(struct scan *c, size_t at, size_t n, uint32_t cp)
{
    enum letter kind = letter_kind(cp);
    if (kind != LETTER_NEWLINE && kind != LETTER_SPACE)
        c->newlines = 0;
    if (kind == LETTER_SPACE || kind == LETTER_NEWLINE) {
        close_with_pauses(c, at);
        if (kind == LETTER_NEWLINE && cp == '\n' && ++c->newlines == 2)
            note_pause(c, 3);
    } else if (kind == LETTER_ALONE) {
        close_with_pauses(c, at);
        *c = (struct scan){ c->s, c->v, c->n, c->cap, at, at + n, true, true, 0 };
        close_run(c);
    } else if (kind == LETTER_PUNCT && !c->open) {
        note_pause(c, letter_pause(cp));
    } else if (kind == LETTER_PUNCT && (cp == 0x2014 || cp == 0x2026 || cp >= 0x3000)) {
        close_with_pauses(c, at);               /* dashes and full-width signs part words without spaces */
        note_pause(c, letter_pause(cp));
    } else if (kind != LETTER_PUNCT) {
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
