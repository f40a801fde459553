/* grain.c - film grain: noise that is new in each frame and the same at each run */
#include <math.h>
#include <stdlib.h>
#include "compose/effects/rows.h"
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "gen/effect_time.h"

struct grain {
    double strength;
};

static const struct param grain_params[] = { PARAM_DOUBLE(struct grain, strength, .def = 0.25, .min = 0, .max = 1,
                                                          .help = "how strong; 1 is about 12 of 255 steps"),
                                             { 0 } };

enum { TILE = 256 };                            /* px; a power of two */

struct grain_state {
    uint64_t seed;
    int8_t tile[TILE][TILE];
};

static void *grain_create(const void *opts, const struct effect_env *env)
{
    struct grain_state *s = mem_alloc(sizeof *s);
    struct rng r = { env->seed ^ 0x6772616eu };
    double deviation = 12 * ((const struct grain *)opts)->strength;
    s->seed = rng_next(&r);
    for (int y = 0; y < TILE; y++)
        for (int x = 0; x < TILE; x++) {
            double sum = 0;                     /* four of them are near enough to a bell curve */
            for (int i = 0; i < 4; i++)
                sum += rng_unit(&r) - 0.5;
            s->tile[y][x] = (int8_t)lrint(sum * 1.732 * deviation);
        }
    return s;
}

static void grain_apply(void *state, const void *opts, struct frame *f, const struct effect_moment *m)
{
    const struct grain_state *s = state;
    struct rng r = { s->seed + (uint64_t)m->index };
    int dx = (int)rng_below(&r, TILE), dy = (int)rng_below(&r, TILE);
    (void)opts;
    for (int y = 0; y < f->h; y++) {
        uint8_t *row = f->plane[0] + y * f->stride[0];
        const int8_t *noise = s->tile[(y + dy) % TILE];
        for (int x = 0; x < f->w; x++) {
            int v = row[x] + noise[(x + dx) % TILE];
            row[x] = (uint8_t)(v < 16 ? 16 : v > 235 ? 235 : v);
        }
    }
}

const struct effect effect_grain = {
    .row = { .shared = effect_frame_params, .name = "grain", .help = "film grain", .params = grain_params, .opts_size = sizeof(struct grain) },
    .create = grain_create,
    .apply = grain_apply,
    .destroy = free,
};
