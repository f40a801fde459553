/* captions.h - what is said, as pages of a few lines; drawn into the frames, or as cues (cues.h) */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/buf.h"
#include "gen/base/err.h"
#include "gen/lesson.h"
#include "gen/media.h"
#include "gen/ports.h"

struct AVFrame;

/* ---------- pages ---------- */

struct caption_source {                         /* what is said, and how large it is written */
    struct str narration, language;
    const struct word *words;                   /* sorted, not overlapping */
    size_t n_words;
    const struct caption_opts *opts;            /* font, size, max_lines, style */
    int width, height;                          /* px of the frame */
};

struct caption_line { uint32_t at, n; };        /* bytes of caption_pages.text, no white space at the ends */

struct caption_page {
    int64_t start_samples, end_samples;         /* from the start of the sound file, at SAMPLE_RATE; start < end */
    const struct caption_line *lines;
    size_t n_lines;
    size_t first_word, n_words;                 /* into caption_pages.words; pages cover every word, in order */
};

struct caption_word { int64_t start_samples, end_samples; uint32_t at, n; }; /* bytes of caption_pages.text */

struct caption_pages {
    struct arena arena;
    struct str text;                            /* the narration, white space runs made one space */
    const struct caption_page *pages;           /* ordered, never overlapping in time */
    size_t n_pages;
    const struct caption_word *words;
    size_t n_words;
    double font_px;                             /* of the text when drawn */
};

/* Split a narration into pages of at most opts->max_lines lines that fit 90 % of the frame's width, best broken at
 * sentences and clauses, lines balanced. A page shows from a little before its first word; short gaps between pages are
 * bridged. Without word times there are no pages. The same source gives the same pages, so cues and burned-in text
 * agree. Never fails. */
struct caption_pages *captions_pages(const struct caption_source *s);
void captions_pages_destroy(struct caption_pages *p);

/* Height of the text, px: `size` is a share of the frame's height; a frame that is higher than wide counts only a third
 * of what it is higher, else a line would hold three words. */
double captions_font_px(const struct caption_opts *o, int width, int height);

/* ---------- burned in ---------- */

struct captions;

/* Captions of one visual, borrowed until destroyed. NULL with e->code ERR_NONE when it has none (disabled, no words);
 * NULL with an error otherwise. One thread at a time. */
struct captions *captions_create(const struct visual *v, const struct video_format *f, struct err *e);

/* Draw what is on screen at a frame of the visual (0: its first one) into a writable YUV420P BT.709 limited-range frame
 * of the format's size. Blending happens on gamma-coded values, as in every player. Costs nothing when nothing is
 * shown; text is drawn when the page changes, and copied together when the spoken word does. */
void captions_blend(struct captions *c, struct AVFrame *frame, int64_t frame_index);
void captions_destroy(struct captions *c);

/* The rows of the frame that captions of max_lines lines take, as shares of its height: pictures keep what matters out
 * of them. */
struct caption_zone { double top, bottom; };
struct caption_zone captions_zone(const struct caption_opts *o, int width, int height);
