/* stretch.h - sound made longer at the same pitch */
#pragma once
#include "compose/decode.h"

/* Waveform-similarity overlap-add: pieces of 40 ms are laid one over the other, each taken from where it goes on best
 * from the one before, at most 10 ms off its time. Good for 1 to 2 times as long.
 *
 * n_out  samples of the result; >= s->n_samples
 * file   an empty file for them, which stays the caller's; out lies in it and ends with sound_deinit
 * ERR_IO when the file cannot hold them.
 * Source: W. Verhelst, M. Roelands, "An overlap-add technique based on waveform similarity (WSOLA)", ICASSP 1993. */
bool sound_stretch(const struct sound *s, int64_t n_out, int file, struct sound *out, struct err *e);
