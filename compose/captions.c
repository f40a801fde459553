/* captions.c - captions burned into frames: drawn when the page changes, put together when the spoken word does */
#include "compose/captions.h"
#include <assert.h>
#include <libavutil/frame.h>
#include <math.h>
#include <stdlib.h>
#include "compose/caption_geometry.h"
#include "compose/caption_layer.h"
#include "compose/fitting.h"
#include "gen/base/mem.h"

enum look { LOOK_NONE, LOOK_TEXT, LOOK_ACTIVE, N_LOOKS };

/* How a word looks when it was spoken, is spoken, will be spoken. */
static const struct caption_look {
    enum look before, now, after;
    bool has_pill;                              /* the active look: dark on a patch of the active colour */
    bool is_whole;                              /* a word takes what stands up to the next word along */
} looks[] = {
    [CAPTION_PLAIN] = { LOOK_TEXT, LOOK_TEXT, LOOK_TEXT, false, false },
    [CAPTION_HIGHLIGHT] = { LOOK_TEXT, LOOK_ACTIVE, LOOK_TEXT, false, false },
    [CAPTION_BOX] = { LOOK_TEXT, LOOK_ACTIVE, LOOK_TEXT, true, false },
    [CAPTION_KARAOKE] = { LOOK_ACTIVE, LOOK_ACTIVE, LOOK_TEXT, false, true },
    [CAPTION_POP] = { LOOK_TEXT, LOOK_ACTIVE, LOOK_NONE, false, true },
};

struct patch { size_t word; struct caption_rect rect; };

struct line { PangoLayout *layout; double x, y, scale; }; /* in the frame */

struct captions {
    struct caption_pages *pages;
    struct caption_geometry geo;
    struct caption_opts opts;
    struct str language;
    struct caption_look look;
    struct typeset *type;
    struct rgba text, active, on_pill, outline, active_outline;
    double outline_px;
    int width, height;
    int64_t fps_num, fps_den, speech_start;
    size_t page;                                /* drawn; SIZE_MAX: none */
    size_t spoken;                              /* words begun, as in `shown` */
    bool is_speaking;                           /* the last one of them goes on */
    struct caption_layer layers[N_LOOKS], shown;
    struct patch *patches;
    size_t n_patches, room_patches;
};

static struct rgba against(struct rgba c)
{
    struct rgba white = { 1, 1, 1, 1 }, black = { 0.04, 0.04, 0.05, 1 };
    return rgba_contrast(c, white) > rgba_contrast(c, black) ? white : black;
}

static void choose_colours(struct captions *c)
{
    const double enough = 4.5; /* WCAG 2.2, 1.4.3 */
    struct rgba box = rgba_of(c->opts.box);
    c->text = rgba_of(c->opts.color);
    c->active = rgba_of(c->opts.active_color);
    c->on_pill = against(c->active);
    c->outline = against(c->text);
    c->active_outline = against(c->active);
    if (rgba_least_contrast(c->text, box) < enough || rgba_least_contrast(c->active, box) < enough)
        c->outline_px = fmax(1, c->geo.font_px * (box.a < 0.35 ? 0.075 : 0.045));
}

struct captions *captions_create(const struct visual *v, const struct video_format *f, struct err *e)
{
    if (e)
        *e = (struct err){ 0 };
    if (!v->captions || !v->captions->enabled || v->n_words == 0 || v->narration.n == 0)
        return NULL;
    if (f->width < 16 || f->height < 16 || f->fps_num <= 0 || f->fps_den <= 0 || v->captions->style < 0 ||
        v->captions->style >= (int)COUNTOF(looks)) {
        err_set(e, ERR_INTERNAL, "captions: frame %dx%d at %d/%d, style %d", f->width, f->height, f->fps_num,
                f->fps_den, v->captions->style);
        return NULL;
    }
    struct caption_source s = { v->narration, v->language, v->words, v->n_words, v->captions, f->width, f->height };
    struct captions *c = mem_alloc(sizeof *c);
    c->pages = captions_pages(&s);
    c->opts = *v->captions;
    c->look = looks[c->opts.style];
    c->language = v->language;
    c->geo = caption_geometry_of(&c->opts, f->width, f->height);
    c->type = typeset_create(v->language);
    c->width = f->width;
    c->height = f->height;
    c->fps_num = f->fps_num;
    c->fps_den = f->fps_den;
    c->speech_start = v->speech_start_samples;
    c->page = SIZE_MAX;
    choose_colours(c);
    return c;
}

