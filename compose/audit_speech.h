/* audit_speech.h - is each section's narration heard where it belongs, whatever else is?
 *
 * The film's sound is held against each narration's own waveform at the place where it was laid (normalised
 * correlation): music, effects and coding have nothing in common with it, so even under louder music what is there is
 * told from what is not. */
#pragma once
#include <stdatomic.h>
#include "gen/ports.h"

/* film   n samples as audit_low.h makes them, from the film's beginning on
 * audit  its figures of speech are filled, and s->speech when it is wanted
 * False with ERR_RENDER when a narration is missing, cut, or at another place: names section, time and remedy. Narrations
 * whose volume is so low that nobody would hear them are not asked for; one whose file cannot be read any more counts
 * as asked for and not heard, and is no failure. */
bool audit_speech(const struct join_spec *s, const int16_t *film, int64_t n, struct film_audit *audit,
                  const atomic_bool *stop, struct err *e);
