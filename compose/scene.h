/* scene.h - one section ready to be drawn: any frame by number */
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

/* v, f, pictures  borrowed until scene_destroy
 * allow_simd  false: portable code only (the same bytes)
 * NULL when captions cannot be drawn. */
struct scene *scene_create(const struct visual *v, const struct video_format *f, const struct picture_source *pictures,
                           bool allow_simd, struct err *e);
void scene_destroy(struct scene *s);

/* Frame `index` of the visual (clamped to 0 .. n_frames - 1) into out: writable, YUV420P, the format's size, linesizes
 * multiples of FRAME_ALIGN. A shot is made ready (take.h) when it is first seen and given up when it is not any more, so
 * frames in their order are cheap, others are not. False when a picture does not decode or a clip cannot be read. */
bool scene_draw(struct scene *s, int64_t index, struct AVFrame *out, struct err *e);

/* A watermark that two scenes share, drawn over their transition instead of in both (compose/overlays.h). */
bool scene_share_mark(struct scene *a, struct scene *b);
void scene_blend_mark(struct scene *s, int64_t index, struct AVFrame *out);

struct frame frame_view(const struct AVFrame *f); /* the same memory */
