/* duck.h - how what lies under speech goes down while somebody speaks */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "compose/envelope.h"

struct span { int64_t from, to; };              /* samples of the film; [from, to) */

struct ducking {
    struct span *speech;                        /* ascending, apart */
    size_t n, cap;
    double depth;                               /* gain inside speech, linear */
    int64_t down, up;                           /* samples it takes to get there before speech, and back after it */
};
void ducking_deinit(struct ducking *d);

/* Somebody speaks where the envelope of a narration says so; its first hop is at sample `at`, after all added so far.
 * A pause too short to come back and go down again (down + up) counts as speech: a bed that swells between two
 * sentences draws the ear away from them. */
void ducking_add(struct ducking *d, const struct envelope *env, int64_t at);

/* 1 far from speech, `depth` inside it, between them even steps in decibels along half a cosine. *first: a span that is
 * over is not looked at again; begin with 0 and ask for ascending places. */
double ducking_at(const struct ducking *d, int64_t at, size_t *first);
