/* kernel_rows.h - the two inner loops of the kernel, portable and for AVX2; the same integers from both */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    KERNEL_WEIGHT_BITS = 14,
    KERNEL_TAPS_MAX = 56,                       /* 2 x 3 lobes x KERNEL_STEP_MAX, rounded up to 8 */
    KERNEL_BLOCK = 64,                          /* outputs come in whole blocks */
};

struct kernel_rows {
    /* dst[i] = sum of src[start[i] + t] * weight[i][t], rounded, for n outputs; taps a multiple of 8 */
    void (*across)(int16_t *dst, const int16_t *src, const int32_t *start, const int16_t *weight, int n, int taps);
    /* dst[i] = sum of rows[t][i] * weight[t], rounded to bytes in [low, high]; taps even; dst and rows 64-aligned */
    void (*down)(uint8_t *dst, const int16_t *const *rows, const int16_t *weight, int n, int taps, uint8_t low,
                 uint8_t high);
};

const struct kernel_rows *kernel_rows_best(bool allow_simd);
