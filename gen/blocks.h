/* blocks.h - the blocks that config.yaml and lessons share: voice, image, video, captions, loudness, timing, output
 *
 * One table for each block: config.yaml sets a block's values, a lesson lays its own over them, a section its own over those. */
#pragma once
#include "gen/lesson.h"

extern const struct param voice_params[];       /* struct voice_opts, pronounce apart */
extern const struct param image_params[];       /* struct image_opts */
extern const struct param caption_params[];     /* struct caption_opts */
extern const struct param loudness_params[];    /* struct loudness_opts */
extern const struct param timing_params[];      /* struct timing_opts */
extern const struct param output_params[];      /* struct output_opts: what config.yaml may say; `file` is a lesson's alone */
extern const struct param video_params[];       /* struct video_words */

/* The film's shape as people write it. */
struct video_words {
    struct str aspect;                          /* "16:9" */
    struct str resolution;                      /* "1080p", "4k", or "1920x1080" (then aspect does not matter) */
    double fps;
    uint32_t background;                        /* 0xRRGGBBAA; alpha is ignored */
};

/* Turn the words into numbers: even width and height, the preset's number being the shorter side; 23.976, 29.97, 59.94, 119.88 are N x 1000/1001.
 * False with the key that is wrong ("aspect", "resolution") in *key and the reason in e (ERR_CONFIG, no place). */
bool video_from_words(const struct video_words *w, struct video_opts *out, const char **key, struct err *e);
