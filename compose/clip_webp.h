/* clip_webp.h - the frames of an animated WebP, which FFmpeg has no reader for (inside the child process) */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <libavutil/frame.h>
#include "gen/base/err.h"

struct clip_webp;
/* NULL with ERR_MEDIA when it is cut off, too large or not animated. fd is borrowed for this call only. */
struct clip_webp *clip_webp_open(int fd, struct err *e);
struct clip_webp *clip_webp_of(const uint8_t *p, size_t n, struct err *e); /* the same with its bytes, borrowed as well */
void clip_webp_close(struct clip_webp *w); /* NULL is fine */
/* The next whole picture (BGRA, a new reference), when it comes and for how long, in ms. *got false at the end. */
bool clip_webp_next(struct clip_webp *w, AVFrame *out, int64_t *at_ms, int64_t *for_ms, bool *got, struct err *e);
