/* abilities.h - what the libraries beneath are, for a person who asks why something does not work */
#pragma once
#include "gen/base/buf.h"
#include "gen/base/err.h"
#include "gen/encoding.h"

/* Whether this FFmpeg has all that a film needs beside its codec for pictures: that for sound, the containers of pieces and of films,
 * and the formats of thumbnails and slides. ERR_CONFIG names what is missing. */
bool abilities_can_write(enum sound_codec codec, struct err *e);

void abilities_libraries(struct buf *b);        /* appends "libavcodec 59.37.100, Pango 1.50.12, ..." */
