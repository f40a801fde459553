/* media.h - what a picture or a sound turned out to be, and when its words are spoken */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/buf.h"

enum { SAMPLE_RATE = 48000 };                   /* of everything heard; the one sample clock */

#define ASSET_KINDS(X) X(IMAGE, "image") X(SPEECH, "speech") X(VIDEO, "video") X(PIECE, "piece") \
                       X(TEXT, "text")
#define X(id, name) ASSET_##id,
enum asset_kind { ASSET_KINDS(X) ASSET_N_KINDS };
#undef X
const char *asset_kind_name(enum asset_kind k);

/* A spoken word. Times count from the start of the sound file; bytes count in the section's narration. */
struct word {
    int64_t start_samples, end_samples;         /* at SAMPLE_RATE */
    uint32_t at, n;
};

/* Do all words lie inside the text? Word times say bytes of the narration that they were made for; an answer bought for
 * the same spoken words in another spelling has words that point elsewhere and are of no use. */
bool words_fit(const struct word *words, size_t n_words, struct str text);

struct media_info {
    char type[16];                              /* "png" "jpeg" "webp" "mp3" "wav" ... by magic bytes */
    int width, height;                          /* pictures, clips */
    int64_t n_samples;                          /* sound, resampled to SAMPLE_RATE; of a clip: how long it is, in the same */
    int64_t n_frames;                           /* pieces, clips */
};
