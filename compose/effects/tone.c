/* tone.c - effects that treat every pixel alike: grayscale, brightness, contrast, saturation
 *
 * They work on Y'CbCr directly: luma 16..235 around its black, chroma 16..240 around 128. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "compose/effects/rows.h"
#include "compose/effects/tone.h"
#include "gen/base/mem.h"
#include "gen/effect_time.h"

struct amount {
    double amount;
};

void tone_set(struct tone *t, int plane, double gain, double offset)
{
    int zero = plane ? 128 : 16, low = 16, high = plane ? 240 : 235;
    t->is_set[plane] = true;
    for (int i = 0; i < 256; i++) {
        double v = zero + (i - zero) * gain + offset;
        t->table[plane][i] = (uint8_t)lrint(fmin(high, fmax(low, v)));
    }
}

void tone_apply(void *state, const void *opts, struct frame *f, const struct effect_moment *m)
{
    const struct tone *t = state;
    (void)opts, (void)m;
    for (int p = 0; p < 3; p++)
        for (int y = 0; t->is_set[p] && y < frame_plane_h(f, p); y++) {
            uint8_t *row = f->plane[p] + y * f->stride[p];
            for (int x = 0; x < frame_plane_w(f, p); x++)
                row[x] = t->table[p][row[x]];
        }
}

static struct tone *tone_of(double luma_gain, double luma_offset, double chroma_gain)
{
    struct tone *t = mem_alloc(sizeof *t);
    if (luma_gain < 1 || luma_gain > 1 || luma_offset < 0 || luma_offset > 0)
        tone_set(t, 0, luma_gain, luma_offset);
    if (chroma_gain < 1 || chroma_gain > 1) {
        tone_set(t, 1, chroma_gain, 0);
        tone_set(t, 2, chroma_gain, 0);
    }
    return t;
}

static void *grayscale_create(const void *opts, const struct effect_env *env)
{
    const struct amount *a = opts;
    (void)env;
    return tone_of(1, 0, 1 - a->amount);
}

static void *saturation_create(const void *opts, const struct effect_env *env)
{
    const struct amount *a = opts;
    (void)env;
    return tone_of(1, 0, a->amount);
}

static void *brightness_create(const void *opts, const struct effect_env *env)
{
    const struct amount *a = opts;
    (void)env;
    return tone_of(1, 219 * a->amount, 1);
}

static void *contrast_create(const void *opts, const struct effect_env *env)
{
    const struct amount *a = opts;
    (void)env;
    return tone_of(a->amount, 219 * 0.5 * (1 - a->amount), a->amount);
}

#define TONE(id, words, default_, least, most, meaning)                                   \
    static const struct param id##_params[] = {                                           \
        PARAM_DOUBLE(struct amount, amount, .def = default_, .min = least, .max = most, .help = meaning), { 0 } \
    };                                                                                    \
    const struct effect effect_##id = {                                                   \
        .row = { .shared = effect_frame_params, .name = #id, .help = words, .params = id##_params, .opts_size = sizeof(struct amount) }, \
        .create = id##_create, .apply = tone_apply, .destroy = free,                      \
    }
TONE(grayscale, "take the colour out", 1, 0, 1, "0 leaves the colours, 1 takes all out");
TONE(brightness, "lighter or darker", 0.1, -1, 1, "added to the brightness; 0 changes nothing");
TONE(contrast, "more or less difference between light and dark", 1.2, 0, 3, "times the contrast; 1 changes nothing");
TONE(saturation, "stronger or weaker colours", 1.3, 0, 3, "times the colour; 1 changes nothing");
