/* sepia.c - the brown of old photographs: chroma follows from luma alone */
#include <math.h>
#include <stdlib.h>
#include "compose/effects/rows.h"
#include "gen/base/mem.h"
#include "gen/effect_time.h"

struct sepia {
    double amount;
};

static const struct param sepia_params[] = {
    PARAM_DOUBLE(struct sepia, amount, .def = 1, .min = 0, .max = 1, .help = "0 leaves the colours, 1 is all brown"),
    { 0 }
};

/* Of white: Cb and Cr of the tint #FFE2B0, as a part of the luma's range. */
enum { TINT_CB = -24, TINT_CR = 13, WEIGHT_ONE = 256 };

static void sepia_apply(void *state, const void *opts, struct frame *f, const struct effect_moment *m)
{
    int weight = (int)lrint(WEIGHT_ONE * ((const struct sepia *)opts)->amount);
    (void)state, (void)m;
    for (int y = 0; y < frame_plane_h(f, 1); y++) {
        const uint8_t *luma = f->plane[0] + 2 * y * f->stride[0];
        uint8_t *cb = f->plane[1] + y * f->stride[1], *cr = f->plane[2] + y * f->stride[2];
        for (int x = 0; x < frame_plane_w(f, 1); x++) {
            int l = luma[2 * x] - 16;           /* strongest in the middle tones, none in black and white */
            int arch = l < 0 ? 0 : l > 219 ? 0 : 4 * l * (219 - l) / 219;
            int b = 128 + TINT_CB * (l + arch) / (2 * 219), r = 128 + TINT_CR * (l + arch) / (2 * 219);
            cb[x] = (uint8_t)((cb[x] * (WEIGHT_ONE - weight) + b * weight + WEIGHT_ONE / 2) / WEIGHT_ONE);
            cr[x] = (uint8_t)((cr[x] * (WEIGHT_ONE - weight) + r * weight + WEIGHT_ONE / 2) / WEIGHT_ONE);
        }
    }
}

const struct effect effect_sepia = {
    .row = { .shared = effect_frame_params, .name = "sepia", .help = "the brown of old photographs",
             .params = sepia_params, .opts_size = sizeof(struct sepia) },
    .apply = sepia_apply,
};
