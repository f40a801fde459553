/* clip_webp.c - the frames of an animated WebP
 *
 * Each frame is a still WebP without its file header, and is laid on the canvas. Source: WebP Container Specification
 * (RFC 9649, 2.7). */
#include "compose/clip_webp.h"
#include <libavcodec/avcodec.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "compose/av.h"
#include "compose/clip.h"
#include "gen/base/mem.h"

enum {
    HEADER = 12,
    CHUNK = 8,
    FRAME_HEADER = 16,
    EXTENDED = 18,
    DISPOSE = 1,
    NO_BLEND = 2,
    SHORTEST_MS = 10,
    USUAL_MS = 100
};
static const size_t file_max = 100 * MIB;

struct rect {
    int x, y, w, h;
};

struct clip_webp {
    uint8_t *file;
    size_t n, at; /* at: of the next chunk */
    AVFrame *canvas;
    struct rect to_clear; /* w 0: nothing */
    int64_t ms;
};

static uint32_t le(const uint8_t *p, int bytes)
{
    uint32_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint32_t)p[i] << (8 * i);
    return v;
}

static void clear(AVFrame *v, struct rect r)
{
    for (int y = 0; y < r.h; y++)
        memset(v->data[0] + (ptrdiff_t)(r.y + y) * v->linesize[0] + 4 * (ptrdiff_t)r.x, 0, 4 * (size_t)r.w);
}

static AVFrame *picture(int w, int h, struct err *e)
{
    AVFrame *v = av_frame_alloc();
    if (v) {
        v->format = AV_PIX_FMT_BGRA;
        v->width = w;
        v->height = h;
    }
    if (!v || av_frame_get_buffer(v, 0) < 0) {
        err_set(e, ERR_MEDIA, "no memory");
        av_frame_free(&v);
        return NULL;
    }
    clear(v, (struct rect){ 0, 0, w, h });
    return v;
}

/* Takes the file, which was malloc'd. */
static struct clip_webp *open_bytes(uint8_t *file, size_t n, struct err *e)
{
    struct clip_webp *w = mem_alloc(sizeof *w);
    w->file = file;
    w->n = n;
    if (w->n < HEADER + CHUNK + 10 || memcmp(w->file + HEADER, "VP8X", 4) != 0 || !(w->file[HEADER + CHUNK] & 2)) {
        err_set(e, ERR_MEDIA, "a WebP that does not move");
        goto fail;
    }
    if (le(w->file + 4, 4) > w->n - CHUNK) {
        err_set(e, ERR_MEDIA, "truncated: %zu of %zu bytes", w->n, (size_t)le(w->file + 4, 4) + CHUNK);
        goto fail;
    }
    w->n = (size_t)le(w->file + 4, 4) + CHUNK;
    if (w->n < HEADER + CHUNK + 10) {
        err_set(e, ERR_MEDIA, "a WebP that says it is empty");
        goto fail;
    }
    int64_t width = (int64_t)le(w->file + 24, 3) + 1, height = (int64_t)le(w->file + 27, 3) + 1;
    if (width > CLIP_SIDE_MAX || height > CLIP_SIDE_MAX || width * height > CLIP_AREA_MAX) {
        err_set(e, ERR_MEDIA, "%lld x %lld px is too large", (long long)width, (long long)height);
        goto fail;
    }
    w->at = HEADER;
    if ((w->canvas = picture((int)width, (int)height, e)))
        return w;
fail:
    clip_webp_close(w);
    return NULL;
}

struct clip_webp *clip_webp_open(int fd, struct err *e)
{
    struct stat st;
    uint8_t *file = fstat(fd, &st) ? NULL : media_read(fd, file_max, e);
    return file ? open_bytes(file, (size_t)st.st_size, e) : NULL;
}

struct clip_webp *clip_webp_of(const uint8_t *p, size_t n, struct err *e)
{
    uint8_t *file = mem_alloc(n);
    memcpy(file, p, n);
    return open_bytes(file, n, e);
}

void clip_webp_close(struct clip_webp *w)
{
    if (!w)
        return;
    free(w->file);
    av_frame_free(&w->canvas);
    free(w);
}

/* The frame's chunks as a WebP file of their own. */
static AVPacket *packet_of(const uint8_t *p, size_t n, struct rect r)
{
    AVPacket *pkt = av_packet_alloc();
    size_t total = HEADER + EXTENDED + n;
    if (!pkt || av_new_packet(pkt, (int)total) < 0) {
        av_packet_free(&pkt);
        return NULL;
    }
    uint8_t *d = pkt->data;
    const uint32_t values[] = { (uint32_t)(total - CHUNK), 10, 0x10, (uint32_t)(r.w - 1), (uint32_t)(r.h - 1) };
    static const struct {
        int at, bytes;
    } places[] = { { 4, 4 }, { 16, 4 }, { 20, 4 }, { 24, 3 }, { 27, 3 } };
    memcpy(d, "RIFF    WEBPVP8X", 16);
    for (size_t i = 0; i < COUNTOF(places); i++)
        for (int k = 0; k < places[i].bytes; k++)
            d[places[i].at + k] = (uint8_t)(values[i] >> (8 * k));
    memcpy(d + HEADER + EXTENDED, p, n);
    return pkt;
}

