/* aac.h - a track becomes AAC packets */
#pragma once
#include <stdbool.h>
#include "gen/base/err.h"
#include "compose/loudness.h"

struct AVCodecParameters;
struct AVPacket;
struct aac;

/* Stereo, AAC-LC, by FFmpeg's own encoder with its bit-exact flag. n_samples in all; m is borrowed. NULL with
 * ERR_RENDER. */
struct aac *aac_create(struct master *m, int channels, int64_t n_samples, int kbps, struct err *e);
void aac_destroy(struct aac *a);
bool aac_params(const struct aac *a, struct AVCodecParameters *out, struct err *e);

/* The next packet, times in samples (the first is before 0: priming). *got false at the end. The caller unrefs p. */
bool aac_next(struct aac *a, struct AVPacket *p, bool *got, struct err *e);
