/* colours.c - rows of a still picture become sRGB */
#include "compose/colours.h"
#include <lcms2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/cicp.h"
#include "gen/base/mem.h"

struct colours {
    cmsHTRANSFORM transform; /* one of these two, or neither: inks by the rule */
    struct cicp_map *map;
    bool is_grey;
    uint8_t *line; /* BGRA before its alpha is there */
    uint16_t *grey;
    int n_line;
};

enum { PROBES = 9 };

/* The layouts of rows as LittleCMS writes them; grey is taken out of the row first. */
static const struct layout {
    uint32_t colour, grey, bytes;
} layouts[] = {
    [ROW_BGRA8] = { TYPE_BGRA_8, TYPE_GRAY_8, 4 },
    [ROW_RGBA16] = { TYPE_RGBA_16, TYPE_GRAY_16, 8 },
    [ROW_CMYK8] = { TYPE_CMYK_8, 0, 4 },
};

static cmsHTRANSFORM transform_of(cmsHPROFILE from, uint32_t layout)
{
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    cmsHTRANSFORM t = cmsCreateTransform(from, layout, srgb, TYPE_BGRA_8, INTENT_RELATIVE_COLORIMETRIC,
                                         cmsFLAGS_BLACKPOINTCOMPENSATION);
    cmsCloseProfile(srgb);
    return t;
}

/* Many files carry a profile that is sRGB by another name: no colour moves by more than a step. */
static bool is_srgb(cmsHPROFILE p)
{
    cmsHTRANSFORM t = transform_of(p, TYPE_BGRA_8);
    bool same = t != NULL;
    for (int i = 0; same && i < PROBES * PROBES * PROBES; i++) {
        uint8_t in[4] = { (uint8_t)(i % PROBES * 255 / (PROBES - 1)),
                          (uint8_t)(i / PROBES % PROBES * 255 / (PROBES - 1)),
                          (uint8_t)(i / PROBES / PROBES * 255 / (PROBES - 1)), 255 },
                out[4];
        cmsDoTransform(t, in, out, 1);
        for (int k = 0; k < 3; k++)
            same &= abs(in[k] - out[k]) <= 1;
    }
    if (t)
        cmsDeleteTransform(t);
    return same;
}

