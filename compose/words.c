/* words.c - from where words begin to where they begin and end */
#include "compose/words.h"
#include <stdlib.h>
#include "gen/base/mem.h"

/* Tokens [a, b) have no start of their own: they share [from, to) by weight. The first of them may have one, at `from`.
 */
static void share(int64_t *at, const struct token *t, size_t a, size_t b, int64_t from, int64_t to)
{
    double sum = 0, run = 0;
    for (size_t i = a; i < b; i++)
        sum += (double)t[i].weight;
    for (size_t i = a; i < b; i++) {
        at[i] = from + (int64_t)((double)(to - from) * run / sum);
        run += (double)t[i].weight;
    }
}

/* The last hop with speech in [from, to), as the sample after it; `to` when it is spoken to the end. */
static int64_t speech_end(const struct envelope *env, int64_t from, int64_t to)
{
    int64_t hop = to / ENVELOPE_HOP, least = from / ENVELOPE_HOP + 3;
    enum { SHORT_PAUSE = 5 };                   /* hops: stops inside speech are no end of a word */
    int64_t h = hop;
    while (h > least && !envelope_is_speech(env, (size_t)(h - 1)))
        h--;
    return hop - h < SHORT_PAUSE ? to : h * ENVELOPE_HOP;
}

struct word *words_close(const struct token *t, size_t n, const int64_t *start, const struct envelope *env,
                         int64_t first, int64_t last)
{
    if (!n)
        return NULL;
    int64_t *at = mem_array(n, sizeof *at), low = first;
    for (size_t i = 0; i < n; i++) {            /* known ones: inside, and never back */
        at[i] = start[i] < 0 ? -1 : start[i] < low ? low : start[i] > last ? last : start[i];
        if (at[i] >= 0)
            low = at[i];
    }
    for (size_t i = 0; i < n;) {
        size_t b = i + 1;
        while (b < n && at[b] < 0)
            b++;
        int64_t from = at[i] < 0 ? first : at[i];
        if (b - i > 1 || at[i] < 0)
            share(at, t, i, b, from, b < n ? at[b] : speech_end(env, from, last));
        i = b;
    }
    struct word *w = mem_array(n, sizeof *w);
    for (size_t i = 0; i < n; i++) {
        int64_t next = i + 1 < n ? at[i + 1] : last;
        w[i] = (struct word){ .start_samples = at[i] - first,
                              .end_samples = speech_end(env, at[i], next) - first,
                              .at = t[i].at,
                              .n = t[i].n };
    }
    free(at);
    return w;
}
