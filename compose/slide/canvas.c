/* canvas.c - a slide while it is drawn: background, fitted text, panels */
#include "compose/slide/canvas.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"

void canvas_source(cairo_t *cr, uint32_t colour)
{
    struct rgba c = rgba_of(colour);
    cairo_set_source_rgba(cr, c.r, c.g, c.b, c.a);
}

void canvas_panel(struct canvas *c, struct box b, double radius, uint32_t fill, uint32_t border)
{
    box_round(c->cr, b, radius);
    canvas_source(c->cr, fill);
    cairo_fill_preserve(c->cr);
    canvas_source(c->cr, border);
    cairo_set_line_width(c->cr, 2 * c->u);
    cairo_stroke(c->cr);
}

struct box canvas_cut(struct canvas *c, struct box *from, double share, double gap)
{
    struct box a = *from;
    if (c->w > c->h) {
        a.w = (from->w - gap) * share;
        from->w -= a.w + gap;
        if (c->is_rtl)
            a.x += from->w + gap;
        else
            from->x += a.w + gap;
    } else {
        a.h = (from->h - gap) * share;
        from->h -= a.h + gap;
        from->y += a.h + gap;
    }
    return a;
}

/* Gradient from top to bottom with light from the upper end of the lines. By hand: cairo's gradients cost 15 times as
 * much. */
void canvas_background(struct canvas *c)
{
    struct rgba top = rgba_of(c->theme->top), bottom = rgba_of(c->theme->bottom), glow = rgba_of(c->theme->glow);
    unsigned char *data = cairo_image_surface_get_data(c->surface);
    int w = (int)c->w, h = (int)c->h, stride = cairo_image_surface_get_stride(c->surface);
    float *fx = mem_array((size_t)w, sizeof *fx);
    float cx = c->is_rtl ? 0.12f : 0.88f, reach = 1.0f / (0.75f * 0.75f);
    for (int x = 0; x < w; x++) {
        float d = ((float)x + 0.5f) / (float)w - cx;
        fx[x] = d * d * reach;
    }
    cairo_surface_flush(c->surface);
    for (int y = 0; y < h; y++) {
        uint32_t *px = (void *)(data + (ptrdiff_t)y * stride);
        double t = (y + 0.5) / h;
        struct rgba base = { top.r + (bottom.r - top.r) * t, top.g + (bottom.g - top.g) * t,
                             top.b + (bottom.b - top.b) * t, 1 };
        float r = (float)(255 * base.r), g = (float)(255 * base.g), b = (float)(255 * base.b), ga = (float)glow.a;
        float gr = (float)(255 * glow.r) - r, gg = (float)(255 * glow.g) - g, gb = (float)(255 * glow.b) - b;
        float fy = (float)(t * t) * 1.1f;
        for (int x = 0; x < w; x++) {
            float f = 1 - fx[x] - fy;
            f = f > 0 ? f * f * ga : 0;
            px[x] = 0xff000000u | (uint32_t)(r + gr * f + 0.5f) << 16 | (uint32_t)(g + gg * f + 0.5f) << 8 |
                    (uint32_t)(b + gb * f + 0.5f);
        }
    }
    cairo_surface_mark_dirty(c->surface);
    free(fx);
}

/* ---------- text ---------- */

struct fitted canvas_fit(struct canvas *c, struct str text, const struct fit_rule *f, double w, double h)
{
    return fit_text(&c->fit, text, f, w, h);
}

void canvas_text(struct canvas *c, const struct fitted *t, struct box in, double y, uint32_t colour)
{
    cairo_save(c->cr);
    cairo_rectangle(c->cr, c->safe.x, c->safe.y, c->safe.w, c->safe.h); /* stacked marks can be any height */
    cairo_clip(c->cr);
    fitted_draw(c->cr, t, in, y, rgba_of(colour), (struct rgba){ 0 }, 0);
    cairo_restore(c->cr);
}
