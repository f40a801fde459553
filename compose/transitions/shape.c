/* shape.c - the next picture appears inside a growing circle, around a closing one, or grain by grain */
#include <math.h>
#include <stdbool.h>
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"
#include "gen/base/rand.h"

struct circle {
    double x, y, radius;
    bool is_inside;                             /* b is what lies inside */
};

static void circle_row(const void *ctx, const struct matte_row *row, uint16_t *weight)
{
    const struct circle *c = ctx;
    double dy = row->y - c->y, soft = fmax(1.5, row->size);
    for (int i = 0; i < row->n; i++) {
        double dx = row->x + i * row->step - c->x, inside = c->radius - sqrt(dx * dx + dy * dy);
        weight[i] = matte_edge(c->is_inside ? inside : -inside, soft);
    }
}

static void circle_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                       const struct frame *b, double p)
{
    bool is_open = self->dx > 0;
    double most = hypot(dst->w, dst->h) / 2 + 2;
    struct circle c = { dst->w / 2.0, dst->h / 2.0, most * (is_open ? p : 1 - p), is_open };
    (void)opts;
    matte_mix(dst, a, b, circle_row, &c);
}

static uint32_t noise_of(uint32_t x, uint32_t y)
{
    struct rng r = { (uint64_t)y << 32 | x };
    return (uint32_t)(rng_next(&r) >> 32);
}

/* Grains of two luma px, so that luma and chroma turn together; each turns within a tenth of the time. */
static void dissolve_row(const void *ctx, const struct matte_row *row, uint16_t *weight)
{
    double p = *(const double *)ctx;
    for (int i = 0; i < row->n; i++) {
        uint32_t gx = (uint32_t)(row->size > 1 ? i : i / 2),
                 gy = (uint32_t)(row->size > 1 ? row->index : row->index / 2);
        double at = noise_of(gx, gy) * 0x1p-32;
        weight[i] = matte_edge(p * 1.1 - 0.05 - at, 0.1);
    }
}

static void dissolve_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                         const struct frame *b, double p)
{
    (void)self, (void)opts;
    matte_mix(dst, a, b, dissolve_row, &p);
}

const struct transition transition_circle_open = {
    .row = { .name = "circle-open", .help = "the next picture appears in a growing circle" },
    .mix = circle_mix, .dx = 1,
};

const struct transition transition_circle_close = {
    .row = { .name = "circle-close", .help = "the old picture stays in a shrinking circle" },
    .mix = circle_mix, .dx = -1,
};

const struct transition transition_dissolve = {
    .row = { .name = "dissolve", .help = "grain by grain" },
    .mix = dissolve_mix,
};
