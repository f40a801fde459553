/* audit_low.h - sound reduced to what a voice is known by: one channel at 8 kHz */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "gen/media.h"

enum { LOW_RATE = 8000, LOW_STEP = SAMPLE_RATE / LOW_RATE, LOW_TAPS = 48, LOW_BLOCK = 768 };

struct low {
    float tap[LOW_TAPS];
    float held[LOW_TAPS + LOW_BLOCK];           /* the last samples, then those being added */
    size_t n_held;
};
void low_init(struct low *l);
/* n samples of one channel, at most LOW_BLOCK; out gets one of every LOW_STEP, -32767 .. 32767. Returns how many: at
 * most n / LOW_STEP + 1. The first stands for the first sample added. */
size_t low_add(struct low *l, const float *mono, size_t n, int16_t *out);
