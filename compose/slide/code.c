/* code.c - program text: numbered lines, quiet colours, as large as the longest line allows */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/slide/canvas.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { MOST_LINES = 60, MOST_COLUMNS = 400 };

/* Words that stand out in most languages that are taught. */
static const char *const words[] = {
    "and",     "as",     "assign",    "async",       "await",    "begin",   "bool",    "break",   "case",     "catch",
    "char",    "class",  "const",     "continue",    "def",      "default", "del",     "do",      "double",   "elif",
    "else",    "end",    "endmodule", "enum",        "except",   "extern",  "false",   "False",   "finally",  "float",
    "fn",      "for",    "from",      "func",        "function", "goto",    "if",      "impl",    "import",   "in",
    "include", "int",    "interface", "is",          "lambda",   "let",     "long",    "match",   "module",   "mut",
    "new",     "None",   "not",       "null",        "NULL",     "or",      "output",  "input",   "wire",     "reg",
    "logic",   "always", "always_ff", "always_comb", "posedge",  "negedge", "pass",    "private", "public",   "pub",
    "raise",   "return", "self",      "short",       "signed",   "sizeof",  "static",  "struct",  "super",    "switch",
    "this",    "throw",  "true",      "True",        "try",      "type",    "typedef", "union",   "unsigned", "use",
    "using",   "var",    "void",      "while",       "with",     "yield",   "SELECT",  "FROM",    "WHERE",    "JOIN",
    "ORDER",   "BY",     "GROUP",     "INSERT",      "UPDATE",   "DELETE",
};

static bool is_word(struct str s)
{
    for (size_t i = 0; i < COUNTOF(words); i++)
        if (str_is(s, words[i]))
            return true;
    return false;
}

static bool is_name(char c)
{
    return c == '_' || g_ascii_isalnum(c) || (unsigned char)c >= 0x80;
}

static void colour(PangoAttrList *list, uint32_t rrggbbaa, size_t from, size_t to)
{
    PangoAttribute *a =
        pango_attr_foreground_new((guint16)((rrggbbaa >> 24) * 257), (guint16)((rrggbbaa >> 16 & 255) * 257),
                                  (guint16)((rrggbbaa >> 8 & 255) * 257));
    a->start_index = (guint)from;
    a->end_index = (guint)to;
    pango_attr_list_insert(list, a);
}

/* One line; comments over several lines are not followed. */
static void colour_line(const struct theme *t, PangoAttrList *list, struct str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        char ch = s.p[i], next = i + 1 < s.n ? s.p[i + 1] : 0;
        if ((ch == '/' && (next == '/' || next == '*')) || (ch == '#' && (next == ' ' || next == '!')) ||
            (ch == '-' && next == '-' && i == 0)) {
            colour(list, t->comment, i, s.n);
            return;
        }
        if (ch == '"' || ch == '\'' || ch == '`') {
            for (i++; i < s.n && s.p[i] != ch; i++)
                i += s.p[i] == '\\' && i + 1 < s.n;
            i += i < s.n;
            colour(list, t->string, from, i);
        } else if (g_ascii_isdigit(ch)) {
            while (i < s.n && (is_name(s.p[i]) || s.p[i] == '.' || (s.p[i] == '\'' && i > from)))
                i++;
            colour(list, t->number, from, i);
        } else if (is_name(ch)) {
            while (i < s.n && is_name(s.p[i]))
                i++;
            if (is_word((struct str){ s.p + from, i - from }))
                colour(list, t->word, from, i);
        } else {
            i++;
        }
    }
}

struct code {
    struct str lines[MOST_LINES];
    size_t n, columns;                          /* columns of the longest line, in cells */
    bool is_cut;
};

static size_t cells_of(struct str s)
{
    size_t n = 0;
    for (const char *p = s.p; p < s.p + s.n; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        n += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return n;
}

static void split(struct code *k, struct str text)
{
    const char *p = text.p, *end = text.p + text.n;
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        struct str line = text_cut((struct str){ p, (size_t)((nl ? nl : end) - p) }, MOST_COLUMNS);
        if (k->n == MOST_LINES) {
            k->is_cut = true;
            return;
        }
        while (line.n > 0 && line.p[line.n - 1] == ' ')
            line.n--;
        size_t cells = cells_of(line);
        k->columns = cells > k->columns ? cells : k->columns;
        k->lines[k->n++] = line;
        p = nl ? nl + 1 : end;
    }
}

