/* caption_geometry.h - where captions stand and how large they are; shared by paging and drawing */
#pragma once
#include <stddef.h>
#include "compose/captions.h"
#include "compose/typeset.h"

struct caption_geometry {
    double font_px, line_px;                    /* height of the text and from line to line */
    double pad_x, pad_y;                        /* of the box around the lines */
    double text_px;                             /* width that a line may have */
    double edge_px;                             /* where the block ends (bottom) or begins (top) */
    size_t max_lines;
};

struct caption_geometry caption_geometry_of(const struct caption_opts *o, int width, int height);
double caption_block_px(const struct caption_geometry *g, size_t n_lines); /* height of the box around so many lines */
double caption_block_top(const struct caption_geometry *g, int position, double block_px, int height);

/* Cleaned text on one line, in the captions' font. families keeps the font list alive for the call. */
PangoLayout *caption_layout(const struct typeset *t, struct str text, const struct caption_opts *o, double font_px,
                            struct str language, struct buf *families);
