/* bullets.c - points beside the picture, one after the other */
#include <math.h>
#include <stdlib.h>
#include "compose/overlays/label.h"
#include "compose/overlays/rows.h"
#include "gen/base/mem.h"

enum { AT_START, AT_LEFT, AT_CENTER, AT_RIGHT };
static const char *const positions[] = { "start", "left", "center", "right", NULL };
static const char *const reveals[] = { "all", "narration", NULL };

struct bullets {
    struct param_items items;
    struct str heading, font;
    int reveal, position, motion;
    double size;
    int64_t max_lines;
    uint32_t color, box, accent;
};

static const struct param bullets_params[] = {
    PARAM_ITEMS(struct bullets, items, .flags = PARAM_REQUIRED, .aliases = "points,bullets,list",
                .help = "the points; one as {\"text\", \"at\"} has a time of its own"),
    PARAM_STR(struct bullets, heading, .aliases = "title,text", .help = "above them"),
    PARAM_CHOICE(struct bullets, reveal, .def = 0, .choices = reveals,
                 .help = "all at once, or each when the narration says it"),
    PARAM_CHOICE(struct bullets, position, .def = AT_START, .choices = positions, .aliases = "side,align",
                 .help = "where they stand; start is where their lines begin"),
    PARAM_DOUBLE(struct bullets, size, .def = 0.045, .min = 0.02, .max = 0.15, .aliases = "font_size",
                 .help = "of the frame's height; smaller where the words need it"),
    PARAM_INT(struct bullets, max_lines, .def = 2, .min = 1, .max = 4, .help = "of a point; more is cut"),
    PARAM_STR(struct bullets, font, .def_text = "sans", .aliases = "font_family",
              .help = "a family installed on this machine"),
    PARAM_COLOR(struct bullets, color, .def_text = "#FFFFFF", .aliases = "font_color,text_color",
                .help = "of the words"),
    PARAM_COLOR(struct bullets, box, .def_text = "#000000B8", .aliases = "box_color", .help = "behind each point"),
    PARAM_COLOR(struct bullets, accent, .def_text = "#FFD400", .aliases = "bullet_color",
                .help = "of the dots, and of a line below the heading"),
    PARAM_CHOICE(struct bullets, motion, .def = OVERLAY_FADE, .choices = overlay_motion_names,
                 .help = "how each comes, and all go"),
    { 0 }
};

struct bullets_state {
    struct label labels[OVERLAY_PARTS_MOST]; /* the heading first, when there is one */
    size_t n;
    struct rgba accent;
    double mark, size; /* room before a point for its dot; px of the words */
    bool has_heading, is_rtl;
};

static struct label_style style_of(const struct bullets *b, double size, bool is_heading)
{
    return (struct label_style){ .font = b->font,
                                 .size_px = is_heading ? 1.12 * size : size,
                                 .weight = is_heading ? 700 : 500,
                                 .max_lines = (int)b->max_lines,
                                 .align = TYPESET_START,
                                 .is_padded = true };
}

static void add_part(struct bullets_state *s, struct overlay_layout *out, size_t item, double gap)
{
    const struct label *l = &s->labels[out->n_parts];
    double y = out->h > 0 ? out->h + gap : 0, w = l->w + (item == SIZE_MAX ? 0 : s->mark);
    out->parts[out->n_parts++] = (struct overlay_part){ { 0, y, 0, l->h }, item };
    out->h = y + l->h;
    out->w = fmax(out->w, w);
    out->is_cut = out->is_cut || l->is_cut;
    out->wish.font_px = fmin(out->wish.font_px, label_font_px(l));
}

static void *bullets_create(const void *opts, struct overlay_env *env, struct overlay_layout *out)
{
    const struct bullets *b = opts;
    struct bullets_state *s = mem_alloc(sizeof *s);
    double most = (env->width > env->height ? 0.56 : 1) * env->area.w, gap = 2 * round(5 * env->u * env->scale);
    s->size = label_px(env, b->size);
    s->mark = 0.75 * s->size;
    s->accent = rgba_of(b->accent);
    s->has_heading = b->heading.n > 0;
    out->wish.font_px = s->size;
    if (s->has_heading) {
        struct label_style style = style_of(b, s->size, true);
        s->labels[s->n++] = label_create(env, b->heading, STR(""), &style, most, env->area.h);
        add_part(s, out, SIZE_MAX, gap);
    }
    for (size_t i = 0; i < b->items.n && s->n < OVERLAY_PARTS_MOST; i++) {
        struct label_style style = style_of(b, s->size, false);
        s->labels[s->n++] = label_create(env, b->items.v[i].text, STR(""), &style, most - s->mark, env->area.h);
        add_part(s, out, i, gap);
    }
    s->is_rtl = s->n && s->labels[0].is_rtl;
    for (size_t i = 0; i < out->n_parts; i++) /* one column of one width */
        out->parts[i].box.w = out->w;
    out->ax = b->position == AT_LEFT ? 0 : b->position == AT_CENTER ? 0.5 : b->position == AT_RIGHT ? 1 : s->is_rtl;
    out->ay = 0.4;
    out->wish.text = rgba_of(b->color);
    out->wish.box = rgba_of(b->box);
    out->motion = b->motion;
    out->is_rtl = s->is_rtl;
    return s;
}

static void bullets_draw(const void *state, cairo_t *cr, const struct overlay_part *part, const struct overlay_ink *ink)
{
    const struct bullets_state *s = state;
    bool is_heading = part->item == SIZE_MAX;
    const struct label *l = &s->labels[is_heading ? 0 : part->item + s->has_heading];
    struct box b = part->box;
    label_box(cr, b, 0.2 * s->size, ink);
    cairo_set_source_rgba(cr, s->accent.r, s->accent.g, s->accent.b, s->accent.a);
    if (is_heading) {
        cairo_rectangle(cr, b.x + l->pad_x, b.y + b.h - 0.14 * s->size, b.w - 2 * l->pad_x, 0.07 * s->size);
        cairo_fill(cr);
        label_draw(l, cr, b.x, b.y, b.w, ink);
        return;
    }
    double dot = l->pad_x + 0.22 * s->size;
    cairo_new_path(cr);
    cairo_arc(cr, s->is_rtl ? b.x + b.w - dot : b.x + dot, b.y + l->pad_y + 0.61 * l->text.size, 0.16 * s->size, 0,
              2 * M_PI);
    cairo_fill(cr);
    label_draw(l, cr, s->is_rtl ? b.x : b.x + s->mark, b.y, b.w - s->mark, ink);
}

static void bullets_destroy(void *state)
{
    struct bullets_state *s = state;
    for (size_t i = 0; i < s->n; i++)
        label_deinit(&s->labels[i]);
    free(s);
}

const struct overlay_type overlay_bullets = {
    .row = { .name = "bullets",
             .help = "points beside the picture, all at once or as they are spoken",
             .aliases = "list,points",
             .params = bullets_params,
             .opts_size = sizeof(struct bullets) },
    .create = bullets_create,
    .draw = bullets_draw,
    .destroy = bullets_destroy,
};
