/* still.c - the containers of pictures: what they share, and the short ones (WebP, TIFF) */
#include "compose/still.h"
#include <string.h>
#include "compose/clip_webp.h"
#include "compose/decode.h"

uint32_t still_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

uint32_t still_le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

void still_deinit(struct still *s)
{
    av_packet_free(&s->packet);
    av_frame_free(&s->frame);
    buf_deinit(&s->icc);
}

bool still_sides_ok(int64_t w, int64_t h, struct err *e)
{
    if (w < 1 || h < 1)
        return err_set(e, ERR_MEDIA, "a picture of %lld x %lld px", (long long)w, (long long)h);
    if (w > PICTURE_SIDE_MAX || h > PICTURE_SIDE_MAX || w * h > PICTURE_AREA_MAX)
        return err_set(e, ERR_MEDIA,
                       "%lld x %lld px is too large; at most %d a side and %d million in all, please scale it down",
                       (long long)w, (long long)h, PICTURE_SIDE_MAX, PICTURE_AREA_MAX / 1000000);
    return true;
}

bool still_fill(struct still *s, const uint8_t *p, size_t n, struct err *e)
{
    if (av_new_packet(s->packet, (int)n) < 0) /* pads with zeros */
        return err_set(e, ERR_MEDIA, "no memory for %zu bytes", n);
    memcpy(s->packet->data, p, n);
    return true;
}

bool still_frame(struct still *s, int w, int h, enum AVPixelFormat format, struct err *e)
{
    s->frame = av_frame_alloc();
    if (s->frame) {
        s->frame->width = w;
        s->frame->height = h;
        s->frame->format = format;
    }
    return (s->frame && av_frame_get_buffer(s->frame, 0) >= 0) || err_set(e, ERR_MEDIA, "no memory for %d x %d px", w, h);
}

void still_profile(struct still *s, const uint8_t *p, size_t n)
{
    if (s->icc.n + n <= ICC_MAX)
        buf_add(&s->icc, p, n);
}

/* ---------- TIFF structures (EXIF is one) ---------- */

struct tiff {
    const uint8_t *p;
    size_t n;
    bool is_big;
};

static uint32_t tiff_16(const struct tiff *t, size_t at)
{
    return t->is_big ? (uint32_t)t->p[at] << 8 | t->p[at + 1] : (uint32_t)t->p[at + 1] << 8 | t->p[at];
}

static uint32_t tiff_32(const struct tiff *t, size_t at)
{
    return t->is_big ? still_be32(t->p + at) : still_le32(t->p + at);
}

/* What stands at a tag of the first directory: n values of `size` bytes at offset `at`. TIFF 6.0, section 2. */
struct tag {
    size_t at, n, size;
};

static bool tag_find(const struct tiff *t, unsigned tag, struct tag *out)
{
    static const uint8_t size_of[] = { 0, 1, 1, 2, 4, 8, 1, 1 }; /* - BYTE ASCII SHORT LONG RATIONAL SBYTE UNDEFINED */
    if (t->n < 14)
        return false;
    uint32_t ifd = tiff_32(t, 4);
    if (ifd > t->n - 2)
        return false;
    uint32_t count = tiff_16(t, ifd);
    for (size_t at = ifd + 2; count-- && t->n >= 12 && at <= t->n - 12; at += 12) {
        if (tiff_16(t, at) != tag)
            continue;
        uint32_t type = tiff_16(t, at + 2);
        out->size = type < sizeof size_of ? size_of[type] : 0;
        out->n = tiff_32(t, at + 4);
        if (!out->size || !out->n || out->n > t->n / out->size)
            return false;
        out->at = out->n * out->size <= 4 ? at + 8 : tiff_32(t, at + 8);
        return out->at <= t->n - out->n * out->size;
    }
    return false;
}

static uint32_t tag_value(const struct tiff *t, const struct tag *v, size_t i)
{
    return v->size == 2 ? tiff_16(t, v->at + 2 * i) : v->size == 4 ? tiff_32(t, v->at + 4 * i) : 0;
}

static uint32_t tag_first(const struct tiff *t, unsigned tag)
{
    struct tag v;
    return tag_find(t, tag, &v) ? tag_value(t, &v, 0) : 0;
}

void still_exif(struct still *s, const uint8_t *tiff, size_t n)
{
    struct tiff t = { tiff, n, n && tiff[0] == 'M' };
    uint32_t v = tag_first(&t, 0x112); /* Exif 2.32, 4.6.4 */
    if (s->orientation == 1 && v >= 1 && v <= 8)
        s->orientation = (int)v;
}

