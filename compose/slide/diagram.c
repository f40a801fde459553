/* diagram.c - an SVG as large as the box lets it be, on a panel of its own when it was made for another background */
#include <math.h>
#include <stdlib.h>
#include "compose/slide/canvas.h"
#include "compose/slide/svg.h"
#include "gen/base/mem.h"

enum { STEP = 2 };                              /* px from one probe to the next */

/* Relative luminance of what is seen of a premultiplied pixel over a grey or coloured ground. */
static double seen_luminance(uint32_t px, const double ground[3], const double *linear)
{
    static const double weight[3] = { 0.2126, 0.7152, 0.0722 };
    double over = 255 - (px >> 24), sum = 0;
    for (int i = 0; i < 3; i++)
        sum += weight[i] * linear[(int)fmin(255, (px >> (16 - 8 * i) & 255) + over * ground[i] + 0.5)];
    return sum;
}

/* How many places have a visible edge (contrast over 1.6) when the drawing lies on this ground: areas count little,
 * lines and letters much. */
static size_t count_edges(cairo_surface_t *s, struct rgba ground)
{
    cairo_surface_flush(s);
    const unsigned char *data = cairo_image_surface_get_data(s);
    int w = cairo_image_surface_get_width(s) / STEP, h = cairo_image_surface_get_height(s) / STEP;
    int stride = cairo_image_surface_get_stride(s);
    double linear[256], *above = mem_array((size_t)w + 1, sizeof *above);
    const double on[3] = { ground.r, ground.g, ground.b };
    size_t n = 0;
    for (int v = 0; v < 256; v++)
        linear[v] = rgba_luminance((struct rgba){ v / 255.0, v / 255.0, v / 255.0, 1 });
    for (int y = 0; y < h; y++) {
        const uint32_t *px = (const void *)(data + (ptrdiff_t)y * STEP * stride);
        double left = 0;
        for (int x = 0; x < w; x++) {
            double l = seen_luminance(px[x * STEP], on, linear) + 0.05; /* WCAG 2.2: contrast is a ratio of such sums */
            n += x && (l > 1.6 * left || left > 1.6 * l);
            n += y && (l > 1.6 * above[x] || above[x] > 1.6 * l);
            left = above[x] = l;
        }
    }
    free(above);
    return n;
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
    cairo_surface_t *s =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)fmax(1, ceil(b.w)), (int)fmax(1, ceil(b.h)));
    cairo_t *cr = cairo_create(s);
    bool ok = svg_draw(svg, cr, 0, 0, b.w, b.h, e);
    struct rgba under = rgba_of(c->theme->bottom), white = { 1, 1, 1, 1 };
    if (ok) {
        bool is_dark = rgba_contrast(under, white) > 4.5;
        uint32_t panel = is_dark ? 0xF4F6FAFF : 0x161D2CFF;
        double pad = 28 * c->u;
        if (2 * count_edges(s, rgba_of(panel)) > 3 * count_edges(s, under) && b.w > 8 * pad && b.h > 8 * pad) {
            canvas_panel(c, b, 18 * c->u, panel, c->theme->border);
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