static void drop_page(struct captions *c)
{
    for (size_t i = 0; i < N_LOOKS; i++)
        caption_layer_deinit(&c->layers[i]);
    caption_layer_deinit(&c->shown);
    c->n_patches = 0;
    c->page = SIZE_MAX;
}

void captions_destroy(struct captions *c)
{
    if (!c)
        return;
    drop_page(c);
    typeset_destroy(c->type);
    captions_pages_destroy(c->pages);
    free(c->patches);
    free(c);
}

/* ---------- drawing a page ---------- */

static void set_source(cairo_t *cr, struct rgba c)
{
    cairo_set_source_rgba(cr, c.r, c.g, c.b, c.a);
}

struct block { struct line lines[6]; size_t n_lines; double x, y, w, h; }; /* box, in the frame */

static void lay_out(struct captions *c, const struct caption_page *p, struct block *b)
{
    struct buf families = { 0 };
    double widest = 0;
    b->n_lines = p->n_lines;
    b->h = caption_block_px(&c->geo, p->n_lines);
    b->y = caption_block_top(&c->geo, c->opts.position, b->h, c->height);
    for (size_t i = 0; i < p->n_lines; i++) {
        struct line *l = &b->lines[i];
        struct str text = { c->pages->text.p + p->lines[i].at, p->lines[i].n };
        double w;
        PangoRectangle ink;
        l->layout = caption_layout(c->type, text, &c->opts, c->geo.font_px, c->language, &families);
        typeset_size(l->layout, &w, NULL);
        pango_layout_get_extents(l->layout, &ink, NULL);
        /* set by itself a line can come out a little longer than it was measured; stacked marks can be any height */
        l->scale = fmin(1, fmin(c->geo.text_px / fmax(w, 1), 1.5 * c->geo.line_px * PANGO_SCALE / fmax(ink.height, 1)));
        l->x = (c->width - w * l->scale) / 2;
        /* by the baseline, as fallback fonts have other heights; capitals (0.72 of a size) stand in the middle */
        l->y = b->y + c->geo.pad_y + c->geo.line_px * ((double)i + 0.5) + 0.36 * c->geo.font_px -
               l->scale * pango_layout_get_baseline(l->layout) / PANGO_SCALE;
        widest = fmax(widest, w * l->scale);
    }
    b->w = fmin(widest + 2 * c->geo.pad_x, c->width * 0.9);
    b->x = (c->width - b->w) / 2;
    buf_deinit(&families);
}

static void add_patch(struct captions *c, size_t word, double x0, double x1, double y, double h)
{
    if (c->n_patches == c->room_patches) {
        c->room_patches = c->room_patches ? 2 * c->room_patches : 64;
        c->patches = mem_resize(c->patches, c->room_patches, sizeof *c->patches);
    }
    /* even, as chroma is: nothing of a neighbour comes along */
    int left = ((int)floor(x0) - c->shown.x) & ~1, right = ((int)ceil(x1) - c->shown.x + 1) & ~1;
    int top = ((int)y - c->shown.y + 1) & ~1;
    c->patches[c->n_patches++] = (struct patch){ word, { left, top, right - left, (int)h & ~1 } };
}

/* Bytes of line k that belong to a word: its own; with the marks that hang on it; or all up to the next word. Empty
 * when the word is elsewhere. */
