/* base64_groups.c - whole groups of four base64 characters in a row, many at once where the processor can */
#include "api/base64_groups.h"
#include <stdint.h>

/* One more than what a character is worth. */
static const unsigned char worth[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,  ['I'] = 9,
    ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
    ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27,
    ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45,
    ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
    ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
    ['-'] = 63, ['/'] = 64, ['_'] = 64,
};

int base64_value(unsigned char c)
{
    return worth[c] - 1;
}

unsigned base64_kind(unsigned char c)
{
    static const unsigned char kinds[256] = {
        ['+'] = BASE64_PLUS, ['/'] = BASE64_SLASH, ['-'] = BASE64_URL, ['_'] = BASE64_URL
    };
    return kinds[c];
}

static size_t groups_c(unsigned char *out, size_t room, const unsigned char *p, size_t n, unsigned *kinds)
{
    size_t i = 0;
    for (n = n / 4 < room / 3 ? n / 4 : room / 3; i < n; i++, p += 4, out += 3) {
        int a = base64_value(p[0]), b = base64_value(p[1]), c = base64_value(p[2]), d = base64_value(p[3]);
        if ((a | b | c | d) < 0)
            break;
        uint32_t bits = (uint32_t)(a << 18 | b << 12 | c << 6 | d);
        *kinds |= base64_kind(p[0]) | base64_kind(p[1]) | base64_kind(p[2]) | base64_kind(p[3]);
        out[0] = (unsigned char)(bits >> 16);
        out[1] = (unsigned char)(bits >> 8);
        out[2] = (unsigned char)bits;
    }
    return i;
}

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))

enum { CHARS = 32, BYTES = 24 };

/* The same 16 bytes in both halves, to look up by four bits. */
#define TABLE(...) _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))

/* Where characters were met that one alphabet has and the other has not. */
struct met {
    __m256i plus, slash, url;
};

AVX2 static inline __m256i where(__m256i c, char is)
{
    return _mm256_cmpeq_epi8(c, _mm256_set1_epi8(is));
}

AVX2 static inline __m256i value_if(__m256i is, signed char then)
{
    return _mm256_and_si256(is, _mm256_set1_epi8(then));
}

AVX2 static inline bool is_any(__m256i is)
{
    return !_mm256_testz_si256(is, is);
}

/* What each character is worth; false when one is of neither alphabet. */
AVX2 static inline bool values(__m256i c, __m256i *out, struct met *met)
{
    /* A bit for each way to be none, by the character's upper half: 1 punctuation of 0x2., 2 digits, 4 letters of 0x4.
     * and 0x6., 8 those of 0x5., 16 those of 0x7., 32 all others. By its lower half: the ways in which it is none. */
    const __m256i upper = TABLE(32, 32, 1, 2, 4, 8, 4, 16, 32, 32, 32, 32, 32, 32, 32, 32);
    const __m256i lower =
        TABLE(0x25, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21, 0x23, 0x3a, 0x3b, 0x3a, 0x3b, 0x32);
    /* By the upper half, what turns '+', '0', 'A' and 'a' and those that follow into their values. */
    const __m256i shift = TABLE(0, 0, 62 - '+', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i low4 = _mm256_set1_epi8(15);
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(c, 4), low4);
    __m256i is_none =
        _mm256_and_si256(_mm256_shuffle_epi8(upper, high), _mm256_shuffle_epi8(lower, _mm256_and_si256(c, low4)));
    if (is_any(is_none))
        return false;
    __m256i add = _mm256_shuffle_epi8(shift, high), slash = where(c, '/'), dash = where(c, '-'), low = where(c, '_');
    add = _mm256_add_epi8(add, value_if(slash, 63 - '/' - (62 - '+')));
    add = _mm256_add_epi8(add, value_if(dash, 62 - '-' - (62 - '+')));
    add = _mm256_add_epi8(add, value_if(low, 63 - '_' + 'A'));
    *out = _mm256_add_epi8(c, add);
    met->plus = _mm256_or_si256(met->plus, where(c, '+'));
    met->slash = _mm256_or_si256(met->slash, slash);
    met->url = _mm256_or_si256(met->url, _mm256_or_si256(dash, low));
    return true;
}

AVX2 static size_t groups_avx2(unsigned char *out, size_t room, const unsigned char *p, size_t n, unsigned *kinds)
{
    struct met met = { _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256() };
    /* of each group's 24 bits in a 32-bit number the three bytes, highest first, to the front of their half */
    const __m256i order = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, 2, 1, 0, 6, 5, 4, 10,
                                           9, 8, 14, 13, 12, -1, -1, -1, -1);
    const __m256i halves = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7);
    size_t i = 0;
    for (; n >= CHARS && room >= BYTES + BASE64_SPARE;
         n -= CHARS, room -= BYTES, p += CHARS, out += BYTES, i += CHARS / 4) {
        __m256i v;
        if (!values(_mm256_loadu_si256((const void *)p), &v, &met))
            break;
        v = _mm256_maddubs_epi16(v, _mm256_set1_epi16(0x0140));  /* pairs of characters: 12 bits */
        v = _mm256_madd_epi16(v, _mm256_set1_epi32(0x00011000)); /* pairs of pairs: 24 bits */
        v = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(v, order), halves);
        _mm256_storeu_si256((void *)out, v);
    }
    *kinds |= (is_any(met.plus) ? BASE64_PLUS : 0u) | (is_any(met.slash) ? BASE64_SLASH : 0u) |
              (is_any(met.url) ? BASE64_URL : 0u);
    return i + groups_c(out, room, p, n, kinds);
}
#endif

size_t base64_groups(unsigned char *out, size_t room, const unsigned char *text, size_t n, bool allow_simd,
                     unsigned *kinds)
{
#if defined(__x86_64__)
    if (allow_simd && __builtin_cpu_supports("avx2"))
        return groups_avx2(out, room, text, n, kinds);
#endif
    (void)allow_simd;
    return groups_c(out, room, text, n, kinds);
}
