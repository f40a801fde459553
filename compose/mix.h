/* mix.h - all that is heard in a film, on one sample clock */
#pragma once
#include <stdatomic.h>
#include "gen/ports.h"
#include "compose/track.h"

int64_t film_samples(const struct video_format *f, int64_t frame); /* the first sample of a frame; exact, no drift */

/* Lay the speech of all sections into t: each decoded in its turn, brought to one level, its voice's volume applied,
 * faded over 5 ms at both ends, at its place; and the lesson's music under it. Sets t up over fd (an empty file): one
 * channel when everything has one. ERR_MEDIA names the section. */
bool mix_film(const struct join_spec *s, int fd, struct track *t, const atomic_bool *stop, struct err *e);
