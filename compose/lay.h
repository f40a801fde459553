/* lay.h - a sound is added to the film's track at its place, faded at its ends so that it cannot click */
#pragma once
#include <stdatomic.h>
#include "compose/decode.h"
#include "compose/track.h"

struct lay {
    int64_t at;                                 /* its first sample in the film */
    double gain;                                /* linear */
    int64_t fade_in, fade_out;                  /* samples; half a cosine */
};

/* What would be heard after the film's end is cut, and fades out there. The track gets two channels when the sound has
 * two; one channel is heard on both sides. ERR_CANCELLED when *stop. */
bool lay_sound(struct track *t, const struct sound *s, const struct lay *l, const atomic_bool *stop, struct err *e);

/* Loudness of all of a sound (see loudness_of), a piece of it in memory at a time. */
double sound_loudness(const struct sound *s);
