/* overlay_place.c - where blocks stand */
#include "compose/overlay_place.h"
#include <math.h>
#include "gen/base/mem.h"

struct box overlays_area(int width, int height)
{
    bool is_tall = height > width;
    double side = is_tall ? 0.06 : 0.05, top = is_tall ? 0.10 : 0.05, bottom = is_tall ? 0.16 : 0.05;
    double x = 2 * ceil(side * width / 2), y = 2 * ceil(top * height / 2);
    return (struct box){ x, y, width - 2 * x, 2 * floor((1 - bottom) * height / 2) - y };
}

struct box box_seen(struct view v, struct window target, int width, int height)
{
    double w = width, h = height, c = cos(v.turn), s = sin(v.turn);
    double dx = (target.x + target.w / 2 - v.look.x - v.look.w / 2) / v.look.w * w;
    double dy = (target.y + target.h / 2 - v.look.y - v.look.h / 2) / v.look.h * h;
    double tw = target.w / v.look.w * w, th = target.h / v.look.h * h;
    double bw = tw * fabs(c) + th * fabs(s), bh = tw * fabs(s) + th * fabs(c);
    return (struct box){ w / 2 + dx * c + dy * s - bw / 2, h / 2 - dx * s + dy * c - bh / 2, bw, bh };
}

struct box box_joined(struct box a, struct box b)
{
    double x = fmin(a.x, b.x), y = fmin(a.y, b.y);
    return (struct box){ x, y, fmax(a.x + a.w, b.x + b.w) - x, fmax(a.y + a.h, b.y + b.h) - y };
}

bool box_is_same(struct box a, struct box b)
{
    const double d[] = { a.x - b.x, a.y - b.y, a.w - b.w, a.h - b.h };
    for (size_t i = 0; i < COUNTOF(d); i++)
        if (fpclassify(d[i]) != FP_ZERO)
            return false;
    return true;
}

static bool overlaps(struct box a, struct box b, double gap)
{
    return a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h + gap && b.y < a.y + a.h + gap;
}

static bool is_free(const struct place_wish *w, struct box b, struct box area, const struct obstacle *o, size_t n)
{
    const double slack = 1e-6;
    if (b.x < area.x - slack || b.y < area.y - slack || b.x + b.w > area.x + area.w + slack ||
        b.y + b.h > area.y + area.h + slack)
        return false;
    for (size_t i = 0; i < n; i++)
        if (o[i].from < w->to && w->from < o[i].to && overlaps(b, o[i].box, w->gap - slack))
            return false;
    return true;
}

static double even_up(double v)
{
    return 2 * ceil(v / 2 - 1e-9);
}

static double even_down(double v)
{
    return 2 * floor(v / 2 + 1e-9);
}

/* The best row of one column: the wish, or just before or after an obstacle. */
static bool in_column(const struct place_wish *w, double x, double y, struct box area, const struct obstacle *o,
                      size_t n, struct box *out)
{
    double best = HUGE_VAL;
    for (size_t i = 0; i < 2 * n + 3; i++) {
        double at = i == 2 * n       ? even_down(y)
                    : i == 2 * n + 1 ? even_up(area.y)
                    : i == 2 * n + 2 ? even_down(area.y + area.h - w->h)
                    : i % 2          ? even_down(o[i / 2].box.y - w->gap - w->h)
                                     : even_up(o[i / 2].box.y + o[i / 2].box.h + w->gap);
        struct box b = { x, at, w->w, w->h };
        if (fabs(at - y) < best && is_free(w, b, area, o, n)) {
            best = fabs(at - y);
            *out = b;
        }
    }
    return best < HUGE_VAL;
}

bool overlay_place(const struct place_wish *w, struct box area, const struct obstacle *o, size_t n, struct box *out)
{
    static const double columns[] = { 0, 0.5, 1 };
    for (size_t i = 0; i < w->n_spots; i++) {
        struct box b = { even_down(w->spots[i].x), even_down(w->spots[i].y), w->w, w->h };
        if (is_free(w, b, area, o, n)) {
            *out = b;
            return true;
        }
    }
    double x = area.x + w->ax * (area.w - w->w), y = area.y + w->ay * (area.h - w->h), best = HUGE_VAL;
    if (in_column(w, w->ax < 0.5 ? even_up(x) : even_down(x), y, area, o, n, out))
        return true;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        struct box b = { 0 };
        double other = area.x + columns[i] * (area.w - w->w);
        if (in_column(w, columns[i] < 0.5 ? even_up(other) : even_down(other), y, area, o, n, &b) &&
            hypot(b.x - x, b.y - y) < best) {
            best = hypot(b.x - x, b.y - y);
            *out = b;
        }
    }
    return best < HUGE_VAL;
}
