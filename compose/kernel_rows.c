/* kernel_rows.c - the two inner loops of the kernel, portable and for AVX2 */
#include "compose/kernel_rows.h"
#include <string.h>
#include "compose/kernel.h"

enum { DOWN_BITS = KERNEL_WEIGHT_BITS + PLANE_FRACTION };

static int16_t saturate16(int32_t v)
{
    return (int16_t)(v < INT16_MIN ? INT16_MIN : v > INT16_MAX ? INT16_MAX : v);
}

static void across_c(int16_t *dst, const int16_t *src, const int32_t *start, const int16_t *weight, int n, int taps)
{
    for (int i = 0; i < n; i++) {
        const int16_t *s = src + start[i], *w = weight + (ptrdiff_t)i * taps;
        int32_t sum = 1 << (KERNEL_WEIGHT_BITS - 1);
        for (int t = 0; t < taps; t++)
            sum += s[t] * w[t];
        dst[i] = saturate16(sum >> KERNEL_WEIGHT_BITS);
    }
}

static void down_c(uint8_t *dst, const int16_t *const *rows, const int16_t *weight, int n, int taps, uint8_t low,
                   uint8_t high)
{
    for (int i = 0; i < n; i++) {
        int32_t sum = 1 << (DOWN_BITS - 1);
        for (int t = 0; t < taps; t++)
            sum += rows[t][i] * weight[t];
        sum >>= DOWN_BITS;
        dst[i] = (uint8_t)(sum < low ? low : sum > high ? high : sum);
    }
}

static const struct kernel_rows rows_c = { across_c, down_c };

#ifdef __x86_64__
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))

/* Two outputs, i and i + 4: their products summed in pairs, one output in each half of the register. */
AVX2 static inline __m256i pair(const int16_t *src, const int32_t *start, const int16_t *weight, int taps)
{
    __m256i sum = _mm256_setzero_si256();
    for (int t = 0; t < taps; t += 8) {
        __m256i s = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(src + start[0] + t))),
            _mm_loadu_si128((const __m128i *)(src + start[4] + t)), 1);
        __m256i w = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(weight + t))),
                                            _mm_loadu_si128((const __m128i *)(weight + 4 * (ptrdiff_t)taps + t)), 1);
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(s, w));
    }
    return sum;
}

/* Eight outputs as 32-bit integers, in order. */
AVX2 static inline __m256i eight(const int16_t *src, const int32_t *start, const int16_t *weight, int taps)
{
    __m256i a = pair(src, start, weight, taps), b = pair(src, start + 1, weight + taps, taps);
    __m256i c = pair(src, start + 2, weight + 2 * (ptrdiff_t)taps, taps);
    __m256i d = pair(src, start + 3, weight + 3 * (ptrdiff_t)taps, taps);
    __m256i sum = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (KERNEL_WEIGHT_BITS - 1))),
                             KERNEL_WEIGHT_BITS);
}

AVX2 static inline void across_taps(int16_t *dst, const int16_t *src, const int32_t *start, const int16_t *weight,
                                    int n, int taps)
{
    for (int i = 0; i < n; i += 16) {
        const int16_t *w = weight + (ptrdiff_t)i * taps;
        __m256i p = _mm256_packs_epi32(eight(src, start + i, w, taps),
                                       eight(src, start + i + 8, w + 8 * (ptrdiff_t)taps, taps));
        _mm256_store_si256((__m256i *)(dst + i), _mm256_permute4x64_epi64(p, 0xD8));
    }
}

AVX2 static void across_avx2(int16_t *dst, const int16_t *src, const int32_t *start, const int16_t *weight, int n,
                             int taps)
{
    if (taps == 8)                              /* the common case, unrolled by the compiler */
        across_taps(dst, src, start, weight, n, 8);
    else
        across_taps(dst, src, start, weight, n, taps);
}

AVX2 static inline __m256i narrow(__m256i a, __m256i b)
{
    const __m256i half = _mm256_set1_epi32(1 << (DOWN_BITS - 1));
    return _mm256_packs_epi32(_mm256_srai_epi32(_mm256_add_epi32(a, half), DOWN_BITS),
                              _mm256_srai_epi32(_mm256_add_epi32(b, half), DOWN_BITS));
}

AVX2 static void down_avx2(uint8_t *dst, const int16_t *const *rows, const int16_t *weight, int n, int taps,
                           uint8_t low, uint8_t high)
{
    const __m256i lo = _mm256_set1_epi8((char)low), hi = _mm256_set1_epi8((char)high);
    for (int i = 0; i < n; i += 32) {
        __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
        for (int t = 0; t < taps; t += 2) {
            int32_t two;
            memcpy(&two, weight + t, sizeof two);
            __m256i w = _mm256_set1_epi32(two);
            __m256i r0 = _mm256_load_si256((const __m256i *)(rows[t] + i));
            __m256i r1 = _mm256_load_si256((const __m256i *)(rows[t + 1] + i));
            __m256i q0 = _mm256_load_si256((const __m256i *)(rows[t] + i + 16));
            __m256i q1 = _mm256_load_si256((const __m256i *)(rows[t + 1] + i + 16));
            a = _mm256_add_epi32(a, _mm256_madd_epi16(_mm256_unpacklo_epi16(r0, r1), w));
            b = _mm256_add_epi32(b, _mm256_madd_epi16(_mm256_unpackhi_epi16(r0, r1), w));
            c = _mm256_add_epi32(c, _mm256_madd_epi16(_mm256_unpacklo_epi16(q0, q1), w));
            d = _mm256_add_epi32(d, _mm256_madd_epi16(_mm256_unpackhi_epi16(q0, q1), w));
        }
        __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(narrow(a, b), narrow(c, d)), 0xD8);
        bytes = _mm256_min_epu8(_mm256_max_epu8(bytes, lo), hi);
        _mm256_store_si256((__m256i *)(dst + i), bytes);
    }
}

static const struct kernel_rows rows_avx2 = { across_avx2, down_avx2 };

const struct kernel_rows *kernel_rows_best(bool allow_simd)
{
    return allow_simd && __builtin_cpu_supports("avx2") ? &rows_avx2 : &rows_c;
}
#else
const struct kernel_rows *kernel_rows_best(bool allow_simd)
{
    (void)allow_simd;
    return &rows_c;
}
#endif
