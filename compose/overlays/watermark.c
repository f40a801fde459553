/* watermark.c - words or a picture in a corner */
#include <math.h>
#include <stdlib.h>
#include "compose/overlays/label.h"
#include "compose/overlays/rows.h"
#include "gen/base/mem.h"

static const char *const corners[] = { "top-right", "top-left", "bottom-right", "bottom-left", NULL };

struct watermark {
    struct str text, file, font;
    int corner;
    double opacity, size, height;
    uint32_t color, box;
};

static const struct param watermark_params[] = {
    PARAM_STR(struct watermark, text, .aliases = "name", .help = "the words, on one line"),
    PARAM_STR(struct watermark, file, .flags = PARAM_FILE, .aliases = "image,picture,src",
              .help = "a picture instead of words, relative to the lesson; what is transparent in it stays so"),
    PARAM_DOUBLE(struct watermark, height, .def = 0.08, .min = 0.01, .max = 0.5,
                 .help = "of the picture: of the frame's height"),
    PARAM_CHOICE(struct watermark, corner, .def = 0, .choices = corners, .aliases = "position",
                 .help = "where it stands"),
    PARAM_DOUBLE(struct watermark, opacity, .def = 0.7, .min = 0.05, .max = 1, .aliases = "alpha",
                 .help = "1 hides what is beneath; of words no less than they need to be read over any picture"),
    PARAM_DOUBLE(struct watermark, size, .def = 0.03, .min = 0.01, .max = 0.15, .aliases = "font_size",
                 .help = "of words: of the frame's height"),
    PARAM_STR(struct watermark, font, .def_text = "sans", .aliases = "font_family",
              .help = "a family installed on this machine"),
    PARAM_COLOR(struct watermark, color, .def_text = "#FFFFFF", .aliases = "font_color,text_color",
                .help = "of the words, which have an outline"),
    PARAM_COLOR(struct watermark, box, .def_text = "#00000000", .aliases = "box_color", .help = "behind the words or the picture"),
    { 0 }
};

struct watermark_state {
    struct label label;
    cairo_surface_t *picture; /* NULL: words */
    double w, h;              /* of the picture as it is shown, px */
    double pad;               /* round it: of its box */
};

/* Straight alpha becomes premultiplied, as cairo has it. */
static cairo_surface_t *surface_of(const struct plate_source *p)
{
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, p->w, p->h);
    unsigned char *data = cairo_image_surface_get_data(s);
    ptrdiff_t stride = cairo_image_surface_get_stride(s);
    cairo_surface_flush(s);
    for (int y = 0; data && y < p->h; y++) {
        uint32_t *to = (void *)(data + y * stride);
        const uint8_t *px = p->bgra + (size_t)y * p->stride;
        for (int x = 0; x < p->w; x++, px += 4) {
            uint32_t a = px[3];
            to[x] = a << 24 | (px[2] * a + 127) / 255 << 16 | (px[1] * a + 127) / 255 << 8 | (px[0] * a + 127) / 255;
        }
    }
    cairo_surface_mark_dirty(s);
    return s;
}

static void lay_out_picture(struct watermark_state *s, const struct watermark *w, const struct overlay_env *env)
{
    const struct plate_source *p = env->picture;
    double shape = p ? (double)p->w / p->h : 1, most = 0.4 * env->area.w;
    s->h = fmin(w->height * env->height, most / shape) * env->scale;
    s->w = s->h * shape;
    s->pad = (w->box & 255) > 0 ? 0.15 * s->h : 0;
    if (p)
        s->picture = surface_of(p);
}

static void *watermark_create(const void *opts, struct overlay_env *env, struct overlay_layout *out)
{
    const struct watermark *w = opts;
    struct watermark_state *s = mem_alloc(sizeof *s);
    struct label *l = &s->label;
    const struct label_style style = { .font = w->font,
                                       .size_px = label_px(env, w->size),
                                       .weight = 600,
                                       .max_lines = 1,
                                       .align = TYPESET_START,
                                       .is_padded = (w->box & 255) > 0 };
    out->wish.is_plain = w->file.n > 0;
    if (w->file.n)
        lay_out_picture(s, w, env);
    else
        *l = label_create(env, w->text, STR(""), &style, 0.5 * env->area.w, 0.3 * env->area.h);
    out->w = ceil(w->file.n ? s->w + 2 * s->pad : l->w);
    out->h = ceil(w->file.n ? s->h + 2 * s->pad : l->h);
    out->ax = w->corner % 2 == 0;
    out->ay = w->corner >= 2;
    out->parts[out->n_parts++] = (struct overlay_part){ { 0, 0, out->w, out->h }, SIZE_MAX };
    out->wish.text = rgba_of(w->color);
    out->wish.box = rgba_of(w->box);
    out->wish.opacity = w->opacity;
    out->wish.font_px = label_font_px(l);
    out->motion = OVERLAY_FADE;
    out->is_rtl = l->is_rtl;
    out->is_cut = l->is_cut;
    return s;
}

static void watermark_draw(const void *state, cairo_t *cr, const struct overlay_part *part,
                           const struct overlay_ink *ink)
{
    const struct watermark_state *s = state;
    if (!s->picture) {
        label_box(cr, part->box, 0.25 * s->label.text.size, ink);
        label_draw(&s->label, cr, 0, 0, s->label.w, ink);
        return;
    }
    label_box(cr, part->box, s->pad, ink);
    cairo_save(cr);
    cairo_translate(cr, s->pad, s->pad);
    cairo_scale(cr, s->w / cairo_image_surface_get_width(s->picture),
                s->h / cairo_image_surface_get_height(s->picture));
    cairo_set_source_surface(cr, s->picture, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BEST);
    cairo_paint(cr);
    cairo_restore(cr);
}

static void watermark_destroy(void *state)
{
    struct watermark_state *s = state;
    label_deinit(&s->label);
    if (s->picture)
        cairo_surface_destroy(s->picture);
    free(s);
}

const struct overlay_type overlay_watermark = {
    .row = { .name = "watermark",
             .help = "words or a picture in a corner; a lesson's is seen in the whole film",
             .aliases = "logo",
             .params = watermark_params,
             .opts_size = sizeof(struct watermark) },
    .create = watermark_create,
    .draw = watermark_draw,
    .destroy = watermark_destroy,
};
