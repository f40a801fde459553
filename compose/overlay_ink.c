/* overlay_ink.c - colours that can be read */
#include "compose/overlay_ink.h"
#include <libavutil/frame.h>
#include <math.h>

struct overlay_ink overlay_ink_of(const struct overlay_wish *w)
{
    struct overlay_ink ink = { .text = w->text, .box = w->box, .opacity = w->opacity };
    struct rgba white = { 1, 1, 1, 1 }, black = { 0, 0, 0, 1 };
    ink.text.a = 1;
    /* one of both always has a contrast of 4.58 or more */
    ink.outline = rgba_contrast(ink.text, white) > rgba_contrast(ink.text, black) ? white : black;
    return ink;
}

bool overlay_ink_is_safe(const struct overlay_ink *ink)
{
    return ink->box.a > 0 && rgba_least_contrast(ink->text, ink->box) >= INK_CONTRAST;
}

void overlay_ink_outline(struct overlay_ink *ink, double font_px)
{
    ink->outline_px = fmax(1, font_px * (ink->box.a < 0.35 ? 0.075 : 0.045));
}

static double unit(double v)
{
    return v < 0 ? 0 : v > 1 ? 1 : v;
}

/* Source: ITU-R BT.709-6, items 3.2 to 3.5. */
static struct rgba rgb_of(int y, int cb, int cr)
{
    double l = (y - 16) / 219.0, u = (cb - 128) / 224.0, v = (cr - 128) / 224.0;
    double r = l + 1.5748 * v, b = l + 1.8556 * u, g = (l - 0.2126 * r - 0.0722 * b) / 0.7152;
    return (struct rgba){ unit(r), unit(g), unit(b), 1 };
}

/* What of a colour is seen through which the picture beneath shows. */
static struct rgba let_through(struct rgba c, double opacity, struct rgba under)
{
    c.a = opacity;
    return rgba_over(c, under);
}

/* What rounding to a frame's 8 bits may cost. */
static const double rounding = 0.1;

static bool is_readable(const struct overlay_ink *ink, double opacity, struct rgba under)
{
    struct rgba box = rgba_over(ink->box, under), next = ink->outline_px > 0 ? ink->outline : box;
    return rgba_contrast(let_through(ink->text, opacity, under), let_through(next, opacity, under)) >=
           INK_CONTRAST + rounding;
}

/* The contrast is not monotonous in the colour beneath, so a grid of them is looked at. */
static bool is_readable_anywhere(const struct overlay_ink *ink, double opacity)
{
    enum { STEPS = 4, ALL = (STEPS + 1) * (STEPS + 1) * (STEPS + 1) };
    bool ok = true;
    for (int i = 0; ok && i < ALL; i++) {
        const int r = i % (STEPS + 1), g = i / (STEPS + 1) % (STEPS + 1), b = i / (STEPS + 1) / (STEPS + 1);
        const struct rgba under = { r / (double)STEPS, g / (double)STEPS, b / (double)STEPS, 1 };
        ok = is_readable(ink, opacity, under);
    }
    return ok;
}

double overlay_ink_least_opacity(const struct overlay_ink *ink)
{
    int low = 0, high = 100;                    /* hundredths: not enough, enough */
    while (high - low > 1) {
        int mid = (low + high) / 2;
        if (is_readable_anywhere(ink, mid / 100.0))
            high = mid;
        else
            low = mid;
    }
    return high / 100.0;
}

double overlay_ink_unread(const struct overlay_ink *ink, const AVFrame *f, struct box rect)
{
    int x0 = (int)fmax(0, rect.x) / 2, x1 = (int)fmin(f->width, rect.x + rect.w) / 2;
    int y0 = (int)fmax(0, rect.y) / 2, y1 = (int)fmin(f->height, rect.y + rect.h) / 2;
    size_t n = 0, n_bad = 0;
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++, n++) {
            struct rgba under =
                rgb_of(f->data[0][(ptrdiff_t)2 * y * f->linesize[0] + 2 * x],
                       f->data[1][(ptrdiff_t)y * f->linesize[1] + x], f->data[2][(ptrdiff_t)y * f->linesize[2] + x]);
            n_bad += rgba_contrast(ink->text, rgba_over(ink->box, under)) < INK_CONTRAST;
        }
    return n ? (double)n_bad / (double)n : 0;
}
