/* peak_meter.c - the largest true peak of a stream of sound */
#include "compose/peak_meter.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/peak.h"
#include "gen/base/mem.h"

enum { MARGIN = PEAK_RUN, RUNS = PEAK_BLOCK / PEAK_RUN };

/* A block is looked at when the one behind it has begun. */
struct peak_meter {
    struct peak_filter filter;
    int channels;
    float most;                                 /* linear */
    float plane[2][MARGIN + PEAK_BLOCK + MARGIN]; /* from MARGIN samples before the block on */
    float runs[RUNS];
};

struct peak_meter *peak_meter_create(int channels)
{
    struct peak_meter *p = mem_alloc(sizeof *p);
    peak_filter_init(&p->filter);
    p->channels = channels;
    return p;
}

void peak_meter_destroy(struct peak_meter *p)
{
    free(p);
}

/* The last MARGIN samples stay behind and come first the next time. */
void peak_meter_add(struct peak_meter *p, const float *pcm)
{
    for (int c = 0; c < p->channels; c++) {
        float *x = p->plane[c];
        memmove(x, x + PEAK_BLOCK, 2 * MARGIN * sizeof *x);
        for (int i = 0; i < PEAK_BLOCK; i++)
            x[2 * MARGIN + i] = pcm[i * p->channels + c];
        peak_of_runs(&p->filter, x + MARGIN, RUNS, p->most, p->runs);
        for (int i = 0; i < RUNS; i++)
            p->most = p->runs[i] > p->most ? p->runs[i] : p->most;
    }
}

double peak_meter_dbtp(const struct peak_meter *p)
{
    return p->most > 0 ? 20 * log10((double)p->most) : -HUGE_VAL;
}
