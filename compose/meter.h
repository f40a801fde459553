/* meter.h - integrated loudness of sound at SAMPLE_RATE (ITU-R BS.1770-4, EBU R 128) */
#pragma once
#include <stddef.h>

/* Measures interleaved floats of 1 or 2 channels, piece by piece. One channel counts as two equal ones, as it is heard.
 * The filters are those of the recommendation's tables 1 and 2, which are for 48 kHz. */
struct meter;
struct meter *meter_create(int channels);
void meter_destroy(struct meter *m);            /* NULL is fine */
void meter_add(struct meter *m, const float *pcm, size_t n);
/* LUFS, gated at -70 LUFS and 10 LU under the loudness of what is above that; -HUGE_VAL for silence and for less than
 * one block of 400 ms. */
double meter_lufs(const struct meter *m);
