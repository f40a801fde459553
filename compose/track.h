/* track.h - the film's sound on its way: float samples in a file, added to at any place, so memory stays flat */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/err.h"

enum { TRACK_BLOCK = 16384 };                   /* samples of each channel moved at a time */

struct track {
    int fd;                                     /* interleaved floats at SAMPLE_RATE, silence where nothing was added */
    int channels;                               /* 1 or 2 */
    int64_t n_samples;                          /* of each channel */
    int64_t fresh;                              /* from here on nothing was added yet */
};

/* fd is an empty file and stays the caller's. */
bool track_init(struct track *t, int fd, int channels, int64_t n_samples, struct err *e);

/* n samples from `at` on; what lies before the start or after the end is silence. */
bool track_read(const struct track *t, int64_t at, float *out, size_t n, struct err *e);

/* Adds n samples to what is there; those outside the track are dropped. n <= TRACK_BLOCK. */
bool track_add(struct track *t, int64_t at, const float *in, size_t n, struct err *e);

/* One channel becomes two that are the same. */
bool track_widen(struct track *t, struct err *e);
