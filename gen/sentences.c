/* sentences.c - cutting a text at its sentences */
#include "gen/sentences.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/letters.h"
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "gen/base/text.h"

/* How good a place is for a cut; JOINED: between an accent and its letter. */
enum rank { RANK_JOINED, RANK_CHARACTER, RANK_WORD, RANK_CLAUSE, RANK_SENTENCE, RANK_PARAGRAPH };

struct place {
    uint32_t at;   /* byte: the next part would begin here */
    uint32_t sent; /* characters before it */
    enum rank rank;
};

static uint32_t code_point(struct str s, size_t at, size_t *n)
{
    uint32_t cp = 0xfffd;
    *n = text_decode((struct str){ s.p + at, s.n - at }, &cp);
    if (!*n)
        *n = 1;
    return cp;
}

static size_t step_back(struct str s, size_t at)
{
    at--;
    while (at > 0 && ((unsigned char)s.p[at] & 0xc0) == 0x80)
        at--;
    return at;
}

static bool is_space(uint32_t cp)
{
    enum letter k = letter_kind(cp);
    return k == LETTER_SPACE || k == LETTER_NEWLINE;
}

/* ASCII, Latin-1, Latin Extended-A (mostly), Greek, Cyrillic. */
static bool is_lower(uint32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= 0xdf && cp <= 0xff && cp != 0xf7) ||
           (cp >= 0x100 && cp <= 0x137 && (cp & 1)) || (cp >= 0x3ac && cp <= 0x3ce) || (cp >= 0x430 && cp <= 0x45f);
}

static bool is_closing(uint32_t cp)
{
    static const uint32_t signs[] = { '"',    '\'',   ')',    ']',    '}',    0xbb,   0x2018, 0x2019,
                                      0x201c, 0x201d, 0x203a, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011,
                                      0x3015, 0x3017, 0x3019, 0x301f, 0xff09, 0xff3d, 0xff5d, 0xff63 };
    for (size_t i = 0; i < COUNTOF(signs); i++)
        if (cp == signs[i])
            return true;
    return false;
}

/* ---------- ends of sentences ---------- */

/* What is written with a full stop and goes on with a capital or a number. Lower case. */
static const char *const abbreviations[] = {
    "mr",  "mrs", "ms",  "dr",   "prof", "sr",   "jr",  "st",  "mt",     "vs",   "nr",   "fig", "figs",
    "eq",  "eqs", "sec", "ch",   "vol",  "pp",   "cf",  "ca",  "approx", "resp", "dept", "est", "inc",
    "ltd", "co",  "gen", "col",  "rev",  "hon",  "al",  "abb", "bzw",    "bd",   "evtl", "ggf", "hr",
    "fr",  "usw", "vgl", "zzgl", "mme",  "mlle", "sra", "dra", "art",    "aufl",
};

