/* abilities.h - what the libraries beneath are, for a person who asks why something does not work */
#pragma once
#include "gen/base/buf.h"

void abilities_libraries(struct buf *b);        /* appends "libavcodec 59.37.100, Pango 1.50.12, ..." */
