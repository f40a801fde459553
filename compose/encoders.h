/* encoders.h - which encoders there are, and what each preset means to them
 *
 * One row for each of FFmpeg's encoders. Those of this machine's hardware give other bytes on other machines, so a
 * piece's key names them; those in software give the same bytes everywhere. */
#pragma once
#include <stdbool.h>
#include "gen/base/err.h"
#include "gen/encoding.h"
#include "gen/ports.h"

struct AVPacket;

struct encoder_row {
    const char *name;                           /* FFmpeg's; NULL ends the table */
    enum codec codec;
    enum hardware hardware;
    int delay;                                  /* frames by which packets are decoded before they are shown */
    const char *quality;                        /* the option that crf sets */
    const char *always;                         /* "key=value key=value" */
    struct { const char *options; int crf; } preset[PRESET_N];
    void (*clean)(struct AVPacket *p);          /* of each piece's first packet; NULL: nothing to remove */
    bool is_uploaded;                           /* frames go to the device's own memory first (VAAPI) */
    bool must_end;                              /* it waits for ever when it is closed before it was told of the end */
    const char *(*more)(void);                  /* added to the preset's options for this processor; NULL: nothing */
};
extern const struct encoder_row encoder_rows[];

/* The row with this name; the software row of f->codec when f->encoder is empty. NULL: none. */
const struct encoder_row *encoder_row_of(const struct video_format *f);
/* Frames between decoding order and time of the codec (libavcodec's id); the same for all of its encoders. */
int encoder_delay(int av_codec_id);

/* The encoder that this machine makes the codec with: the hardware's where one of the wanted kind starts here (it
 * encodes a frame to see), else the software's. why: filled when hardware was wanted and none starts; else empty.
 * NULL with ERR_CONFIG when this FFmpeg cannot make the codec at all. */
const char *encoder_choose(enum codec codec, enum hardware wanted, struct buf *why, struct err *e);
