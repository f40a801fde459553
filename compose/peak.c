/* peak.c - true peaks: what sound reaches between its samples */
#include "compose/peak.h"
#include <math.h>

void peak_filter_init(struct peak_filter *f)
{
    const int half = PEAK_TAPS / 2;
    double most = 1;
    for (int p = 1; p < PEAK_PHASES; p++) {
        double sizes = 0;
        for (int k = 0; k < PEAK_TAPS; k++) {
            double x = k - half + 1 - (double)p / PEAK_PHASES, window = 0.5 + 0.5 * cos(M_PI * x / half);
            double tap = window * sin(M_PI * x) / (M_PI * x);
            f->tap[p - 1][k] = (float)tap;
            sizes += fabs(tap);
        }
        most = fmax(most, sizes);
    }
    f->most = (float)(most * 1.0001);           /* for the rounding */
}

static float sample_peak(const float *x)
{
    float most = 0;
    for (int i = 0; i < PEAK_RUN; i++)
        most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
    return most;
}

/* Sums run over taps for all samples of a run side by side: the same on any machine, and fit for vectors. */
static float between_peak(const struct peak_filter *f, const float *x)
{
    float most = 0;
    for (int p = 0; p < PEAK_PHASES - 1; p++) {
        float sum[PEAK_RUN] = { 0 };
        for (int k = 0; k < PEAK_TAPS; k++) {
            const float *from = x + k - PEAK_TAPS / 2 + 1, tap = f->tap[p][k];
            for (int i = 0; i < PEAK_RUN; i++)
                sum[i] += tap * from[i];
        }
        float here = sample_peak(sum);
        most = here > most ? here : most;
    }
    return most;
}

void peak_of_runs(const struct peak_filter *f, const float *x, size_t n_runs, float floor, float *out)
{
    float before = sample_peak(x - PEAK_RUN), here = sample_peak(x);
    for (size_t i = 0; i < n_runs; i++) {
        float after = sample_peak(x + (i + 1) * PEAK_RUN), near = before > after ? before : after;
        near = here > near ? here : near;
        out[i] = here;
        if (near * f->most > floor) {
            float between = between_peak(f, x + i * PEAK_RUN);
            out[i] = between > here ? between : here;
        }
        before = here;
        here = after;
    }
}
