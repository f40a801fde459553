/* containers.h - how FFmpeg is told to write and read each container */
#pragma once
#include <stdint.h>
#include "gen/encoding.h"

struct container_row {
    const char *muxer, *demuxer, *options;      /* "key=value key=value" */
    uint32_t hevc_tag;                          /* what players of Apple want HEVC to be called; 0: one name only */
    bool hides_priming;                         /* the muxer moves sound by its priming; else edit lists do */
    int subtitle_codec;                         /* AV_CODEC_ID_* of a track of subtitles */
    int64_t slack_samples;                      /* by how much its coarse times may miss */
};
/* By the ending of the name; of one that says nothing MP4. */
const struct container_row *container_row_of(struct str path);
const struct container_row *container_row(enum container c);
