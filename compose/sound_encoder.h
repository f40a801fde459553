/* sound_encoder.h - a track becomes AAC or Opus packets */
#pragma once
#include <stdbool.h>
#include "gen/base/err.h"
#include "compose/loudness.h"
#include "gen/encoding.h"

struct AVCodecParameters;
struct AVPacket;
struct sound_encoder;

/* False with ERR_CONFIG when this FFmpeg cannot make the codec. */
bool sound_encoder_is_there(enum sound_codec codec, struct err *e);

/* Stereo; AAC-LC by FFmpeg's own encoder, Opus by libopus, bit-exact flag. n_samples in all; m is borrowed. NULL with
 * ERR_RENDER. */
struct sound_encoder *sound_encoder_create(struct master *m, enum sound_codec codec, int channels, int64_t n_samples,
                                           int kbps, struct err *e);
void sound_encoder_destroy(struct sound_encoder *a);
bool sound_encoder_params(const struct sound_encoder *a, struct AVCodecParameters *out, struct err *e);

/* The next packet, times in samples (the first is before 0: priming). *got false at the end. The caller unrefs p. */
bool sound_encoder_next(struct sound_encoder *a, struct AVPacket *p, bool *got, struct err *e);