static PangoLayout *line_layout(struct canvas *c, struct str s, double size, double width)
{
    struct type_style style = { c->theme->mono, 400, size, 0, 0 };
    PangoLayout *l = typeset_layout(c->fit.type, s, &style, 0, TYPESET_START, false);
    PangoAttrList *list = pango_layout_get_attributes(l);
    /* learners must see what to type */
    pango_attr_list_insert(list, pango_attr_font_features_new("calt=0, liga=0, zero=1"));
    pango_layout_set_attributes(l, list);
    if (width > 0) {
        pango_layout_set_width(l, (int)(width * PANGO_SCALE));
        pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
    }
    return l;
}

static void draw_line(struct canvas *c, struct str s, double size, double x, double baseline, double width,
                      uint32_t rgba, bool is_code)
{
    PangoLayout *l = line_layout(c, s, size, width);
    if (is_code) {
        PangoAttrList *list = pango_attr_list_copy(pango_layout_get_attributes(l));
        colour_line(c->theme, list, s);
        pango_layout_set_attributes(l, list);
        pango_attr_list_unref(list);
    }
    double top = baseline - pango_layout_get_baseline(l) / (double)PANGO_SCALE;
    typeset_draw(c->cr, l, x, top, rgba_of(rgba), (struct rgba){ 0 }, 0);
    g_object_unref(l);
}

void draw_code(struct canvas *c, struct box in)
{
    struct buf clean = { 0 };
    struct code *k = mem_alloc(sizeof *k);
    typeset_clean(&clean, text_cut(c->spec->slide->code, 32 * KIB), true);
    while (clean.n > 0 && (clean.p[clean.n - 1] == '\n' || clean.p[clean.n - 1] == ' '))
        clean.p[--clean.n] = 0;
    split(k, buf_str(&clean));

    const double pad = 36 * c->u, cell = 0.6, line = 1.5; /* of JetBrains Mono: 0.6 em */
    size_t digits = k->n >= 100 ? 3 : k->n >= 10 ? 2 : 1, gutter = digits + 2;
    double size = fmin((in.w - 2 * pad) / (cell * (double)(k->columns + gutter)),
                       (in.h - 2 * pad) / (line * (double)(k->n ? k->n : 1)));
    size = fmax(20 * c->u, fmin(42 * c->u, size));
    size_t room = (size_t)fmax(1, floor((in.h - 2 * pad) / (line * size)));
    if (k->n > room) {
        k->n = room;
        k->is_cut = true;
    }
    double h = fmin(in.h, fmax(line * size * (double)k->n + 2 * pad, in.h * 0.5));
    struct box panel = { in.x, in.y + (in.h - h) * 0.4, in.w, h };
    canvas_panel(c, panel, 18 * c->u, c->theme->panel, c->theme->border);
    double x = panel.x + pad, y = panel.y + (panel.h - line * size * (double)k->n) / 2,
           text_x = x + cell * size * (double)gutter;
    cairo_save(c->cr);
    box_round(c->cr, panel, 18 * c->u);
    cairo_clip(c->cr);
    for (size_t i = 0; i < k->n; i++) {
        char number[32];
        double baseline = y + line * size * ((double)i + 0.5) + 0.35 * size;
        bool is_rest = k->is_cut && i + 1 == k->n;
        snprintf(number, sizeof number, "%*zu", (int)digits, i + 1);
        draw_line(c, is_rest ? STR("") : str_from(number), size, x, baseline, 0,
                  (c->theme->comment & 0xffffff00) | 0x90, false);
        draw_line(c, is_rest ? STR("\xe2\x80\xa6") : k->lines[i], size, text_x, baseline,
                  panel.x + panel.w - pad - text_x, c->theme->text, !is_rest);
    }
    cairo_restore(c->cr);
    buf_deinit(&clean);
    free(k);
}
