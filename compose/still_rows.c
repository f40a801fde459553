/* still_rows.c - a decoded still, of any depth and kind of pixels, as BGRA in sRGB */
#include "compose/still_rows.h"
#include <stdlib.h>
#include <string.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include "compose/cicp.h"
#include "compose/colours.h"
#include "gen/base/mem.h"

enum { BINS = 1024 };

static bool is_yuv(const AVPixFmtDescriptor *d)
{
    return !(d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) && d->nb_components >= 3;
}

/* ---------- swscale: what has 8 bits, and luma with chroma ---------- */

static bool convert(const AVFrame *f, int format, uint8_t *out, int stride, struct err *e)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(f->format);
    struct SwsContext *sws = sws_getContext(
        f->width, f->height, f->format, f->width, f->height, format,
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT, NULL, NULL, NULL);
    uint8_t *planes[4] = { out };
    int strides[4] = { stride };
    if (!sws)
        return err_set(e, ERR_MEDIA, "pixels of kind %s cannot be converted", d->name);
    /* JFIF 1.02 and WebP both say BT.601; JPEG has the full range, which the pixel format or the frame tells. */
    bool full = f->color_range == AVCOL_RANGE_JPEG || strstr(d->name, "yuvj");
    sws_setColorspaceDetails(sws, sws_getCoefficients(SWS_CS_ITU601), full, sws_getCoefficients(SWS_CS_ITU601), 1, 0,
                             1 << 16, 1 << 16);
    sws_scale(sws, (const uint8_t *const *)f->data, f->linesize, 0, f->height, planes, strides);
    sws_freeContext(sws);
    return true;
}

static bool rows_8(const AVFrame *f, const struct still *s, bool is_grey, uint8_t *bgra, struct err *e)
{
    size_t stride = (size_t)f->width * 4;
    if (!convert(f, AV_PIX_FMT_BGRA, bgra, (int)stride, e))
        return false;
    struct colours *c = colours_create(s, ROW_BGRA8, is_grey, 0);
    for (int y = 0; c && y < f->height; y++)
        colours_row(c, ROW_BGRA8, bgra + (size_t)y * stride, bgra + (size_t)y * stride, f->width);
    colours_destroy(c);
    return true;
}

/* ---------- more than 8 bits, component by component ---------- */

/* One row as RGBA of 16 bits; `line` has room for one component. */
static void row_16(const AVFrame *f, const AVPixFmtDescriptor *d, int y, uint16_t *line, uint16_t *rgba)
{
    bool has_alpha = d->flags & AV_PIX_FMT_FLAG_ALPHA, is_grey = d->nb_components < 3;
    for (int c = 0; c < 4; c++) {
        int from = c == 3 ? d->nb_components - 1 : is_grey ? 0 : c;
        uint32_t most = (1u << d->comp[from].depth) - 1;
        if (c < 3 || has_alpha)
            av_read_image_line2(line, (const uint8_t **)(uintptr_t)f->data, f->linesize, d, 0, y, from, f->width, 0,
                                sizeof *line);
        for (int x = 0; x < f->width; x++)
            rgba[4 * x + c] = c == 3 && !has_alpha ? 65535 : (uint16_t)((line[x] * 65535u + most / 2) / most);
    }
}

/* cd/m2 below which all but a thousandth of the pixels stay: a few glints shall not darken the rest. */
static double light_of(const AVFrame *f, const AVPixFmtDescriptor *d, uint16_t *line, uint16_t *rgba)
{
    int64_t bins[BINS] = { 0 }, above = 0, few = (int64_t)f->width * f->height / 1000;
    for (int y = 0; y < f->height; y++) {
        row_16(f, d, y, line, rgba);
        for (const uint16_t *p = rgba; p < rgba + 4 * (size_t)f->width; p += 4) {
            int most = p[0] > p[1] ? p[0] : p[1];
            most = most > p[2] ? most : p[2];
            bins[most * BINS >> 16]++;
        }
    }
    int top = BINS - 1;
    for (; top > 0 && above + bins[top] <= few; top--)
        above += bins[top];
    return cicp_pq_light((top + 1.0) / BINS);
}

static bool rows_deep(const AVFrame *f, const struct still *s, const AVPixFmtDescriptor *d, uint8_t *bgra)
{
    uint16_t *line = mem_array((size_t)f->width, sizeof *line), *rgba = mem_array((size_t)f->width, 4 * sizeof *rgba);
    double light = s->transfer == CICP_PQ ? light_of(f, d, line, rgba) : 0;
    struct colours *c = colours_create(s, ROW_RGBA16, d->nb_components < 3, light);
    for (int y = 0; y < f->height; y++) {
        row_16(f, d, y, line, rgba);
        colours_row(c, ROW_RGBA16, rgba, bgra + (size_t)y * (size_t)f->width * 4, f->width);
    }
    colours_destroy(c);
    free(rgba);
    free(line);
    return true;
}

/* ---------- inks: the decoder's Y, U, V and A are what the file holds, whatever their names ---------- */

/* YCCK: luma and chroma of the inks' amounts (T.872 6.5.3). out holds C, M, Y, K where B, G, R, A would be. */
static bool inks_of(const AVFrame *f, const struct still *s, uint8_t *out, struct err *e)
{
    static const int of_ycck[3] = { 2, 1, 0 };
    bool is_half = f->format == AV_PIX_FMT_YUVA420P;
    const int shift[4] = { 0, is_half, is_half, is_half && s->has_half_black };
    if (s->ink == INK_YCCK && !convert(f, AV_PIX_FMT_BGRA, out, f->width * 4, e))
        return false;
    for (int y = 0; y < f->height; y++)
        for (int x = 0; x < f->width; x++, out += 4) {
            uint8_t cmyk[4];
            for (int i = 0; i < 4; i++)
                cmyk[i] = s->ink == INK_YCCK && i < 3 ? (uint8_t)(255 - out[of_ycck[i]])
                                                      : f->data[i][(y >> shift[i]) * f->linesize[i] + (x >> shift[i])];
            for (int i = 0; i < 4; i++)
                out[i] = s->is_inverted ? (uint8_t)(255 - cmyk[i]) : cmyk[i];
        }
    return true;
}

static bool rows_ink(const AVFrame *f, const struct still *s, uint8_t *bgra, struct err *e)
{
    if (f->format != AV_PIX_FMT_YUVA444P && f->format != AV_PIX_FMT_YUVA420P)
        return err_set(e, ERR_MEDIA, "inks sampled like this are not known; please export it as RGB");
    if (!inks_of(f, s, bgra, e))
        return false;
    size_t stride = (size_t)f->width * 4;
    struct colours *c = colours_create(s, ROW_CMYK8, false, 0);
    for (int y = 0; y < f->height; y++)
        colours_row(c, ROW_CMYK8, bgra + (size_t)y * stride, bgra + (size_t)y * stride, f->width);
    colours_destroy(c);
    return true;
}

bool still_rows(const AVFrame *f, const struct still *s, uint8_t *bgra, struct err *e)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(f->format);
    if (!d)
        return err_set(e, ERR_MEDIA, "pixels of an unknown kind");
    if (s->ink != INK_NONE)
        return rows_ink(f, s, bgra, e);
    bool is_grey = d->nb_components < 3 && !(d->flags & AV_PIX_FMT_FLAG_PAL);
    bool is_deep = d->comp[0].depth > 8 && d->comp[0].depth <= 16 && !is_yuv(d);
    return is_deep ? rows_deep(f, s, d, bgra) : rows_8(f, s, is_grey, bgra, e);
}
