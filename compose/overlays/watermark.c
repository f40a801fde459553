/* watermark.c - a text or a picture in a corner */
#include <math.h>
#include <stdlib.h>
#include "compose/overlays/label.h"
#include "compose/overlays/rows.h"
#include "gen/base/mem.h"

static const char *const corners[] = { "top-right", "top-left", "bottom-right", "bottom-left", NULL };

struct watermark {
    struct str text, font;
    int corner;
    double opacity, size;
    uint32_t color, box;
};

static const struct param watermark_params[] = {
    PARAM_STR(struct watermark, text, .flags = PARAM_REQUIRED, .aliases = "name", .help = "the words, on one line"),
    PARAM_CHOICE(struct watermark, corner, .def = 0, .choices = corners, .aliases = "position", .help = "where it stands"),
    PARAM_DOUBLE(struct watermark, opacity, .def = 0.7, .min = 0.05, .max = 1, .aliases = "alpha",
                 .help = "1 hides what is beneath"),
    PARAM_DOUBLE(struct watermark, size, .def = 0.03, .min = 0.01, .max = 0.15, .aliases = "font_size",
                 .help = "of words: of the frame's height"),
    PARAM_STR(struct watermark, font, .def_text = "sans", .aliases = "font_family",
              .help = "a family installed on this machine"),
    PARAM_COLOR(struct watermark, color, .def_text = "#FFFFFF", .aliases = "font_color,text_color",
                .help = "of the words, which have an outline"),
    PARAM_COLOR(struct watermark, box, .def_text = "#00000000", .aliases = "box_color", .help = "behind the words"),
    { 0 }
};

static void *watermark_create(const void *opts, struct overlay_env *env, struct overlay_layout *out)
{
    const struct watermark *w = opts;
    struct label *l = mem_alloc(sizeof *l);
    const struct label_style style = { .font = w->font,
                                       .size_px = label_px(env, w->size),
                                       .weight = 600,
                                       .max_lines = 1,
                                       .align = TYPESET_START,
                                       .is_padded = (w->box & 255) > 0 };
    *l = label_create(env, w->text, STR(""), &style, 0.5 * env->area.w, 0.3 * env->area.h);
    out->w = l->w;
    out->h = l->h;
    out->ax = w->corner % 2 == 0;
    out->ay = w->corner / 2;
    out->parts[out->n_parts++] = (struct overlay_part){ { 0, 0, l->w, l->h }, SIZE_MAX };
    out->wish.text = rgba_of(w->color);
    out->wish.box = rgba_of(w->box);
    out->wish.opacity = w->opacity;
    out->wish.font_px = label_font_px(l);
    out->motion = OVERLAY_FADE;
    out->is_rtl = l->is_rtl;
    out->is_cut = l->is_cut;
    return l;
}

static void watermark_draw(const void *state, cairo_t *cr, const struct overlay_part *part, const struct overlay_ink *ink)
{
    const struct label *l = state;
    label_box(cr, part->box, 0.25 * l->text.size, ink);
    label_draw(l, cr, 0, 0, l->w, ink);
}

static void watermark_destroy(void *state)
{
    label_deinit(state);
    free(state);
}

const struct overlay_type overlay_watermark = {
    .row = { .name = "watermark", .help = "words in a corner; a lesson's is seen in the whole film", .aliases = "logo",
             .params = watermark_params, .opts_size = sizeof(struct watermark) },
    .create = watermark_create,
    .draw = watermark_draw,
    .destroy = watermark_destroy,
};
