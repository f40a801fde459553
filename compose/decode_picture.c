/* decode_picture.c - a picture file becomes BGRA (the worker's side)
 *
 * No demuxer: the container is walked here, which finds a cut file for certain, and the decoder sees only the chunks
 * that make the picture. Compressed profiles and texts of a PNG, which can grow to hundreds of megabytes, never reach
 * it. */
#include "compose/decode.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include "gen/base/mem.h"
#include "gen/sniff.h"
#include "compose/av.h"
#include "compose/confine.h"
#include "compose/decode_svg.h"
#include "compose/workers.h"

static const size_t file_max = 100 * MIB;

/* What the walk of the container yields. */
struct still {
    AVPacket *packet;
    int orientation;                            /* 1-8, EXIF's */
};

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static bool fill(AVPacket *pkt, const uint8_t *p, size_t n, struct err *e)
{
    if (av_new_packet(pkt, (int)n) < 0)         /* pads with zeros */
        return err_set(e, ERR_MEDIA, "no memory for %zu bytes", n);
    memcpy(pkt->data, p, n);
    return true;
}

static bool sides_ok(int64_t w, int64_t h, struct err *e)
{
    if (w < 1 || h < 1)
        return err_set(e, ERR_MEDIA, "a picture of %lld x %lld px", (long long)w, (long long)h);
    if (w > PICTURE_SIDE_MAX || h > PICTURE_SIDE_MAX || w * h > PICTURE_AREA_MAX)
        return err_set(e, ERR_MEDIA, "%lld x %lld px is too large; at most %d a side and %d million in all",
                       (long long)w, (long long)h, PICTURE_SIDE_MAX, PICTURE_AREA_MAX / 1000000);
    return true;
}

/* ---------- PNG ---------- */

static bool png_walk(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    static const char kept[][5] = { "IHDR", "PLTE", "tRNS", "gAMA", "sRGB", "IDAT", "IEND" };
    uint8_t *out = mem_alloc(n);
    size_t at = 8, used = 8;
    bool whole = false, ok = false;
    memcpy(out, p, 8);
    while (!whole && n - at >= 12) {
        uint32_t len = be32(p + at);
        if (len > 0x7fffffff || n - at - 12 < len)
            break;
        bool keep = false;
        for (size_t i = 0; i < COUNTOF(kept); i++)
            keep |= memcmp(p + at + 4, kept[i], 4) == 0;
        if (at == 8 && (memcmp(p + at + 4, "IHDR", 4) != 0 || len != 13)) {
            err_set(e, ERR_MEDIA, "PNG without its header");
            goto out;
        }
        if (at == 8 && !sides_ok(be32(p + 16), be32(p + 20), e))
            goto out;
        if (keep) {
            memcpy(out + used, p + at, len + 12);
            used += len + 12;
        }
        whole = memcmp(p + at + 4, "IEND", 4) == 0;
        at += len + 12;
    }
    ok = whole ? fill(s->packet, out, used, e)
               : err_set(e, ERR_MEDIA, "PNG is truncated: the file ends after %zu bytes, inside the picture", n);
out:
    free(out);
    return ok;
}

/* ---------- JPEG ---------- */

/* The orientation in an APP1 segment's TIFF, or 1. Exif 2.32, 4.6.4 (tag 0x0112). */
static int exif_orientation(const uint8_t *p, size_t n)
{
    if (n < 20 || memcmp(p, "Exif\0\0", 6) != 0)
        return 1;
    p += 6, n -= 6;
    bool big = p[0] == 'M';
    uint32_t ifd = big ? be32(p + 4) : le32(p + 4);
    if (ifd > n - 2 || n < 2)
        return 1;
    unsigned count = big ? p[ifd] << 8 | p[ifd + 1] : p[ifd + 1] << 8 | p[ifd];
    for (size_t at = ifd + 2; count-- && n >= 12 && at <= n - 12; at += 12) {
        unsigned tag = big ? p[at] << 8 | p[at + 1] : p[at + 1] << 8 | p[at];
        unsigned v = big ? p[at + 8] << 8 | p[at + 9] : p[at + 9] << 8 | p[at + 8];
        if (tag == 0x112)
            return v >= 1 && v <= 8 ? (int)v : 1;
    }
    return 1;
}

/* After SOS come entropy-coded bytes in which 0xff is followed by 0 or a restart marker. */
static size_t skip_scan(const uint8_t *p, size_t n, size_t at)
{
    while (at + 1 < n &&
           (p[at] != 0xff || p[at + 1] == 0 || p[at + 1] == 0xff || (p[at + 1] >= 0xd0 && p[at + 1] <= 0xd7)))
        at++;
    return at;
}

