/* crop.c - the old picture closes into a shape over black and the next one opens out of it */
#include <math.h>
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"

struct opening {
    double x, y; /* half of its sides, px; of a circle both are the radius */
    double w, h;
    bool is_round;
};

static void opening_row(const void *ctx, const struct matte_row *row, uint16_t *weight)
{
    const struct opening *o = ctx;
    double dy = fabs(row->y - o->h / 2), soft = fmax(1.5, row->size);
    for (int i = 0; i < row->n; i++) {
        double dx = fabs(row->x + i * row->step - o->w / 2);
        double inside = o->is_round ? o->x - hypot(dx, dy) : fmin(o->x - dx, o->y - dy);
        weight[i] = matte_edge(inside, soft);
    }
}

/* dx > 0: round */
static void crop_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                     const struct frame *b, double p)
{
    struct frame *black = frame_create(dst->w, dst->h);
    double open = fabs(1 - 2 * p), most = hypot(dst->w, dst->h) / 2;
    struct opening o = { .w = dst->w, .h = dst->h, .is_round = self->dx > 0 };
    (void)opts;
    o.x = o.is_round ? (most + 2) * open : (dst->w / 2.0 + 2) * open;
    o.y = (dst->h / 2.0 + 2) * open;
    matte_mix(dst, black, p < 0.5 ? a : b, opening_row, &o);
    frame_destroy(black);
}

const struct transition transition_circle_crop = {
    .row = { .name = "circle-crop", .help = "closes to a point in black and opens again" },
    .mix = crop_mix,
    .dx = 1,
};

const struct transition transition_rect_crop = {
    .row = { .name = "rect-crop", .help = "a rectangle closes in black and opens again" },
    .mix = crop_mix,
};
