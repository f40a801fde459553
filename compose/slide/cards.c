/* cards.c - a title by itself, a quotation */
#include <math.h>
#include "compose/slide/canvas.h"

/* Rings that leave the picture at the lower end: something to look at behind few words. */
void draw_rings(struct canvas *c)
{
    double x = c->is_rtl ? 0.06 * c->w : 0.94 * c->w, y = 0.92 * c->h;
    struct rgba a = rgba_of(c->theme->accent);
    for (int i = 0; i < 5; i++) {
        cairo_new_path(c->cr);
        cairo_arc(c->cr, x, y, (170 + 120 * i) * c->u, 0, 2 * M_PI);
        cairo_set_source_rgba(c->cr, a.r, a.g, a.b, 0.16 - 0.028 * i);
        cairo_set_line_width(c->cr, (i == 0 ? 3 : 2) * c->u);
        cairo_stroke(c->cr);
    }
}

static void draw_bar(struct canvas *c, double x, double y, double w, uint32_t colour)
{
    box_round(c->cr, (struct box){ c->is_rtl ? x - w : x, y, w, 8 * c->u }, 4 * c->u);
    canvas_source(c->cr, colour);
    cairo_fill(c->cr);
}

void draw_card(struct canvas *c, struct str heading, struct str below)
{
    struct box in = { c->safe.x, c->safe.y, c->safe.w, c->content.y + c->content.h - c->safe.y };
    struct fit_rule f = {
        c->theme->heading, c->theme->heading_weight, 112 * c->u, 48 * c->u, 1.14, TYPESET_START, true, 0
    };
    double w = in.w * (c->w > c->h ? 0.86 : 1), bar = 56 * c->u, gap = 36 * c->u;
    struct fitted title = canvas_fit(c, heading, &f, w, in.h * 0.55), sub = { 0 };
    double h = bar + title.h;
    draw_rings(c);
    if (below.n) {
        struct fit_rule g = { c->theme->body, 400, 44 * c->u, 28 * c->u, 1.4, TYPESET_START, true, 0 };
        sub = canvas_fit(c, below, &g, w, in.h * 0.3);
        h += gap + sub.h;
    }
    double y = in.y + (in.h - h) * 0.5;
    draw_bar(c, c->is_rtl ? in.x + in.w : in.x, y, 112 * c->u, c->theme->accent);
    canvas_text(c, &title, (struct box){ in.x, y + bar, in.w, title.h }, 0, c->theme->text);
    if (sub.layout) {
        canvas_text(c, &sub, (struct box){ in.x, y + bar + title.h + gap, in.w, sub.h }, 0, c->theme->muted);
        g_object_unref(sub.layout);
    }
    g_object_unref(title.layout);
}

void draw_quote(struct canvas *c, struct str text, struct box in)
{
    struct fit_rule f = { c->theme->heading, 500, 76 * c->u, 32 * c->u, 1.3, TYPESET_CENTER, true, 0 };
    double bar = 64 * c->u;
    struct fitted t = canvas_fit(c, text, &f, in.w * (c->w > c->h ? 0.84 : 0.96), in.h - bar);
    double y = in.y + (in.h - bar - t.h) * 0.46;
    draw_bar(c, in.x + in.w / 2 + (c->is_rtl ? 56 : -56) * c->u, y, 112 * c->u, c->theme->second);
    canvas_text(c, &t, (struct box){ in.x, y + bar, in.w, t.h }, 0, c->theme->text);
    g_object_unref(t.layout);
}
