/* fitting.h - text made to fit a box: as large as may be, else smaller, else cut with an ellipsis */
#pragma once
#include <cairo.h>
#include <stdbool.h>
#include "compose/hyphenate.h"
#include "compose/typeset.h"

struct box {
    double x, y, w, h;
}; /* px */

void box_round(cairo_t *cr, struct box b, double radius); /* a path with round corners */

struct fitter {
    struct typeset *type;
    struct hyphens *hyphens; /* opened when first needed */
    bool tried_hyphens;
    bool is_rtl;     /* where lines start; set by the caller, for each text if need be */
    bool keep_lines; /* line breaks of texts are kept; set by the caller */
    struct str language;
};
void fitter_init(struct fitter *f, struct str language); /* borrows language */
void fitter_deinit(struct fitter *f);

struct fitted {
    PangoLayout *layout; /* caller unrefs */
    double w, h, size;
    bool is_cut;
};

struct fit_rule {
    const char *families;
    int weight;
    double most, least; /* size, px */
    double line_height;
    enum typeset_align align;
    bool is_balanced; /* lines of even length */
    int max_lines;    /* 0: what the height allows */
};

struct fitted fit_text(struct fitter *f, struct str text, const struct fit_rule *r, double w, double h);

/* Draw in a box: x by its alignment and direction, y from 0 (top) to 1 (bottom). outline_px 0: none. */
void fitted_draw(cairo_t *cr, const struct fitted *t, struct box in, double y, struct rgba c, struct rgba outline,
                 double outline_px);
