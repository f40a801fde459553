/* stills.c - small still pictures written byte by byte, and colour profiles */
#include "tests/support/stills.h"
#include <lcms2.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "gen/base/mem.h"

/* ---------- PNG ---------- */

static void add_be32(struct buf *b, uint32_t v)
{
    const uint8_t bytes[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };
    buf_add(b, bytes, 4);
}

static void add_be16(struct buf *b, size_t v)
{
    const uint8_t bytes[2] = { (uint8_t)(v >> 8), (uint8_t)v };
    buf_add(b, bytes, 2);
}

void png_chunk(struct buf *out, const char *name, const void *data, size_t n)
{
    add_be32(out, (uint32_t)n);
    size_t from = out->n;
    buf_add(out, name, 4);
    if (n)
        buf_add(out, data, n);
    add_be32(out, (uint32_t)crc32(0, (const uint8_t *)out->p + from, (unsigned)(out->n - from)));
}

static void add_deflated(struct buf *out, const void *p, size_t n)
{
    unsigned long room = compressBound(n);
    uint8_t *z = mem_alloc(room);
    if (compress2(z, &room, p, n, 9) != Z_OK)
        abort();
    buf_add(out, z, room);
    free(z);
}

void png_make(struct buf *out, int w, int h, int depth, int colour, const void *rows, struct str extra)
{
    static const int samples[] = { 1, 0, 3, 1, 2, 0, 4 };
    size_t stride = ((size_t)w * (size_t)(depth * samples[colour]) + 7) / 8;
    struct buf raw = { 0 }, packed = { 0 }, head = { 0 };
    const uint8_t kind[5] = { (uint8_t)depth, (uint8_t)colour, 0, 0, 0 };
    add_be32(&head, (uint32_t)w);
    add_be32(&head, (uint32_t)h);
    buf_add(&head, kind, sizeof kind);
    for (int y = 0; y < h; y++) {
        buf_addc(&raw, 0);
        buf_add(&raw, (const uint8_t *)rows + (size_t)y * stride, stride);
    }
    add_deflated(&packed, raw.p, raw.n);
    buf_add(out, "\x89PNG\r\n\x1a\n", 8);
    png_chunk(out, "IHDR", head.p, head.n);
    buf_adds(out, extra);
    png_chunk(out, "IDAT", packed.p, packed.n);
    png_chunk(out, "IEND", NULL, 0);
    buf_deinit(&head);
    buf_deinit(&raw);
    buf_deinit(&packed);
}

void png_profile(struct buf *out, struct str icc)
{
    struct buf b = { 0 };
    buf_add(&b, "its\0", 5);                    /* name, zero, method 0 */
    add_deflated(&b, icc.p, icc.n);
    png_chunk(out, "iCCP", b.p, b.n);
    buf_deinit(&b);
}

/* ---------- JPEG ---------- */

struct bits {
    struct buf *out;
    uint32_t held;
    int n;
};

static void put_bits(struct bits *b, uint32_t v, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        b->held = b->held << 1 | (v >> i & 1);
        if (++b->n == 8) {
            buf_addc(b->out, (char)b->held);
            if ((b->held & 255) == 255)
                buf_addc(b->out, 0);
            b->held = 0;
            b->n = 0;
        }
    }
}

/* A difference of DC values: its size by a code of four bits, then as many bits (T.81 F.1.2.1). */
static void put_dc(struct bits *b, int v)
{
    int size = 0;
    for (int a = abs(v); a; a >>= 1)
        size++;
    put_bits(b, (uint32_t)size, 4);
    put_bits(b, (uint32_t)(v < 0 ? v + (1 << size) - 1 : v), size);
}

static void segment(struct buf *out, uint8_t marker, const void *p, size_t n)
{
    const uint8_t mark[2] = { 0xff, marker };
    buf_add(out, mark, 2);
    add_be16(out, n + 2);
    buf_add(out, p, n);
}

static void add_tables(struct buf *out)
{
    uint8_t quant[65] = { 0 }, dc[17 + 12] = { 0 }, ac[17 + 1] = { 0x10, 1 };
    memset(quant + 1, 1, 64);
    dc[4] = 12;                                 /* twelve codes of four bits: 0 to 11 */
    for (int i = 0; i < 12; i++)
        dc[17 + i] = (uint8_t)i;
    segment(out, 0xdb, quant, sizeof quant);
    segment(out, 0xc4, dc, sizeof dc);
    segment(out, 0xc4, ac, sizeof ac);          /* one code: the end of the block */
}

