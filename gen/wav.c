/* wav.c - the header of the WAV files that vidgen writes: 44 bytes, all little-endian, then the samples */
#include "gen/wav.h"
#include <string.h>

static void put16(unsigned char *p, uint32_t v)
{
    p[0] = (unsigned char)v;
    p[1] = (unsigned char)(v >> 8);
}

static void put32(unsigned char *p, uint32_t v)
{
    put16(p, v);
    put16(p + 2, v >> 16);
}

void wav_header(unsigned char out[WAV_HEADER], uint32_t n_bytes, uint32_t sample_rate, uint32_t channels)
{
    memcpy(out, "RIFF....WAVEfmt ", 16);
    put32(out + 4, n_bytes + 36);
    put32(out + 16, 16);                        /* size of the format chunk */
    put16(out + 20, 1);                         /* integer samples */
    put16(out + 22, channels);
    put32(out + 24, sample_rate);
    put32(out + 28, sample_rate * 2 * channels);
    put16(out + 32, 2 * channels);
    put16(out + 34, 16);
    memcpy(out + 36, "data", 4);
    put32(out + 40, n_bytes);
}
