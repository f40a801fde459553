/* peak.h - true peaks: what sound reaches between its samples
 *
 * Four-fold interpolation as in ITU-R BS.1770-4, annex 2, by a sinc in a Hann window six samples to each side (as
 * libebur128 does it), and only where it can matter: what a filter gives is never more than its input's largest value
 * times the sum of its coefficients' sizes. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { PEAK_TAPS = 12, PEAK_PHASES = 4, PEAK_RUN = 16 /* samples whose peak is told as one */ };

struct peak_filter {
    float tap[PEAK_PHASES - 1][PEAK_TAPS];      /* at 1/4, 2/4, 3/4 of the way to the next sample */
    float most;                                 /* times the samples' own peak: no value between them is larger */
};
void peak_filter_init(struct peak_filter *f);

/* out[i]: the largest size of the samples of run i of one channel, and of what lies between each and the next.
 * x      PEAK_RUN * n_runs samples; PEAK_RUN more stand before x and behind them
 * floor  values up to this are of no interest: where nothing can be above it, only samples are looked at */
void peak_of_runs(const struct peak_filter *f, const float *x, size_t n_runs, float floor, float *out);
