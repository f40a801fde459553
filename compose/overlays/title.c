/* title.c - a title over the picture */
#include <stdlib.h>
#include "compose/overlays/label.h"
#include "compose/overlays/rows.h"
#include "gen/base/mem.h"

enum { AT_CENTER, AT_TOP, AT_BOTTOM };
static const char *const positions[] = { "center", "top", "bottom", NULL };

struct title {
    struct str text, subtext, font;
    int position, motion;
    double size;
    int64_t max_lines;
    uint32_t color, box;
};

static const struct param title_params[] = {
    PARAM_STR(struct title, text, .flags = PARAM_REQUIRED | PARAM_LINES, .aliases = "title,heading",
              .help = "the words"),
    PARAM_STR(struct title, subtext, .flags = PARAM_LINES, .aliases = "subtitle,subheading", .help = "smaller, below"),
    PARAM_CHOICE(struct title, position, .def = AT_CENTER, .choices = positions, .help = "where it stands"),
    PARAM_DOUBLE(struct title, size, .def = 0.1, .min = 0.02, .max = 0.3, .aliases = "font_size",
                 .help = "of the frame's height; smaller where the words need it"),
    PARAM_INT(struct title, max_lines, .def = 2, .min = 1, .max = 6, .help = "more is cut"),
    PARAM_STR(struct title, font, .def_text = "sans", .aliases = "font_family",
              .help = "a family installed on this machine"),
    PARAM_COLOR(struct title, color, .def_text = "#FFFFFF", .aliases = "font_color,text_color", .help = "of the words"),
    PARAM_COLOR(struct title, box, .def_text = "#00000000", .aliases = "box_color",
                .help = "behind the words; without one they get an outline where the picture is too near in colour"),
    PARAM_CHOICE(struct title, motion, .def = OVERLAY_FADE, .choices = overlay_motion_names,
                 .help = "how it comes and goes"),
    { 0 }
};

static void *title_create(const void *opts, struct overlay_env *env, struct overlay_layout *out)
{
    static const double rows[] = { [AT_CENTER] = 0.45, [AT_TOP] = 0, [AT_BOTTOM] = 1 };
    const struct title *t = opts;
    struct label *l = mem_alloc(sizeof *l);
    const struct label_style style = { .font = t->font,
                                       .size_px = label_px(env, t->size),
                                       .sub_share = 0.48,
                                       .weight = 700,
                                       .max_lines = (int)t->max_lines,
                                       .sub_lines = 2,
                                       .align = TYPESET_CENTER,
                                       .is_padded = (t->box & 255) > 0 };
    *l = label_create(env, t->text, t->subtext, &style, 0.94 * env->area.w, 0.7 * env->area.h);
    out->w = l->w;
    out->h = l->h;
    out->ax = 0.5;
    out->ay = rows[t->position];
    out->parts[out->n_parts++] = (struct overlay_part){ { 0, 0, l->w, l->h }, SIZE_MAX };
    out->wish.text = rgba_of(t->color);
    out->wish.box = rgba_of(t->box);
    out->wish.font_px = label_font_px(l);
    out->motion = t->motion;
    out->is_rtl = l->is_rtl;
    out->is_cut = l->is_cut;
    return l;
}

static void title_draw(const void *state, cairo_t *cr, const struct overlay_part *part, const struct overlay_ink *ink)
{
    const struct label *l = state;
    label_box(cr, part->box, 0.25 * l->text.size, ink);
    label_draw(l, cr, 0, 0, l->w, ink);
}

static void title_destroy(void *state)
{
    label_deinit(state);
    free(state);
}

const struct overlay_type overlay_title = {
    .row = { .name = "title",
             .help = "a title over the picture",
             .aliases = "title-card,heading",
             .params = title_params,
             .opts_size = sizeof(struct title) },
    .create = title_create,
    .draw = title_draw,
    .destroy = title_destroy,
};