/* The word that ends before the full stop at `dot`: is it one that has a full stop of its own? next: what follows */
static bool is_abbreviation(struct str s, size_t dot, uint32_t next)
{
    size_t from = dot, letters = 0, digits = 0;
    bool has_dot = false;
    while (from > 0) {
        size_t before = step_back(s, from), n;
        uint32_t cp = code_point(s, before, &n);
        enum letter k = letter_kind(cp);
        if (k != LETTER_LETTER && k != LETTER_DIGIT && cp != '.')
            break;
        has_dot |= cp == '.';
        letters += k == LETTER_LETTER;
        digits += k == LETTER_DIGIT;
        from = before;
    }
    if (letters == 0) /* "1. First", "3. Oktober"; "3.3." ends a sentence */
        return digits > 0 && digits <= 2 && !has_dot;
    if (has_dot || (letters == 1 && digits == 0)) /* "e.g.", "z.B.", "J. Smith" */
        return true;
    char word[8] = { 0 };
    if (dot - from >= sizeof word)
        return false;
    for (size_t i = 0; i < dot - from; i++) {
        char c = s.p[from + i];
        word[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
    }
    if (strcmp(word, "no") == 0)
        return letter_kind(next) == LETTER_DIGIT;
    for (size_t i = 0; i < COUNTOF(abbreviations); i++)
        if (strcmp(word, abbreviations[i]) == 0)
            return true;
    return false;
}

/* Marks that end a sentence with no space after them: full-width forms and CJK full stops. */
static bool is_wide(uint32_t cp)
{
    return cp >= 0x3000;
}

struct ending {
    size_t end;     /* after the marks and the quotes that close with them */
    unsigned pause; /* of the marks: 1 or 2 */
    bool is_wide;
};

/* The marks that begin at `at`, "?!", "...", ".)" and so on, as one. */
static struct ending read_ending(struct str s, size_t at)
{
    struct ending e = { .end = at };
    bool has_closed = false;
    while (e.end < s.n) {
        size_t n;
        uint32_t cp = code_point(s, e.end, &n);
        unsigned pause = has_closed ? 0 : letter_pause(cp);
        if (!pause && !is_closing(cp))
            break;
        has_closed |= !pause;
        e.pause = pause > e.pause ? pause : e.pause;
        e.is_wide |= is_wide(cp) && pause;
        e.end += n;
    }
    return e;
}

static size_t skip_space(struct str s, size_t at, unsigned *newlines)
{
    *newlines = 0;
    while (at < s.n) {
        size_t n;
        uint32_t cp = code_point(s, at, &n);
        if (!is_space(cp))
            break;
        *newlines += cp == '\n';
        at += n;
    }
    return at;
}

/* How good a cut is after the marks [at, end), where the next word begins at `next`. */
static enum rank rank_of_ending(struct str s, size_t at, const struct ending *e, size_t next)
{
    size_t n;
    bool is_apart = next > e->end || e->is_wide || next == s.n;
    uint32_t first = next < s.n ? code_point(s, next, &n) : 'A';
    bool is_dash = false;
    if (e->pause == 1) {
        uint32_t mark = code_point(s, at, &n);
        is_dash = mark == 0x2013 || mark == 0x2014;
    }
    if (e->pause == 1)
        return is_apart || is_dash ? RANK_CLAUSE : RANK_CHARACTER;
    if (!is_apart)
        return RANK_CHARACTER;
    if (e->is_wide)
        return RANK_SENTENCE;
    if (is_lower(first))
        return RANK_WORD;
    bool is_one_dot = s.p[at] == '.' && (at + 1 == s.n || s.p[at + 1] != '.');
    return is_one_dot && is_abbreviation(s, at, first) ? RANK_WORD : RANK_SENTENCE;
}

/* ---------- all places ---------- */

struct places {
    struct place *v;
    size_t n, cap;
};

static void add_place(struct places *p, size_t at, enum rank rank)
{
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 256;
        p->v = mem_resize(p->v, p->cap, sizeof *p->v);
    }
    p->v[p->n++] = (struct place){ .at = (uint32_t)at, .rank = rank };
}

static enum rank rank_between(uint32_t before, uint32_t after)
{
    if (letter_joins(after) || before == 0x200d)
        return RANK_JOINED;
    return letter_kind(before) == LETTER_ALONE && letter_kind(after) == LETTER_ALONE ? RANK_WORD : RANK_CHARACTER;
}

