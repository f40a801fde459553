/* lower_third.c - a name or a term low in the picture, with a line below it */
#include <stdlib.h>
#include "compose/overlays/label.h"
#include "compose/overlays/rows.h"
#include "gen/base/mem.h"

enum { AT_START, AT_LEFT, AT_CENTER, AT_RIGHT };
static const char *const positions[] = { "start", "left", "center", "right", NULL };

struct lower_third {
    struct str text, subtext, font;
    int position, motion;
    double size;
    int64_t max_lines;
    uint32_t color, box, accent;
};

static const struct param lower_third_params[] = {
    PARAM_STR(struct lower_third, text, .flags = PARAM_REQUIRED | PARAM_LINES, .aliases = "name,title",
              .help = "the words"),
    PARAM_STR(struct lower_third, subtext, .flags = PARAM_LINES, .aliases = "subtitle,role,description",
              .help = "smaller, below"),
    PARAM_CHOICE(struct lower_third, position, .def = AT_START, .choices = positions, .aliases = "side,align",
                 .help = "where it stands; start is where its lines begin"),
    PARAM_DOUBLE(struct lower_third, size, .def = 0.05, .min = 0.02, .max = 0.2, .aliases = "font_size",
                 .help = "of the frame's height; smaller where the words need it"),
    PARAM_INT(struct lower_third, max_lines, .def = 2, .min = 1, .max = 4, .help = "more is cut"),
    PARAM_STR(struct lower_third, font, .def_text = "sans", .aliases = "font_family",
              .help = "a family installed on this machine"),
    PARAM_COLOR(struct lower_third, color, .def_text = "#FFFFFF", .aliases = "font_color,text_color",
                .help = "of the words"),
    PARAM_COLOR(struct lower_third, box, .def_text = "#000000B8", .aliases = "box_color", .help = "behind the words"),
    PARAM_COLOR(struct lower_third, accent, .def_text = "#FFD400", .aliases = "bar_color",
                .help = "of the bar beside them"),
    PARAM_CHOICE(struct lower_third, motion, .def = OVERLAY_WIPE, .choices = overlay_motion_names,
                 .help = "how it comes and goes"),
    { 0 }
};

struct lower_third_state {
    struct label label;
    struct rgba accent;
    double bar;
    bool is_rtl;
};

static void *lower_third_create(const void *opts, struct overlay_env *env, struct overlay_layout *out)
{
    const struct lower_third *t = opts;
    struct lower_third_state *s = mem_alloc(sizeof *s);
    const struct label_style style = { .font = t->font,
                                       .size_px = label_px(env, t->size),
                                       .sub_share = 0.68,
                                       .weight = 650,
                                       .max_lines = (int)t->max_lines,
                                       .sub_lines = (int)t->max_lines,
                                       .align = TYPESET_START,
                                       .is_padded = true };
    double most = (env->width > env->height ? 0.66 : 1) * env->area.w;
    s->bar = (t->accent & 255) ? 8 * env->u * env->scale : 0;
    s->label = label_create(env, t->text, t->subtext, &style, most - s->bar, 0.4 * env->area.h);
    s->accent = rgba_of(t->accent);
    s->is_rtl = s->label.is_rtl;
    out->w = s->label.w + s->bar;
    out->h = s->label.h;
    out->ax = t->position == AT_LEFT ? 0 : t->position == AT_CENTER ? 0.5 : t->position == AT_RIGHT ? 1 : s->is_rtl;
    out->ay = 1;
    out->parts[out->n_parts++] = (struct overlay_part){ { 0, 0, out->w, out->h }, SIZE_MAX };
    out->wish.text = rgba_of(t->color);
    out->wish.box = rgba_of(t->box);
    out->wish.font_px = label_font_px(&s->label);
    out->motion = t->motion;
    out->is_rtl = s->is_rtl;
    out->is_cut = s->label.is_cut;
    return s;
}

static void lower_third_draw(const void *state, cairo_t *cr, const struct overlay_part *part,
                             const struct overlay_ink *ink)
{
    const struct lower_third_state *s = state;
    struct box b = part->box;
    label_box(cr, (struct box){ s->is_rtl ? 0 : s->bar, 0, b.w - s->bar, b.h }, 0, ink);
    cairo_rectangle(cr, s->is_rtl ? b.w - s->bar : 0, 0, s->bar, b.h);
    cairo_set_source_rgba(cr, s->accent.r, s->accent.g, s->accent.b, s->accent.a);
    cairo_fill(cr);
    label_draw(&s->label, cr, s->is_rtl ? 0 : s->bar, 0, s->label.w, ink);
}

static void lower_third_destroy(void *state)
{
    label_deinit(&((struct lower_third_state *)state)->label);
    free(state);
}

const struct overlay_type overlay_lower_third = {
    .row = { .name = "lower-third",
             .help = "a name or a term low in the picture",
             .aliases = "banner,name-tag",
             .params = lower_third_params,
             .opts_size = sizeof(struct lower_third) },
    .create = lower_third_create,
    .draw = lower_third_draw,
    .destroy = lower_third_destroy,
};