void jpeg_make(struct buf *out, int n, const uint8_t *values, int adobe, struct str icc, size_t part)
{
    uint8_t app14[12] = { 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (uint8_t)adobe };
    uint8_t frame[6 + 3 * 4] = { 8, 0, 16, 0, 16, (uint8_t)n }, scan[4 + 2 * 4] = { (uint8_t)n };
    size_t n_parts = icc.n ? (icc.n + part - 1) / part : 0;
    buf_add(out, "\xff\xd8", 2);
    if (adobe >= 0)
        segment(out, 0xee, app14, sizeof app14);
    for (size_t i = 0; i < n_parts; i++) {
        struct buf b = { 0 };
        size_t len = icc.n - i * part < part ? icc.n - i * part : part;
        buf_add(&b, "ICC_PROFILE\0", 12);
        buf_addc(&b, (char)(i + 1));
        buf_addc(&b, (char)n_parts);
        buf_add(&b, icc.p + i * part, len);
        segment(out, 0xe2, b.p, b.n);
        buf_deinit(&b);
    }
    add_tables(out);
    for (int i = 0; i < n; i++) {
        uint8_t called = (uint8_t)(n == 4 ? "CMYK"[i] : i + 1); /* as libjpeg calls them */
        memcpy(frame + 6 + 3 * i, (const uint8_t[]){ called, 0x11, 0 }, 3);
        memcpy(scan + 1 + 2 * i, (const uint8_t[]){ called, 0 }, 2);
    }
    memcpy(scan + 1 + 2 * n, "\0\x3f\0", 3);
    segment(out, 0xc0, frame, 6 + 3 * (size_t)n);
    segment(out, 0xda, scan, 4 + 2 * (size_t)n);
    struct bits b = { .out = out };
    for (int block = 0; block < 4; block++)
        for (int i = 0; i < n; i++) {
            put_dc(&b, block == 0 ? 8 * (values[i] - 128) : 0);
            put_bits(&b, 0, 1);
        }
    put_bits(&b, 0x7f, 7);
    buf_add(out, "\xff\xd9", 2);
}

/* ---------- profiles ---------- */

static void save(struct buf *out, cmsHPROFILE p)
{
    uint32_t n = 0;
    if (!p || !cmsSaveProfileToMem(p, NULL, &n))
        abort();
    void *mem = mem_alloc(n);
    cmsSaveProfileToMem(p, mem, &n);
    buf_add(out, mem, n);
    free(mem);
    cmsCloseProfile(p);
}

static void save_rgb(struct buf *out, const double xy[6], cmsToneCurve *curve)
{
    cmsCIExyY d65 = { 0.3127, 0.3290, 1 };
    cmsCIExyYTRIPLE rgb = { { xy[0], xy[1], 1 }, { xy[2], xy[3], 1 }, { xy[4], xy[5], 1 } };
    cmsToneCurve *three[3] = { curve, curve, curve };
    save(out, cmsCreateRGBProfile(&d65, &rgb, three));
    cmsFreeToneCurve(curve);
}

void icc_display_p3(struct buf *out)
{
    static const double srgb[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
    save_rgb(out, (const double[]){ 0.680, 0.320, 0.265, 0.690, 0.150, 0.060 }, cmsBuildParametricToneCurve(NULL, 4, srgb));
}

void icc_adobe_rgb(struct buf *out)
{
    save_rgb(out, (const double[]){ 0.640, 0.330, 0.210, 0.710, 0.150, 0.060 }, cmsBuildGamma(NULL, 563 / 256.0));
}

void icc_srgb(struct buf *out)
{
    save(out, cmsCreate_sRGBProfile());
}

void icc_grey(struct buf *out, double gamma)
{
    cmsCIExyY d50 = *cmsD50_xyY();
    cmsToneCurve *curve = cmsBuildGamma(NULL, gamma);
    save(out, cmsCreateGrayProfile(&d50, curve));
    cmsFreeToneCurve(curve);
}

struct inks {
    cmsHTRANSFORM to_lab;
    const uint32_t *colours;
};

static int corner(const uint16_t *in, uint16_t *out, void *ctx)
{
    const struct inks *inks = ctx;
    int at = 0;
    for (int i = 0; i < 4; i++)
        at |= (in[i] > 32767) << i;
    uint32_t c = inks->colours[at];
    const uint8_t rgb[3] = { (uint8_t)(c >> 16), (uint8_t)(c >> 8), (uint8_t)c };
    cmsDoTransform(inks->to_lab, rgb, out, 1);
    return 1;
}

void icc_inks(struct buf *out, const uint32_t colours[16])
{
    cmsHPROFILE srgb = cmsCreate_sRGBProfile(), lab = cmsCreateLab2Profile(NULL), p = cmsCreateProfilePlaceholder(NULL);
    struct inks inks = { cmsCreateTransform(srgb, TYPE_RGB_8, lab, TYPE_LabV2_16, INTENT_RELATIVE_COLORIMETRIC, 0), colours };
    cmsSetProfileVersion(p, 2.4);
    cmsSetDeviceClass(p, cmsSigOutputClass);
    cmsSetColorSpace(p, cmsSigCmykData);
    cmsSetPCS(p, cmsSigLabData);
    cmsPipeline *lut = cmsPipelineAlloc(NULL, 4, 3);
    cmsStage *clut = cmsStageAllocCLut16bit(NULL, 2, 4, 3, NULL);
    cmsStageSampleCLut16bit(clut, corner, &inks, 0);
    cmsPipelineInsertStage(lut, cmsAT_END, clut);
    cmsWriteTag(p, cmsSigMediaWhitePointTag, cmsD50_XYZ());
    cmsWriteTag(p, cmsSigAToB0Tag, lut);
    cmsWriteTag(p, cmsSigAToB1Tag, lut);
    save(out, p);
    cmsPipelineFree(lut);
    cmsDeleteTransform(inks.to_lab);
    cmsCloseProfile(srgb);
    cmsCloseProfile(lab);
}
