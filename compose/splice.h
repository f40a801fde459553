/* splice.h - speech that came in parts becomes one sound, with the pauses of natural speech between them */
#pragma once
#include "gen/ports.h"

/* Decode the parts (in children with limits), cut the silence where they meet to what a speaker leaves there, and write
 * them one behind the other into fd as WAV (16 bit, SAMPLE_RATE, mono unless a part has two channels), from offset 0.
 * Loudness and the silence before the first and after the last word stay as they are. A part without usable words is
 * aligned to its own sound.
 * words  of the whole narration, malloc'd, caller frees; sorted, not overlapping, inside the sound
 * False with ERR_MEDIA when a part does not decode or all of it is longer than an hour, ERR_IO. */
bool speech_splice(const struct splice_spec *s, int fd, struct media_info *info, struct word **words, size_t *n_words,
                   struct err *e);
