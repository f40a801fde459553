/* audit_low.c - sound reduced to what a voice is known by */
#include "compose/audit_low.h"
#include <math.h>
#include <string.h>

/* A sinc that ends at 3.4 kHz, in a Hann window. */
void low_init(struct low *l)
{
    const double edge = 2 * 3400.0 / SAMPLE_RATE;
    double sum = 0;
    *l = (struct low){ .n_held = LOW_TAPS - 1 }; /* silence came before */
    for (int i = 0; i < LOW_TAPS; i++) {
        double x = i - (LOW_TAPS - 1) / 2.0, window = 0.5 + 0.5 * cos(2 * M_PI * x / LOW_TAPS);
        double tap = window * sin(M_PI * edge * x) / (M_PI * x);
        l->tap[i] = (float)tap;
        sum += tap;
    }
    for (int i = 0; i < LOW_TAPS; i++)
        l->tap[i] = (float)((double)l->tap[i] / sum);
}

static int16_t value_at(const struct low *l, const float *x)
{
    float sum = 0;
    for (int i = 0; i < LOW_TAPS; i++)
        sum += l->tap[i] * x[i];
    sum = sum > 1 ? 1 : sum < -1 ? -1 : sum;
    return isfinite(sum) ? (int16_t)lrintf(sum * 32767) : 0;
}

size_t low_add(struct low *l, const float *mono, size_t n, int16_t *out)
{
    size_t at = 0, n_out = 0;
    memcpy(l->held + l->n_held, mono, n * sizeof *mono);
    l->n_held += n;
    for (; at + LOW_TAPS <= l->n_held; at += LOW_STEP)
        out[n_out++] = value_at(l, l->held + at);
    l->n_held -= at;
    memmove(l->held, l->held + at, l->n_held * sizeof *l->held);
    return n_out;
}
