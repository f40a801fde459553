/* duck.c - how what lies under speech goes down while somebody speaks */
#include "compose/duck.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"

void ducking_deinit(struct ducking *d)
{
    free(d->speech);
    *d = (struct ducking){ 0 };
}

static void add_span(struct ducking *d, int64_t from, int64_t to)
{
    if (d->n && from - d->speech[d->n - 1].to <= d->down + d->up) {
        d->speech[d->n - 1].to = to;
        return;
    }
    if (d->n == d->cap) {
        d->cap = d->cap ? 2 * d->cap : 64;
        d->speech = mem_resize(d->speech, d->cap, sizeof *d->speech);
    }
    d->speech[d->n++] = (struct span){ from, to };
}

void ducking_add(struct ducking *d, const struct envelope *env, int64_t at)
{
    size_t from, to;
    if (!envelope_span(env, &from, &to))
        return;
    for (size_t i = from; i < to; i++)
        if (envelope_is_speech(env, i))
            add_span(d, at + (int64_t)i * ENVELOPE_HOP, at + (int64_t)(i + 1) * ENVELOPE_HOP);
}

static double ease(double x)
{
    return x >= 1 ? 1 : 0.5 - 0.5 * cos(M_PI * x);
}

double ducking_at(const struct ducking *d, int64_t at, size_t *first)
{
    double high = 1;                            /* how far from speech, 0 inside to 1 */
    while (*first < d->n && d->speech[*first].to + d->up <= at)
        (*first)++;
    for (size_t i = *first; i < d->n && d->speech[i].from - d->down < at; i++) {
        int64_t before = d->speech[i].from - at, after = at - d->speech[i].to;
        high = fmin(high, before > 0 ? ease((double)before / (double)d->down)
                          : after >= 0 ? ease((double)after / (double)d->up) : 0);
    }
    return pow(fmax(d->depth, 1e-4), 1 - high);
}
