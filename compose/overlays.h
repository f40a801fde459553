/* overlays.h - texts over a section's picture: which there are, how they are laid out, drawn and put into frames
 *
 * One file and one row each; the table order is the order of lists and manuals. An overlay is a block of text with
 * parts that appear one after the other. Where it stands is decided once for the whole section, from the section alone:
 * inside the frame's safe area, beside the captions' zone and whatever else is shown at the same time. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "compose/fitting.h"
#include "compose/overlay_ink.h"
#include "compose/overlay_place.h"
#include "compose/plate.h"
#include "gen/ports.h"

struct AVFrame;
struct picture_source;

/* ---------- one kind of overlay ---------- */

enum { OVERLAY_PARTS_MOST = 51, OVERLAY_SPOTS_MOST = 4 };

#define OVERLAY_MOTIONS(X) X(FADE, "fade") X(WIPE, "wipe") X(NONE, "none")
#define X(id, name) OVERLAY_##id,
enum overlay_motion { OVERLAY_MOTIONS(X) OVERLAY_N_MOTIONS };
#undef X
extern const char *const overlay_motion_names[]; /* NULL-ended */

/* What an overlay may know when it is laid out. */
struct overlay_env {
    int width, height; /* px of the frame */
    double u;          /* 1 px of a frame whose shorter side is 1080 */
    double scale;      /* of all sizes; under 1 when there was no room */
    struct box area;   /* px: nothing is written outside */
    struct fitter *fit;
    struct str language;
    const struct overlay_span *span;
    struct box target;                  /* callout: where its target is seen over time; w 0: nowhere */
    const struct plate_source *picture; /* of its file; NULL: none */
};

struct overlay_part {
    struct box box; /* px from the block's top left; drawn inside only */
    size_t item;    /* appears with this text of its list; SIZE_MAX: at once */
};

struct overlay_layout {
    double w, h;                          /* of the block, px */
    double ax, ay;                        /* where in the area it likes to stand: 0 left or top, 1 right or bottom */
    struct box spots[OVERLAY_SPOTS_MOST]; /* or here (x, y only), tried in this order; px of the frame */
    size_t n_spots;
    struct overlay_part parts[OVERLAY_PARTS_MOST];
    size_t n_parts;
    struct overlay_wish wish; /* colours as they were asked for */
    int motion;
    bool is_rtl, is_cut; /* is_cut: an ellipsis stands where there was no room */
};

struct overlay_type {
    struct row row;
    /* Never fails. What the texts are is in opts; state is the overlay's own. */
    void *(*create)(const void *opts, struct overlay_env *env, struct overlay_layout *out);
    /* Draw one part with the block's top left at 0, 0. */
    void (*draw)(const void *state, cairo_t *cr, const struct overlay_part *part, const struct overlay_ink *ink);
    /* The rectangle of the picture that it points to; false: to nothing. NULL: never to any. */
    bool (*target)(const void *opts, struct window *out);
    /* Draw what points from its block to the target, both in px of the frame. Only with target. */
    void (*point)(const void *state, cairo_t *cr, struct box block, struct box target, const struct overlay_ink *ink);
    void (*destroy)(void *state);
};

extern const struct row *const overlay_rows[]; /* NULL-ended; each is the .row of a struct overlay_type */

static inline const struct overlay_type *overlay_of(const struct row *row)
{
    return (const struct overlay_type *)(const void *)((const char *)row - offsetof(struct overlay_type, row));
}

/* ---------- those of a section ---------- */

/* What lies beneath. Both are functions of the frame's number only. */
struct overlay_stage {
    void *ctx;
    /* Draws the picture without words over it; NULL: any pixels may be beneath. */
    bool (*draw)(void *ctx, int64_t index, struct AVFrame *out);
    struct view (*look)(void *ctx, int64_t index); /* what the camera shows; NULL: all of the picture */
    const struct picture_source *pictures;
};

struct overlays;

/* v, f, stage  borrowed until destroyed
 * NULL with e->code ERR_NONE when the visual has none; NULL with an error when a watermark's picture does not decode.
 * One thread at a time. */
struct overlays *overlays_create(const struct visual *v, const struct video_format *f,
                                 const struct overlay_stage *stage, struct err *e);
/* Puts what is seen at a frame of the visual into a writable YUV420P frame, as captions_blend does. Costs nothing when
 * nothing is shown; a part is drawn when it is first seen. */
void overlays_blend(struct overlays *o, struct AVFrame *frame, int64_t frame_index);
void overlays_destroy(struct overlays *o);

/* Two sections that turn into each other: the lesson's watermark that both have in the same place stands still over the
 * transition. False when there is none; else overlays_blend leaves it out of both, and overlays_blend_mark draws it. */
bool overlays_share_mark(struct overlays *a, struct overlays *b);
void overlays_blend_mark(struct overlays *o, struct AVFrame *frame, int64_t frame_index);

/* How overlay i of the visual came out. rect: where its block stands, px; w 0 when it is left out for want of room. */
struct overlay_outcome {
    struct box rect;
    bool is_cut, is_out;
    double outline_px;
    double opacity;
    bool is_raised; /* the opacity, so that the words can be read */
    bool has_box;
};
struct overlay_outcome overlays_outcome(struct overlays *o, size_t i);
