/* safe.c - where a drawn picture has its words, and where the camera may show them */
#include "compose/safe.h"
#include <math.h>
#include <stddef.h>
#include "compose/captions.h"

static const double HALF = 0.55, EDGE = 0.015, CAPTION_GAP = 0.015;

/* Where something is drawn that a zoom to the middle puts at `v`. */
static double before_zoom(double v)
{
    return 0.5 + (v - 0.5) / SAFE_ZOOM;
}

struct safe safe_of(const struct caption_opts *captions, int width, int height)
{
    bool is_tall = height > width;
    double top = is_tall ? 0.10 : 0.045, bottom = is_tall ? 0.84 : 0.93; /* tall: players put their own text there */
    double seen_top = EDGE, seen_bottom = 1 - EDGE;
    if (captions && captions->position != CAPTION_MIDDLE) {
        struct caption_zone z = captions_zone(captions, width, height);
        if (captions->position == CAPTION_TOP) {
            seen_top = fmin(z.bottom + CAPTION_GAP, 1 - HALF);
            top = before_zoom(seen_top);
        } else {
            seen_bottom = fmax(z.top - CAPTION_GAP, HALF);
            bottom = before_zoom(seen_bottom);
        }
    }
    return (struct safe){ .words = { 0.06, top, 0.88, bottom - top },
                          .seen = { EDGE, seen_top, 1 - 2 * EDGE, seen_bottom - seen_top } };
}

double safe_zoom_most(const struct safe *s)
{
    static const double gentle = 1.06;
    return fmax(SAFE_ZOOM, fmin(gentle, fmin(s->seen.w / s->words.w, s->seen.h / s->words.h)));
}

bool safe_holds(const struct safe *s, struct window look)
{
    const double slack = 1e-6;
    struct window w = { (s->words.x - look.x) / look.w, (s->words.y - look.y) / look.h, s->words.w / look.w,
                        s->words.h / look.h };
    return w.x >= s->seen.x - slack && w.y >= s->seen.y - slack && w.x + w.w <= s->seen.x + s->seen.w + slack &&
           w.y + w.h <= s->seen.y + s->seen.h + slack;
}

/* One axis: a point u of the picture is shown at (u - at) / size. */
static double place(double at, double size, double words, double words_n, double seen, double seen_n)
{
    double low = fmax(0, words + words_n - (seen + seen_n) * size), high = fmin(1 - size, words - seen * size);
    return low > high ? (low + high) / 2 : fmax(low, fmin(at, high));
}

struct window safe_keep(const struct safe *s, struct window look)
{
    double size = fmin(1, fmax(fmax(look.w, look.h), 1 / safe_zoom_most(s)));
    double x = look.x + (look.w - size) / 2, y = look.y + (look.h - size) / 2;
    return (struct window){ place(x, size, s->words.x, s->words.w, s->seen.x, s->seen.w),
                            place(y, size, s->words.y, s->words.h, s->seen.y, s->seen.h), size, size };
}
