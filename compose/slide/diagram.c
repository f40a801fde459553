/* diagram.c - an SVG as large as the box lets it be, on a panel of its own when it was made for another background */
#include <math.h>
#include "compose/slide/canvas.h"
#include "compose/slide/svg.h"

/* Of the inked pixels, how many can hardly be told from the background (contrast under 1.6). */
static double share_lost(cairo_surface_t *s, struct rgba background)
{
    cairo_surface_flush(s);
    const unsigned char *data = cairo_image_surface_get_data(s);
    int w = cairo_image_surface_get_width(s), h = cairo_image_surface_get_height(s), stride = cairo_image_surface_get_stride(s);
    size_t inked = 0, lost = 0;
    for (int y = 0; y < h; y += 3) {
        const uint32_t *px = (const void *)(data + (ptrdiff_t)y * stride);
        for (int x = 0; x < w; x += 3) {
            double a = (px[x] >> 24) / 255.0;
            if (a < 0.5)
                continue;
            struct rgba c = { (px[x] >> 16 & 255) / 255.0 / a, (px[x] >> 8 & 255) / 255.0 / a, (px[x] & 255) / 255.0 / a, 1 };
            inked++;
            lost += rgba_contrast(c, background) < 1.6;
        }
    }
    return inked ? (double)lost / (double)inked : 0;
}

static struct box fit_aspect(struct box in, double aspect)
{
    struct box b = in;
    b.w = fmin(in.w, in.h * aspect);
    b.h = b.w / aspect;
    b.x += (in.w - b.w) / 2;
    b.y += (in.h - b.h) / 2;
    return b;
}

static bool draw_svg(struct canvas *c, const struct svg *svg, struct box in, struct err *e)
{
    struct box b = fit_aspect(in, svg_aspect(svg));
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)fmax(1, ceil(b.w)), (int)fmax(1, ceil(b.h)));
    cairo_t *cr = cairo_create(s);
    bool ok = svg_draw(svg, cr, 0, 0, b.w, b.h, e);
    struct rgba under = rgba_of(c->theme->bottom), white = { 1, 1, 1, 1 };
    if (ok) {
        double lost = share_lost(s, under);
        bool is_dark = rgba_contrast(under, white) > 4.5;
        double pad = 28 * c->u;
        if (lost > 0.4 && b.w > 8 * pad && b.h > 8 * pad) {
            canvas_panel(c, b, 18 * c->u, is_dark ? 0xF4F6FAFF : 0x161D2CFF, c->theme->border);
            b = fit_aspect((struct box){ b.x + pad, b.y + pad, b.w - 2 * pad, b.h - 2 * pad }, svg_aspect(svg));
            cairo_set_operator(cr, CAIRO_OPERATOR_CLEAR);
            cairo_paint(cr);
            cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
            ok = svg_draw(svg, cr, 0, 0, b.w, b.h, e);
        }
        cairo_set_source_surface(c->cr, s, floor(b.x), floor(b.y));
        cairo_paint(c->cr);
    }
    cairo_destroy(cr);
    cairo_surface_destroy(s);
    return ok;
}

bool draw_diagram(struct canvas *c, struct box in, struct err *e)
{
    struct svg *svg = svg_open(c->spec->svg, e);
    if (!svg)
        return false;
    bool ok = draw_svg(c, svg, in, e);
    svg_close(svg);
    return ok;
}