static struct caption_line word_in_line(const struct captions *c, const struct caption_page *p, size_t k, size_t word)
{
    const struct caption_word *w = &c->pages->words[word];
    const struct caption_line *l = &p->lines[k];
    bool is_first = word == p->first_word, is_last = word + 1 == p->first_word + p->n_words;
    uint32_t from = w->at, to = w->at + w->n, line_end = l->at + l->n;
    uint32_t least = is_first || w[-1].at + w[-1].n < l->at ? l->at : w[-1].at + w[-1].n,
             most = is_last || w[1].at > line_end ? line_end : w[1].at;
    if (c->look.is_whole) {
        to = to < most ? most : to;
        from = least == l->at && w->at < line_end ? l->at : from;
    }
    while (c->look.has_pill && to < most && c->pages->text.p[to] != ' ')
        to++;
    while (c->look.has_pill && from > least && c->pages->text.p[from - 1] != ' ')
        from--;
    from = from < l->at ? l->at : from;
    to = to > line_end ? line_end : to;
    return (struct caption_line){ from - l->at, to > from ? to - from : 0 };
}

/* What a word's patch takes beyond its letters: left, right. */
struct reach { double left, right; };

static struct reach reach_of(const struct captions *c, const struct caption_line *part, const struct caption_line *line,
                             bool is_rtl)
{
    double o = fmax(c->outline_px, 0.03 * c->geo.font_px);
    if (c->look.has_pill) { /* into the spaces beside it, where there are any */
        const char *text = c->pages->text.p + line->at;
        uint32_t to = part->at + part->n;
        double begin = part->at == 0 || text[part->at - 1] == ' ' ? 0.13 * c->geo.font_px : 0;
        double end = to == line->n || text[to] == ' ' ? 0.13 * c->geo.font_px : 0;
        return is_rtl ? (struct reach){ end, begin } : (struct reach){ begin, end };
    }
    if (!c->look.is_whole)
        return (struct reach){ o, o };
    /* whole patches tile the line: each gives the room before the next word's letters to the next */
    double end = part->at + part->n == line->n ? o : -o;
    return is_rtl ? (struct reach){ end, o } : (struct reach){ o, end };
}

static void draw_pill(const struct captions *c, cairo_t *cr, struct caption_rect r)
{
    box_round(cr, (struct box){ r.x + c->shown.x, r.y + c->shown.y, r.w, r.h }, 0.16 * c->geo.font_px);
    set_source(cr, c->active);
    cairo_fill(cr);
}

static void find_patches(struct captions *c, const struct caption_page *p, const struct block *b, cairo_t *pill)
{
    for (size_t k = 0; k < p->n_lines; k++) {
        const struct line *l = &b->lines[k];
        PangoLayoutLine *line = pango_layout_get_line_readonly(l->layout, 0);
        bool is_rtl = pango_layout_line_get_resolved_direction(line) == PANGO_DIRECTION_RTL;
        double inset = c->look.has_pill ? 0.04 * c->geo.line_px : 0;
        double top = ceil(b->y + c->geo.pad_y + c->geo.line_px * (double)k + inset);
        for (size_t w = p->first_word; w < p->first_word + p->n_words; w++) {
            struct caption_line part = word_in_line(c, p, k, w);
            int *x = NULL, n = 0;
            if (part.n == 0)
                continue;
            struct reach reach = reach_of(c, &part, &p->lines[k], is_rtl);
            pango_layout_line_get_x_ranges(line, (int)part.at, (int)(part.at + part.n), &x, &n);
            for (int i = 0; i < n; i++) {
                add_patch(c, w, l->x + l->scale * x[2 * i] / PANGO_SCALE - reach.left,
                          l->x + l->scale * x[2 * i + 1] / PANGO_SCALE + reach.right, top,
                          floor(c->geo.line_px - 2 * inset));
                if (pill)
                    draw_pill(c, pill, c->patches[c->n_patches - 1].rect);
            }
            g_free(x);
        }
    }
}

static void draw_box(const struct captions *c, const struct block *b, cairo_t *cr)
{
    struct rgba box = rgba_of(c->opts.box);
    if (box.a <= 0)
        return;
    box_round(cr, (struct box){ b->x, b->y, b->w, b->h }, 0.22 * c->geo.font_px);
    set_source(cr, box);
    cairo_fill(cr);
}

