/* envelope.h - how loud a sound is, every 10 ms, and where in it somebody speaks */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENVELOPE_HOP = 480 };                    /* samples at SAMPLE_RATE */

struct envelope {
    float *rms;                                 /* of each hop, channels averaged */
    size_t n;
    /* below it nobody speaks: 32 dB under the loud parts, at least -60 dBFS */
    float floor;
};

struct sound;
/* Values that are not finite count as 0. */
struct envelope envelope_of(const struct sound *s);
void envelope_deinit(struct envelope *e);
bool envelope_is_speech(const struct envelope *e, size_t i); /* false after the end */

/* The hops [*from, *to) between the first and the last with speech; false when there is none. */
bool envelope_span(const struct envelope *e, size_t *from, size_t *to);
