/* join_verify.h - a film is read back before it gets its name */
#pragma once
#include "gen/ports.h"

struct cues;

/* False with ERR_RENDER unless fd holds, in the container that its name says, one video stream of s->n_frames packets in
 * decoding order, one audio stream of the same length within a frame, and the chapters and subtitles that were asked
 * for. */
bool film_verify(const struct join_spec *s, const struct cues *cues, int fd, struct err *e);
