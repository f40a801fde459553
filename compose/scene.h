/* scene.h - one section ready to be drawn: the picture prepared once, then any frame of it by number */
#pragma once
#include <stdbool.h>
#include <stdint.h>
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
 * multiples of FRAME_ALIGN. */
void scene_draw(struct scene *s, int64_t index, struct AVFrame *out);

/* The largest enlargement that the effects ask for at any time; >= 1. What a plate must hold. */
double scene_zoom(const struct visual *v, const struct video_format *f, struct window bounds);

struct frame frame_view(const struct AVFrame *f); /* the same memory */