/* gAMA and cHRM. With sRGB's primaries a gamma within 5 % of 1 / 2.2 means sRGB's curve: writers say 0.45455 for it. */
static cmsHPROFILE told_profile(const struct still *s)
{
    static const double srgb[8] = { 0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06 };
    const double *c = s->chroma[0] > 0 ? s->chroma : srgb;
    bool is_usual = s->gamma <= 0 || fabs(s->gamma - 0.45455) < 0.023, is_near = true;
    for (int i = 0; i < 8; i++)
        is_near &= fabs(c[i] - srgb[i]) < 0.003;
    if (s->is_srgb || (is_usual && is_near) || s->gamma > 10)
        return NULL;
    static const double curve[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
    cmsToneCurve *one = s->gamma <= 0 ? cmsBuildParametricToneCurve(NULL, 4, curve) : cmsBuildGamma(NULL, 1 / s->gamma);
    cmsToneCurve *three[3] = { one, one, one };
    cmsCIExyY white = { c[0], c[1], 1 };
    cmsCIExyYTRIPLE rgb = { { c[2], c[3], 1 }, { c[4], c[5], 1 }, { c[6], c[7], 1 } };
    cmsHPROFILE p = one ? cmsCreateRGBProfile(&white, &rgb, three) : NULL;
    if (one)
        cmsFreeToneCurve(one);
    return p;
}

/* What the file says its pixels are; NULL: sRGB. */
static cmsHPROFILE profile_of(const struct still *s, enum row_kind kind, bool is_grey)
{
    cmsColorSpaceSignature wanted = kind == ROW_CMYK8 ? cmsSigCmykData : is_grey ? cmsSigGrayData : cmsSigRgbData;
    cmsHPROFILE p = s->icc.n ? cmsOpenProfileFromMem(s->icc.p, (uint32_t)s->icc.n) : NULL;
    /* Grey pixels with a profile for RGB are that RGB's greys. */
    if (p && (cmsGetColorSpace(p) == wanted || (is_grey && cmsGetColorSpace(p) == cmsSigRgbData)))
        return p;
    if (p)
        cmsCloseProfile(p);
    return kind == ROW_CMYK8 ? NULL : told_profile(s);
}

static cmsHTRANSFORM transform_for(const struct still *s, enum row_kind kind, bool is_grey, bool *uses_grey)
{
    cmsHPROFILE p = profile_of(s, kind, is_grey);
    cmsHTRANSFORM t = NULL;
    if (!p)
        return NULL;
    *uses_grey = cmsGetColorSpace(p) == cmsSigGrayData;
    if (kind == ROW_CMYK8 || *uses_grey || !is_srgb(p))
        t = transform_of(p, *uses_grey ? layouts[kind].grey : layouts[kind].colour);
    cmsCloseProfile(p);
    return t;
}

struct colours *colours_create(const struct still *s, enum row_kind kind, bool is_grey, double light)
{
    struct colours *c = mem_alloc(sizeof *c);
    if (kind != ROW_CMYK8 && s->transfer)
        c->map = cicp_map_create((struct cicp){ s->primaries, s->transfer, light });
    else
        c->transform = transform_for(s, kind, is_grey, &c->is_grey);
    if (c->map || c->transform || kind == ROW_CMYK8)
        return c;
    free(c);
    return NULL;
}

void colours_destroy(struct colours *c)
{
    if (!c)
        return;
    if (c->transform)
        cmsDeleteTransform(c->transform);
    cicp_map_destroy(c->map);
    free(c->line);
    free(c->grey);
    free(c);
}

static uint8_t to_8(uint32_t v)
{
    return (uint8_t)((v * 255 + 32767) / 65535);
}

static void inks_by_the_rule(const uint8_t *in, uint8_t *out, int n)
{
    for (int i = 0; i < n; i++, in += 4, out += 4) {
        int light = 255 - in[3];
        uint8_t bgra[4] = { (uint8_t)(((255 - in[2]) * light + 127) / 255),
                            (uint8_t)(((255 - in[1]) * light + 127) / 255),
                            (uint8_t)(((255 - in[0]) * light + 127) / 255), 255 };
        memcpy(out, bgra, 4);
    }
}

static void px_read(enum row_kind kind, const void *row, int i, uint16_t v[4])
{
    if (kind == ROW_RGBA16) {
        memcpy(v, (const uint16_t *)row + 4 * i, 8);
        return;
    }
    const uint8_t *p = (const uint8_t *)row + 4 * i;
    for (int k = 0; k < 3; k++)
        v[k] = (uint16_t)(p[2 - k] * 257);
    v[3] = (uint16_t)(p[3] * 257);
}

static void mapped(const struct cicp_map *map, enum row_kind kind, const void *row, uint8_t *out, int n)
{
    uint16_t v[4], rgb[3];
    for (int i = 0; i < n; i++, out += 4) {
        px_read(kind, row, i, v);
        if (map)
            cicp_map_px(map, v, rgb);
        else
            memcpy(rgb, v, sizeof rgb);
        uint8_t bgra[4] = { to_8(rgb[2]), to_8(rgb[1]), to_8(rgb[0]), to_8(v[3]) };
        memcpy(out, bgra, 4);
    }
}

static void lines_grow(struct colours *c, int n)
{
    if (n <= c->n_line)
        return;
    free(c->line);
    free(c->grey);
    c->line = mem_array((size_t)n, 4);
    c->grey = mem_array((size_t)n, sizeof *c->grey);
    c->n_line = n;
}

/* LittleCMS leaves the alpha alone, so it is put in afterwards; the row may be the result's own memory. */
static void transformed(struct colours *c, enum row_kind kind, const void *row, uint8_t *out, int n)
{
    size_t px = layouts[kind].bytes, one = px / 4;
    const uint8_t *in = row;
    lines_grow(c, n);
    for (size_t i = 0; c->is_grey && i < (size_t)n; i++) /* the first component stands for all three */
        memcpy((uint8_t *)c->grey + i * one, in + i * px, one);
    cmsDoTransform(c->transform, c->is_grey ? c->grey : row, c->line, (uint32_t)n);
    for (int i = 0; i < n; i++, in += px) {
        uint16_t deep = 0;
        if (kind == ROW_RGBA16)
            memcpy(&deep, in + 6, 2);
        c->line[4 * i + 3] = kind == ROW_CMYK8 ? 255 : kind == ROW_BGRA8 ? in[3] : to_8(deep);
    }
    memcpy(out, c->line, (size_t)n * 4);
}

void colours_row(struct colours *c, enum row_kind kind, const void *row, uint8_t *out, int n)
{
    if (c && c->transform)
        transformed(c, kind, row, out, n);
    else if (kind == ROW_CMYK8)
        inks_by_the_rule(row, out, n);
    else if (kind == ROW_RGBA16 || (c && c->map))
        mapped(c ? c->map : NULL, kind, row, out, n);
    else if (row != out)
        memcpy(out, row, (size_t)n * 4);
}
