/* music.h - a bed of music under the whole film, lower while somebody speaks */
#pragma once
#include <stdatomic.h>
#include "gen/ports.h"
#include "compose/decode.h"
#include "compose/track.h"

/* Opens and decodes the lesson's music; caller releases with sound_deinit. ERR_LESSON for the file, ERR_MEDIA for what
 * is in it. */
bool music_open(const struct join_spec *s, struct sound *out, struct err *e);

/* Adds the music to t, which has at least its channels. At volume 1 and undisturbed it is 6 dB louder than speech of
 * level_lufs, so volumes mean the same whatever the file's own level. It goes down to `duck` of that in the 250 ms
 * before speech begins and comes back in the 1500 ms after it ends; it fades at the film's ends, and at the file's when
 * it is not looped. */
bool music_lay(const struct join_spec *s, const struct sound *music, double level_lufs, struct track *t,
               const atomic_bool *stop, struct err *e);

/* The ducking at sample `at`: 1 far from speech, `duck` inside it. speech: n spans [from, to), ascending. */
struct span { int64_t from, to; };
double music_duck(const struct span *speech, size_t n, double duck, int64_t at);
