/* typeset.c - text as laid-out lines */
#include "compose/typeset.h"
#include <hb-ot.h>
#include <math.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

struct typeset {
    PangoFontMap *map;
    PangoLanguage *language;
    cairo_font_options_t *options;
};

struct rgba rgba_of(uint32_t c)
{
    return (struct rgba){ (c >> 24) / 255.0, (c >> 16 & 255) / 255.0, (c >> 8 & 255) / 255.0, (c & 255) / 255.0 };
}

static double linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

double rgba_luminance(struct rgba c)
{
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double rgba_contrast(struct rgba a, struct rgba b)
{
    double la = rgba_luminance(a), lb = rgba_luminance(b);
    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

struct rgba rgba_over(struct rgba t, struct rgba u)
{
    return (struct rgba){ u.r + (t.r - u.r) * t.a, u.g + (t.g - u.g) * t.a, u.b + (t.b - u.b) * t.a, 1 };
}

double rgba_least_contrast(struct rgba c, struct rgba box)
{
    struct rgba white = { 1, 1, 1, 1 }, black = { 0, 0, 0, 1 };
    struct rgba on_white = rgba_over(box, white), on_black = rgba_over(box, black);
    double a = rgba_contrast(c, on_white), b = rgba_contrast(c, on_black), lc = rgba_luminance(c);
    bool between = (lc - rgba_luminance(on_white)) * (lc - rgba_luminance(on_black)) < 0;
    return between ? 1 : fmin(a, b);
}

struct typeset *typeset_create(struct str language)
{
    struct typeset *t = mem_alloc(sizeof *t);
    char tag[16];
    snprintf(tag, sizeof tag, STR_FMT, STR_ARG(text_cut(language, sizeof tag - 1)));
    t->map = pango_cairo_font_map_new(); /* the default map is the thread's, and a typeset may be handed on */
    t->language = pango_language_from_string(tag[0] ? tag : "en");
    t->options = cairo_font_options_create();
    /* moving pictures: no hinting, whose steps would show when the camera moves */
    cairo_font_options_set_hint_style(t->options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(t->options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(t->options, CAIRO_ANTIALIAS_GRAY);
    return t;
}

void typeset_destroy(struct typeset *t)
{
    if (!t)
        return;
    cairo_font_options_destroy(t->options);
    g_object_unref(t->map);
    free(t);
}

const char *typeset_families(struct buf *b, struct str font)
{
    static const struct { const char *name, *families; } known[] = {
        { "sans", "" }, { "sans-serif", "" }, { "", "" },
        { "serif", "Noto Serif, serif, " },
        { "mono", "JetBrains Mono, Noto Sans Mono, monospace, " },
        { "monospace", "JetBrains Mono, Noto Sans Mono, monospace, " },
    };
    static const char last[] = "Inter, Noto Sans, Noto Sans Arabic, Noto Sans Hebrew, sans-serif";
    buf_clear(b);
    size_t i = 0;
    while (i < COUNTOF(known) && !str_is(font, known[i].name))
        i++;
    if (i < COUNTOF(known)) {
        buf_addz(b, known[i].families);
    } else {
        typeset_clean(b, text_cut(font, 200), false);
        buf_addz(b, ", ");
    }
    buf_addz(b, last);
    return b->p;
}

bool typeset_is_space(uint32_t c)
{
    return c <= 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0x3000 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x2006) || (c >= 0x2008 && c <= 0x200a);
}

void typeset_clean(struct buf *b, struct str text, bool keep_lines)
{
    bool in_space = !keep_lines; /* none at the start */
    for (size_t i = 0; i < text.n;) {
        uint32_t c = 0;
        size_t n = text_decode((struct str){ text.p + i, text.n - i }, &c);
        if (n == 0) {
            buf_addz(b, "\xef\xbf\xbd");
            in_space = false;
        } else if (keep_lines && c == '\n') {
            buf_addc(b, '\n');
        } else if (keep_lines && c == '\t') {
            buf_addz(b, "    ");
        } else if (keep_lines && c == '\r') {
            ; /* of CRLF */
        } else if (typeset_is_space(c)) {
            if (keep_lines || !in_space)
                buf_addc(b, ' ');
            in_space = true;
        } else {
            buf_add(b, text.p + i, n);
            in_space = false;
        }
        i += n ? n : 1;
    }
    while (!keep_lines && b->n > 0 && b->p[b->n - 1] == ' ')
        b->p[--b->n] = 0;
}

/* The first letter decides, as in the Unicode bidirectional algorithm's rule P2; -1 when there is none. */
static int first_direction(struct str text)
{
    for (size_t i = 0; i < text.n;) {
        uint32_t c = 0;
        size_t n = text_decode((struct str){ text.p + i, text.n - i }, &c);
        if (n && g_unichar_isalpha(c))
            switch (g_unichar_get_script(c)) {
            case G_UNICODE_SCRIPT_ARABIC:
            case G_UNICODE_SCRIPT_HEBREW:
            case G_UNICODE_SCRIPT_SYRIAC:
            case G_UNICODE_SCRIPT_THAANA:
            case G_UNICODE_SCRIPT_NKO:
            case G_UNICODE_SCRIPT_ADLAM:
                return 1;
            default:
                return 0;
            }
        i += n ? n : 1;
    }
    return -1;
}

bool typeset_is_rtl(struct str text, struct str language)
{
    static const char *const rtl[] = { "ar", "he", "iw", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb" };
    int d = first_direction(text);
    size_t n = 0;
    while (n < language.n && language.p[n] != '-' && language.p[n] != '_')
        n++;
    for (size_t i = 0; d < 0 && i < COUNTOF(rtl); i++)
        if (str_is((struct str){ language.p, n }, rtl[i]))
            return true;
    return d == 1;
}

PangoLayout *typeset_layout(const struct typeset *t, struct str text, const struct type_style *s, double width_px,
                            enum typeset_align align, bool is_rtl)
{
    /* A context each: its base direction is the text's own, so that Pango leaves the alignment as it is asked for. */
    PangoContext *ctx = pango_font_map_create_context(t->map);
    pango_context_set_language(ctx, t->language);
    pango_context_set_base_dir(ctx, typeset_is_rtl(text, is_rtl ? STR("ar") : STR("en")) ? PANGO_DIRECTION_RTL
                                                                                         : PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(ctx, FALSE);
    pango_cairo_context_set_font_options(ctx, t->options);

    PangoFontDescription *d = pango_font_description_new();
    pango_font_description_set_family(d, s->families);
    pango_font_description_set_weight(d, (PangoWeight)s->weight);
    pango_font_description_set_absolute_size(d, s->size_px * PANGO_SCALE);

    PangoLayout *l = pango_layout_new(ctx);
    pango_layout_set_font_description(l, d);
    pango_layout_set_auto_dir(l, FALSE);
    pango_layout_set_text(l, text.n ? text.p : "", (int)text.n);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD);
    pango_layout_set_alignment(l, align == TYPESET_CENTER ? PANGO_ALIGN_CENTER
                                  : is_rtl                ? PANGO_ALIGN_RIGHT
                                                          : PANGO_ALIGN_LEFT);
    if (width_px > 0)
        pango_layout_set_width(l, (int)floor(width_px * PANGO_SCALE));
    PangoAttrList *attrs = pango_attr_list_new();
    if (s->line_height > 0)
        pango_attr_list_insert(attrs,
                               pango_attr_line_height_new_absolute((int)(s->line_height * s->size_px * PANGO_SCALE)));
    if (s->tracking != 0)
        pango_attr_list_insert(attrs, pango_attr_letter_spacing_new((int)(s->tracking * s->size_px * PANGO_SCALE)));
    pango_layout_set_attributes(l, attrs);
    pango_attr_list_unref(attrs);
    pango_font_description_free(d);
    g_object_unref(ctx);
    return l;
}

void typeset_size(PangoLayout *l, double *w, double *h)
{
    PangoRectangle r;
    pango_layout_get_extents(l, NULL, &r);
    if (w)
        *w = r.width / (double)PANGO_SCALE;
    if (h)
        *h = r.height / (double)PANGO_SCALE;
}

static bool is_coloured(PangoFont *font)
{
    hb_font_t *hb = pango_font_get_hb_font(font);
    hb_face_t *face = hb_font_get_face(hb);
    return hb_ot_color_has_png(face) || hb_ot_color_has_layers(face);
}

static struct rgba run_colour(const PangoItem *item, struct rgba c)
{
    for (GSList *a = item->analysis.extra_attrs; a; a = a->next) {
        PangoAttribute *at = a->data;
        if (at->klass->type == PANGO_ATTR_FOREGROUND) {
            PangoColor p = ((PangoAttrColor *)at)->color;
            return (struct rgba){ p.red / 65535.0, p.green / 65535.0, p.blue / 65535.0, c.a };
        }
    }
    return c;
}

static void draw_run(cairo_t *cr, PangoLayoutRun *run, double x, double y, struct rgba c, struct rgba outline,
                     double outline_px)
{
    PangoFont *font = run->item->analysis.font;
    cairo_move_to(cr, x, y);
    if (is_coloured(font)) {
        if (outline_px <= 0) {
            cairo_set_source_rgba(cr, c.r, c.g, c.b, c.a);
            pango_cairo_show_glyph_string(cr, font, run->glyphs);
        }
        cairo_new_path(cr);
        return;
    }
    pango_cairo_glyph_string_path(cr, font, run->glyphs);
    if (outline_px > 0) {
        cairo_set_source_rgba(cr, outline.r, outline.g, outline.b, outline.a);
        cairo_set_line_width(cr, 2 * outline_px);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(cr);
    } else {
        c = run_colour(run->item, c);
        cairo_set_source_rgba(cr, c.r, c.g, c.b, c.a);
        cairo_fill(cr);
    }
    cairo_new_path(cr);
}

static void draw_runs(cairo_t *cr, PangoLayout *l, double x, double y, struct rgba c, struct rgba outline,
                      double outline_px)
{
    PangoLayoutIter *it = pango_layout_get_iter(l);
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(it);
        PangoRectangle r;
        if (!run)
            continue;
        pango_layout_iter_get_run_extents(it, NULL, &r);
        int baseline = pango_layout_iter_get_baseline(it);
        draw_run(cr, run, x + r.x / (double)PANGO_SCALE, y + (baseline - run->y_offset) / (double)PANGO_SCALE, c,
                 outline, outline_px);
    } while (pango_layout_iter_next_run(it));
    pango_layout_iter_free(it);
}

void typeset_draw(cairo_t *cr, PangoLayout *l, double x, double y, struct rgba c, struct rgba outline,
                  double outline_px)
{
    if (outline_px > 0)
        draw_runs(cr, l, x, y, c, outline, outline_px);
    draw_runs(cr, l, x, y, c, outline, 0);
}
