/* loudness.c - how loud sound is (EBU R 128), by libebur128 */
#include "compose/loudness.h"
#include <ebur128.h>
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/media.h"

static ebur128_state *meter(int channels, int mode)
{
    ebur128_state *s = ebur128_init((unsigned)channels, SAMPLE_RATE, mode);
    if (!s)
        abort();                                /* out of memory */
    if (channels == 1)
        ebur128_set_channel(s, 0, EBUR128_DUAL_MONO);
    return s;
}

static double integrated(ebur128_state *s)
{
    double lufs;
    return ebur128_loudness_global(s, &lufs) == EBUR128_SUCCESS && isfinite(lufs) ? lufs : -HUGE_VAL;
}

double loudness_of(const float *pcm, int channels, int64_t n_samples)
{
    ebur128_state *s = meter(channels, EBUR128_MODE_I);
    int64_t least = SAMPLE_RATE / 2, fed = 0;
    while (n_samples > 0 && (fed == 0 || fed < least)) {
        ebur128_add_frames_float(s, pcm, (size_t)n_samples);
        fed += n_samples;
    }
    double lufs = integrated(s);
    ebur128_destroy(&s);
    return lufs;
}

bool master_measure(const struct track *t, double gain_db, double ceiling_dbtp, struct loudness *out, struct err *e)
{
    bool is_limited = isfinite(ceiling_dbtp);
    ebur128_state *s = meter(t->channels, is_limited ? EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK : EBUR128_MODE_I);
    struct master *m = master_create(t, gain_db, ceiling_dbtp);
    float *block = mem_array((size_t)TRACK_BLOCK * (size_t)t->channels, sizeof *block);
    double peak = 0;
    bool ok = true;
    for (int64_t at = 0; ok && at < t->n_samples; at += TRACK_BLOCK) {
        size_t n = t->n_samples - at < TRACK_BLOCK ? (size_t)(t->n_samples - at) : TRACK_BLOCK;
        ok = master_read(m, block, n, e);
        ebur128_add_frames_float(s, block, n);
    }
    for (unsigned k = 0; is_limited && k < (unsigned)t->channels; k++) {
        double p = 0;
        if (ebur128_true_peak(s, k, &p) == EBUR128_SUCCESS && p > peak)
            peak = p;
    }
    *out = (struct loudness){ .lufs = integrated(s), .peak_dbtp = peak > 0 ? 20 * log10(peak) : -HUGE_VAL };
    free(block);
    master_destroy(m);
    ebur128_destroy(&s);
    return ok;
}

bool master_fit(const struct track *t, double target_lufs, double *ceiling_dbtp, double *gain_db, struct loudness *out,
                struct err *e)
{
    enum { TRIES = 5 };
    double ceiling = *ceiling_dbtp;
    *gain_db = 0;
    if (!master_measure(t, 0, HUGE_VAL, out, e))
        return false;
    for (int i = 0; i < TRIES && isfinite(out->lufs); i++) {
        *gain_db = fmin(*gain_db + target_lufs - out->lufs, 60);
        if (!master_measure(t, *gain_db, ceiling, out, e))
            return false;
        double over = out->peak_dbtp - *ceiling_dbtp;
        if (fabs(out->lufs - target_lufs) < 0.1 && over <= 0)
            break;
        if (over > 0)
            ceiling -= over + 0.02;
    }
    *ceiling_dbtp = ceiling;
    return true;
}
