/* bullets.c - points as cards, all in one size, in one column or two */
#include <math.h>
#include <stdlib.h>
#include "compose/slide/canvas.h"
#include "gen/base/mem.h"

enum { MOST_BULLETS = 24 };

struct bullet_grid {
    struct fitted items[MOST_BULLETS];
    size_t n, n_columns;
    double size, gap, pad_x, pad_y, mark;       /* mark: from the card's edge to its text, beyond pad_x */
    double column_w, text_w;
};

static void drop(struct bullet_grid *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->items[i].layout)
            g_object_unref(g->items[i].layout);
    g->n = 0;
}

/* Rows of a grid, filled column by column. */
static size_t rows_of(const struct bullet_grid *g)
{
    return (g->n + g->n_columns - 1) / g->n_columns;
}

static double row_height(const struct bullet_grid *g, size_t row)
{
    double h = 0;
    for (size_t k = 0; k < g->n_columns; k++) {
        size_t i = k * rows_of(g) + row;
        if (i < g->n)
            h = fmax(h, g->items[i].h);
    }
    return h + 2 * g->pad_y;
}

static double height_of(const struct bullet_grid *g)
{
    double h = 0;
    for (size_t r = 0; r < rows_of(g); r++)
        h += row_height(g, r) + (r ? g->gap : 0);
    return h;
}

/* Lay out the bullets at one size. is_last: whatever the text, cut it. False: it does not fit. */
static bool lay_out(struct canvas *c, struct bullet_grid *g, struct box in, size_t n_columns, double size, bool is_last)
{
    const struct slide_opts *s = c->spec->slide;
    struct fit_rule f = { c->theme->body, 450, size, size, 1.3, TYPESET_START, false, is_last ? 2 : 3 };
    drop(g);
    g->n_columns = n_columns;
    g->size = size;
    g->gap = 0.42 * size;
    g->pad_x = 0.75 * size;
    g->pad_y = 0.45 * size;
    g->mark = 0.85 * size;
    g->column_w = (in.w - (double)(n_columns - 1) * g->gap) / (double)n_columns;
    g->text_w = g->column_w - 2 * g->pad_x - g->mark;
    size_t room = s->n_bullets < MOST_BULLETS ? s->n_bullets : MOST_BULLETS;
    for (g->n = 0; g->n < room; g->n++) {
        struct fitted *t = &g->items[g->n];
        *t = canvas_fit(c, s->bullets[g->n], &f, g->text_w, in.h - 2 * g->pad_y);
        if (t->is_cut && !is_last) {
            g->n++;
            return false;
        }
    }
    return height_of(g) <= in.h;
}

/* Bullets that do not fit at the smallest size: the last card says how many more there are. */
static void leave_out(struct canvas *c, struct bullet_grid *g, struct box in)
{
    size_t all = c->spec->slide->n_bullets;
    while (g->n > g->n_columns && height_of(g) > in.h)
        g_object_unref(g->items[--g->n].layout);
    if (g->n == all || g->n == 0)
        return;
    char more[32];
    struct fit_rule f = { c->theme->body, 450, g->size, g->size, 1.3, TYPESET_START, false, 1 };
    snprintf(more, sizeof more, "\xe2\x80\xa6 +%zu", all - g->n + 1);
    g_object_unref(g->items[g->n - 1].layout);
    g->items[g->n - 1] = canvas_fit(c, str_from(more), &f, g->text_w, in.h);
}

static void draw_one(struct canvas *c, const struct bullet_grid *g, const struct fitted *t, struct box card)
{
    canvas_panel(c, card, 14 * c->u, c->theme->panel, c->theme->border);
    double text_x = card.x + g->pad_x + g->mark, mark_x = card.x + g->pad_x + 0.18 * g->size;
    if (c->is_rtl) {
        text_x = card.x + g->pad_x;
        mark_x = card.x + card.w - g->pad_x - 0.18 * g->size;
    }
    double line = 1.3 * g->size, y = card.y + (card.h - t->h) / 2;
    cairo_new_path(c->cr);
    cairo_arc(c->cr, mark_x, y + line / 2, 0.15 * g->size, 0, 2 * M_PI);
    canvas_source(c->cr, c->theme->accent);
    cairo_fill(c->cr);
    canvas_text(c, t, (struct box){ text_x, y, card.w - 2 * g->pad_x - g->mark, t->h }, 0, c->theme->text);
}

static void draw_grid(struct canvas *c, const struct bullet_grid *g, struct box in)
{
    size_t rows = rows_of(g);
    double spare = fmax(0, in.h - height_of(g)), widest = 0;
    double more = fmin(spare / (double)rows, 0.62 * g->size);
    for (size_t i = 0; i < g->n; i++)
        widest = fmax(widest, g->items[i].w);
    double column_w = g->column_w, need = widest + 2 * g->pad_x + g->mark;
    if (g->n_columns == 1 && c->w > c->h)
        column_w = fmin(g->column_w, fmax(need + g->size, 0.66 * g->column_w));
    double y = in.y + 0.4 * (spare - more * (double)rows);
    for (size_t r = 0; r < rows; r++) {
        double h = row_height(g, r) + more;
        for (size_t k = 0; k < g->n_columns && k * rows + r < g->n; k++) {
            double x = in.x + (double)k * (g->column_w + g->gap);
            if (c->is_rtl)
                x = in.x + in.w - column_w - (double)k * (g->column_w + g->gap);
            draw_one(c, g, &g->items[k * rows + r], (struct box){ x, y, column_w, h });
        }
        y += h + g->gap;
    }
}

void draw_bullets(struct canvas *c, struct box in)
{
    const double most = (in.w < 0.6 * c->w ? 40 : 46) * c->u, least = 24 * c->u;
    struct bullet_grid *g = mem_alloc(sizeof *g);
    size_t n = c->spec->slide->n_bullets, columns = n >= 5 && in.w > 1200 * c->u ? 2 : 1;
    bool ok = false;
    for (double size = most; !ok && n <= MOST_BULLETS && size >= least; size *= 0.94)
        for (size_t k = 1; !ok && k <= columns; k++)
            if (k == 1 || size < 0.84 * most) /* two columns only when one would be small */
                ok = lay_out(c, g, in, k, size, false);
    /* some have to be cut: then as large as all of them still have a place */
    for (double size = most; !ok && n <= MOST_BULLETS && size >= least; size *= 0.94)
        ok = lay_out(c, g, in, columns, size, true);
    if (!ok) {
        lay_out(c, g, in, columns, least, true);
        leave_out(c, g, in);
    }
    draw_grid(c, g, in);
    drop(g);
    free(g);
}