static bool jpeg_walk(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    size_t at = 2;
    while (n - at >= 4) {
        if (p[at] != 0xff)
            return err_set(e, ERR_MEDIA, "JPEG is damaged at byte %zu", at);
        unsigned marker = p[at + 1];
        if (marker == 0xff) {                   /* fill byte */
            at++;
            continue;
        }
        size_t len = (size_t)p[at + 2] << 8 | p[at + 3];
        if (len < 2 || n - at - 2 < len)
            break;
        bool is_sof = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (is_sof && len >= 7 && !sides_ok(p[at + 7] << 8 | p[at + 8], p[at + 5] << 8 | p[at + 6], e))
            return false;
        if (marker == 0xe1 && s->orientation == 1)
            s->orientation = exif_orientation(p + at + 4, len - 2);
        at += 2 + len;
        if (marker == 0xda)
            at = skip_scan(p, n, at);
        if (n - at >= 2 && p[at] == 0xff && p[at + 1] == 0xd9)
            return fill(s->packet, p, at + 2, e); /* what follows (previews, trailers) is not the picture */
    }
    return err_set(e, ERR_MEDIA, "JPEG is truncated: the file ends after %zu bytes, inside the picture", n);
}

/* ---------- WebP ---------- */

static bool webp_walk(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    size_t size = le32(p + 4);
    if (size > n - 8 || size < 12)
        return err_set(e, ERR_MEDIA, "WebP is truncated: %zu of %zu bytes", n, size + 8);
    if (memcmp(p + 12, "VP8X", 4) == 0 && n > 20 && (p[20] & 2))
        return err_set(e, ERR_MEDIA, "an animated WebP is not a picture; please give a still one");
    return fill(s->packet, p, size + 8, e);
}

static const struct format {
    const char *type;
    enum AVCodecID codec;
    bool (*walk)(const uint8_t *p, size_t n, struct still *s, struct err *e);
    size_t least;                               /* bytes that walk may look at without asking */
} formats[] = {
    { "png", AV_CODEC_ID_PNG, png_walk, 33 },
    { "jpeg", AV_CODEC_ID_MJPEG, jpeg_walk, 4 },
    { "webp", AV_CODEC_ID_WEBP, webp_walk, 24 },
};

/* ---------- decoding ---------- */

static bool decode(enum AVCodecID id, const AVPacket *pkt, AVFrame *frame, struct err *e)
{
    const AVCodec *codec = avcodec_find_decoder(id);
    AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;
    int r;
    bool ok = false;
    if (!c) {
        err_set(e, ERR_INTERNAL, "this FFmpeg has no decoder for %s", avcodec_get_name(id));
        goto out;
    }
    c->thread_count = 1;
    c->max_pixels = PICTURE_AREA_MAX;
    c->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE | AV_EF_CAREFUL;
    if ((r = avcodec_open2(c, codec, NULL)) < 0 || (r = avcodec_send_packet(c, pkt)) < 0 ||
        (r = avcodec_send_packet(c, NULL)) < 0 || (r = avcodec_receive_frame(c, frame)) < 0) {
        err_av(e, ERR_MEDIA, r, "does not decode");
        goto out;
    }
    if (frame->decode_error_flags) {
        err_set(e, ERR_MEDIA, "damaged: parts do not decode");
        goto out;
    }
    ok = sides_ok(frame->width, frame->height, e);
out:
    avcodec_free_context(&c);
    return ok;
}

/* Rows of src (w x h) go to dst turned as EXIF says: 1 as it is, 2 mirrored, 3 half turn, 4 upside down, 5-8 sides
 * swapped. */
static void turn(uint32_t *dst, const uint32_t *src, int w, int h, int orientation)
{
    bool swap = orientation >= 5;
    bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int dw = swap ? h : w, dh = swap ? w : h;
    for (int y = 0; y < dh; y++)
        for (int x = 0; x < dw; x++) {
            int sx = swap ? y : x, sy = swap ? x : y;
            sx = flip_x ? w - 1 - sx : sx;
            sy = flip_y ? h - 1 - sy : sy;
            dst[(size_t)y * (size_t)dw + (size_t)x] = src[(size_t)sy * (size_t)w + (size_t)sx];
        }
}

