/* encoding.h - codecs, containers and presets by name, and which of them go together */
#pragma once
#include <stdint.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

#define PRESET_NAMES(X) X(DRAFT, "draft") X(BALANCED, "balanced") X(QUALITY, "quality") X(ARCHIVE, "archive")
#define CODEC_NAMES(X) X(H264, "h264") X(HEVC, "hevc") X(AV1, "av1") X(VP9, "vp9")
#define SOUND_CODEC_NAMES(X) X(AAC, "aac") X(OPUS, "opus")
#define CONTAINER_NAMES(X) X(MP4, "mp4") X(WEBM, "webm") X(MKV, "mkv")
#define HARDWARE_NAMES(X) X(NONE, "none") X(AUTO, "auto") X(NVENC, "nvenc") X(VAAPI, "vaapi") X(VIDEOTOOLBOX, "videotoolbox")
#define X(id, name) PRESET_##id,
enum preset { PRESET_NAMES(X) PRESET_N };
#undef X
#define X(id, name) CODEC_##id,
enum codec { CODEC_NAMES(X) CODEC_N };
#undef X
#define X(id, name) SOUND_CODEC_##id,
enum sound_codec { SOUND_CODEC_NAMES(X) SOUND_CODEC_N };
#undef X
#define X(id, name) CONTAINER_##id,
enum container { CONTAINER_NAMES(X) CONTAINER_N };
#undef X
#define X(id, name) HARDWARE_##id,
enum hardware { HARDWARE_NAMES(X) HARDWARE_N };
#undef X

/* Ended by NULL. */
extern const char *const preset_names[], *const codec_names[], *const sound_codec_names[], *const container_names[],
    *const hardware_names[];

/* What a file of this name holds, by its ending in any case of letters; CONTAINER_N: no video that can be made. */
enum container container_of(struct str path);
/* The same path without such an ending. */
struct str container_stem(struct str path);

/* The largest crf that the codec's encoders take; false with ERR_CONFIG for one beyond. */
int codec_crf_max(enum codec c);
bool encoding_crf_ok(enum codec c, int64_t crf, struct err *e);

/* False with ERR_CONFIG, and a remedy, where a container cannot hold the codecs. */
bool encoding_fits(enum container in, enum codec codec, enum sound_codec sound, struct err *e);
