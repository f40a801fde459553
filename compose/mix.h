/* mix.h - all that is heard in a film, on one sample clock */
#pragma once
#include <stdatomic.h>
#include "gen/ports.h"
#include "compose/track.h"

/* What speech, sound effects and clips are brought to, before the film as a whole is brought to its target. */
enum { MIX_LEVEL_LUFS = -20 };

int64_t film_samples(const struct video_format *f, int64_t frame); /* the first sample of a frame; exact, no drift */

/* Lay all that is heard into t: the speech of each section at its very sample, brought to one level, its voice's volume
 * applied; the lesson's music under it. Every sound is faded at its ends. Decoded sounds lie in files without a name
 * beside the film, so memory does not grow with their length. Sets t up over fd (an empty file): one channel when
 * everything has one. ERR_MEDIA names the section. */
bool mix_film(const struct join_spec *s, int fd, struct track *t, const atomic_bool *stop, struct err *e);
