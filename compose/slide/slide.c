/* slide.c - a section's own words as a picture: which layout, and where its parts stand */
#include "compose/slide/slide.h"
#include <math.h>
#include <string.h>
#include "compose/png.h"
#include "compose/safe.h"
#include "compose/slide/canvas.h"
#include "gen/base/mem.h"

enum { MOST_SIDE = 16000, LEAST_SIDE = 64 };
static const double MOST_PIXELS = 50e6;

static bool is_empty(struct str s)
{
    return str_trim(s).n == 0;
}

static struct str heading_of(const struct slide_spec *s)
{
    return is_empty(s->slide->heading) ? s->title : s->slide->heading;
}

static void place(struct canvas *c)
{
    const struct slide_spec *s = c->spec;
    bool is_tall = c->h > c->w;
    struct window words = safe_of(s->captions, s->width, s->height).words;
    double heading_h = (is_tall ? 0.11 : 0.1) * c->h, gap = 0.02 * c->h;
    c->safe = (struct box){ words.x * c->w, words.y * c->h, words.w * c->w, words.h * c->h };
    c->heading = (struct box){ c->safe.x, c->safe.y, c->safe.w, heading_h };
    c->content = c->safe;
    if (!is_empty(heading_of(s))) {
        c->content.y += heading_h + gap;
        c->content.h -= heading_h + gap;
    }
}

static void draw_heading(struct canvas *c)
{
    struct fit_rule f = {
        c->theme->heading, c->theme->heading_weight, 62 * c->u, 34 * c->u, 1.14, TYPESET_START, true, 2
    };
    double bar = 10 * c->u, gap = 26 * c->u;
    if (is_empty(heading_of(c->spec)))
        return;
    struct fitted t = canvas_fit(c, heading_of(c->spec), &f, c->heading.w - bar - gap, c->heading.h);
    struct box b = { c->heading.x + bar + gap, c->heading.y, c->heading.w - bar - gap, c->heading.h };
    struct box mark = { c->heading.x, b.y + (b.h - t.h) / 2 + 0.16 * t.size, bar, t.h - 0.3 * t.size };
    if (c->is_rtl) {
        b.x = c->heading.x;
        mark.x = c->heading.x + c->heading.w - bar;
    }
    box_round(c->cr, mark, bar / 2);
    canvas_source(c->cr, c->theme->accent);
    cairo_fill(c->cr);
    canvas_text(c, &t, b, 0.5, c->theme->text);
    g_object_unref(t.layout);
}

/* A line of explanation below what it explains; takes its height from the content. */
static void draw_caption(struct canvas *c)
{
    struct fit_rule f = { c->theme->body, 400, 32 * c->u, 24 * c->u, 1.35, TYPESET_CENTER, true, 2 };
    struct fitted t = canvas_fit(c, c->spec->slide->caption, &f, c->content.w, 0.12 * c->h);
    double h = t.h + 14 * c->u;
    c->content.h -= h;
    canvas_text(c, &t, (struct box){ c->content.x, c->content.y + c->content.h, c->content.w, h }, 1, c->theme->muted);
    g_object_unref(t.layout);
}

static bool draw_parts(struct canvas *c, struct err *e)
{
    const struct slide_spec *s = c->spec;
    const struct slide_opts *o = s->slide;
    bool has_svg = s->svg.n > 0, has_code = !is_empty(o->code), has_bullets = o->n_bullets > 0;
    if (!has_svg && !has_code && !has_bullets) {
        if (is_empty(heading_of(s)))
            draw_quote(c, o->caption, c->content);
        else
            draw_card(c, heading_of(s), o->caption);
        return true;
    }
    draw_heading(c);
    if (!is_empty(o->caption))
        draw_caption(c);
    if ((has_svg || has_code) && has_bullets) {
        struct box side = c->content, most = canvas_cut(c, &side, has_code ? 0.68 : 0.62, 28 * c->u);
        draw_bullets(c, side);
        c->content = most;
    }
    if (has_svg && has_code) {
        struct box rest = c->content, half = canvas_cut(c, &rest, 0.5, 32 * c->u);
        draw_code(c, rest);
        c->content = half;
    }
    if (has_svg) {
        /* diagrams have margins of their own */
        c->content.y -= 0.02 * c->h;
        c->content.h += 0.02 * c->h;
        return draw_diagram(c, c->content, e);
    }
    if (has_code) {
        draw_code(c, c->content);
    } else if (o->n_bullets == 1) {
        draw_quote(c, o->bullets[0], c->content);
    } else {
        draw_rings(c);
        draw_bullets(c, c->content);
    }
    return true;
}

static bool start(struct canvas *c, const struct slide_spec *s, struct err *e)
{
    if (s->width < LEAST_SIDE || s->height < LEAST_SIDE || s->width > MOST_SIDE || s->height > MOST_SIDE ||
        (double)s->width * s->height > MOST_PIXELS)
        return err_set(e, ERR_LESSON, "a slide of %dx%d: sides of %d to %d and at most 50 megapixels can be drawn",
                       s->width, s->height, LEAST_SIDE, MOST_SIDE);
    *c = (struct canvas){ .spec = s, .w = s->width, .h = s->height };
    if (!(c->theme = theme_find(s->slide->theme)))
        return err_set(e, ERR_LESSON, "slide.theme \"" STR_FMT "\": no such theme", STR_ARG(s->slide->theme));
    c->u = fmin(c->w, c->h) / 1080;
    struct str first = heading_of(s);
    if (is_empty(first) && s->slide->n_bullets)
        first = s->slide->bullets[0];
    if (is_empty(first))
        first = s->slide->caption;
    c->is_rtl = typeset_is_rtl(first, s->language);
    fitter_init(&c->fit, s->language);
    c->fit.is_rtl = c->is_rtl;
    c->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, s->width, s->height);
    c->cr = cairo_create(c->surface);
    place(c);
    return true;
}

bool slide_draw(const struct slide_spec *s, int fd, struct media_info *info, struct err *e)
{
    struct canvas c = { 0 };
    bool ok = false;
    if (!start(&c, s, e))
        return false;
    canvas_background(&c);
    if (!draw_parts(&c, e))
        goto out;
    if (cairo_status(c.cr)) {
        err_set(e, ERR_RENDER, "draw a slide: %s", cairo_status_to_string(cairo_status(c.cr)));
        goto out;
    }
    if (!png_write(c.surface, fd, e))
        goto out;
    *info = (struct media_info){ .type = "png", .width = s->width, .height = s->height };
    ok = true;
out:
    cairo_destroy(c.cr);
    cairo_surface_destroy(c.surface);
    fitter_deinit(&c.fit);
    return ok;
}
