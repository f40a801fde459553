/* wipe.c - an edge passes over the frame and leaves the next picture behind */
#include <math.h>
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"

struct wipe {
    double softness;
};

static const struct param wipe_params[] = {
    PARAM_DOUBLE(struct wipe, softness, .def = 0, .min = 0, .max = 0.5,
                 .help = "width of the edge, as a part of the frame; never less than a pixel"),
    { 0 }
};

struct edge {
    int dx, dy;
    double at, soft;                            /* px from the side where the edge starts */
    int w, h;
};

static void wipe_row(const void *ctx, const struct matte_row *row, uint16_t *weight)
{
    const struct edge *e = ctx;
    double soft = fmax(e->soft, row->size);
    for (int i = 0; i < row->n; i++) {
        double x = row->x + i * row->step;
        double gone = e->dx > 0 ? x : e->dx < 0 ? e->w - x : e->dy > 0 ? row->y : e->h - row->y;
        weight[i] = matte_edge(e->at - gone, soft);
    }
}

static void wipe_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                     const struct frame *b, double p)
{
    const struct wipe *o = opts;
    double side = self->dx ? dst->w : dst->h, soft = fmax(1, (o ? o->softness : 0) * side);
    struct edge e = { .dx = self->dx, .dy = self->dy, .soft = soft, .w = dst->w, .h = dst->h,
                      .at = -soft / 2 + p * (side + soft) };
    matte_mix(dst, a, b, wipe_row, &e);
}

#define WIPE(id, text, words, x, y)                                                       \
    const struct transition transition_wipe_##id = {                                      \
        .row = { .name = "wipe-" text, .help = "an edge passes " words, .params = wipe_params, \
                 .opts_size = sizeof(struct wipe) },                                      \
        .mix = wipe_mix, .dx = x, .dy = y,                                                \
    }
WIPE(left, "left", "from right to left", -1, 0);
WIPE(right, "right", "from left to right", 1, 0);
WIPE(up, "up", "upwards", 0, -1);
WIPE(down, "down", "downwards", 0, 1);
