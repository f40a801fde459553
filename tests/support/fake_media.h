/* fake_media.h - pictures and voices that a fake service can sell: real files, distinct per prompt, quickly made */
#pragma once
#include <stdint.h>
#include "gen/base/buf.h"

/* A PNG of w x h px (palette, not compressed) with stripes and blocks that depend on the seed. */
void fake_png(struct buf *out, int w, int h, uint64_t seed);

/* A WAV (24 kHz, mono, 16 bit) with one voiced burst per word; `raw` leaves the header away. */
void fake_wav(struct buf *out, struct str text, uint64_t seed, bool raw);

/* Start of each byte of the text in that sound, seconds; n = text.n + 1 (the last is the end). */
void fake_times(struct str text, double *starts);
