/* reveal.c - where a narration says what stands in a list */
#include "gen/reveal.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include "gen/base/letters.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { LETTERS_MOST = 32, STEM = 4, TEXT_WORDS_MOST = 64 }; /* words are compared by so many letters, stems have so many at least */

struct reveal_word {
    size_t at;                     /* byte */
    uint32_t letter[LETTERS_MOST]; /* folded */
    size_t n;
};

struct reveal_words {
    struct reveal_word *v;
    size_t n, cap;
};

static const size_t NOWHERE = SIZE_MAX;

/* Small letters of Latin, Greek and Cyrillic; others have no other form, or are compared as they are. */
static uint32_t folded(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) ||
        (c >= 0x410 && c <= 0x42f))
        return c + 32;
    if (c >= 0x400 && c <= 0x40f)
        return c + 80;
    return c >= 0x100 && c <= 0x137 ? c | 1 : c;
}

static struct reveal_word *begin_word(struct reveal_words *w, size_t at)
{
    if (w->n == w->cap) {
        w->cap = w->cap ? 2 * w->cap : 64;
        w->v = mem_resize(w->v, w->cap, sizeof *w->v);
    }
    w->v[w->n] = (struct reveal_word){ .at = at };
    return &w->v[w->n++];
}

/* At most `most` words. */
static struct reveal_words words_of(struct str s, size_t most)
{
    struct reveal_words w = { 0 };
    struct reveal_word *open = NULL;
    for (size_t i = 0; i < s.n && w.n < most;) {
        uint32_t c = 0;
        size_t n = text_decode((struct str){ s.p + i, s.n - i }, &c);
        enum letter kind = n ? letter_kind(c) : LETTER_SPACE;
        bool is_alone = kind == LETTER_ALONE;
        if (is_alone || kind == LETTER_LETTER || kind == LETTER_DIGIT) {
            if (!open || is_alone)
                open = begin_word(&w, i);
            if (open->n < LETTERS_MOST)
                open->letter[open->n++] = folded(c);
            open = is_alone ? NULL : open;
        } else if (c != '\'' && c != 0x2019 && !(n && letter_joins(c)))
            open = NULL;
        i += n ? n : 1;
    }
    return w;
}

/* "gate" is "gates", too. */
static bool is_same(const struct reveal_word *a, const struct reveal_word *b)
{
    size_t n = a->n < b->n ? a->n : b->n, most = a->n < b->n ? b->n : a->n;
    for (size_t i = 0; i < n; i++)
        if (a->letter[i] != b->letter[i])
            return false;
    return a->n == b->n || (n >= STEM && most - n <= 2);
}

/* How many of the text's words stand in a row from word `at` on. */
static size_t in_a_row(const struct reveal_words *said, size_t at, const struct reveal_words *text)
{
    size_t n = 0;
    while (n < text->n && at + n < said->n && is_same(&said->v[at + n], &text->v[n]))
        n++;
    return n;
}

static bool has(const struct reveal_words *w, const struct reveal_word *one, size_t least)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->v[i].n >= least && is_same(&w->v[i], one))
            return true;
    return false;
}

/* How many different words near `at` the text has. */
static size_t near_by(const struct reveal_words *said, size_t at, const struct reveal_words *text)
{
    size_t n = 0, end = at + 2 * text->n + 4;
    for (size_t k = 0; k < text->n; k++) {
        bool found = false;
        for (size_t i = at; !found && i < end && i < said->n; i++)
            found = text->v[k].n >= 3 && is_same(&said->v[i], &text->v[k]);
        n += found;
    }
    return n;
}

/* The word where the text is said, from `from` on. */
static size_t place_of(const struct reveal_words *said, size_t from, const struct reveal_words *text)
{
    size_t best = NOWHERE, most = 0;
    for (size_t i = from; text->n && i < said->n; i++)
        if (in_a_row(said, i, text) == text->n)
            return i;
    for (size_t i = from; i < said->n; i++) {
        size_t n = has(text, &said->v[i], STEM) ? near_by(said, i, text) : 0;
        if (n > most) {
            most = n;
            best = i;
        }
    }
    return best;
}

/* What has no place of its own, between those that have one. */
static void spread(size_t *at, size_t n, size_t end)
{
    for (size_t i = 0; i < n;) {
        size_t k = i;
        while (k < n && at[k] == NOWHERE)
            k++;
        size_t from = i ? at[i - 1] : 0, to = k < n ? at[k] : end, parts = k - i + (i > 0);
        for (size_t m = i; m < k; m++)
            at[m] = from + (to - from) * (m - i + (i > 0)) / (parts ? parts : 1);
        i = k + 1;
    }
}

void reveal_places(const struct str *texts, size_t n, struct str narration, size_t *at)
{
    struct reveal_words said = words_of(narration, SIZE_MAX);
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        struct reveal_words text = words_of(texts[i], TEXT_WORDS_MOST);
        size_t place = place_of(&said, from, &text);
        bool is_said = said.v && place < said.n;
        at[i] = is_said ? said.v[place].at : NOWHERE;
        from = is_said ? place + 1 : from;
        free(text.v);
    }
    spread(at, n, narration.n);
    free(said.v);
}
