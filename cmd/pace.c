/* pace.c - how fast something moves lately, and when it will be there */
#include "cmd/pace.h"

enum { STEP_MS = 1000, LEAST_MS = 3000 };

static size_t newest(const struct pace *p)
{
    return (p->next + PACE_SAMPLES - 1) % PACE_SAMPLES;
}

void pace_note(struct pace *p, int64_t now_ms, int64_t done)
{
    if (p->n == 0 && done == 0)
        return;                                 /* time before the first work says nothing about its speed */
    if (p->n > 1 && now_ms - p->v[(newest(p) + PACE_SAMPLES - 1) % PACE_SAMPLES].at_ms < STEP_MS) {
        p->v[newest(p)].at_ms = now_ms; /* the newest sample grows until it is a step away from the one before */
        p->v[newest(p)].done = done;
        return;
    }
    p->v[p->next].at_ms = now_ms;
    p->v[p->next].done = done;
    p->next = (p->next + 1) % PACE_SAMPLES;
    if (p->n < PACE_SAMPLES)
        p->n++;
}

int64_t pace_left_ms(const struct pace *p, int64_t left)
{
    if (p->n < 2)
        return -1;
    size_t oldest = (p->next + PACE_SAMPLES - p->n) % PACE_SAMPLES;
    int64_t span = p->v[newest(p)].at_ms - p->v[oldest].at_ms, moved = p->v[newest(p)].done - p->v[oldest].done;
    if (span < LEAST_MS || moved <= 0)
        return -1;
    double ms = (double)left * (double)span / (double)moved;
    return ms < 1e12 ? (int64_t)ms : -1;
}
