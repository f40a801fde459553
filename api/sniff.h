/* sniff.h - what bytes are, whatever the server calls them; raw samples made into WAV */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"
#include "gen/media.h"

enum { SNIFF_HEAD = 64, WAV_HEADER = 44 };

/* "png" "jpeg" "webp" "gif" "wav" "mp3" "ogg" "flac" "mp4" "webm" "aac" by magic bytes, "json" or "html" for an error page,
 * "" for anything else. */
const char *sniff_type(struct str head);
/* Whether the type is one of the media that vidgen takes for this kind. */
bool sniff_fits(const char *type, enum asset_kind kind);

/* Header of a WAV file with n_bytes of mono 16 bit samples. Source: Microsoft RIFF/WAVE, "Multimedia Programming
 * Interface and Data Specifications 1.0". */
void wav_header(unsigned char out[WAV_HEADER], uint32_t n_bytes, uint32_t sample_rate);
/* "audio/L16;codec=pcm;rate=24000" gives 24000; 0 when it is not raw samples. */
uint32_t pcm_rate_of_mime(struct str mime);
