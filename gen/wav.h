/* wav.h - the header of the WAV files that vidgen writes */
#pragma once
#include <stdint.h>

enum { WAV_HEADER = 44, WAV_MOST = INT32_MAX - 64 };  /* bytes of the header; of samples, which players take for sure */

/* Header of a WAV file with n_bytes of 16 bit samples, channels interleaved. Source: Microsoft RIFF/WAVE, "Multimedia Programming
 * Interface and Data Specifications 1.0". */
void wav_header(unsigned char out[WAV_HEADER], uint32_t n_bytes, uint32_t sample_rate, uint32_t channels);
