/* take.h - one shot of a section ready to be drawn: its picture prepared once (or its clip opened), then any frame */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "compose/frame.h"
#include "compose/plate.h"
#include "gen/ports.h"

struct kernel;
struct picture_source;
struct take;

/* v, s, f, k  borrowed until take_destroy; s is one of v's shots
 * NULL when the picture does not decode. */
struct take *take_create(const struct visual *v, const struct shot *s, const struct video_format *f,
                         const struct picture_source *pictures, struct kernel *k, struct err *e);
void take_destroy(struct take *t);

/* What the shot shows at frame `index` of the visual (clamped to the shot's own), its effects with it, no captions. All
 * of out is written. False when a clip cannot be read. */
bool take_draw(struct take *t, int64_t index, struct frame *out, struct err *e);

/* What the camera shows at frame `index` of the visual, without making the shot ready. */
struct view take_look(const struct visual *v, const struct shot *s, const struct video_format *f, int64_t index);

/* The largest enlargement that the shot's effects ask for at any time; >= 1. What a plate must hold. */
double take_zoom(const struct visual *v, const struct shot *s, const struct video_format *f, struct window bounds);
