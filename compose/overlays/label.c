/* label.c - a text with a smaller one below it */
#include "compose/overlays/label.h"
#include <math.h>
#include "compose/captions.h"

static const double LEAST_SHARE = 0.55; /* of the size that was asked for, then words are cut */

double label_px(const struct overlay_env *env, double size)
{
    const struct caption_opts o = { .size = size };
    return fmax(4, env->scale * captions_font_px(&o, env->width, env->height));
}

static struct fitted fit_one(struct overlay_env *env, struct str text, const struct label_style *s, double size,
                             int weight, int lines, double w, double h)
{
    struct buf families = { 0 };
    struct fit_rule r = { .families = typeset_families(&families, s->font),
                          .weight = weight,
                          .most = size,
                          .least = fmax(4, LEAST_SHARE * size),
                          .line_height = 1.22,
                          .align = s->align,
                          .is_balanced = true,
                          .max_lines = lines };
    struct fitted out = fit_text(env->fit, text, &r, w, h);
    buf_deinit(&families);
    return out;
}

struct label label_create(struct overlay_env *env, struct str text, struct str sub, const struct label_style *s,
                          double most_w, double most_h)
{
    struct label l = { .is_rtl = typeset_is_rtl(text, env->language) };
    text = str_trim(text);
    sub = str_trim(sub);
    l.pad_x = (s->is_padded ? 0.5 : 0.12) * s->size_px; /* at least what an outline takes */
    l.pad_y = (s->is_padded ? 0.28 : 0.12) * s->size_px;
    double w = fmax(8, most_w - 2 * l.pad_x), h = fmax(8, most_h - 2 * l.pad_y);
    env->fit->is_rtl = l.is_rtl;
    l.text = fit_one(env, text, s, s->size_px, s->weight, s->max_lines, w, sub.n ? 0.66 * h : h);
    if (sub.n) {
        env->fit->is_rtl = s->align == TYPESET_CENTER ? typeset_is_rtl(sub, env->language) : l.is_rtl;
        l.gap = 0.14 * s->size_px;
        l.sub = fit_one(env, sub, s, s->sub_share * l.text.size, 450, s->sub_lines, w, fmax(8, h - l.text.h - l.gap));
    }
    l.w = fmin(ceil(fmax(l.text.w, l.sub.w)) + 2 * l.pad_x, fmax(most_w, 8 + 2 * l.pad_x));
    l.h = ceil(l.text.h + l.gap + l.sub.h) + 2 * l.pad_y;
    l.is_cut = l.text.is_cut || l.sub.is_cut;
    return l;
}

void label_deinit(struct label *l)
{
    if (l->text.layout)
        g_object_unref(l->text.layout);
    if (l->sub.layout)
        g_object_unref(l->sub.layout);
    *l = (struct label){ 0 };
}

double label_font_px(const struct label *l)
{
    return l->sub.layout ? l->sub.size : l->text.size;
}

void label_draw(const struct label *l, cairo_t *cr, double x, double y, double w, const struct overlay_ink *ink)
{
    struct box in = { x + l->pad_x, y + l->pad_y, w - 2 * l->pad_x, l->text.h };
    fitted_draw(cr, &l->text, in, 0, ink->text, ink->outline, ink->outline_px);
    if (!l->sub.layout)
        return;
    in.y += l->text.h + l->gap;
    in.h = l->sub.h;
    fitted_draw(cr, &l->sub, in, 0, ink->text, ink->outline, ink->outline_px);
}

void label_box(cairo_t *cr, struct box b, double radius, const struct overlay_ink *ink)
{
    if (ink->box.a <= 0)
        return;
    box_round(cr, b, radius);
    cairo_set_source_rgba(cr, ink->box.r, ink->box.g, ink->box.b, ink->box.a);
    cairo_fill(cr);
}
