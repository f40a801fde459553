/* canvas.h - a slide while it is drawn: places, fitted text, panels */
#pragma once
#include <cairo.h>
#include <stdbool.h>
#include "compose/fitting.h"
#include "compose/slide/themes.h"
#include "gen/ports.h"

struct canvas {
    const struct slide_spec *spec;
    const struct theme *theme;
    cairo_t *cr;
    cairo_surface_t *surface;
    struct fitter fit;
    bool is_rtl;
    double w, h;
    double u;                                   /* 1 px of a frame whose shorter side is 1080 */
    struct box safe, heading, content;          /* nothing is written outside safe */
};

void canvas_background(struct canvas *c);
struct fitted canvas_fit(struct canvas *c, struct str text, const struct fit_rule *f, double w, double h);
/* Place a fitted text in a box: x by its alignment and direction, y from 0 (top) to 1 (bottom). */
void canvas_text(struct canvas *c, const struct fitted *t, struct box in, double y, uint32_t colour);
void canvas_panel(struct canvas *c, struct box b, double radius, uint32_t fill, uint32_t border);
void canvas_source(cairo_t *cr, uint32_t colour);
/* the start of a box, `from` keeps the rest */
struct box canvas_cut(struct canvas *c, struct box *from, double share, double gap);

void draw_rings(struct canvas *c);              /* decoration in a corner */

/* Blocks: each fills a box. */
void draw_bullets(struct canvas *c, struct box in);
void draw_code(struct canvas *c, struct box in);
bool draw_diagram(struct canvas *c, struct box in, struct err *e);
void draw_card(struct canvas *c, struct str heading, struct str below); /* a title by itself */
void draw_quote(struct canvas *c, struct str text, struct box in);
