/* svg.c - a stranger's SVG */
#include "compose/slide/svg.h"
#include <ctype.h>
#include <librsvg/rsvg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { MOST_BYTES = 4 << 20, MOST_ELEMENTS = 50000, MOST_LEVELS = 200 };

struct svg {
    RsvgHandle *handle;
    double aspect;
};

/* ---------- looking over ---------- */

static const char *after(const char *p, const char *end, const char *what)
{
    const char *q = memmem(p, (size_t)(end - p), what, strlen(what));
    return q ? q + strlen(what) : end;
}

/* Past the end of a tag; '>' inside quotes does not count. *is_empty: it ends in "/>". */
static const char *after_tag(const char *p, const char *end, bool *is_empty)
{
    char quote = 0;
    for (; p < end; p++) {
        if (quote)
            quote = *p == quote ? 0 : quote;
        else if (*p == '"' || *p == '\'')
            quote = *p;
        else if (*p == '>') {
            *is_empty = p[-1] == '/';
            return p + 1;
        }
    }
    *is_empty = true;
    return end;
}

static struct str tag_name(const char *p, const char *end)
{
    const char *q = p;
    while (q < end && !isspace((unsigned char)*q) && *q != '>' && *q != '/')
        q++;
    const char *colon = memchr(p, ':', (size_t)(q - p));
    return colon ? (struct str){ colon + 1, (size_t)(q - colon - 1) } : (struct str){ p, (size_t)(q - p) };
}

/* <!-- -->, <![CDATA[ ]]>, <!DOCTYPE >, <? ?>; NULL with an error when it is not wanted. */
static const char *after_special(const char *p, const char *end, struct err *e)
{
    struct str rest = { p, (size_t)(end - p) };
    bool is_empty;
    if (str_starts(rest, "<!--"))
        return after(p + 4, end, "-->");
    if (str_starts(rest, "<![CDATA["))
        return after(p, end, "]]>");
    const char *q = p[1] == '?' ? after(p, end, "?>") : after_tag(p, end, &is_empty);
    if (p[1] == '!' && memchr(p, '[', (size_t)(q - p))) {
        err_set(e, ERR_MEDIA, "the SVG declares entities of its own; save it without them (\"plain SVG\")");
        return NULL;
    }
    const char *enc = p[1] == '?' ? memmem(p, (size_t)(q - p), "encoding", 8) : NULL;
    if (enc && !memmem(enc, (size_t)(q - enc), "UTF-8", 5) && !memmem(enc, (size_t)(q - enc), "utf-8", 5)) {
        err_set(e, ERR_MEDIA, "the SVG is not in UTF-8");
        return NULL;
    }
    return q;
}

bool svg_check(struct str svg, struct err *e)
{
    size_t bad, n_elements = 0, level = 0;
    if (svg.n > MOST_BYTES)
        return err_set(e, ERR_MEDIA, "the SVG has %zu bytes, limit %d", svg.n, MOST_BYTES);
    if (svg.n >= 2 && svg.p[0] == '\x1f' && svg.p[1] == '\x8b')
        return err_set(e, ERR_MEDIA, "the SVG is compressed (svgz); unpack it with gunzip");
    if (svg.n == 0 || !text_valid(svg, &bad) || memchr(svg.p, 0, svg.n))
        return err_set(e, ERR_MEDIA, "the SVG is empty or not UTF-8 text");
    const char *p = svg.p, *end = svg.p + svg.n;
    while ((p = memchr(p, '<', (size_t)(end - p))) && p + 1 < end) {
        if (p[1] == '!' || p[1] == '?') {
            if (!(p = after_special(p, end, e)))
                return false;
            continue;
        }
        bool is_end = p[1] == '/', is_empty = false;
        struct str name = tag_name(p + 1 + is_end, end);
        if (str_is(name, "image") || str_is(name, "feImage") || str_is(name, "include"))
            return err_set(e, ERR_MEDIA,
                           "the SVG holds <" STR_FMT
                           ">: pictures inside an SVG are not drawn; use \"image\" for a picture",
                           STR_ARG(name));
        if (is_end) {
            level -= level > 0;
        } else if (++n_elements > MOST_ELEMENTS) {
            return err_set(e, ERR_MEDIA, "the SVG has more than %d elements; simplify it", MOST_ELEMENTS);
        }
        p = after_tag(p, end, &is_empty);
        if (!is_end && !is_empty && ++level > MOST_LEVELS)
            return err_set(e, ERR_MEDIA, "the SVG is nested more than %d levels deep", MOST_LEVELS);
    }
    return true;
}

/* ---------- drawing ---------- */

static bool find_aspect(struct svg *s, struct err *e)
{
    gboolean has_w, has_h, has_box;
    RsvgLength w, h;
    RsvgRectangle box = { 0, 0, 0, 0 };
    double pw = 0, ph = 0;
    rsvg_handle_get_intrinsic_dimensions(s->handle, &has_w, &w, &has_h, &h, &has_box, &box);
    if (has_box) {
        pw = box.width;
        ph = box.height;
    } else if (!rsvg_handle_get_intrinsic_size_in_pixels(s->handle, &pw, &ph)) {
        RsvgRectangle ink;
        if (rsvg_handle_get_geometry_for_layer(s->handle, NULL, &(RsvgRectangle){ 0, 0, 1000, 1000 }, &ink, NULL,
                                               NULL)) {
            pw = ink.width;
            ph = ink.height;
        }
    }
    if (!(pw > 0 && ph > 0 && isfinite(pw) && isfinite(ph)))
        return err_set(e, ERR_MEDIA, "the SVG says no size: give it a viewBox");
    s->aspect = fmin(50, fmax(0.02, pw / ph));
    return true;
}

struct svg *svg_open(struct str svg, struct err *e)
{
    GError *ge = NULL;
    if (!svg_check(svg, e))
        return NULL;
    /* no base URI: no reference leaves the bytes */
    RsvgHandle *h = rsvg_handle_new_from_data((const guint8 *)svg.p, svg.n, &ge);
    if (!h) {
        struct buf why = { 0 };
        text_clean(&why, str_trim(str_from(ge->message)), 300);
        err_set(e, ERR_MEDIA, "the SVG is broken: " STR_FMT, STR_ARG(buf_str(&why)));
        buf_deinit(&why);
        g_error_free(ge);
        return NULL;
    }
    struct svg *s = mem_alloc(sizeof *s);
    s->handle = h;
    rsvg_handle_set_dpi(h, 96);
    if (!find_aspect(s, e)) {
        svg_close(s);
        return NULL;
    }
    return s;
}

double svg_aspect(const struct svg *s)
{
    return s->aspect;
}

bool svg_draw(const struct svg *s, cairo_t *cr, double x, double y, double w, double h, struct err *e)
{
    GError *ge = NULL;
    cairo_save(cr);
    bool ok = rsvg_handle_render_document(s->handle, cr, &(RsvgRectangle){ x, y, w, h }, &ge);
    cairo_restore(cr);
    if (ok)
        return true;
    struct buf why = { 0 };
    text_clean(&why, str_from(ge ? ge->message : "no reason given"), 300);
    err_set(e, ERR_MEDIA, "the SVG cannot be drawn: " STR_FMT, STR_ARG(buf_str(&why)));
    buf_deinit(&why);
    g_clear_error(&ge);
    return false;
}

void svg_close(struct svg *s)
{
    if (!s)
        return;
    g_object_unref(s->handle);
    free(s);
}
