/* piece.h - a run of frames encoded on its own, in a file that the film is joined from by copying packets
 *
 * The file is NUT: H.264 or HEVC (Annex B), AV1 or VP9, constant frame rate, pts from 0, the first packet a keyframe. All pieces of one
 * video format have the same parameter sets, so packets of different pieces follow one another without a new header. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/err.h"
#include "gen/media.h"
#include "gen/ports.h"

struct AVPacket;
struct AVCodecParameters;
struct picture_source;

/* The renderer's `render`: draws s->n_frames frames and writes the piece to fd from offset 0.
 * info         filled: type "nut", size, n_frames
 * stop         checked at each frame: ERR_CANCELLED
 * frames_done  counted up by one for each frame; NULL: not wanted
 * pictures     where pictures are decoded
 * The bytes depend on nothing but s and the pictures. */
bool piece_render(const struct piece_spec *s, const struct picture_source *pictures, int fd, struct media_info *info,
                  const atomic_bool *stop, atomic_llong *frames_done, struct err *e);

struct AVFrame;
/* Draws frames of the piece without encoding them: those at[0 .. n), ascending; take gets each, for the call only.
 * False when a picture does not decode. */
bool piece_draw_some(const struct piece_spec *s, const struct picture_source *pictures, const int64_t *at, size_t n,
                     void (*take)(void *ctx, size_t i, const struct AVFrame *f), void *ctx, struct err *e);

/* Part of every piece's cache key: versions of the drawing code and of the libraries that shape a piece's bytes. */
const char *piece_version(void);                /* static text */

/* ---------- reading ---------- */

struct piece_reader;
/* fd stays the caller's and open while reading; its position is not used. False with ERR_RENDER when it is no piece. */
struct piece_reader *piece_open(int fd, struct err *e);
/* Size, extradata, colour: for the joined file's stream. Borrowed. */
const struct AVCodecParameters *piece_params(const struct piece_reader *r);
/* The next packet in decoding order. pts counts frames from 0; dts = its place - encoder_delay (encoders.h), which can be
 * negative and never reaches past the next piece's first; duration 1. Add the frames before this piece to both.
 * *got false at the end. The caller unrefs p. */
bool piece_next(struct piece_reader *r, struct AVPacket *p, bool *got, struct err *e);
void piece_close(struct piece_reader *r);
