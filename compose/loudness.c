/* loudness.c - how loud sound is, and the gain that brings a track to its target */
#include "compose/loudness.h"
#include <math.h>
#include <stdlib.h>
#include "compose/meter.h"
#include "compose/peak.h"
#include "compose/peak_meter.h"
#include "gen/base/mem.h"
#include "gen/media.h"

double loudness_of(const float *pcm, int channels, int64_t n_samples)
{
    struct meter *m = meter_create(channels);
    int64_t least = SAMPLE_RATE / 2, fed = 0;
    while (n_samples > 0 && (fed == 0 || fed < least)) {
        meter_add(m, pcm, (size_t)n_samples);
        fed += n_samples;
    }
    double lufs = meter_lufs(m);
    meter_destroy(m);
    return lufs;
}

bool master_measure(const struct track *t, double gain_db, double ceiling_dbtp, struct loudness *out, struct err *e)
{
    struct meter *loud = meter_create(t->channels);
    struct peak_meter *peaks = peak_meter_create(t->channels);
    struct master *m = master_create(t, gain_db, ceiling_dbtp);
    float *block = mem_array((size_t)PEAK_BLOCK * (size_t)t->channels, sizeof *block);
    bool ok = true;
    for (int64_t at = 0; ok && at < t->n_samples + PEAK_RUN; at += PEAK_BLOCK) {
        int64_t n = t->n_samples - at < PEAK_BLOCK ? t->n_samples - at : PEAK_BLOCK;
        ok = master_read(m, block, PEAK_BLOCK, e);
        if (n > 0)
            meter_add(loud, block, (size_t)n);
        peak_meter_add(peaks, block);
    }
    *out = (struct loudness){ .lufs = meter_lufs(loud),
                              .peak_dbtp = peak_meter_dbtp(peaks) };
    free(block);
    peak_meter_destroy(peaks);
    master_destroy(m);
    meter_destroy(loud);
    return ok;
}

/* The limiter takes some of what gain gives: how much, the last two tries tell. */
static double next_gain(double gain, double lufs, double before, double lufs_before, double target)
{
    double slope = fabs(gain - before) > 0.05 ? (lufs - lufs_before) / (gain - before) : 1;
    return gain + (target - lufs) / fmax(0.4, fmin(slope, 1));
}

bool master_fit(const struct track *t, double target_lufs, double *ceiling_dbtp, double *gain_db, struct loudness *out,
                struct err *e)
{
    enum { TRIES = 6 };
    const double most_limited_db = 6;           /* more would crush speech, and bring up all that is under it */
    double ceiling = *ceiling_dbtp, gain = *gain_db, before = gain, lufs_before = 0, most = 0;
    for (int i = 0; i < TRIES; i++) {
        if (!master_measure(t, gain, ceiling, out, e))
            return false;
        if (!isfinite(out->lufs)) {
            gain = 0;
            break;
        }
        double over = out->peak_dbtp - *ceiling_dbtp;
        bool is_near = fabs(out->lufs - target_lufs) < 0.1;
        if ((is_near && over <= 0) || i + 1 == TRIES)
            break;
        if (i == 0)
            most = fmin(gain + target_lufs - out->lufs + most_limited_db, 60);
        double next = is_near ? gain : next_gain(gain, out->lufs, before, lufs_before, target_lufs);
        next = fmin(next, most);
        if (next == gain && over <= 0)
            break;
        before = gain;
        lufs_before = out->lufs;
        gain = next;
        if (over > 0)
            ceiling -= over + 0.02;
    }
    *ceiling_dbtp = ceiling;
    *gain_db = gain;
    return true;
}
