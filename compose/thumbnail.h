/* thumbnail.h - the picture that stands for a film, as a JPEG */
#pragma once
#include "gen/base/buf.h"
#include "gen/ports.h"

struct AVFrame;

/* Appended to out, in the film's size. By the lesson's output: a picture of the user's own, which fills the frame; the
 * frame at a time (the last one when the film is over then); the middle of a section; or (auto) the best of the
 * sections' middles. ERR_RENDER; ERR_LESSON and ERR_MEDIA of a file. */
bool thumbnail_make(const struct join_spec *s, struct buf *out, struct err *e);

/* Frame `frame` of the film (counted over all pieces; clamped), decoded from its piece beginning at the keyframe before
 * it. out: an empty frame, the caller unrefs. */
bool film_frame(const struct join_spec *s, int64_t frame, struct AVFrame *out, struct err *e);

/* The middle that is best to look at: of twelve sections at most, evenly spread over the film, the one whose sharpness
 * times colourfulness is largest; the earlier one of equals.
 * sharpness      mean difference of luma between neighbouring cells of a grid 480 cells wide
 * colourfulness  the deviation of Cb and Cr plus 0.3 of their mean distance from grey, as in Hasler and Suesstrunk,
 *                "Measuring colourfulness in natural images" (2003), whose axes are of RGB */
bool thumbnail_choose(const struct join_spec *s, int64_t *frame, struct err *e);
