/* typeset.h - text as laid-out lines: fonts, breaks, direction; drawn as outlines so that every pixel position is
 * possible
 *
 * A typeset belongs to one thread. Text is never parsed as markup; bytes that are no text are replaced. */
#pragma once
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/buf.h"

struct rgba { double r, g, b, a; };             /* gamma-coded sRGB, straight alpha */
struct rgba rgba_of(uint32_t rrggbbaa);
double rgba_luminance(struct rgba c);           /* relative luminance, WCAG 2.2 (alpha ignored) */
double rgba_contrast(struct rgba a, struct rgba b); /* 1..21, WCAG 2.2 */
struct rgba rgba_over(struct rgba top, struct rgba under); /* under opaque */

/* The least contrast of a colour on a box, whatever lies beneath the box. */
double rgba_least_contrast(struct rgba c, struct rgba box);

enum typeset_align { TYPESET_START, TYPESET_CENTER };

struct type_style {
    const char *families;                       /* "Inter, Noto Sans, sans-serif" */
    int weight;                                 /* 400, 600, ... */
    double size_px, line_height;                /* line height in sizes; 0: the fonts' own */
    double tracking;                            /* added between letters, in sizes */
};

struct typeset;
struct typeset *typeset_create(struct str language);
void typeset_destroy(struct typeset *t);

/* A family list for a font named by the user: "sans", "serif", "mono" or a family. Appends to b, which owns it. */
const char *typeset_families(struct buf *b, struct str font);

bool typeset_is_space(uint32_t c);              /* control characters too; not the no-break spaces */

/* Valid UTF-8 without control characters: bad bytes become U+FFFD, white space runs (or each, with keep_lines, but
 * newlines) one space. */
void typeset_clean(struct buf *b, struct str text, bool keep_lines);

bool typeset_is_rtl(struct str text, struct str language); /* by the first strong character, else by the language */

/* A layout of cleaned text, aligned to the start of is_rtl or centred. Caller unrefs. width_px 0: one long line. */
PangoLayout *typeset_layout(const struct typeset *t, struct str text, const struct type_style *s, double width_px,
                            enum typeset_align align, bool is_rtl);
void typeset_size(PangoLayout *l, double *w, double *h); /* logical, px */

/* Draw with the layout's top left at x, y. Foreground attributes go before c. outline_px > 0 strokes `outline` beneath.
 */
void typeset_draw(cairo_t *cr, PangoLayout *l, double x, double y, struct rgba c, struct rgba outline,
                  double outline_px);
