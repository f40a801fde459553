/* envelope.c - how loud a sound is, every 10 ms */
#include "compose/envelope.h"
#include <math.h>
#include <stdlib.h>
#include "compose/decode.h"
#include "gen/base/mem.h"

enum { LET_GO = 1000 };                         /* hops */

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The level that 90 % of the hops above -60 dBFS stay under: that of the loud vowels, whatever the pauses. */
static float loud_level(const float *rms, size_t n)
{
    float *v = mem_array(n, sizeof *v);
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (rms[i] > 0.001f)
            v[k++] = rms[i];
    qsort(v, k, sizeof *v, by_value);
    float level = k ? v[k * 9 / 10] : 0;
    free(v);
    return level;
}

struct envelope envelope_of(const struct sound *s)
{
    struct envelope e = { .n = (size_t)(s->n_samples + ENVELOPE_HOP - 1) / ENVELOPE_HOP };
    e.rms = mem_array(e.n, sizeof *e.rms);
    for (size_t i = 0; i < e.n; i++) {
        int64_t from = (int64_t)i * ENVELOPE_HOP,
                to = from + ENVELOPE_HOP < s->n_samples ? from + ENVELOPE_HOP : s->n_samples;
        double sum = 0;
        for (int64_t k = from * s->channels; k < to * s->channels; k++)
            sum += isfinite(s->pcm[k]) ? (double)s->pcm[k] * (double)s->pcm[k] : 0;
        e.rms[i] = (float)sqrt(sum / (double)((to - from) * s->channels));
        if (i % LET_GO == 0)
            sound_let_go(s, to);
    }
    e.floor = fmaxf(loud_level(e.rms, e.n) * 0.025f, 0.001f);
    return e;
}

void envelope_deinit(struct envelope *e)
{
    free(e->rms);
    *e = (struct envelope){ 0 };
}

bool envelope_is_speech(const struct envelope *e, size_t i)
{
    return i < e->n && e->rms[i] > e->floor;
}

bool envelope_span(const struct envelope *e, size_t *from, size_t *to)
{
    size_t a = 0, b = e->n;
    while (a < b && !envelope_is_speech(e, a))
        a++;
    while (b > a && !envelope_is_speech(e, b - 1))
        b--;
    *from = a;
    *to = b;
    return a < b;
}
