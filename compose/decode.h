/* decode.h - foreign pictures and sound become plain samples, in a child process with limits */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/err.h"

enum {
    PICTURE_SIDE_MAX = 16000,                   /* px */
    PICTURE_AREA_MAX = 50000000,                /* px */
    SOUND_SECONDS_MAX = 3600,
    MEDIA_TYPE_N = 16,                          /* of media_info.type */
};

/* Pixels in memory that nobody writes any more.
 * bgra  4 bytes a pixel, B G R A, straight (not premultiplied) alpha, full range, sRGB; `stride` bytes a row */
struct picture {
    const uint8_t *bgra;
    int width, height;
    size_t stride;
    bool has_alpha;                             /* false: every A is 255 */
    char type[MEDIA_TYPE_N];                    /* "png" "jpeg" "webp" */
    size_t mapped;                              /* bytes, for picture_deinit */
};

/* Samples in memory that nobody writes any more: float, interleaved, SAMPLE_RATE, 1 or 2 channels. */
struct sound {
    const float *pcm;
    int channels;
    int64_t n_samples;                          /* of each channel */
    char type[MEDIA_TYPE_N];                    /* "mp3" "wav" "ogg" "flac" "mp4" "aac" "webm" */
    size_t mapped;
};

/* Decode all of a PNG, JPEG or WebP file, or rasterise an SVG file; the bytes decide which it is. fd's position does
 * not matter and does not change. The orientation that a JPEG's EXIF tells is applied. out  caller releases with
 * picture_deinit False with ERR_MEDIA when it is something else (the message says what: empty, HTML with its title,
 * JSON), truncated, damaged, or over the limits above. */
bool picture_decode(int fd, struct picture *out, struct err *e);
void picture_deinit(struct picture *p);         /* safe to repeat */
bool picture_is_flat(const struct picture *p);  /* one colour all over, within 4 of 255 */

/* Decode all of an MP3, WAV, Ogg, FLAC, M4A, ADTS AAC or WebM file's first sound stream, resampled to SAMPLE_RATE; more
 * than two channels are mixed down to two. n_samples is what was decoded, whatever the header says; a WAV whose header
 * gives no true length (0, 0xFFFFFFFF: streamed) is read to its end. False with ERR_MEDIA as above, or when the sound
 * ends long before the length that its header gives. */
bool sound_decode(int fd, struct sound *out, struct err *e);
/* The same with the samples in `file`, an empty file without a name, instead of memory: an hour is more than a GB. */
bool sound_decode_into(int fd, int file, struct sound *out, struct err *e);
/* The same of a moving picture, which may well have no sound: then *out has no samples. */
bool sound_of_clip(int fd, int file, struct sound *out, struct err *e);
/* Samples before `upto` are not needed soon: they go out of this process's memory and come back when they are read. */
void sound_let_go(const struct sound *s, int64_t upto);
void sound_deinit(struct sound *s);             /* safe to repeat */
double sound_peak(const struct sound *s);       /* largest absolute sample, linear */
