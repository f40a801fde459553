/* soft_track.h - subtitles inside a film, for the viewer to turn on: tx3g in MP4, SubRip in Matroska, WebVTT in WebM */
#pragma once
#include <stdbool.h>
#include "compose/containers.h"
#include "compose/cues.h"

struct AVFormatContext;
struct AVPacket;
struct AVStream;

struct soft_track {
    const struct cues *cues;
    const struct container_row *row;
    struct AVStream *stream;
    size_t next;                                /* cue to be written */
};

/* Adds the stream; call before the header is written. language: of three letters, or NULL. cues are borrowed. */
bool soft_track_open(struct soft_track *t, struct AVFormatContext *mux, const struct container_row *row,
                     const struct cues *cues, const char *language, struct err *e);
/* The next cue that begins before until_ms, as a packet in milliseconds; *got false when there is none. */
bool soft_track_next(struct soft_track *t, int64_t until_ms, struct AVPacket *p, bool *got, struct err *e);