/* Every place between two characters but those inside white space, which goes with the part before it. */
static struct places find_places(struct str s)
{
    struct places p = { 0 };
    unsigned newlines;
    size_t at = skip_space(s, 0, &newlines);
    while (at < s.n) {
        size_t n;
        uint32_t cp = code_point(s, at, &n), after;
        struct ending e = { 0 };
        if (letter_pause(cp)) {
            e = read_ending(s, at);
            for (size_t in = at + n; in < e.end; in += n) {
                add_place(&p, in, RANK_JOINED);
                code_point(s, in, &n);
            }
            n = e.end - at;
        }
        size_t next = skip_space(s, at + n, &newlines);
        enum rank rank = next > at + n ? RANK_WORD : RANK_CHARACTER;
        if (e.pause)
            rank = rank_of_ending(s, at, &e, next);
        else if (next < s.n && next == at + n) {
            after = code_point(s, next, &n);
            rank = rank_between(cp, after);
        }
        if (newlines > 1)
            rank = RANK_PARAGRAPH;
        at = next;
        if (at < s.n)
            add_place(&p, at, rank);
    }
    add_place(&p, s.n, RANK_PARAGRAPH);
    return p;
}

static enum sentence_pause pause_at(enum rank rank)
{
    return rank == RANK_PARAGRAPH  ? PAUSE_PARAGRAPH
           : rank == RANK_SENTENCE ? PAUSE_SENTENCE
           : rank == RANK_CLAUSE   ? PAUSE_CLAUSE
                                   : PAUSE_WORD;
}

size_t sentences_places(struct arena *a, struct str text, struct sentence_place **out)
{
    struct places p = find_places(text);
    struct sentence_place *v = *out = arena_array(a, p.n + 1, sizeof *v);
    size_t n = 0;
    for (size_t i = 0; i < p.n; i++)
        if (p.v[i].rank >= RANK_WORD && p.v[i].at < text.n)
            v[n++] = (struct sentence_place){ p.v[i].at, pause_at(p.v[i].rank) };
    free(p.v);
    return n;
}

/* Fills in what is sent before each place, and drops those where no cut may be. */
static void measure(struct places *p, struct str s, const uint32_t *sent)
{
    size_t kept = 0;
    uint32_t chars = 0;
    for (size_t i = 0, at = 0; i < p->n; i++) {
        for (; at < p->v[i].at; at++)
            chars += ((unsigned char)s.p[at] & 0xc0) != 0x80;
        uint32_t here = sent ? sent[p->v[i].at] : chars;
        if (here == SENTENCES_WHOLE)
            continue;
        p->v[kept] = p->v[i];
        p->v[kept++].sent = here;
    }
    p->n = kept;
}

/* ---------- the choice ---------- */

/* Of the first bytes after a cut: the fewer there are, the seldomer a change of the text moves the cut. */
static uint64_t hash_after(struct str s, size_t at)
{
    enum { BYTES = 32 };
    struct rng r = rng_from_text((struct str){ s.p + at, s.n - at > BYTES ? BYTES : s.n - at }, 1);
    return rng_next(&r);
}

struct choice_of_cut {
    const struct places *p;
    struct str s;
    size_t begin;              /* index of the first place after the part's beginning */
    uint32_t base;             /* sent before the part */
    uint32_t low, high, limit; /* the window, and how far a cut may lie; from base */
};

/* The best place of at least `rank` inside the window: highest rank, then least hash. SIZE_MAX: there is none. */
static size_t best_inside(const struct choice_of_cut *c, enum rank rank)
{
    size_t best = SIZE_MAX;
    uint64_t best_hash = 0;
    for (size_t i = c->begin; i < c->p->n && c->p->v[i].sent - c->base <= c->high; i++) {
        const struct place *v = &c->p->v[i];
        if (v->rank < rank || v->sent == c->base || v->sent - c->base < c->low)
            continue;
        uint64_t hash = hash_after(c->s, v->at);
        if (best != SIZE_MAX && (v->rank < c->p->v[best].rank || (v->rank == c->p->v[best].rank && hash >= best_hash)))
            continue;
        best = i;
        best_hash = hash;
    }
    return best;
}

