/* fake_media.c - pictures and voices that a fake service can sell */
#include "tests/support/fake_media.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/rand.h"

enum { RATE = 24000, STORED_MOST = 65535 };
static const double char_s = 0.055, gap_s = 0.08, lead_s = 0.05;

static void be32(struct buf *b, uint32_t v)
{
    unsigned char c[4] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16), (unsigned char)(v >> 8),
                           (unsigned char)v };
    buf_add(b, c, 4);
}

/* CRC-32 as in the PNG specification, annex D. */
static uint32_t crc32_of(const char *p, size_t n)
{
    uint32_t table[256], c = 0xffffffff;
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t v = i;
        for (int k = 0; k < 8; k++)
            v = v & 1 ? 0xedb88320 ^ v >> 1 : v >> 1;
        table[i] = v;
    }
    for (size_t i = 0; i < n; i++)
        c = table[(c ^ (unsigned char)p[i]) & 255] ^ c >> 8;
    return c ^ 0xffffffff;
}

static void chunk(struct buf *out, const char *type, struct str data)
{
    be32(out, (uint32_t)data.n);
    size_t from = out->n;
    buf_add(out, type, 4);
    buf_adds(out, data);
    be32(out, crc32_of(out->p + from, out->n - from));
}

/* RFC 1950 around stored blocks of RFC 1951. */
static void zlib_stored(struct buf *out, struct str raw)
{
    uint32_t a = 1, b = 0;
    buf_add(out, "\x78\x01", 2);
    for (size_t at = 0; at < raw.n;) {
        size_t n = raw.n - at < STORED_MOST ? raw.n - at : STORED_MOST;
        unsigned char head[5] = { at + n == raw.n, (unsigned char)n, (unsigned char)(n >> 8), (unsigned char)~n,
                                  (unsigned char)(~n >> 8) };
        buf_add(out, head, sizeof head);
        buf_add(out, raw.p + at, n);
        at += n;
    }
    for (size_t i = 0; i < raw.n; i++) {
        a = (a + (unsigned char)raw.p[i]) % 65521;
        b = (b + a) % 65521;
    }
    be32(out, b << 16 | a);
}

void fake_png(struct buf *out, int w, int h, uint64_t seed)
{
    struct rng r = { seed };
    struct buf head = { 0 }, palette = { 0 }, rows = { 0 }, packed = { 0 };
    int period = 8 + (int)rng_below(&r, 40), slope = 1 + (int)rng_below(&r, 4), block = 16 + (int)rng_below(&r, 48);
    be32(&head, (uint32_t)w);
    be32(&head, (uint32_t)h);
    buf_add(&head, "\x08\x03\0\0\0", 5);        /* 8 bit, palette */
    for (int i = 0; i < 16; i++) {
        uint64_t v = rng_next(&r);
        unsigned char rgb[3] = { (unsigned char)(v & 255), (unsigned char)(v >> 8 & 255),
                                 (unsigned char)(v >> 16 & 255) };
        buf_add(&palette, rgb, 3);
    }
    char *row = mem_alloc((size_t)w + 1);
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++)
            row[x + 1] = (char)(((x * slope + y) / period + (x / block ^ y / block)) & 15);
        buf_add(&rows, row, (size_t)w + 1);
    }
    zlib_stored(&packed, buf_str(&rows));
    buf_add(out, "\x89PNG\r\n\x1a\n", 8);
    chunk(out, "IHDR", buf_str(&head));
    chunk(out, "PLTE", buf_str(&palette));
    chunk(out, "IDAT", buf_str(&packed));
    chunk(out, "IEND", (struct str){ "", 0 });
    free(row);
    buf_deinit(&head);
    buf_deinit(&palette);
    buf_deinit(&rows);
    buf_deinit(&packed);
}

void fake_times(struct str text, double *starts)
{
    double t = lead_s;
    for (size_t i = 0; i < text.n; i++) {
        starts[i] = t;
        t += text.p[i] == ' ' ? gap_s : (text.p[i] & 0xc0) == 0x80 ? 0 : char_s;
    }
    starts[text.n] = t;
}

static void le(struct buf *b, uint32_t v, int n)
{
    for (int i = 0; i < n; i++)
        buf_addc(b, (char)(v >> 8 * i & 255));
}

/* Half a period of a sine around each word keeps the edges quiet. */
static void burst(int16_t *samples, size_t from, size_t to, double pitch)
{
    for (size_t i = from; i < to; i++) {
        double t = (double)(i - from) / RATE, edge = sin(M_PI * (double)(i - from) / (double)(to - from)), v = 0;
        for (int k = 1; k <= 8; k++)
            v += sin(2 * M_PI * pitch * k * t) / k;
        samples[i] = (int16_t)(7000 * v * edge);
    }
}

void fake_wav(struct buf *out, struct str text, uint64_t seed, bool raw)
{
    double *starts = mem_array(text.n + 1, sizeof *starts);
    fake_times(text, starts);
    size_t n = (size_t)((starts[text.n] + 0.2) * RATE);
    int16_t *samples = mem_array(n, sizeof *samples);
    struct rng r = { seed };
    for (size_t i = 0; i < text.n;) {
        size_t from = i;
        while (i < text.n && text.p[i] != ' ')
            i++;
        if (i > from)
            burst(samples, (size_t)(starts[from] * RATE), (size_t)(starts[i] * RATE), 100 + (double)rng_below(&r, 80));
        i += i < text.n;
    }
    if (!raw) {
        buf_addz(out, "RIFF");
        le(out, (uint32_t)(n * 2 + 36), 4);
        buf_addz(out, "WAVEfmt ");
        le(out, 16, 4);
        le(out, 1, 2);
        le(out, 1, 2);
        le(out, RATE, 4);
        le(out, RATE * 2, 4);
        le(out, 2, 2);
        le(out, 16, 2);
        buf_addz(out, "data");
        le(out, (uint32_t)(n * 2), 4);
    }
    buf_add(out, samples, n * 2);               /* every machine this is tested on is little-endian */
    free(samples);
    free(starts);
}
