/* align_given.c - a provider's words with times, matched to the words of the narration letter by letter */
#include "compose/align.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "compose/envelope.h"
#include "compose/tokens.h"
#include "compose/words.h"

enum { BAND = 300, LETTERS_MAX = 100000, WORDS_MAX = 50000 };

/* A letter or digit of either text, folded; where it belongs. */
struct letter {
    uint32_t cp;
    uint32_t token;                             /* of the narration */
    int64_t at;                                 /* of the provider: samples */
};

struct letters {
    struct letter *v;
    size_t n, cap;
};

static uint32_t fold(uint32_t cp)
{
    if (cp >= 'A' && cp <= 'Z')
        return cp | 32;
    if (cp < 0x80 && !(cp >= 'a' && cp <= 'z') && !(cp >= '0' && cp <= '9'))
        return 0;                               /* signs and punctuation count for nothing */
    if ((cp >= 0x2000 && cp < 0x2070) || (cp >= 0x3000 && cp < 0x3005))
        return 0;
    if ((cp >= 0xc0 && cp <= 0xde && cp != 0xd7) || (cp >= 0x391 && cp <= 0x3a9) || (cp >= 0x410 && cp <= 0x42f))
        return cp + 32;                         /* Latin-1, Greek and Russian capitals */
    return cp;
}

/* Adds the letters of s; of the provider's, spread over [from, to). */
static void letters_add(struct letters *l, struct str s, uint32_t token, int64_t from, int64_t to)
{
    for (size_t i = 0; i < s.n && l->n < LETTERS_MAX;) {
        uint32_t cp = 0;
        size_t k = text_decode((struct str){ s.p + i, s.n - i }, &cp);
        int64_t at = from + (to - from) * (int64_t)i / (int64_t)s.n;
        i += k ? k : 1;
        if (!k || !(cp = fold(cp)))
            continue;
        if (l->n == l->cap) {
            l->cap = l->cap ? l->cap * 2 : 1024;
            l->v = mem_resize(l->v, l->cap, sizeof *l->v);
        }
        l->v[l->n++] = (struct letter){ .cp = cp, .token = token, .at = at };
    }
}

static bool provider_letters(const struct json *words, int64_t n_samples, struct letters *l)
{
    size_t count = 0;
    for (const struct json *w = words->child; w; w = w->next) {
        const struct json *from = json_at(w, 0), *to = json_at(w, 1), *text = json_at(w, 2);
        if (!from || !to || !text || from->type != JSON_NUMBER || to->type != JSON_NUMBER || text->type != JSON_STRING)
            return false;
        if (!(from->number >= 0 && to->number >= from->number && to->number < SOUND_SECONDS_MAX * 2) ||
            ++count > WORDS_MAX)
            return false;
        int64_t a = (int64_t)(from->number * SAMPLE_RATE), b = (int64_t)(to->number * SAMPLE_RATE);
        letters_add(l, text->string, 0, a < n_samples ? a : n_samples, b < n_samples ? b : n_samples);
    }
    return l->n > 0;
}

/* Edit distance without substitution, inside a band around the diagonal; each pair of equal letters on the best way
 * gives its token the pair's time, if it has none yet. */
enum { FROM_LEFT = 1, FROM_ABOVE = 2, FROM_BOTH = 3 };

static void match(const struct letters *a, const struct letters *b, int64_t *start)
{
    size_t width = 2 * BAND + 1;
    unsigned char *way = mem_array((a->n + 1) * width, 1);
    uint32_t *row = mem_array(width, sizeof *row), *next = mem_array(width, sizeof *next);
    int64_t base = -BAND;                       /* the column that row's first cell stands for */
    for (size_t k = 0; k < width; k++)
        row[k] = k < BAND ? UINT32_MAX / 2 : (uint32_t)(k - BAND);
    memset(way, FROM_LEFT, width);
    for (size_t i = 1; i <= a->n; i++) {
        int64_t here = (int64_t)(i * b->n / a->n) - BAND;
        for (size_t k = 0; k < width; k++) {
            int64_t j = here + (int64_t)k, up = j - base;
            uint32_t above = up >= 0 && up < (int64_t)width ? row[up] : UINT32_MAX / 2;
            uint32_t both = up - 1 >= 0 && up - 1 < (int64_t)width ? row[up - 1] : UINT32_MAX / 2;
            uint32_t left = k ? next[k - 1] : UINT32_MAX / 2;
            unsigned char *w = &way[i * width + k];
            next[k] = UINT32_MAX / 2;
            if (j < 0 || j > (int64_t)b->n)
                continue;
            bool same = j > 0 && a->v[i - 1].cp == b->v[j - 1].cp;
            if (same && both <= above + 1 &&
                both <= left + 1) /* of equal ways the later pair: whole words stay together */
                next[k] = both, *w = FROM_BOTH;
            else if (above <= left)
                next[k] = above + 1, *w = FROM_ABOVE;
            else
                next[k] = left + 1, *w = FROM_LEFT;
        }
        uint32_t *swap = row;
        row = next, next = swap;
        base = here;
    }
    for (size_t i = a->n, j = b->n; i > 0;) {
        int64_t k = (int64_t)j - ((int64_t)(i * b->n / a->n) - BAND);
        unsigned w = k >= 0 && k < (int64_t)width ? way[i * width + (size_t)k] : FROM_ABOVE;
        if (w == FROM_BOTH)
            start[a->v[--i].token] = b->v[--j].at; /* walking back: the first letter of a word is written last */
        else if (w == FROM_LEFT && j > 0)
            j--;
        else
            i--;
    }
    free(way);
    free(row);
    free(next);
}

bool align_given(const struct sound *s, struct str text, struct str words_json, struct word **words, size_t *n_words)
{
    struct arena arena = { 0 };
    struct json *doc = NULL;
    struct letters ours = { 0 }, theirs = { 0 };
    size_t n = 0, found = 0;
    struct token *t = tokens_of(text, &n);
    int64_t *start = mem_array(n, sizeof *start);
    *words = NULL;
    *n_words = 0;
    if (!words_json.n || !json_parse(&arena, words_json, 0, &doc, NULL, NULL, NULL, NULL))
        goto out;
    const struct json *list = doc->type == JSON_OBJECT ? json_get(doc, "words") : doc;
    if (!list || list->type != JSON_ARRAY || !provider_letters(list, s->n_samples, &theirs))
        goto out;
    for (size_t i = 0; i < n; i++) {
        letters_add(&ours, (struct str){ text.p + t[i].at, t[i].n }, (uint32_t)i, 0, 0);
        start[i] = -1;
    }
    if (!ours.n)
        goto out;
    match(&ours, &theirs, start);
    for (size_t i = 0; i < n; i++)
        found += start[i] >= 0;
    if (found * 2 < n)
        goto out;
    struct envelope env = envelope_of(s);
    *words = words_close(t, n, start, &env, 0, s->n_samples);
    *n_words = n;
    envelope_deinit(&env);
out:
    arena_deinit(&arena);
    free(ours.v);
    free(theirs.v);
    free(start);
    free(t);
    return *n_words > 0;
}
