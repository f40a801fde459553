/* containers.c - how FFmpeg is told to write and read each container
 *
 * All have their index in front. MP4: edit lists cut sound to the sample when times are told in samples. Matroska: times
 * are whole milliseconds. */
#include "compose/containers.h"
#include <libavcodec/codec_id.h>
#include <libavutil/common.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define RATE 48000

static const struct container_row rows[CONTAINER_N] = {
    [CONTAINER_MP4] = { "mp4", "mov", "movflags=+faststart movie_timescale=" TEXT(RATE), MKTAG('h', 'v', 'c', '1'), false,
                        AV_CODEC_ID_MOV_TEXT, 0 },
    [CONTAINER_WEBM] = { "webm", "matroska", "cues_to_front=1", 0, true, AV_CODEC_ID_WEBVTT, RATE / 500 },
    [CONTAINER_MKV] = { "matroska", "matroska", "cues_to_front=1", 0, true, AV_CODEC_ID_SUBRIP, RATE / 500 },
};

const struct container_row *container_row(enum container c)
{
    return &rows[c < CONTAINER_N ? c : CONTAINER_MP4];
}

const struct container_row *container_row_of(struct str path)
{
    return container_row(container_of(path));
}
