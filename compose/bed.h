/* bed.h - sound that lies under a stretch of the film: music, and what a clip brings along */
#pragma once
#include <stdatomic.h>
#include "compose/decode.h"
#include "compose/duck.h"
#include "compose/track.h"

struct bed {
    int64_t from, to;                           /* where in the film; samples */
    double gain;                                /* linear */
    int64_t fade_in, fade_out;                  /* samples, at `from` and before `to` */
    int64_t length;                             /* of the material; what the sound has more is not heard, what it has
                                                   less is silence */
    bool is_looped;                             /* begins again when it is shorter than the stretch */
    int64_t seam;                               /* looped: its last samples dissolve into its first; a third of the
                                                   length at most, so a turn lasts the length less the seam */
    int64_t end_fade;                           /* not looped: before its end */
    const struct ducking *ducking;              /* NULL: it never goes down */
};

/* Adds it to the track, which gets two channels when the sound has two. ERR_CANCELLED when *stop. */
bool bed_lay(struct track *t, const struct sound *s, const struct bed *b, const atomic_bool *stop, struct err *e);
