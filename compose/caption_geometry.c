/* caption_geometry.c - where captions stand and how large they are */
#include "compose/caption_geometry.h"
#include <math.h>
#include "gen/base/mem.h"

static double clamp(double v, double least, double most)
{
    return v < least ? least : v > most ? most : v;
}

double captions_font_px(const struct caption_opts *o, int width, int height)
{
    double of = height > width ? width + (height - width) / 3.0 : height;
    return fmax(4, floor(clamp(o->size, 0.01, 0.25) * of + 0.5));
}

/* Wide frames: bottom 4 % stay free, as title-safe areas ask for (EBU R 95: 5 % action-safe). Tall frames: players of
 * short videos put their own text over the lowest sixth. */
static double bottom_margin(int width, int height)
{
    return height > width ? 0.16 : 0.04;
}
static double top_margin(int width, int height)
{
    return height > width ? 0.10 : 0.04;
}

double caption_block_px(const struct caption_geometry *g, size_t n_lines)
{
    return g->line_px * (double)n_lines + 2 * g->pad_y;
}

double caption_block_top(const struct caption_geometry *g, int position, double block_px, int height)
{
    return position == CAPTION_TOP      ? g->edge_px
           : position == CAPTION_MIDDLE ? floor((height - block_px) / 2)
                                        : g->edge_px - block_px;
}

struct caption_geometry caption_geometry_of(const struct caption_opts *o, int width, int height)
{
    struct caption_geometry g = { .font_px = captions_font_px(o, width, height),
                                  .max_lines = (size_t)clamp((double)o->max_lines, 1, 6) };
    double room = height * (1 - bottom_margin(width, height) - top_margin(width, height));
    for (;;) {
        g.line_px = floor(g.font_px * 1.28 + 0.5);
        g.pad_x = floor(g.font_px * 0.45 + 0.5);
        g.pad_y = floor(g.font_px * 0.2 + 0.5);
        if (caption_block_px(&g, g.max_lines) <= room || g.font_px <= 4)
            break;
        g.font_px = floor(g.font_px * 0.9);
    }
    g.text_px = width * 0.9 - 2 * g.pad_x;
    g.edge_px = o->position == CAPTION_TOP ? floor(top_margin(width, height) * height)
                                           : floor((1 - bottom_margin(width, height)) * height);
    return g;
}

struct caption_zone captions_zone(const struct caption_opts *o, int width, int height)
{
    struct caption_geometry g = caption_geometry_of(o, width, height);
    double most = caption_block_px(&g, g.max_lines), top = caption_block_top(&g, o->position, most, height);
    return (struct caption_zone){ top / height, (top + most) / height };
}

PangoLayout *caption_layout(const struct typeset *t, struct str text, const struct caption_opts *o, double font_px,
                            struct str language, struct buf *families)
{
    struct type_style style = { .families = typeset_families(families, o->font), .weight = 600, .size_px = font_px };
    return typeset_layout(t, text, &style, 0, TYPESET_START, typeset_is_rtl(text, language));
}
