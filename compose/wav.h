/* wav.h - the WAV files that we write ourselves */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/err.h"

/* 16 bit, SAMPLE_RATE, n_samples of each channel, interleaved; from offset 0 of fd; whatever was there before is gone. */
bool wav_write(int fd, const int16_t *pcm, int channels, int64_t n_samples, struct err *e);
