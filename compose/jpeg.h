/* jpeg.h - a frame of a film as a JPEG */
#pragma once
#include <libavutil/frame.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

/* Appends it to out.
 *
 * f        BT.709, limited range, any format that swscale reads
 * width    px of the JPEG, even; the height follows
 * quality  the quantiser: 2 best to 31
 * ERR_RENDER. */
bool jpeg_encode(const AVFrame *f, int width, int quality, struct buf *out, struct err *e);
