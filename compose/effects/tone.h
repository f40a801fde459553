/* tone.h - changes of colour that treat every pixel alike, as tables of 256 values */
#pragma once
#include <stdbool.h>
#include "compose/frame.h"

struct effect_moment;

struct tone {
    uint8_t table[3][256];
    bool is_set[3];                             /* false: the plane stays as it is */
};

/* table[v] = offset + gain * v around a plane's own zero (16 or 128), within the legal range. */
void tone_set(struct tone *t, int plane, double gain, double offset);
void tone_apply(void *state, const void *opts, struct frame *f, const struct effect_moment *m);
