/* callout.c - words that point to a place in the picture, also while the camera moves */
#include <math.h>
#include <stdlib.h>
#include "compose/overlays/label.h"
#include "compose/overlays/rows.h"
#include "gen/base/mem.h"

struct callout {
    struct str text, font;
    struct param_point point;
    struct param_rect rect;
    int motion;
    double size;
    int64_t max_lines;
    uint32_t color, box, accent;
};

static const struct param callout_params[] = {
    PARAM_STR(struct callout, text, .flags = PARAM_REQUIRED | PARAM_LINES, .aliases = "label", .help = "the words"),
    PARAM_POINT(struct callout, point, .def_text = "[0.5, 0.5]", .aliases = "to",
                .help = "of the picture, as it is seen before the camera moves"),
    PARAM_RECT(struct callout, rect, .aliases = "area,box_around", .help = "a part of the picture instead, framed"),
    PARAM_DOUBLE(struct callout, size, .def = 0.042, .min = 0.02, .max = 0.15, .aliases = "font_size",
                 .help = "of the frame's height; smaller where the words need it"),
    PARAM_INT(struct callout, max_lines, .def = 3, .min = 1, .max = 6, .help = "more is cut"),
    PARAM_STR(struct callout, font, .def_text = "sans", .aliases = "font_family",
              .help = "a family installed on this machine"),
    PARAM_COLOR(struct callout, color, .def_text = "#FFFFFF", .aliases = "font_color,text_color",
                .help = "of the words"),
    PARAM_COLOR(struct callout, box, .def_text = "#000000B8", .aliases = "box_color", .help = "behind the words"),
    PARAM_COLOR(struct callout, accent, .def_text = "#FFD400", .aliases = "line_color", .help = "of what points"),
    PARAM_CHOICE(struct callout, motion, .def = OVERLAY_FADE, .choices = overlay_motion_names,
                 .help = "how it comes and goes"),
    { 0 }
};

struct callout_state {
    struct label label;
    struct rgba accent;
    double line;
    bool is_rect;
};

static bool callout_target(const void *opts, struct window *out)
{
    const struct callout *c = opts;
    bool is_rect = !isnan(c->rect.x);
    *out = is_rect ? (struct window){ c->rect.x, c->rect.y, c->rect.w, c->rect.h }
                   : (struct window){ c->point.x, c->point.y, 0, 0 };
    return true;
}

/* Beside the target, on the side with most room first; above or below it else. */
static void add_spots(const struct overlay_env *env, struct overlay_layout *out, double far)
{
    struct box t = env->target;
    double cy = t.y + t.h / 2 - out->h / 2, cx = t.x + t.w / 2 - out->w / 2;
    double y = fmax(env->area.y + 2, fmin(cy - far, env->area.y + env->area.h - out->h - 2));
    double x = fmax(env->area.x + 2, fmin(cx, env->area.x + env->area.w - out->w - 2));
    struct box right = { t.x + t.w + far, y, 0, 0 }, left = { t.x - far - out->w, y, 0, 0 };
    bool is_left_of_middle = t.x + t.w / 2 < env->width / 2.0;
    out->spots[out->n_spots++] = is_left_of_middle ? right : left;
    out->spots[out->n_spots++] = is_left_of_middle ? left : right;
    out->spots[out->n_spots++] = (struct box){ x, t.y - far - out->h, 0, 0 };
    out->spots[out->n_spots++] = (struct box){ x, t.y + t.h + far, 0, 0 };
}

static void *callout_create(const void *opts, struct overlay_env *env, struct overlay_layout *out)
{
    const struct callout *c = opts;
    struct callout_state *s = mem_alloc(sizeof *s);
    const struct label_style style = { .font = c->font,
                                       .size_px = label_px(env, c->size),
                                       .weight = 600,
                                       .max_lines = (int)c->max_lines,
                                       .align = TYPESET_START,
                                       .is_padded = true };
    s->label = label_create(env, c->text, STR(""), &style, (env->width > env->height ? 0.36 : 0.62) * env->area.w,
                            0.5 * env->area.h);
    s->accent = rgba_of(c->accent);
    s->line = fmax(1.5, 4 * env->u);
    s->is_rect = !isnan(c->rect.x);
    out->w = s->label.w;
    out->h = s->label.h;
    out->ax = env->target.x + env->target.w / 2 < env->width / 2.0;
    out->ay = fmax(0, fmin((env->target.y + env->target.h / 2) / env->height, 1));
    add_spots(env, out, 70 * env->u);
    out->parts[out->n_parts++] = (struct overlay_part){ { 0, 0, out->w, out->h }, SIZE_MAX };
    out->wish.text = rgba_of(c->color);
    out->wish.box = rgba_of(c->box);
    out->wish.font_px = label_font_px(&s->label);
    out->motion = c->motion;
    out->is_rtl = s->label.is_rtl;
    out->is_cut = s->label.is_cut;
    return s;
}

static void callout_draw(const void *state, cairo_t *cr, const struct overlay_part *part, const struct overlay_ink *ink)
{
    const struct callout_state *s = state;
    label_box(cr, part->box, 0.25 * s->label.text.size, ink);
    label_draw(&s->label, cr, 0, 0, s->label.w, ink);
}

static double nearest(double v, double from, double n)
{
    return fmax(from, fmin(v, from + n));
}

/* From the block's edge to the ring around the point, or to the frame of the part. */
static void add_line(cairo_t *cr, struct box block, struct box t, double ring)
{
    double cx = t.x + t.w / 2, cy = t.y + t.h / 2;
    double x = nearest(cx, block.x, block.w), y = nearest(cy, block.y, block.h);
    double tx = ring > 0 ? cx : nearest(x, t.x, t.w), ty = ring > 0 ? cy : nearest(y, t.y, t.h);
    double d = hypot(tx - x, ty - y), share = d > 0 ? fmax(0, 1 - ring / d) : 0;
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x + (tx - x) * share, y + (ty - y) * share);
}

static void callout_point(const void *state, cairo_t *cr, struct box block, struct box t, const struct overlay_ink *ink)
{
    const struct callout_state *s = state;
    double ring = s->is_rect ? 0 : 4 * s->line;
    struct rgba white = { 1, 1, 1, 1 }, black = { 0, 0, 0, 1 }, c = s->accent;
    struct rgba casing = rgba_contrast(c, white) > rgba_contrast(c, black) ? white : black;
    (void)ink;
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    for (int is_top = 0; is_top < 2; is_top++) { /* a casing beneath: the line is seen on every picture */
        cairo_new_path(cr);
        add_line(cr, block, t, ring);
        if (s->is_rect)
            box_round(cr, t, 2 * s->line);
        else {
            cairo_new_sub_path(cr);
            cairo_arc(cr, t.x, t.y, ring, 0, 2 * M_PI);
        }
        struct rgba use = is_top ? c : casing;
        cairo_set_source_rgba(cr, use.r, use.g, use.b, is_top ? 1 : 0.75);
        cairo_set_line_width(cr, is_top ? s->line : 2 * s->line);
        cairo_stroke(cr);
    }
}

static void callout_destroy(void *state)
{
    label_deinit(&((struct callout_state *)state)->label);
    free(state);
}

const struct overlay_type overlay_callout = {
    .row = { .name = "callout",
             .help = "words that point to a place in the picture and follow it",
             .aliases = "pointer,annotation",
             .params = callout_params,
             .opts_size = sizeof(struct callout) },
    .create = callout_create,
    .draw = callout_draw,
    .target = callout_target,
    .point = callout_point,
    .destroy = callout_destroy,
};
