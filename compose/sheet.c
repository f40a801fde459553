/* sheet.c - a contact sheet: one frame of each section with its times and its words, as a PNG */
#include "compose/sheet.h"
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <libavutil/frame.h>
#include <libswscale/swscale.h>
#include "compose/png.h"
#include "compose/scene.h"
#include "compose/typeset.h"
#include "gen/base/mem.h"

enum {
    COLUMNS = 4,
    CELL_W = 480,
    GAP = 24,
    MARGIN = 40,
    TITLE_H = 72,
    TEXT_H = 152,
    TEXT_LINES = 4,
    SHEET_H_MOST = 30000, /* cairo's pictures end at 32767 px */
    THREADS_MOST = 64,
};
static const uint32_t paper = 0xF4F5F7FF, ink = 0x14181FFF, faint = 0x5A6472FF;

/* ---------- the frames ---------- */

struct drawing {
    const struct sheet_spec *spec;
    cairo_surface_t **frames; /* by cell */
    int w, h;                 /* px of a frame in the sheet */
    atomic_size_t next;
    pthread_mutex_t lock; /* of err */
    struct err err;
};

static bool to_surface(const AVFrame *f, cairo_surface_t *s, struct err *e)
{
    int w = cairo_image_surface_get_width(s), h = cairo_image_surface_get_height(s);
    struct SwsContext *sws = sws_getContext(f->width, f->height, f->format, w, h, AV_PIX_FMT_BGR0,
                                            SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, NULL, NULL, NULL);
    if (!sws)
        return err_set(e, ERR_RENDER, "no conversion to a picture's colours");
    sws_setColorspaceDetails(sws, sws_getCoefficients(SWS_CS_ITU709), 0, sws_getCoefficients(SWS_CS_ITU709), 1, 0,
                             1 << 16, 1 << 16);
    cairo_surface_flush(s);
    sws_scale(sws, (const uint8_t *const *)f->data, f->linesize, 0, f->height,
              (uint8_t *const[]){ cairo_image_surface_get_data(s) },
              (const int[]){ cairo_image_surface_get_stride(s) });
    cairo_surface_mark_dirty(s);
    sws_freeContext(sws);
    return true;
}

static bool draw_cell(const struct drawing *d, size_t i, struct err *e)
{
    const struct sheet_cell *c = &d->spec->cells[i];
    struct scene *scene = scene_create(c->visual, &d->spec->video, &picture_source_files, true, e);
    AVFrame *f = av_frame_alloc();
    bool ok = false;
    if (!f || !scene)
        goto out;
    f->format = AV_PIX_FMT_YUV420P;
    f->width = d->spec->video.width;
    f->height = d->spec->video.height;
    if (av_frame_get_buffer(f, FRAME_ALIGN) < 0) {
        err_set(e, ERR_RENDER, "no frame of %dx%d", f->width, f->height);
        goto out;
    }
    if (!scene_draw(scene, c->frame, f, e))
        goto out;
    d->frames[i] = cairo_image_surface_create(CAIRO_FORMAT_RGB24, d->w, d->h);
    ok = to_surface(f, d->frames[i], e);
out:
    av_frame_free(&f);
    scene_destroy(scene);
    return ok || err_wrap(e, STR_FMT, STR_ARG(c->head));
}

static void *draw_some(void *ctx)
{
    struct drawing *d = ctx;
    struct err e = { 0 };
    for (size_t i; (i = atomic_fetch_add(&d->next, 1)) < d->spec->n_cells;)
        if (!draw_cell(d, i, &e)) {
            pthread_mutex_lock(&d->lock);
            d->err = e;
            pthread_mutex_unlock(&d->lock);
            atomic_store(&d->next, d->spec->n_cells);
        }
    return NULL;
}

static bool draw_frames(struct drawing *d, int n_threads, struct err *e)
{
    pthread_t t[THREADS_MOST];
    int n = 0;
    pthread_mutex_init(&d->lock, NULL);
    n_threads = n_threads < THREADS_MOST ? n_threads : THREADS_MOST;
    while (n + 1 < n_threads && pthread_create(&t[n], NULL, draw_some, d) == 0)
        n++;
    draw_some(d);
    while (n > 0)
        pthread_join(t[--n], NULL);
    pthread_mutex_destroy(&d->lock);
    if (d->err.code == ERR_NONE)
        return true;
    *e = d->err;
    return false;
}

