/* kernel_turned_rows.c - the two inner loops for turned windows, portable and for AVX2 */
#include "compose/kernel_turned_rows.h"
#include "compose/kernel.h"
#include "compose/kernel_rows.h"

enum { DOWN_BITS = KERNEL_WEIGHT_BITS + PLANE_FRACTION };

static int16_t saturate16(int32_t v)
{
    return (int16_t)(v < INT16_MIN ? INT16_MIN : v > INT16_MAX ? INT16_MAX : v);
}

static void across_c(int16_t *dst, const int16_t *src, const int32_t *start, const int32_t *at, const int16_t *weight,
                     int n, int taps)
{
    for (int i = 0; i < n; i++) {
        const int16_t *s = src + start[i], *w = weight + at[i];
        int32_t sum = 1 << (KERNEL_WEIGHT_BITS - 1);
        for (int t = 0; t < taps; t++)
            sum += s[t] * w[t];
        dst[i] = saturate16(sum >> KERNEL_WEIGHT_BITS);
    }
}

static void down_c(uint8_t *dst, const int16_t *const *rows, int32_t base, const int32_t *y, const int16_t *weight,
                   int n, int taps, uint8_t low, uint8_t high)
{
    for (int i = 0; i < n; i++) {
        const int16_t *const *r = rows + turned_px(base + y[i]);
        const int16_t *w = weight + turned_phase(base + y[i]) * taps;
        int32_t sum = 1 << (DOWN_BITS - 1);
        for (int t = 0; t < taps; t++)
            sum += r[t][i] * w[t];
        sum >>= DOWN_BITS;
        dst[i] = (uint8_t)(sum < low ? low : sum > high ? high : sum);
    }
}

static const struct kernel_turned_rows rows_c = { across_c, down_c };

#ifdef __x86_64__
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))

/* Two outputs, i and i + 4: their products summed in pairs, one output in each half of the register. */
AVX2 static inline __m256i pair(const int16_t *src, const int32_t *start, const int32_t *at, const int16_t *weight,
                                int taps)
{
    __m256i sum = _mm256_setzero_si256();
    for (int t = 0; t < taps; t += 8) {
        __m256i s =
            _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(src + start[0] + t))),
                                    _mm_loadu_si128((const __m128i *)(src + start[4] + t)), 1);
        __m256i w =
            _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(weight + at[0] + t))),
                                    _mm_loadu_si128((const __m128i *)(weight + at[4] + t)), 1);
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(s, w));
    }
    return sum;
}

AVX2 static inline __m256i eight(const int16_t *src, const int32_t *start, const int32_t *at, const int16_t *weight,
                                 int taps)
{
    __m256i a = pair(src, start, at, weight, taps), b = pair(src, start + 1, at + 1, weight, taps);
    __m256i c = pair(src, start + 2, at + 2, weight, taps), d = pair(src, start + 3, at + 3, weight, taps);
    __m256i sum = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (KERNEL_WEIGHT_BITS - 1))),
                             KERNEL_WEIGHT_BITS);
}

AVX2 static void across_avx2(int16_t *dst, const int16_t *src, const int32_t *start, const int32_t *at,
                             const int16_t *weight, int n, int taps)
{
    for (int i = 0; i < n; i += 16) {
        __m256i p = _mm256_packs_epi32(eight(src, start + i, at + i, weight, taps),
                                       eight(src, start + i + 8, at + i + 8, weight, taps));
        _mm256_store_si256((__m256i *)(dst + i), _mm256_permute4x64_epi64(p, 0xD8));
    }
}

/* Eight outputs whose columns begin at the same source row; at: of each in the table, counted in pairs of weights. */
AVX2 static inline __m256i eight_down(const int16_t *const *r, int i, const int16_t *weight, __m256i at, int taps)
{
    __m256i sum = _mm256_setzero_si256();
    for (int t = 0; t < taps; t += 2) {
        __m128i a = _mm_load_si128((const __m128i *)(r[t] + i)), b = _mm_load_si128((const __m128i *)(r[t + 1] + i));
        __m256i px =
            _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_unpacklo_epi16(a, b)), _mm_unpackhi_epi16(a, b), 1);
        __m256i w = _mm256_i32gather_epi32((const int *)(const void *)(weight + t), at, 4);
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(px, w));
    }
    return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (DOWN_BITS - 1))), DOWN_BITS);
}

AVX2 static void down_avx2(uint8_t *dst, const int16_t *const *rows, int32_t base, const int32_t *y,
                           const int16_t *weight, int n, int taps, uint8_t low, uint8_t high)
{
    const __m128i lo = _mm_set1_epi8((char)low), hi = _mm_set1_epi8((char)high);
    for (int i = 0; i < n; i += 8) {
        __m256i position = _mm256_add_epi32(_mm256_loadu_si256((const __m256i *)(y + i)), _mm256_set1_epi32(base));
        __m256i px = _mm256_srai_epi32(position, TURNED_FRACTION);
        __m256i phase = _mm256_and_si256(_mm256_srai_epi32(position, TURNED_FRACTION - TURNED_PHASE_BITS),
                                         _mm256_set1_epi32(TURNED_PHASES - 1));
        __m256i at = _mm256_mullo_epi32(phase, _mm256_set1_epi32(taps / 2));
        int32_t first = turned_px(base + y[i]), last = turned_px(base + y[i + 7]), one = first < last ? 1 : -1;
        __m256i sum = eight_down(rows + first, i, weight, at, taps);
        while (first != last) { /* columns go up or down steadily: few have another row than their neighbour */
            first += one;
            sum = _mm256_blendv_epi8(sum, eight_down(rows + first, i, weight, at, taps),
                                     _mm256_cmpeq_epi32(px, _mm256_set1_epi32(first)));
        }
        __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        __m128i bytes = _mm_min_epu8(_mm_max_epu8(_mm_packus_epi16(words, words), lo), hi);
        _mm_storel_epi64((__m128i *)(dst + i), bytes);
    }
}

static const struct kernel_turned_rows rows_avx2 = { across_avx2, down_avx2 };

const struct kernel_turned_rows *kernel_turned_rows_best(bool allow_simd)
{
    return allow_simd && __builtin_cpu_supports("avx2") ? &rows_avx2 : &rows_c;
}
#else
const struct kernel_turned_rows *kernel_turned_rows_best(bool allow_simd)
{
    (void)allow_simd;
    return &rows_c;
}
#endif
