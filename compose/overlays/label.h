/* label.h - a text with a smaller one below it, on a box or without: what most overlays are made of */
#pragma once
#include "compose/overlays.h"

struct label_style {
    struct str font;
    double size_px;   /* of the text; it may become 0.55 of that */
    double sub_share; /* the smaller text's size */
    int weight;
    int max_lines, sub_lines;
    enum typeset_align align;
    bool is_padded; /* room for a box around the words */
};

struct label {
    struct fitted text, sub; /* sub.layout NULL: none */
    double w, h;             /* all of it, px */
    double pad_x, pad_y, gap;
    bool is_rtl, is_cut;
};

/* How high letters are that take `size` of the frame's height, as captions count it. */
double label_px(const struct overlay_env *env, double size);

/* Fits both into most_w x most_h. */
struct label label_create(struct overlay_env *env, struct str text, struct str sub, const struct label_style *s,
                          double most_w, double most_h);
void label_deinit(struct label *l);
double label_font_px(const struct label *l); /* of its smallest text */

/* Draw with its top left at x, y, in a width of w or more. */
void label_draw(const struct label *l, cairo_t *cr, double x, double y, double w, const struct overlay_ink *ink);
/* The box beneath; nothing when there is none. */
void label_box(cairo_t *cr, struct box b, double radius, const struct overlay_ink *ink);
