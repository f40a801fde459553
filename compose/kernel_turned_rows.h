/* kernel_turned_rows.h - the two inner loops for turned windows, portable and for AVX2; the same integers from both */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    TURNED_FRACTION = 15,   /* bits after the point of a position: planes of up to 65,535 px */
    TURNED_PHASE_BITS = 10, /* weights are tabled for 1/1024 px */
    TURNED_PHASES = 1 << TURNED_PHASE_BITS,
    TURNED_HALF_PHASE = 1 << (TURNED_FRACTION - TURNED_PHASE_BITS - 1), /* added to a position: phases are rounded */
};

/* The source value and the phase that a position means. */
static inline int32_t turned_px(int32_t position)
{
    return position >> TURNED_FRACTION;
}
static inline int32_t turned_phase(int32_t position)
{
    return position >> (TURNED_FRACTION - TURNED_PHASE_BITS) & (TURNED_PHASES - 1);
}

struct kernel_turned_rows {
    /* dst[i] = sum of src[start[i] + t] * weight[at[i] + t], rounded; n a multiple of 16, taps of 8 */
    void (*across)(int16_t *dst, const int16_t *src, const int32_t *start, const int32_t *at, const int16_t *weight,
                   int n, int taps);
    /* dst[i] = sum of rows[s + t][i] * weight[phase * taps + t], rounded to bytes in [low, high], where position
     * base + y[i] has source value s and phase; n a multiple of 64, taps even */
    void (*down)(uint8_t *dst, const int16_t *const *rows, int32_t base, const int32_t *y, const int16_t *weight, int n,
                 int taps, uint8_t low, uint8_t high);
};

const struct kernel_turned_rows *kernel_turned_rows_best(bool allow_simd);
