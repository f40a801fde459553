/* decode_svg.c - an SVG file as a section's picture, as fine as a 4K film can show it */
#include "compose/decode_svg.h"
#include <math.h>
#include "compose/slide/svg.h"

bool svg_size(struct str text, int *w, int *h, struct err *e)
{
    struct svg *s = svg_open(text, e);
    if (!s)
        return false;
    double aspect = svg_aspect(s), width = fmin(SVG_W, SVG_H * aspect);
    svg_close(s);
    *w = (int)fmax(16, lrint(width));
    *h = (int)fmax(16, lrint(width / aspect));
    return true;
}

/* Cairo's colours are multiplied by alpha. */
static void straighten(uint8_t *p, size_t n_px)
{
    for (size_t i = 0; i < n_px; i++, p += 4)
        for (int k = 0; k < 3 && p[3] && p[3] != 255; k++) {
            unsigned v = (p[k] * 255u + p[3] / 2u) / p[3];
            p[k] = (uint8_t)(v > 255 ? 255 : v);
        }
}

bool svg_pixels(struct str text, int w, int h, uint8_t *bgra, struct err *e)
{
    struct svg *s = svg_open(text, e);
    if (!s)
        return false;
    cairo_surface_t *surface = cairo_image_surface_create_for_data(bgra, CAIRO_FORMAT_ARGB32, w, h, w * 4);
    cairo_t *cr = cairo_create(surface);
    bool ok = svg_draw(s, cr, 0, 0, w, h, e);
    if (ok && cairo_status(cr) != CAIRO_STATUS_SUCCESS)
        ok = err_set(e, ERR_MEDIA, "the SVG cannot be drawn: %s", cairo_status_to_string(cairo_status(cr)));
    cairo_surface_flush(surface);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    svg_close(s);
    straighten(bgra, (size_t)w * (size_t)h);
    return ok;
}