/* ---------- the sheet ---------- */

static void text(cairo_t *cr, struct typeset *type, struct str words, struct str language, struct type_style style,
                 int lines, double x, double y, double w, uint32_t colour)
{
    struct buf clean = { 0 };
    typeset_clean(&clean, words, false);
    PangoLayout *l =
        typeset_layout(type, buf_str(&clean), &style, w, TYPESET_START, typeset_is_rtl(buf_str(&clean), language));
    pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(l, -lines);
    typeset_draw(cr, l, x, y, rgba_of(colour), rgba_of(0), 0);
    g_object_unref(l);
    buf_deinit(&clean);
}

static void put_cell(cairo_t *cr, struct typeset *type, const struct drawing *d, size_t i)
{
    static const struct type_style head = { .families = "Inter, Noto Sans, sans-serif", .weight = 600, .size_px = 17 };
    static const struct type_style body = { .families = "Inter, Noto Sans, sans-serif", .weight = 400, .size_px = 15 };
    const struct sheet_cell *c = &d->spec->cells[i];
    size_t column = i % COLUMNS, row = i / COLUMNS;
    double x = MARGIN + (double)column * (CELL_W + GAP), y = MARGIN + TITLE_H + (double)row * (d->h + TEXT_H);
    double left = x + (CELL_W - d->w) / 2.0; /* an upright film is narrower than its cell */
    cairo_set_source_surface(cr, d->frames[i], left, y);
    cairo_paint(cr);
    text(cr, type, c->head, d->spec->language, head, 1, x, y + d->h + 8, CELL_W, ink);
    text(cr, type, c->note, d->spec->language, body, 1, x, y + d->h + 32, CELL_W, faint);
    text(cr, type, c->text, d->spec->language, body, TEXT_LINES, x, y + d->h + 54, CELL_W, ink);
}

static cairo_surface_t *lay_out(const struct drawing *d, struct err *e)
{
    static const struct type_style title = { .families = "Inter, Noto Sans, sans-serif", .weight = 700, .size_px = 34 };
    const struct sheet_spec *s = d->spec;
    size_t rows = (s->n_cells + COLUMNS - 1) / COLUMNS;
    double h = 2 * MARGIN + TITLE_H + (double)rows * (d->h + TEXT_H);
    int w = 2 * MARGIN + COLUMNS * CELL_W + (COLUMNS - 1) * GAP;
    if (h > SHEET_H_MOST) {
        err_set(e, ERR_RENDER, "%zu sections do not fit a contact sheet", s->n_cells);
        return NULL;
    }
    cairo_surface_t *sheet = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, (int)h);
    cairo_t *cr = cairo_create(sheet);
    struct typeset *type = typeset_create(s->language);
    struct rgba p = rgba_of(paper);
    cairo_set_source_rgb(cr, p.r, p.g, p.b);
    cairo_paint(cr);
    text(cr, type, s->title, s->language, title, 1, MARGIN, MARGIN, w - 2 * MARGIN, ink);
    for (size_t i = 0; i < s->n_cells; i++)
        put_cell(cr, type, d, i);
    typeset_destroy(type);
    cairo_destroy(cr);
    cairo_surface_flush(sheet);
    return sheet;
}

bool sheet_write(const struct sheet_spec *s, int n_threads, int fd, struct err *e)
{
    struct drawing d = { .spec = s, .frames = mem_array(s->n_cells + 1, sizeof *d.frames) };
    double scale = fmin((double)CELL_W / s->video.width, (double)CELL_W / s->video.height);
    d.w = (int)lrint(s->video.width * scale);
    d.h = (int)lrint(s->video.height * scale);
    cairo_surface_t *sheet = NULL;
    bool ok = draw_frames(&d, n_threads, e) && (sheet = lay_out(&d, e)) && png_write(sheet, fd, e);
    for (size_t i = 0; i < s->n_cells; i++)
        if (d.frames[i])
            cairo_surface_destroy(d.frames[i]);
    if (sheet)
        cairo_surface_destroy(sheet);
    free(d.frames);
    return ok;
}
