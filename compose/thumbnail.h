/* thumbnail.h - one frame of a film as a JPEG */
#pragma once
#include "gen/base/buf.h"
#include "gen/ports.h"

/* Frame `frame` of the film (counted over all pieces; clamped), decoded from its piece; appended to out. ERR_RENDER. */
bool thumbnail_make(const struct join_spec *s, int64_t frame, struct buf *out, struct err *e);
