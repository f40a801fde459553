/* stint.h - how an effect's time becomes frames of its shot: how far a move has come, how strongly a change shows */
#pragma once
#include "gen/ports.h"

/* Frames of the shot. Where the span says nothing these are the shot's ends, and nothing fades there. */
struct stint {
    int64_t first, last; /* where it begins and ends; last > first, unless the shot has one frame */
    bool fades_in, fades_out;
    double fade; /* frames */
};

/* span  NULL: always */
struct stint stint_of(const struct effect_span *span, const struct shot *s, const struct video_format *f);

double stint_way(const struct stint *t, double frame);  /* of a move: 0 before it, 1 after it, not eased */
int stint_weight(const struct stint *t, int64_t frame); /* of a change: 0 to 256 */
