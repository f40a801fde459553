/* canvas.c - a slide while it is drawn: background, fitted text, panels */
#include "compose/slide/canvas.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

void canvas_source(cairo_t *cr, uint32_t colour)
{
    struct rgba c = rgba_of(colour);
    cairo_set_source_rgba(cr, c.r, c.g, c.b, c.a);
}

void canvas_round(cairo_t *cr, struct box b, double r)
{
    r = fmin(r, fmin(b.w, b.h) / 2);
    cairo_new_sub_path(cr);
    cairo_arc(cr, b.x + b.w - r, b.y + r, r, -M_PI_2, 0);
    cairo_arc(cr, b.x + b.w - r, b.y + b.h - r, r, 0, M_PI_2);
    cairo_arc(cr, b.x + r, b.y + b.h - r, r, M_PI_2, M_PI);
    cairo_arc(cr, b.x + r, b.y + r, r, M_PI, 3 * M_PI_2);
    cairo_close_path(cr);
}

void canvas_panel(struct canvas *c, struct box b, double radius, uint32_t fill, uint32_t border)
{
    canvas_round(c->cr, b, radius);
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

/* ---------- fitted text ---------- */

static struct str hyphenated(struct canvas *c, struct buf *b, struct str text)
{
    if (!c->tried_hyphens)
        c->hyphens = hyphens_open(c->spec->language.n ? c->spec->language : STR("en"));
    c->tried_hyphens = true;
    hyphens_insert(c->hyphens, b, text);
    return buf_str(b);
}

static int lines_of(PangoLayout *l)
{
    return pango_layout_get_line_count(l);
}

/* The narrowest width that needs no more lines. */
static void balance(PangoLayout *l)
{
    int lines = lines_of(l), most = pango_layout_get_width(l), least = most / lines;
    if (lines < 2 || lines > 6)
        return;
    for (int i = 0; i < 8; i++) {
        int mid = least + (most - least) / 2;
        PangoRectangle r;
        pango_layout_set_width(l, mid);
        pango_layout_get_extents(l, NULL, &r);
        if (lines_of(l) > lines || r.width > mid)
            least = mid;
        else
            most = mid;
    }
    pango_layout_set_width(l, most);
}

/* A layout at one size; NULL when it does not fit. */
static PangoLayout *try_size(struct canvas *c, struct str text, const struct fit_rule *f, double size, double w,
                             double h)
{
    struct type_style s = { f->families, f->weight, size, f->line_height, 0 };
    PangoLayout *l = typeset_layout(c->type, text, &s, w, f->align, c->is_rtl);
    double lw, lh;
    typeset_size(l, &lw, &lh);
    if (lw <= w + 0.5 && lh <= h + 0.5 && (f->max_lines == 0 || lines_of(l) <= f->max_lines))
        return l;
    g_object_unref(l);
    return NULL;
}

static PangoLayout *cut_to_fit(struct canvas *c, struct str text, const struct fit_rule *f, double w, double h,
                               bool *is_cut)
{
    struct type_style s = { f->families, f->weight, f->least, f->line_height, 0 };
    PangoLayout *l = typeset_layout(c->type, text, &s, w, f->align, c->is_rtl);
    int lines = (int)fmax(1, floor((h + 0.5) / (f->line_height * f->least)));
    if (f->max_lines && lines > f->max_lines)
        lines = f->max_lines;
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(l, -lines);
    *is_cut = pango_layout_is_ellipsized(l);
    return l;
}

struct fitted canvas_fit(struct canvas *c, struct str text, const struct fit_rule *f, double w, double h)
{
    enum { LONGEST = 3000 };                    /* more never fits a slide */
    struct buf clean = { 0 }, soft = { 0 };
    struct fitted out = { 0 };
    typeset_clean(&clean, text_cut(text, LONGEST), false);
    struct str plain = buf_str(&clean), hyph = { 0 };
    bool is_shorter = false;
    for (double size = f->most; !out.layout && size >= f->least - 0.01; size *= 0.95) {
        out.size = size;
        if ((out.layout = try_size(c, plain, f, size, w, h)))
            break;
        /* a long word may be divided once the text had to become smaller for it */
        if (size < 0.85 * f->most || size * 0.95 < f->least) {
            if (!is_shorter)
                hyph = hyphenated(c, &soft, plain);
            is_shorter = true;
            if (hyph.n > plain.n)
                out.layout = try_size(c, hyph, f, size, w, h);
        }
    }
    if (!out.layout) {
        out.size = f->least;
        out.layout = cut_to_fit(c, plain, f, w, h, &out.is_cut);
    } else if (f->is_balanced) {
        balance(out.layout);
    }
    typeset_size(out.layout, &out.w, &out.h);
    buf_deinit(&clean);
    buf_deinit(&soft);
    return out;
}

void canvas_text(struct canvas *c, const struct fitted *t, struct box in, double y, uint32_t colour)
{
    double width = pango_layout_get_width(t->layout) / (double)PANGO_SCALE, x = in.x;
    PangoAlignment a = pango_layout_get_alignment(t->layout);
    if (a == PANGO_ALIGN_CENTER)
        x += (in.w - width) / 2;
    else if (a == PANGO_ALIGN_RIGHT)
        x += in.w - width;
    cairo_save(c->cr);
    cairo_rectangle(c->cr, c->safe.x, c->safe.y, c->safe.w, c->safe.h); /* stacked marks can be any height */
    cairo_clip(c->cr);
    typeset_draw(c->cr, t->layout, x, in.y + (in.h - t->h) * y, rgba_of(colour), (struct rgba){ 0 }, 0);
    cairo_restore(c->cr);
}
