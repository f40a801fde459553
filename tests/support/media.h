/* media.h - small pictures and sounds for tests, made with FFmpeg's encoders or byte by byte */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/buf.h"

int media_fd(const void *p, size_t n);          /* an anonymous file with these bytes; the caller closes it */

/* A colourful picture. codec: "png" "mjpeg" "libwebp". False when this FFmpeg has no such encoder. */
bool media_picture(const char *codec, int width, int height, struct buf *out);

/* A sine. format, codec: FFmpeg's names ("mp3", "libmp3lame"). False when this FFmpeg cannot. */
bool media_sine(const char *format, const char *codec, int rate, int channels, double seconds, struct buf *out);

/* A WAV with 16 bits; sample(i, channel) gives each value. data_size -1: the true one. */
void media_wav(struct buf *out, int rate, int channels, int64_t n, double (*sample)(int64_t i, int channel),
               int64_t data_size);
