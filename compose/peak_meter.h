/* peak_meter.h - the largest true peak of a stream of sound (peak.h), block by block */
#pragma once

enum { PEAK_BLOCK = 4096 };                     /* samples of each channel added at a time */

struct peak_meter;
struct peak_meter *peak_meter_create(int channels); /* 1 or 2 */
void peak_meter_destroy(struct peak_meter *p);  /* NULL is fine */
/* PEAK_BLOCK samples of each channel, interleaved. The last few are looked at with the next block: add one of silence
 * behind the end. */
void peak_meter_add(struct peak_meter *p, const float *pcm);
double peak_meter_dbtp(const struct peak_meter *p); /* -HUGE_VAL for silence */