static void draw_page(struct captions *c, size_t index)
{
    const struct caption_page *p = &c->pages->pages[index];
    struct block b = { 0 };
    drop_page(c);
    lay_out(c, p, &b);
    /* ink may leave the lines' boxes (accents, tails): some room, but never outside the frame */
    double room = 0.25 * c->geo.font_px;
    int x0 = (int)fmax(0, floor(b.x)) & ~1, x1 = ((int)fmin(c->width, ceil(b.x + b.w)) + 1) & ~1;
    int y0 = (int)fmax(0, floor(b.y - room)) & ~1, y1 = ((int)fmin(c->height, ceil(b.y + b.h + room)) + 1) & ~1;
    caption_layer_init(&c->shown, x0, y0, x1 - x0, y1 - y0);
    for (size_t k = 0; k < N_LOOKS; k++) {
        cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, x1 - x0, y1 - y0);
        cairo_t *cr = cairo_create(s);
        cairo_translate(cr, -x0, -y0);
        draw_box(c, &b, cr);
        bool is_pill = k == LOOK_ACTIVE && c->look.has_pill;
        if (k == LOOK_ACTIVE)
            find_patches(c, p, &b, is_pill ? cr : NULL);
        for (size_t i = 0; k != LOOK_NONE && i < b.n_lines; i++) {
            const struct line *l = &b.lines[i];
            cairo_save(cr);
            cairo_translate(cr, l->x, l->y);
            cairo_scale(cr, l->scale, l->scale);
            typeset_draw(cr, l->layout, 0, 0, is_pill ? c->on_pill : k == LOOK_ACTIVE ? c->active : c->text,
                         k == LOOK_ACTIVE ? c->active_outline : c->outline, is_pill ? 0 : c->outline_px);
            cairo_restore(cr);
        }
        caption_layer_init(&c->layers[k], x0, y0, x1 - x0, y1 - y0);
        caption_layer_take(&c->layers[k], s);
        cairo_destroy(cr);
        cairo_surface_destroy(s);
    }
    for (size_t i = 0; i < b.n_lines; i++)
        g_object_unref(b.lines[i].layout);
    c->page = index;
    c->spoken = SIZE_MAX;
}

/* ---------- frames ---------- */

static void put_together(struct captions *c, size_t spoken, bool is_speaking)
{
    caption_layer_copy(&c->shown, &c->layers[c->look.after]);
    /* patches of spoken words first, the spoken one last: where they touch it wins */
    for (size_t i = 0; i < c->n_patches; i++)
        if (c->patches[i].word < spoken - (is_speaking ? 1 : 0) && c->look.before != c->look.after)
            caption_layer_copy_rect(&c->shown, &c->layers[c->look.before], c->patches[i].rect);
    for (size_t i = 0; is_speaking && i < c->n_patches; i++)
        if (c->patches[i].word == spoken - 1 && c->look.now != c->look.after)
            caption_layer_copy_rect(&c->shown, &c->layers[c->look.now], c->patches[i].rect);
    c->spoken = spoken;
    c->is_speaking = is_speaking;
}

static size_t page_at(const struct caption_pages *p, int64_t t)
{
    size_t lo = 0, hi = p->n_pages; /* the first page that ends after t */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (p->pages[mid].end_samples <= t)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < p->n_pages && p->pages[lo].start_samples <= t ? lo : SIZE_MAX;
}

void captions_blend(struct captions *c, AVFrame *frame, int64_t frame_index)
{
    if (!c)
        return;
    int64_t t = frame_index * c->fps_den * SAMPLE_RATE / c->fps_num - c->speech_start;
    size_t index = page_at(c->pages, t);
    if (index == SIZE_MAX)
        return;
    if (index != c->page)
        draw_page(c, index);
    const struct caption_page *p = &c->pages->pages[index];
    const struct caption_word *w = c->pages->words;
    size_t spoken = p->first_word, end = p->first_word + p->n_words;
    while (spoken < end && w[spoken].start_samples <= t)
        spoken++;
    bool is_speaking = spoken > p->first_word && t < w[spoken - 1].end_samples + SAMPLE_RATE / 5;
    if (spoken != c->spoken || is_speaking != c->is_speaking)
        put_together(c, spoken, is_speaking);
    caption_layer_blend(&c->shown, frame);
}
