/* scene.h - one section ready to be drawn: the picture prepared once (or the clip opened), then any frame by number */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "compose/clip.h"
#include "compose/plate.h"
#include "compose/transitions.h"
#include "gen/ports.h"

struct AVFrame;

/* Where decoded pictures come from. */
struct picture_source {
    void *ctx;
    /* The pixels stay until close(held). */
    bool (*open)(void *ctx, const struct blob *b, struct plate_source *out, void **held, struct err *e);
    void (*close)(void *ctx, void *held);
    /* The same of a picture that moves; clip_close gives it back. */
    struct clip *(*open_clip)(void *ctx, const struct blob *b, const struct clip_spec *spec, struct err *e);
};
extern const struct picture_source picture_source_files; /* decodes the blob's file in a child process */

struct scene;

/* v, f  borrowed until scene_destroy
 * allow_simd  false: portable code only (the same bytes)
 * NULL when the picture does not decode or captions cannot be drawn. */
struct scene *scene_create(const struct visual *v, const struct video_format *f, const struct picture_source *pictures,
                           bool allow_simd, struct err *e);
void scene_destroy(struct scene *s);

/* Frame `index` of the visual (clamped to 0 .. n_frames - 1) into out: writable, YUV420P, the format's size, linesizes
 * multiples of FRAME_ALIGN. False when a clip cannot be read; without a clip it is always true. Frames of a clip in their
 * order are cheap, others are not. */
bool scene_draw(struct scene *s, int64_t index, struct AVFrame *out, struct err *e);

/* The largest enlargement that the effects ask for at any time; >= 1. What a plate must hold. */
double scene_zoom(const struct visual *v, const struct video_format *f, struct window bounds);

struct frame frame_view(const struct AVFrame *f); /* the same memory */
