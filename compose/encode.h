/* encode.h - frames become packets that any other piece of the film can follow */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/err.h"
#include "gen/ports.h"

struct AVFrame;
struct AVPacket;
struct AVCodecParameters;

struct encoder;

/* One thread, so bytes do not depend on how many there are. First frame IDR, closed GOPs, BT.709 limited range tagged,
 * time base 1/fps. Equal formats give equal parameter sets.
 * f->encoder is one of encoders.h, or empty: the software's of f->codec. Every packet's dts is its place in decoding
 * order minus the encoder's delay: the same for all pieces, so they join without a gap.
 * NULL with ERR_CONFIG for an unknown preset, ERR_RENDER when the encoder is missing or refuses. */
struct encoder *encoder_create(const struct video_format *f, struct err *e);
void encoder_destroy(struct encoder *enc);
bool encoder_params(const struct encoder *enc, struct AVCodecParameters *out, struct err *e);

/* A frame to fill; it may be filled anew after each encoder_send. */
bool encoder_frame(struct encoder *enc, struct AVFrame **out, struct err *e);

/* Takes the frame from encoder_frame, or the end (is_last with no frame). Packets come in decoding order, timed in
 * frames, without their SEI (it tells the library's build, which is no part of the picture). */
typedef bool encoder_sink(void *ctx, struct AVPacket *p, struct err *e);
bool encoder_send(struct encoder *enc, struct AVFrame *f, encoder_sink *sink, void *ctx, struct err *e);
bool encoder_finish(struct encoder *enc, encoder_sink *sink, void *ctx, struct err *e);
