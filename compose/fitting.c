/* fitting.c - text made to fit a box */
#include "compose/fitting.h"
#include <math.h>
#include "gen/base/text.h"

void fitter_init(struct fitter *f, struct str language)
{
    *f = (struct fitter){ .type = typeset_create(language), .language = language };
}

void fitter_deinit(struct fitter *f)
{
    hyphens_close(f->hyphens);
    typeset_destroy(f->type);
    *f = (struct fitter){ 0 };
}

static struct str hyphenated(struct fitter *f, struct buf *b, struct str text)
{
    if (!f->tried_hyphens)
        f->hyphens = hyphens_open(f->language.n ? f->language : STR("en"));
    f->tried_hyphens = true;
    hyphens_insert(f->hyphens, b, text);
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
static PangoLayout *try_size(struct fitter *f, struct str text, const struct fit_rule *r, double size, double w,
                             double h)
{
    struct type_style s = { r->families, r->weight, size, r->line_height, 0 };
    PangoLayout *l = typeset_layout(f->type, text, &s, w, r->align, f->is_rtl);
    double lw, lh;
    typeset_size(l, &lw, &lh);
    if (lw <= w + 0.5 && lh <= h + 0.5 && (r->max_lines == 0 || lines_of(l) <= r->max_lines))
        return l;
    g_object_unref(l);
    return NULL;
}

static PangoLayout *cut_to_fit(struct fitter *f, struct str text, const struct fit_rule *r, double w, double h,
                               bool *is_cut)
{
    struct type_style s = { r->families, r->weight, r->least, r->line_height, 0 };
    PangoLayout *l = typeset_layout(f->type, text, &s, w, r->align, f->is_rtl);
    int lines = (int)fmax(1, floor((h + 0.5) / (r->line_height * r->least)));
    if (r->max_lines && lines > r->max_lines)
        lines = r->max_lines;
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(l, -lines);
    *is_cut = pango_layout_is_ellipsized(l);
    return l;
}

struct fitted fit_text(struct fitter *f, struct str text, const struct fit_rule *r, double w, double h)
{
    enum { LONGEST = 3000 }; /* more never fits a frame */
    struct buf clean = { 0 }, soft = { 0 };
    struct fitted out = { 0 };
    typeset_clean(&clean, text_cut(text, LONGEST), f->keep_lines);
    struct str plain = buf_str(&clean), hyph = { 0 };
    bool is_shorter = false;
    for (double size = r->most; !out.layout && size >= r->least - 0.01; size *= 0.95) {
        out.size = size;
        if ((out.layout = try_size(f, plain, r, size, w, h)))
            break;
        /* a long word may be divided once the text had to become smaller for it */
        if (size < 0.85 * r->most || size * 0.95 < r->least) {
            if (!is_shorter)
                hyph = hyphenated(f, &soft, plain);
            is_shorter = true;
            if (hyph.n > plain.n)
                out.layout = try_size(f, hyph, r, size, w, h);
        }
    }
    if (!out.layout) {
        out.size = r->least;
        buf_clear(&soft); /* lines are counted by paragraph where there are some */
        typeset_clean(&soft, plain, false);
        out.layout = cut_to_fit(f, buf_str(&soft), r, w, h, &out.is_cut);
    } else if (r->is_balanced) {
        balance(out.layout);
    }
    typeset_size(out.layout, &out.w, &out.h);
    buf_deinit(&clean);
    buf_deinit(&soft);
    return out;
}

void fitted_draw(cairo_t *cr, const struct fitted *t, struct box in, double y, struct rgba c, struct rgba outline,
                 double outline_px)
{
    double width = pango_layout_get_width(t->layout) / (double)PANGO_SCALE, x = in.x;
    PangoAlignment a = pango_layout_get_alignment(t->layout);
    if (a == PANGO_ALIGN_CENTER)
        x += (in.w - width) / 2;
    else if (a == PANGO_ALIGN_RIGHT)
        x += in.w - width;
    typeset_draw(cr, t->layout, x, in.y + (in.h - t->h) * y, c, outline, outline_px);
}

void box_round(cairo_t *cr, struct box b, double r)
{
    r = fmin(r, fmin(b.w, b.h) / 2);
    cairo_new_sub_path(cr);
    cairo_arc(cr, b.x + b.w - r, b.y + r, r, -M_PI_2, 0);
    cairo_arc(cr, b.x + b.w - r, b.y + b.h - r, r, 0, M_PI_2);
    cairo_arc(cr, b.x + r, b.y + b.h - r, r, M_PI_2, M_PI);
    cairo_arc(cr, b.x + r, b.y + r, r, M_PI, 3 * M_PI_2);
    cairo_close_path(cr);
}