/* The place of at least `rank` nearest to the window; not below `least`. */
static size_t nearest_outside(const struct choice_of_cut *c, enum rank rank, uint32_t least)
{
    size_t best = SIZE_MAX;
    uint32_t best_off = UINT32_MAX;
    for (size_t i = c->begin; i < c->p->n && c->p->v[i].sent - c->base <= c->limit; i++) {
        uint32_t x = c->p->v[i].sent - c->base, off = x < c->low ? c->low - x : x > c->high ? x - c->high : 0;
        if (c->p->v[i].rank >= rank && x >= least && x > 0 && off < best_off) {
            best = i;
            best_off = off;
        }
    }
    return best;
}

/* The index of the place where the part ends. */
static size_t choose(const struct choice_of_cut *c)
{
    for (int rank = RANK_SENTENCE; rank >= RANK_JOINED; rank--) {
        /* a sentence is kept whole even if that makes a short part; "Well," is no reason for one */
        uint32_t least = rank == RANK_SENTENCE || rank <= RANK_CHARACTER ? 0 : c->limit / 8;
        size_t i = best_inside(c, (enum rank)rank);
        if (i == SIZE_MAX)
            i = nearest_outside(c, (enum rank)rank, least);
        if (i != SIZE_MAX)
            return i;
    }
    return c->begin; /* something that may not be cut is over the limit */
}

/* Index of the place where the part that begins after place `from` (SIZE_MAX: the text's beginning) ends. */
static size_t next_cut(const struct places *p, struct str s, size_t from, uint32_t limit)
{
    struct choice_of_cut c = { .p = p, .s = s, .begin = from + 1, .base = from == SIZE_MAX ? 0 : p->v[from].sent };
    uint32_t left = p->v[p->n - 1].sent - c.base;
    if (left <= limit)
        return p->n - 1;
    c.limit = c.high = limit;
    c.low = limit * 2 / 5;
    if (left <= limit + limit / 2) { /* the last two parts */
        c.low = left / 3;
        c.high = left - c.low < limit ? left - c.low : limit;
    }
    return choose(&c);
}

size_t sentences_split(struct arena *a, struct str text, size_t limit, const uint32_t *sent,
                       struct sentence_part **parts)
{
    struct places p = find_places(text);
    uint32_t most = limit && limit < INT32_MAX ? (uint32_t)limit : INT32_MAX;
    size_t n = 0, from = SIZE_MAX, begin = 0;
    unsigned newlines;
    bool is_blank = skip_space(text, 0, &newlines) == text.n;
    measure(&p, text, sent);
    *parts = arena_array(a, p.n, sizeof **parts);
    while (!is_blank && from != p.n - 1) {
        from = next_cut(&p, text, from, most);
        const struct place *end = &p.v[from];
        (*parts)[n++] = (struct sentence_part){ { text.p + begin, end->at - begin }, pause_at(end->rank) };
        begin = end->at;
    }
    free(p.v);
    return n;
}

/* ---------- first and last ---------- */

struct str sentences_first(struct str text, size_t most)
{
    struct places p = find_places(text = str_trim(text));
    size_t end = 0;
    measure(&p, text, NULL);
    for (size_t i = 0; i < p.n && p.v[i].sent <= most; i++) {
        if (p.v[i].rank >= RANK_WORD)
            end = p.v[i].at;
        if (p.v[i].rank >= RANK_SENTENCE)
            break;
    }
    free(p.v);
    return str_trim((struct str){ text.p, end });
}

struct str sentences_last(struct str text, size_t most)
{
    struct places p = find_places(text = str_trim(text));
    size_t from = text.n, i;
    measure(&p, text, NULL);
    uint32_t all = p.v[p.n - 1].sent;
    for (i = p.n - 1; i-- > 0 && all - p.v[i].sent <= most;) {
        if (p.v[i].rank >= RANK_WORD)
            from = p.v[i].at;
        if (p.v[i].rank >= RANK_SENTENCE)
            break;
    }
    if (i == SIZE_MAX && all <= most) /* it is one sentence */
        from = 0;
    free(p.v);
    return str_trim((struct str){ text.p + from, text.n - from });
}