static bool decode(AVPacket *pkt, AVFrame *out, struct err *e)
{
    const AVCodec *codec = avcodec_find_decoder(AV_CODEC_ID_WEBP);
    AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;
    bool ok = false;
    if (c) {
        c->thread_count = 1;
        c->max_pixels = CLIP_AREA_MAX + 64LL * CLIP_SIDE_MAX; /* FFmpeg counts rows padded to 64 */
        ok = avcodec_open2(c, codec, NULL) >= 0 && avcodec_send_packet(c, pkt) >= 0 &&
             avcodec_send_packet(c, NULL) >= 0 && avcodec_receive_frame(c, out) >= 0;
    }
    avcodec_free_context(&c);
    return ok || err_set(e, ERR_MEDIA, "a frame does not decode");
}

/* Straight alpha over straight alpha. */
static void lay(uint8_t *dst, const uint8_t *src)
{
    unsigned a = src[3], below = dst[3] * (255 - a) / 255, sum = a + below;
    for (int i = 0; i < 3 && sum; i++)
        dst[i] = (uint8_t)((src[i] * a + dst[i] * below) / sum);
    dst[3] = (uint8_t)sum;
}

static bool put(struct clip_webp *w, const AVFrame *v, struct rect r, bool is_blended, struct err *e)
{
    AVFrame *px = picture(r.w, r.h, e);
    struct SwsContext *sws =
        px ? sws_getContext(r.w, r.h, v->format, r.w, r.h, AV_PIX_FMT_BGRA,
                            SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT, NULL, NULL, NULL)
           : NULL;
    if (sws) {
        const int *bt601 = sws_getCoefficients(SWS_CS_ITU601);
        sws_setColorspaceDetails(sws, bt601, v->color_range == AVCOL_RANGE_JPEG, bt601, 1, 0, 1 << 16, 1 << 16);
        sws_scale(sws, (const uint8_t *const *)v->data, v->linesize, 0, r.h, px->data, px->linesize);
        for (int y = 0; y < r.h; y++) {
            uint8_t *to = w->canvas->data[0] + (ptrdiff_t)(r.y + y) * w->canvas->linesize[0] + 4 * (ptrdiff_t)r.x;
            const uint8_t *from = px->data[0] + (ptrdiff_t)y * px->linesize[0];
            if (!is_blended)
                memcpy(to, from, 4 * (size_t)r.w);
            for (int x = 0; is_blended && x < r.w; x++)
                lay(to + 4 * (ptrdiff_t)x, from + 4 * (ptrdiff_t)x);
        }
    }
    bool ok = sws != NULL;
    sws_freeContext(sws);
    av_frame_free(&px);
    return ok || err_set(e, ERR_MEDIA, "a frame cannot be converted");
}

static bool draw(struct clip_webp *w, const uint8_t *p, size_t n, int64_t *for_ms, struct err *e)
{
    const struct rect r = { (int)le(p, 3) * 2, (int)le(p + 3, 3) * 2, (int)le(p + 6, 3) + 1, (int)le(p + 9, 3) + 1 };
    if (r.x + r.w > w->canvas->width || r.y + r.h > w->canvas->height)
        return err_set(e, ERR_MEDIA, "a frame that is larger than the picture");
    if (av_frame_make_writable(w->canvas) < 0)
        return err_set(e, ERR_MEDIA, "no memory");
    if (w->to_clear.w)
        clear(w->canvas, w->to_clear);
    w->to_clear = p[15] & DISPOSE ? r : (struct rect){ 0 };
    *for_ms = le(p + 12, 3);
    *for_ms = *for_ms <= SHORTEST_MS ? USUAL_MS : *for_ms; /* as players do */
    AVPacket *pkt = packet_of(p + FRAME_HEADER, n - FRAME_HEADER, r);
    AVFrame *v = av_frame_alloc();
    bool ok = false;
    if (!pkt || !v)
        err_set(e, ERR_MEDIA, "no memory");
    else if (decode(pkt, v, e))
        ok = v->width == r.w && v->height == r.h ? put(w, v, r, !(p[15] & NO_BLEND), e)
                                                 : err_set(e, ERR_MEDIA, "a frame of another size than it says");
    av_packet_free(&pkt);
    av_frame_free(&v);
    return ok;
}

bool clip_webp_next(struct clip_webp *w, AVFrame *out, int64_t *at_ms, int64_t *for_ms, bool *got, struct err *e)
{
    *got = false;
    while (w->at < w->n && w->n - w->at >= CHUNK) {
        const uint8_t *p = w->file + w->at;
        size_t length = le(p + 4, 4), left = w->n - w->at - CHUNK;
        if (length > left)
            return err_set(e, ERR_MEDIA, "truncated inside a frame");
        w->at += CHUNK + length + (length & 1 && length < left);
        if (memcmp(p, "ANMF", 4) != 0 || length <= FRAME_HEADER)
            continue;
        if (!draw(w, p + CHUNK, length, for_ms, e))
            return false;
        *at_ms = w->ms;
        w->ms += *for_ms;
        *got = true;
        return av_frame_ref(out, w->canvas) >= 0 || err_set(e, ERR_MEDIA, "no memory");
    }
    return true;
}
