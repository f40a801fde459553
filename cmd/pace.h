/* pace.h - how fast something moves lately, and when it will be there */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { PACE_SAMPLES = 32 };

/* Zero-initialised is empty. */
struct pace {
    struct { int64_t at_ms, done; } v[PACE_SAMPLES]; /* a ring, one a second */
    size_t n, next;
};

void pace_note(struct pace *p, int64_t now_ms, int64_t done);
/* Milliseconds until `left` more are done at the speed of the last half minute; -1: not known yet (under 3 s of work
 * seen, or nothing moved). */
int64_t pace_left_ms(const struct pace *p, int64_t left);