static bool convert(const AVFrame *f, uint8_t *bgra, struct err *e)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(f->format);
    struct SwsContext *sws = sws_getContext(
        f->width, f->height, f->format, f->width, f->height, AV_PIX_FMT_BGRA,
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT, NULL, NULL, NULL);
    uint8_t *planes[4] = { bgra };
    int strides[4] = { f->width * 4 };
    if (!sws || !d)
        return err_set(e, ERR_MEDIA, "pixels of kind %s cannot be converted", d ? d->name : "unknown");
    /* JFIF 1.02 and WebP both say BT.601; JPEG has the full range, which the pixel format or the frame tells. */
    bool full = f->color_range == AVCOL_RANGE_JPEG || strstr(d->name, "yuvj");
    sws_setColorspaceDetails(sws, sws_getCoefficients(SWS_CS_ITU601), full, sws_getCoefficients(SWS_CS_ITU601), 1, 0,
                             1 << 16, 1 << 16);
    sws_scale(sws, (const uint8_t *const *)f->data, f->linesize, 0, f->height, planes, strides);
    sws_freeContext(sws);
    return true;
}

/* Maps n bytes of the data file for writing. */
static void *data_map(int fd, size_t n, struct err *e)
{
    void *p = ftruncate(fd, (off_t)n) ? MAP_FAILED : mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) {
        err_errno(e, "no memory for %zu bytes of pixels", n);
        return NULL;
    }
    return p;
}

static void note_alpha(struct picture_answer *a, const uint8_t *bgra, size_t n)
{
    for (size_t i = 3; i < n && !a->has_alpha; i += 4)
        a->has_alpha = bgra[i] != 255;
}

static bool deliver(struct child *c, const AVFrame *f, int orientation, struct err *e)
{
    struct picture_answer *a = c->answer;
    size_t n = (size_t)f->width * (size_t)f->height * 4;
    uint8_t *out = data_map(c->data, n, e), *straight = NULL;
    if (!out)
        return false;
    if (orientation > 1)
        straight = mem_alloc(n);
    if (!convert(f, straight ? straight : out, e))
        return false;
    if (straight)
        turn((uint32_t *)(void *)out, (const uint32_t *)(const void *)straight, f->width, f->height, orientation);
    free(straight);
    bool swap = orientation >= 5;
    a->width = swap ? f->height : f->width;
    a->height = swap ? f->width : f->height;
    note_alpha(a, out, n);
    munmap(out, n);
    return true;
}

static bool draw_svg(struct child *c, struct str text, struct err *e)
{
    struct picture_answer *a = c->answer;
    if (!svg_size(text, &a->width, &a->height, e))
        return false;
    size_t n = (size_t)a->width * (size_t)a->height * 4;
    uint8_t *out = data_map(c->data, n, e);
    bool ok = out && svg_pixels(text, a->width, a->height, out, e);
    if (ok)
        note_alpha(a, out, n);
    if (out)
        munmap(out, n);
    return ok;
}

bool picture_work(struct child *c, struct err *e)
{
    struct picture_answer *a = c->answer;
    struct still s = { .packet = av_packet_alloc(), .orientation = 1 };
    AVFrame *frame = av_frame_alloc();
    struct stat st;
    uint8_t *file = NULL;
    bool ok = false;
    av_log_set_level(AV_LOG_QUIET);
    if (fstat(c->media, &st) || !(file = media_read(c->media, file_max, e)))
        goto out;
    size_t n = (size_t)st.st_size;
    struct str head = { (const char *)file, n < SNIFF_BYTES ? n : SNIFF_BYTES };
    const char *type = sniff_type(head);
    const struct format *f = NULL;
    for (size_t i = 0; i < COUNTOF(formats); i++)
        if (strcmp(formats[i].type, type) == 0)
            f = &formats[i];
    if (!f && strcmp(type, "svg") != 0) {
        sniff_explain(head, "a picture (PNG, JPEG, WebP or SVG)", e);
        goto out;
    }
    snprintf(a->type, sizeof a->type, "%s", type);
    if (!f) {
        ok = draw_svg(c, (struct str){ (const char *)file, n }, e);
        goto out;
    }
    confine_files();                            /* an SVG still needs its fonts */
    if (n < f->least) {
        err_set(e, ERR_MEDIA, "%s is truncated: %zu bytes", type, n);
        goto out;
    }
    ok = f->walk(file, n, &s, e) && decode(f->codec, s.packet, frame, e) && deliver(c, frame, s.orientation, e);
    if (!ok && e->code == ERR_MEDIA)
        err_wrap(e, "%s", type);
out:
    free(file);
    av_frame_free(&frame);
    av_packet_free(&s.packet);
    return ok;
}
