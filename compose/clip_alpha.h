/* clip_alpha.h - frames of a clip that one can see through, over the section's background (inside the child process) */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <libavutil/frame.h>
#include "gen/base/err.h"

bool clip_alpha_is_in(const AVFrame *v); /* its pixels have transparency, used or not */

struct clip_alpha;
struct clip_alpha *clip_alpha_create(uint32_t background); /* 0xRRGGBBAA; its own alpha is not used */
void clip_alpha_destroy(struct clip_alpha *a);             /* NULL is fine */
/* src over the background, its size kept: BGR0, full range, owned by a until the next call. NULL with ERR_MEDIA. */
const AVFrame *clip_alpha_over(struct clip_alpha *a, const AVFrame *src, struct err *e);
