/* decode_picture.c - a picture file becomes BGRA (the worker's side) */
#include "compose/decode.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include "gen/base/mem.h"
#include "gen/sniff.h"
#include "compose/av.h"
#include "compose/colours.h"
#include "compose/confine.h"
#include "compose/decode_svg.h"
#include "compose/still.h"
#include "compose/still_rows.h"
#include "compose/workers.h"

static const size_t file_max = 100 * MIB;

/* ---------- decoding ---------- */

static bool decode(const struct still_format *format, const AVPacket *pkt, AVFrame *frame, struct err *e)
{
    const AVCodec *codec = avcodec_find_decoder(format->codec);
    AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;
    int r;
    bool ok = false;
    if (!c) {
        err_set(e, ERR_INTERNAL, "this FFmpeg has no decoder for %s", format->type);
        goto out;
    }
    c->thread_count = 1;
    c->max_pixels = PICTURE_AREA_MAX + 64LL * PICTURE_SIDE_MAX; /* FFmpeg counts rows padded to 64 */
    c->err_recognition = AV_EF_CRCCHECK | (format->is_lenient ? 0 : AV_EF_EXPLODE | AV_EF_CAREFUL);
    if ((r = avcodec_open2(c, codec, NULL)) < 0 || (r = avcodec_send_packet(c, pkt)) < 0 ||
        (r = avcodec_send_packet(c, NULL)) < 0 || (r = avcodec_receive_frame(c, frame)) < 0) {
        err_av(e, ERR_MEDIA, r, "does not decode");
        goto out;
    }
    if (frame->decode_error_flags) {
        err_set(e, ERR_MEDIA, "damaged: parts do not decode");
        goto out;
    }
    ok = still_sides_ok(frame->width, frame->height, e);
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

static bool deliver(struct child *c, const AVFrame *f, const struct still *s, struct err *e)
{
    int orientation = s->orientation;
    struct picture_answer *a = c->answer;
    size_t n = (size_t)f->width * (size_t)f->height * 4;
    uint8_t *out = data_map(c->data, n, e), *straight = NULL;
    if (!out)
        return false;
    if (orientation > 1)
        straight = mem_alloc(n);
    if (!still_rows(f, s, straight ? straight : out, e))
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
    const struct still_format *f = still_formats;
    while (f->type && strcmp(f->type, type) != 0)
        f++;
    f = f->type ? f : NULL;
    if (!f && strcmp(type, "svg") != 0) {
        sniff_explain(head, "a picture (PNG, JPEG, WebP, AVIF, HEIC, TIFF, GIF or SVG)", e);
        goto out;
    }
    snprintf(a->type, sizeof a->type, "%s", type);
    if (!f) {
        ok = draw_svg(c, (struct str){ (const char *)file, n }, e);
        goto out;
    }
    if (f->begin)
        f->begin();
    confine_files(); /* an SVG still needs its fonts */
    if (n < f->least) {
        err_set(e, ERR_MEDIA, "%s is truncated: %zu bytes", type, n);
        goto out;
    }
    ok = f->walk(file, n, &s, e) && (s.frame || decode(f, s.packet, frame, e)) &&
         deliver(c, s.frame ? s.frame : frame, &s, e);
    if (!ok && e->code == ERR_MEDIA)
        err_wrap(e, "%s", type);
out:
    free(file);
    av_frame_free(&frame);
    still_deinit(&s);
    return ok;
}