/* Every strip (or tile) lies inside the file; the decoder would leave the rest black. */
static bool strips_are_there(const struct tiff *t, unsigned offsets, unsigned counts)
{
    struct tag at, len;
    if (!tag_find(t, offsets, &at))
        return true;
    if (!tag_find(t, counts, &len) || len.n < at.n)
        return false;
    for (size_t i = 0; i < at.n; i++)
        if (tag_value(t, &len, i) > t->n || tag_value(t, &at, i) > t->n - tag_value(t, &len, i))
            return false;
    return true;
}

static bool tiff_walk(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    enum {
        WIDTH = 0x100,
        HEIGHT = 0x101,
        STRIPS = 0x111,
        STRIP_BYTES = 0x117,
        TILES = 0x144,
        TILE_BYTES = 0x145,
        ICC = 0x8773
    };
    struct tiff t = { p, n, p[0] == 'M' };
    struct tag icc;
    uint32_t w = tag_first(&t, WIDTH), h = tag_first(&t, HEIGHT);
    if (!w || !h)
        return err_set(e, ERR_MEDIA, "TIFF without its first directory: damaged or truncated");
    if (!still_sides_ok(w, h, e))
        return false;
    if (!strips_are_there(&t, STRIPS, STRIP_BYTES) || !strips_are_there(&t, TILES, TILE_BYTES))
        return err_set(e, ERR_MEDIA, "TIFF is truncated: the file ends after %zu bytes, inside the picture", n);
    still_exif(s, p, n);
    if (tag_find(&t, ICC, &icc))
        still_profile(s, p + icc.at, icc.n * icc.size);
    return still_fill(s, p, n, e);
}

/* ---------- WebP ---------- */

/* The chunks of the extended form say something of colours and orientation. */
static void webp_extras(const uint8_t *p, size_t end, struct still *s)
{
    for (size_t at = 12; end - at >= 8;) {
        size_t len = still_le32(p + at + 4);
        if (len > end - at - 8)
            return;
        if (memcmp(p + at, "ICCP", 4) == 0)
            still_profile(s, p + at + 8, len);
        if (memcmp(p + at, "EXIF", 4) == 0) {
            size_t skip = len >= 6 && memcmp(p + at + 8, "Exif\0\0", 6) == 0 ? 6 : 0; /* some write JPEG's mark, too */
            still_exif(s, p + at + 8 + skip, len - skip);
        }
        len += len & 1;
        if (len > end - at - 8)
            return;
        at += 8 + len;
    }
}

/* The first picture of one that moves, on all of its canvas. */
static bool webp_first(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    struct clip_webp *w = clip_webp_of(p, n, e);
    int64_t at_ms, for_ms;
    bool got = false;
    s->frame = av_frame_alloc();
    bool ok = w && s->frame && clip_webp_next(w, s->frame, &at_ms, &for_ms, &got, e) &&
              (got || err_set(e, ERR_MEDIA, "an animated WebP without a picture"));
    clip_webp_close(w);
    return ok;
}

static bool webp_walk(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    size_t size = still_le32(p + 4);
    if (size > n - 8 || size < 12)
        return err_set(e, ERR_MEDIA, "WebP is truncated: %zu of %zu bytes", n, size + 8);
    webp_extras(p, size + 8, s);
    if (memcmp(p + 12, "VP8X", 4) == 0 && n > 20 && (p[20] & 2))
        return webp_first(p, n, s, e);
    return still_fill(s, p, size + 8, e);
}

/* The first picture of it; what moves is for compose/clip_file.c. */
static bool gif_walk(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    if (!still_sides_ok(p[6] | p[7] << 8, p[8] | p[9] << 8, e))
        return false;
    s->is_srgb = true;
    return still_fill(s, p, n, e);
}

const struct still_format still_formats[] = { { "png", AV_CODEC_ID_PNG, png_walk, 33, false, NULL },
                                              { "jpeg", AV_CODEC_ID_MJPEG, jpeg_walk, 4, false, NULL },
                                              { "webp", AV_CODEC_ID_WEBP, webp_walk, 24, false, NULL },
                                              { "tiff", AV_CODEC_ID_TIFF, tiff_walk, 14, true, NULL },
                                              { "gif", AV_CODEC_ID_GIF, gif_walk, 14, false, NULL },
                                              { "avif", AV_CODEC_ID_NONE, heif_walk, 12, false, heif_begin },
                                              { "heic", AV_CODEC_ID_NONE, heif_walk, 12, false, heif_begin },
                                              { 0 } };
