/* still_png.c - walks a PNG: the chunks that make the picture, and those that say what its colours are
 *
 * Source: W3C, Portable Network Graphics (third edition), 11.3.2. */
#include "compose/still.h"
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "gen/base/mem.h"

/* Name, zero, method, and the compressed profile, which may not grow beyond any measure. */
static void take_iccp(struct still *s, const uint8_t *p, size_t n)
{
    const uint8_t *zero = memchr(p, 0, n < 80 ? n : 80);
    if (!zero || p + n - zero < 3 || zero[1] != 0)
        return;
    z_stream z = { .next_in = (uint8_t *)(uintptr_t)(zero + 2), .avail_in = (unsigned)(p + n - zero - 2) };
    uint8_t part[1 << 14];
    int r = inflateInit(&z);
    while (r == Z_OK && s->icc.n < ICC_MAX) {
        z.next_out = part;
        z.avail_out = sizeof part;
        r = inflate(&z, Z_NO_FLUSH);
        if (r == Z_OK || r == Z_STREAM_END)
            still_profile(s, part, sizeof part - z.avail_out);
    }
    inflateEnd(&z);
    if (r != Z_STREAM_END)
        buf_clear(&s->icc);
}

static void take_chrm(struct still *s, const uint8_t *p, size_t n)
{
    for (size_t i = 0; n >= 32 && i < 8; i++)
        s->chroma[i] = still_be32(p + 4 * i) / 1e5;
}

static void take_gama(struct still *s, const uint8_t *p, size_t n)
{
    if (n >= 4)
        s->gamma = still_be32(p) / 1e5;
}

static void take_srgb(struct still *s, const uint8_t *p, size_t n)
{
    (void)p, (void)n;
    s->is_srgb = true;
}

/* Primaries, transfer, matrix (0, as PNG holds RGB) and range. */
static void take_cicp(struct still *s, const uint8_t *p, size_t n)
{
    if (n >= 4) {
        s->primaries = p[0];
        s->transfer = p[1];
    }
}

static const struct told {
    char name[5];
    void (*take)(struct still *s, const uint8_t *p, size_t n);
} told[] = {
    { "cICP", take_cicp }, { "iCCP", take_iccp }, { "sRGB", take_srgb },
    { "gAMA", take_gama }, { "cHRM", take_chrm }, { "eXIf", still_exif },
};

static bool is_kept(const uint8_t *name)
{
    static const char kept[][5] = { "IHDR", "PLTE", "tRNS", "gAMA", "sRGB", "IDAT", "IEND" };
    for (size_t i = 0; i < COUNTOF(kept); i++)
        if (memcmp(name, kept[i], 4) == 0)
            return true;
    return false;
}

static void look_into(struct still *s, const uint8_t *chunk, size_t len)
{
    for (size_t i = 0; i < COUNTOF(told); i++)
        if (memcmp(chunk + 4, told[i].name, 4) == 0)
            told[i].take(s, chunk + 8, len);
}

bool png_walk(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    uint8_t *out = mem_alloc(n);
    size_t at = 8, used = 8;
    bool whole = false, ok = false;
    memcpy(out, p, 8);
    while (!whole && n - at >= 12) {
        uint32_t len = still_be32(p + at);
        if (len > 0x7fffffff || n - at - 12 < len)
            break;
        if (at == 8 && (memcmp(p + at + 4, "IHDR", 4) != 0 || len != 13)) {
            err_set(e, ERR_MEDIA, "PNG without its header");
            goto out;
        }
        if (at == 8 && !still_sides_ok(still_be32(p + 16), still_be32(p + 20), e))
            goto out;
        look_into(s, p + at, len);
        if (is_kept(p + at + 4)) {
            memcpy(out + used, p + at, len + 12);
            used += len + 12;
        }
        whole = memcmp(p + at + 4, "IEND", 4) == 0;
        at += len + 12;
    }
    ok = whole ? still_fill(s, out, used, e)
               : err_set(e, ERR_MEDIA, "PNG is truncated: the file ends after %zu bytes, inside the picture", n);
out:
    free(out);
    return ok;
}
