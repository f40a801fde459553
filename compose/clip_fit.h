/* clip_fit.h - a decoded frame of a clip in the film's size, shape and colours (inside the child process) */
#pragma once
#include <libavutil/frame.h>
#include "compose/clip.h"

struct clip_fit;
struct clip_fit *clip_fit_create(const struct clip_spec *spec, AVRational sar, int orientation);
void clip_fit_destroy(struct clip_fit *f);
/* dst  w x h of the spec, all of it written. False with ERR_MEDIA when there is no way from src's pixels. */
bool clip_fit_draw(struct clip_fit *f, const AVFrame *src, struct frame *dst, struct err *e);

int clip_space_of(const AVFrame *v);            /* SWS_CS_*: as it says, else by its size */
bool clip_is_full_range(const AVFrame *v);

/* Width and height as shown. */
void clip_shown_size(int w, int h, AVRational sar, int orientation, int *shown_w, int *shown_h);
