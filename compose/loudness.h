/* loudness.h - how loud sound is (EBU R 128) and how it is brought to a level without overshooting a peak */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/err.h"
#include "compose/track.h"

/* Integrated loudness (ITU-R BS.1770-4, gated) in LUFS of interleaved floats; one channel counts as two equal ones, as
 * it is heard. -HUGE_VAL for silence; sound shorter than one gating block (400 ms) is measured as if it went on. */
double loudness_of(const float *pcm, int channels, int64_t n_samples);

/* A track on its way out: gain, then a look-ahead limiter that keeps inter-sample peaks under the ceiling. */
struct master;
/* ceiling_dbtp HUGE_VAL: no limiter */
struct master *master_create(const struct track *t, double gain_db, double ceiling_dbtp);
void master_destroy(struct master *m);
/* The next n samples, in the track's channels; after its end silence. */
bool master_read(struct master *m, float *out, size_t n, struct err *e);

/* What master_read will give: loudness in LUFS (-HUGE_VAL: silent) and true peak in dBTP. */
struct loudness { double lufs, peak_dbtp; };
bool master_measure(const struct track *t, double gain_db, double ceiling_dbtp, struct loudness *out, struct err *e);

/* Find the gain at which the limited track has the target's loudness within 0.1 LU, or as near as the limiter allows.
 * *gain_db: the first try; what comes near the result saves passes. *ceiling_dbtp is lowered a little when the result
 * would pass it. Silence: gain 0. */
bool master_fit(const struct track *t, double target_lufs, double *ceiling_dbtp, double *gain_db, struct loudness *out,
                struct err *e);
