/* stills.c - tests of the colours of still pictures: profiles, inks, depths, HDR, orientation; and of files that lie */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "compose/check.h"
#include "compose/cicp.h"
#include "compose/decode.h"
#include "gen/base/file.h"
#include "tests/support/media.h"
#include "tests/support/stills.h"
#include "tests/support/test.h"

static bool decode(struct str bytes, struct picture *p, struct err *e)
{
    int fd = media_fd(bytes.p, bytes.n);
    bool ok = picture_decode(fd, p, e);
    close(fd);
    return ok;
}

/* Is pixel (x, y) of the file 0xRRGGBBAA, each within `steps`? */
static void check_px(const char *row, struct str bytes, int x, int y, uint32_t want, int steps)
{
    struct picture p = { 0 };
    struct err e = { 0 };
    bool ok = decode(bytes, &p, &e);
    CHECK_ROW(ok ? row : e.msg, ok);
    CHECK_ROW(e.msg, ok && x < p.width && y < p.height);
    const uint8_t *px = p.bgra + (size_t)y * p.stride + (size_t)x * 4;
    const uint8_t got[4] = { px[2], px[1], px[0], px[3] };
    for (int i = 0; i < 4; i++)
        CHECK_NEAR(row, want >> (24 - 8 * i) & 255, got[i], i < 3 ? steps : 0);
    picture_deinit(&p);
}

static void check_no(const char *row, struct str bytes, const char *says)
{
    struct picture p;
    struct err e = { 0 };
    CHECK_ROW(row, !decode(bytes, &p, &e));
    CHECK_INT(e.msg, ERR_MEDIA, e.code);
    CHECK_ROW(e.msg, strstr(e.msg, says) != NULL);
}

/* ---------- depths ---------- */

TEST(pngs_of_every_depth_and_kind_keep_their_values)
{
    static const char palette[] = "\x10\x20\x30\xff\x80\x00";
    static const struct { const char *name; int depth, colour; const char *row; size_t n; uint32_t first, second; } rows[] = {
        { "1-bit grey", 1, 0, "\x40", 1, 0x000000FF, 0xFFFFFFFF },
        { "2-bit grey", 2, 0, "\x60", 1, 0x555555FF, 0xAAAAAAFF },
        { "4-bit grey", 4, 0, "\x1e", 1, 0x111111FF, 0xEEEEEEFF },
        { "8-bit grey", 8, 0, "\x05\xc8", 2, 0x050505FF, 0xC8C8C8FF },
        { "16-bit grey", 16, 0, "\x05\x05\xc8\x48", 4, 0x050505FF, 0xC8C8C8FF },
        { "8-bit grey with alpha", 8, 4, "\x05\x80\xc8\xff", 4, 0x05050580, 0xC8C8C8FF },
        { "16-bit grey with alpha", 16, 4, "\x05\x05\x80\x80\xc8\xc8\xff\xff", 8, 0x05050580, 0xC8C8C8FF },
        { "8-bit RGB", 8, 2, "\x01\x02\x03\xfa\xfb\xfc", 6, 0x010203FF, 0xFAFBFCFF },
        { "16-bit RGB", 16, 2, "\x01\x01\x02\x02\x03\x03\xfa\xb9\xfb\xba\xfc\xbb", 12, 0x010203FF, 0xFAFBFCFF },
        { "8-bit RGBA", 8, 6, "\x01\x02\x03\x40\xfa\xfb\xfc\xff", 8, 0x01020340, 0xFAFBFCFF },
        { "16-bit RGBA", 16, 6, "\x01\x01\x02\x02\x03\x03\x40\x40\xfa\xfa\xfb\xfb\xfc\xfc\xff\xff", 16, 0x01020340, 0xFAFBFCFF },
        { "1-bit palette with alpha", 1, 3, "\x40", 1, 0x10203040, 0xFF8000FF },
        { "8-bit palette with alpha", 8, 3, "\x00\x01", 2, 0x10203040, 0xFF8000FF },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf extra = { 0 }, png = { 0 };
        if (rows[i].colour == 3) {
            png_chunk(&extra, "PLTE", palette, 6);
            png_chunk(&extra, "tRNS", "\x40", 1);
        }
        png_make(&png, 2, 1, rows[i].depth, rows[i].colour, rows[i].row, buf_str(&extra));
        check_px(rows[i].name, buf_str(&png), 0, 0, rows[i].first, 0);
        check_px(rows[i].name, buf_str(&png), 1, 0, rows[i].second, 0);
        buf_deinit(&extra);
        buf_deinit(&png);
    }
}

TEST(one_pixel_is_a_picture)
{
    struct buf png = { 0 };
    png_make(&png, 1, 1, 8, 2, "\x0a\x0b\x0c", STR(""));
    check_px("1 x 1", buf_str(&png), 0, 0, 0x0A0B0CFF, 0);
    buf_deinit(&png);
}

/* ---------- profiles ---------- */

/* Where the primaries of sRGB lie in the other spaces, in 8 bits: CSS Color 4 (Display P3), B. Lindbloom's tables (Adobe
 * RGB). */
static const struct space { const char *name; void (*make)(struct buf *out); uint8_t rgb[3]; uint32_t want; } spaces[] = {
    { "red in Display P3", icc_display_p3, { 234, 51, 35 }, 0xFF0000FF },
    { "green in Display P3", icc_display_p3, { 117, 251, 76 }, 0x00FF00FF },
    { "grey in Display P3", icc_display_p3, { 128, 128, 128 }, 0x808080FF },
    { "red in Adobe RGB", icc_adobe_rgb, { 219, 0, 0 }, 0xFF0000FF },
    { "green in Adobe RGB", icc_adobe_rgb, { 144, 255, 60 }, 0x00FF00FF },
    { "black in Adobe RGB", icc_adobe_rgb, { 0, 0, 0 }, 0x000000FF },
    { "any colour in sRGB", icc_srgb, { 17, 130, 200 }, 0x1182C8FF },
};

TEST(a_profile_in_a_png_tells_what_colours_are_meant)
{
    for (size_t i = 0; i < COUNTOF(spaces); i++)
        for (int depth = 8; depth <= 16; depth += 8) {
            struct buf icc = { 0 }, extra = { 0 }, png = { 0 };
            uint8_t px[6];
            for (int k = 0; k < 6; k++)
                px[k] = spaces[i].rgb[depth == 8 ? k % 3 : k / 2];
            spaces[i].make(&icc);
            png_profile(&extra, buf_str(&icc));
            png_make(&png, 1, 1, depth, 2, px, buf_str(&extra));
            check_px(spaces[i].name, buf_str(&png), 0, 0, spaces[i].want, i == 6 ? 0 : 12);
            buf_deinit(&icc);
            buf_deinit(&extra);
            buf_deinit(&png);
        }
}

TEST(a_profile_in_a_jpeg_tells_what_colours_are_meant_whole_or_in_parts)
{
    for (size_t i = 0; i < COUNTOF(spaces); i++)
        for (size_t part = 100; part <= 60000; part += 59900) {
            struct buf icc = { 0 }, jpeg = { 0 };
            const uint8_t *c = spaces[i].rgb;
            double y = 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]; /* JFIF 1.02 */
            const uint8_t ycc[3] = { (uint8_t)lrint(y), (uint8_t)lrint(128 + (c[2] - y) / 1.772), (uint8_t)lrint(128 + (c[0] - y) / 1.402) };
            spaces[i].make(&icc);
            jpeg_make(&jpeg, 3, ycc, -1, buf_str(&icc), part);
            check_px(spaces[i].name, buf_str(&jpeg), 8, 8, spaces[i].want, 16); /* a step of chroma is three near black */
            buf_deinit(&icc);
            buf_deinit(&jpeg);
        }
}

TEST(a_profile_of_grey_sets_the_greys_and_one_that_is_damaged_is_passed_over)
{
    struct buf icc = { 0 }, extra = { 0 }, png = { 0 };
    icc_grey(&icc, 1.0);
    png_profile(&extra, buf_str(&icc));
    png_make(&png, 1, 1, 8, 0, "\x80", buf_str(&extra));
    check_px("half of the light", buf_str(&png), 0, 0, 0xBCBCBCFF, 1); /* IEC 61966-2-1 */
    buf_clear(&png);
    png_make(&png, 1, 1, 16, 4, "\x80\x80\x40\x40", buf_str(&extra));
    check_px("half of the light, 16 bits", buf_str(&png), 0, 0, 0xBCBCBC40, 1);
    buf_clear(&png);
    png_make(&png, 1, 1, 8, 2, "\x80\x40\x20", buf_str(&extra));
    check_px("of another kind of pixels", buf_str(&png), 0, 0, 0x804020FF, 0);
    icc.p[40] ^= 0x5a;
    icc.n /= 2;
    buf_clear(&extra);
    buf_clear(&png);
    png_profile(&extra, buf_str(&icc));
    png_make(&png, 1, 1, 8, 0, "\x80", buf_str(&extra));
    check_px("damaged", buf_str(&png), 0, 0, 0x808080FF, 0);
    buf_deinit(&icc);
    buf_deinit(&extra);
    buf_deinit(&png);
}

TEST(gama_and_chrm_hold_where_nothing_better_is_said)
{
    static const char adobe[] = "\0\0\x7a\x26\0\0\x80\x84" "\0\0\xfa\0\0\0\x80\xe8" "\0\0\x52\x08\0\x01\x15\x58" "\0\0\x3a\x98\0\0\x17\x70";
    static const struct { const char *name, *gama; bool has_chrm, has_srgb; uint8_t rgb[3]; uint32_t want; } rows[] = {
        { "linear", "\0\x01\x86\xa0", false, false, { 128, 128, 128 }, 0xBCBCBCFF },
        { "the usual one", "\0\0\xb1\x8f", false, false, { 128, 64, 3 }, 0x804003FF },
        { "sRGB said, too", "\0\x01\x86\xa0", true, true, { 128, 128, 128 }, 0x808080FF },
        { "primaries of Adobe RGB", "\0\0\xb1\xa2", true, false, { 144, 255, 60 }, 0x00FF00FF },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf extra = { 0 }, png = { 0 };
        png_chunk(&extra, "gAMA", rows[i].gama, 4);
        if (rows[i].has_chrm)
            png_chunk(&extra, "cHRM", adobe, 32);
        if (rows[i].has_srgb)
            png_chunk(&extra, "sRGB", "", 1);
        png_make(&png, 1, 1, 8, 2, rows[i].rgb, buf_str(&extra));
        check_px(rows[i].name, buf_str(&png), 0, 0, rows[i].want, i == 3 ? 6 : 1);
        buf_deinit(&extra);
        buf_deinit(&png);
    }
}

/* ---------- inks ---------- */

TEST(jpegs_of_four_inks_show_what_is_printed)
{
    /* Ink amounts 200, 20, 60, 30; by the rule 255 - 200 = 55 of 255 - 30 = 225 gives 49, and so on. As YCCK: luma and
     * chroma of (200, 20, 60) by T.872. */
    static const struct { const char *name; int adobe; uint8_t stored[4]; } rows[] = {
        { "CMYK, Adobe's, inverted", 0, { 55, 235, 195, 225 } },
        { "CMYK as it is", -1, { 200, 20, 60, 30 } },
        { "YCCK, Adobe's", 2, { 78, 118, 215, 225 } },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf jpeg = { 0 };
        jpeg_make(&jpeg, 4, rows[i].stored, rows[i].adobe, STR(""), 1);
        check_px(rows[i].name, buf_str(&jpeg), 3, 12, 0x31CFACFF, 2);
        buf_deinit(&jpeg);
    }
}

TEST(a_profile_tells_how_inks_look_on_paper)
{
    /* Colours near those of coated paper, as printers name them in sRGB. */
    static const uint32_t seen[16] = { 0xFFFFFF, 0x009EE0, 0xE2007A, 0x312783, 0xFFED00, 0x009640, 0xE30613, 0x3C3C3B,
                                       0x1D1D1B, 0x0A1420, 0x200A14, 0x0A0A14, 0x201D0A, 0x0A140A, 0x200A0A, 0x000000 };
    static const struct { const char *name; uint8_t inks[4]; uint32_t want; int steps; } rows[] = {
        { "paper", { 0, 0, 0, 0 }, 0xFFFFFFFF, 1 },
        { "cyan", { 255, 0, 0, 0 }, 0x009EE0FF, 4 },
        { "magenta", { 0, 255, 0, 0 }, 0xE2007AFF, 4 },
        { "yellow", { 0, 0, 255, 0 }, 0xFFED00FF, 4 },
        { "black", { 0, 0, 0, 255 }, 0x1D1D1BFF, 4 },
    };
    struct buf icc = { 0 };
    icc_inks(&icc, seen);
    for (size_t i = 0; i < COUNTOF(rows); i++)
        for (int adobe = -1; adobe <= 0; adobe++) {
            struct buf jpeg = { 0 };
            uint8_t stored[4];
            for (int k = 0; k < 4; k++)
                stored[k] = adobe ? rows[i].inks[k] : (uint8_t)(255 - rows[i].inks[k]);
            jpeg_make(&jpeg, 4, stored, adobe, buf_str(&icc), 60000);
            check_px(rows[i].name, buf_str(&jpeg), 8, 8, rows[i].want, rows[i].steps);
            buf_deinit(&jpeg);
        }
    buf_deinit(&icc);
}

/* ---------- colours by numbers ---------- */

static void add_16(uint8_t *to, double v)
{
    unsigned n = (unsigned)lrint(v * 65535);
    to[0] = (uint8_t)(n >> 8);
    to[1] = (uint8_t)n;
}

/* Two grey pixels, then a coloured one, in 16 bits. */
static void numbered(struct buf *png, const char *cicp, const double v[9])
{
    struct buf extra = { 0 };
    uint8_t px[18];
    for (int i = 0; i < 9; i++)
        add_16(px + 2 * i, v[i]);
    png_chunk(&extra, "cICP", cicp, 4);
    png_make(png, 3, 1, 16, 2, px, buf_str(&extra));
    buf_deinit(&extra);
}

TEST(hdr_pictures_are_brought_to_the_films_light)
{
    struct buf png = { 0 };
    /* PQ codes of 50 and 1000 cd/m2: BT.2100. Below the knee (88 cd/m2 by BT.2390 for a peak of 1000) light stays, so 50
     * of 203 is linear 0.246, sRGB 136; the peak is white. Red of BT.2020 at 50 cd/m2 comes out as red. */
    const double a = cicp_pq_code(50), b = cicp_pq_code(1000);
    CHECK_NEAR("code of 50", 0.4403, a, 0.0001);
    CHECK_NEAR("code of 1000", 0.7518, b, 0.0001);
    CHECK_NEAR("light of 0.5081", 100, cicp_pq_light(0.5080784), 0.01);
    numbered(&png, "\x09\x10\0\x01", (const double[]){ a, a, a, b, b, b, a, 0, 0 });
    check_px("50 cd/m2", buf_str(&png), 0, 0, 0x888888FF, 2);
    check_px("the peak", buf_str(&png), 1, 0, 0xFFFFFFFF, 2);
    struct picture p;
    struct err e = { 0 };
    CHECK_ROW(e.msg, decode(buf_str(&png), &p, &e));
    CHECK("red stays red" && p.bgra[10] > 100 && p.bgra[9] < 60 && p.bgra[8] < 60);
    picture_deinit(&p);
    buf_clear(&png);
    /* HLG: half is 1/12 of the scene's light, 50.7 cd/m2 on a display of 1000 (BT.2100 table 5). */
    numbered(&png, "\x09\x12\0\x01", (const double[]){ 0.5, 0.5, 0.5, 1, 1, 1, 0.2, 0.2, 0.2 });
    check_px("HLG, half", buf_str(&png), 0, 0, 0x898989FF, 2);
    check_px("HLG, full", buf_str(&png), 1, 0, 0xFFFFFFFF, 2);
    buf_deinit(&png);
}

TEST(hdr_that_is_no_brighter_than_white_keeps_all_of_its_light)
{
    struct buf png = { 0 };
    const double a = cicp_pq_code(100), b = cicp_pq_code(203);
    numbered(&png, "\x09\x10\0\x01", (const double[]){ a, a, a, b, b, b, b, b, b });
    check_px("100 of 203", buf_str(&png), 0, 0, 0xBABABAFF, 2); /* linear 0.4926 */
    check_px("203 of 203", buf_str(&png), 1, 0, 0xFFFFFFFF, 2);
    buf_deinit(&png);
}

TEST(wide_gamut_by_numbers_becomes_srgb)
{
    struct buf png = { 0 };
    numbered(&png, "\x0c\x0d\0\x01", (const double[]){ 0.9175, 0.2003, 0.1387, 0.5, 0.5, 0.5, 0, 1, 0 });
    check_px("red of sRGB in P3", buf_str(&png), 0, 0, 0xFF0000FF, 6);
    check_px("grey", buf_str(&png), 1, 0, 0x808080FF, 1);
    check_px("green of P3 fits", buf_str(&png), 2, 0, 0x00FB4BFF, 80);
    buf_clear(&png);
    numbered(&png, "\x01\x0d\0\x01", (const double[]){ 1, 0, 0, 0.5, 0.5, 0.5, 0.2, 0.4, 0.6 });
    check_px("sRGB by numbers", buf_str(&png), 2, 0, 0x336699FF, 0);
    buf_deinit(&png);
}

static double light(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

TEST(wide_gamut_is_within_a_step_of_arithmetic)
{
    /* Display P3 to sRGB in linear light: CSS Color 4, the product of its two matrices. */
    static const double m[3][3] = { { 1.2249402, -0.2249404, 0 }, { -0.0420569, 1.0420571, 0 }, { -0.0196376, -0.0786361, 1.0982735 } };
    struct cicp_map *map = cicp_map_create((struct cicp){ 12, 13, 0 });
    CHECK(map != NULL);
    for (int i = 0; i < 3000; i++) {
        uint16_t in[3], out[3];
        bool inside = true;
        double want[3], l[3];
        for (int k = 0; k < 3; k++) {
            in[k] = (uint16_t)((int64_t)i * (k == 0 ? 7919 : k == 1 ? 104729 : 1299709) % 65536);
            l[k] = light(in[k] / 65535.0);
        }
        for (int k = 0; k < 3; k++) {
            double v = m[k][0] * l[0] + m[k][1] * l[1] + m[k][2] * l[2];
            inside &= v >= 0.01 && v <= 0.99;   /* at the border of sRGB the curve has a corner */
            want[k] = v <= 0.0031308 ? v * 12.92 : 1.055 * pow(fmax(v, 0), 1 / 2.4) - 0.055;
        }
        cicp_map_px(map, in, out);
        for (int k = 0; k < 3 && inside; k++)
            CHECK_NEAR("value", want[k] * 255, out[k] / 257.0, 0.5);
    }
    cicp_map_destroy(map);
}

/* ---------- orientation ---------- */

TEST(a_picture_is_turned_all_eight_ways)
{
    /* Exif 2.32, 4.6.4, for the rows "abc" and "def". */
    static const struct { int w; const char *seen; } rows[] = {
        { 3, "abcdef" }, { 3, "cbafed" }, { 3, "fedcba" }, { 3, "defabc" }, { 2, "adbecf" }, { 2, "daebfc" }, { 2, "fcebda" }, { 2, "cfbead" },
    };
    for (int i = 0; i < 8; i++) {
        uint8_t exif[] = "MM\0*\0\0\0\x08" "\0\x01" "\x01\x12\0\x03\0\0\0\x01\0\0\0\0" "\0\0\0\0";
        struct buf extra = { 0 }, png = { 0 };
        struct picture p;
        struct err e = { 0 };
        exif[19] = (uint8_t)(i + 1);
        png_chunk(&extra, "eXIf", exif, sizeof exif - 1);
        png_make(&png, 3, 2, 8, 0, "abcdef", buf_str(&extra));
        CHECK_ROW(e.msg, decode(buf_str(&png), &p, &e));
        CHECK_INT(rows[i].seen, rows[i].w, p.width);
        CHECK_INT(rows[i].seen, 6 / rows[i].w, p.height);
        for (int k = 0; k < 6; k++)
            CHECK_INT(rows[i].seen, rows[i].seen[k], p.bgra[4 * k]);
        picture_deinit(&p);
        buf_deinit(&extra);
        buf_deinit(&png);
    }
}

/* ---------- files that lie ---------- */

TEST(pictures_that_would_fill_the_memory_are_refused_or_harmless)
{
    struct buf png = { 0 }, extra = { 0 }, many = { 0 };
    png_make(&png, 4, 4, 8, 2, "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdef", STR(""));
    memcpy(png.p + 16, "\0\0\x4e\x20\0\0\x4e\x20", 8); /* 20000 x 20000 */
    check_no("20000 x 20000", buf_str(&png), "too large");
    check_no("20000 x 20000", buf_str(&png), "scale it down");
    buf_clear(&png);
    while (many.n < 32 << 20)                   /* packs into a thousandth */
        buf_add(&many, (const char[1 << 16]){ 0 }, 1 << 16);
    png_profile(&extra, buf_str(&many));
    png_make(&png, 1, 1, 8, 2, "\x01\x02\x03", buf_str(&extra));
    check_px("a profile that unpacks without end", buf_str(&png), 0, 0, 0x010203FF, 0);
    buf_deinit(&png);
    buf_deinit(&extra);
    buf_deinit(&many);
}

TEST(a_tiff_is_a_picture_and_one_that_was_cut_is_not)
{
    /* 2 x 1 px of RGB in one strip at the end; TIFF 6.0. */
    static const char tiff[] = "II*\0\x08\0\0\0" "\x0a\0"
        "\0\1\3\0\1\0\0\0\2\0\0\0" "\1\1\3\0\1\0\0\0\1\0\0\0" "\2\1\3\0\3\0\0\0\x86\0\0\0" "\3\1\3\0\1\0\0\0\1\0\0\0"
        "\6\1\3\0\1\0\0\0\2\0\0\0" "\x11\1\4\0\1\0\0\0\x8c\0\0\0" "\x12\1\3\0\1\0\0\0\3\0\0\0" "\x15\1\3\0\1\0\0\0\3\0\0\0"
        "\x16\1\3\0\1\0\0\0\1\0\0\0" "\x17\1\4\0\1\0\0\0\6\0\0\0" "\0\0\0\0" "\x08\0\x08\0\x08\0" "\x0a\x14\x1e\xc8\xd2\xdc";
    struct str whole = { tiff, sizeof tiff - 1 };
    check_px("first, turned half round", whole, 0, 0, 0xC8D2DCFF, 0);
    check_px("second", whole, 1, 0, 0x0A141EFF, 0);
    check_no("cut", (struct str){ tiff, whole.n - 3 }, "tiff");
    check_no("no directory", (struct str){ tiff, 30 }, "directory");
}

/* ---------- what phones and browsers write: files of heif-enc 1.15 and avifenc 0.11, 32 x 16 px ---------- */

enum { RED = 0xC83214FF, BLUE = 0x143CB4FF, GREEN = 0x28A03CFF }; /* left; right above; right below */

static void file_of(const char *name, struct buf *out)
{
    struct err e = { 0 };
    char path[128];
    snprintf(path, sizeof path, "tests/pictures/%s", name);
    CHECK_ROW(e.msg, file_read(path, 1 << 20, out, &e));
}

TEST(avif_and_heic_are_pictures)
{
    static const struct { const char *name; int w, h, x[3], y[3]; uint32_t want[3]; } rows[] = {
        { "three.avif", 32, 16, { 4, 28, 28 }, { 4, 3, 12 }, { RED, BLUE, GREEN } },
        { "three.heic", 32, 16, { 4, 28, 28 }, { 4, 3, 12 }, { RED, BLUE, GREEN } },
        { "deep.heic", 32, 16, { 4, 28, 28 }, { 4, 3, 12 }, { RED, BLUE, GREEN } },    /* 10 bits */
        { "deepclear.avif", 32, 16, { 4, 28, 28 }, { 4, 3, 12 }, { RED, 0x143CB400, 0x28A03C80 } },
        { "clear.avif", 32, 16, { 4, 28, 28 }, { 4, 3, 12 }, { RED, 0x143CB400, 0x28A03C80 } },
        { "premul.avif", 32, 16, { 4, 4, 28 }, { 4, 12, 12 }, { RED, RED, 0x28A03C80 } }, /* colours times alpha */
        { "turned.avif", 16, 32, { 4, 12, 8 }, { 4, 4, 28 }, { BLUE, GREEN, RED } },   /* a quarter, against the clock */
        { "seq.avif", 32, 16, { 4, 28, 28 }, { 4, 3, 12 }, { RED, BLUE, GREEN } },     /* the first of two */
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct picture p = { 0 };
        struct err e = { 0 };
        file_of(rows[i].name, &b);
        bool ok = decode(buf_str(&b), &p, &e);
        CHECK_ROW(ok ? rows[i].name : e.msg, ok);
        CHECK_INT(rows[i].name, rows[i].w, p.width);
        CHECK_INT(rows[i].name, rows[i].h, p.height);
        for (int k = 0; k < 3; k++)
            check_px(rows[i].name, buf_str(&b), rows[i].x[k], rows[i].y[k], rows[i].want[k], 3);
        picture_deinit(&p);
        buf_deinit(&b);
    }
}

/* The same pixels as a PNG with the same numbers (cICP 9/16) go another way to the same colours. */
TEST(hdr_in_an_avif_looks_as_it_does_in_a_png)
{
    static const uint8_t colours[3][3] = { { 0xC8, 0x32, 0x14 }, { 0x14, 0x3C, 0xB4 }, { 0x28, 0xA0, 0x3C } };
    uint8_t rows[16][32][3][2];
    struct buf chunk = { 0 }, png = { 0 }, avif = { 0 };
    struct picture p = { 0 };
    struct err e = { 0 };
    for (int y = 0; y < 16; y++)
        for (int x = 0; x < 32; x++)
            for (int i = 0; i < 3; i++)
                memset(rows[y][x][i], colours[x < 16 ? 0 : y < 8 ? 1 : 2][i], 2);
    png_chunk(&chunk, "cICP", "\x09\x10\0\1", 4);
    png_make(&png, 32, 16, 16, 2, rows, buf_str(&chunk));
    file_of("light.avif", &avif);
    CHECK(decode(buf_str(&png), &p, &e));
    const int at[3][2] = { { 4, 4 }, { 28, 3 }, { 28, 12 } };
    for (int i = 0; i < 3; i++) {
        const uint8_t *px = p.bgra + (size_t)at[i][1] * p.stride + (size_t)at[i][0] * 4;
        uint32_t want = (uint32_t)px[2] << 24 | (uint32_t)px[1] << 16 | (uint32_t)px[0] << 8 | px[3];
        check_px("as the PNG", buf_str(&avif), at[i][0], at[i][1], want, 8);
    }
    picture_deinit(&p);
    buf_deinit(&chunk);
    buf_deinit(&png);
    buf_deinit(&avif);
}

TEST(an_avif_or_heic_that_was_cut_or_altered_is_refused_or_a_picture_but_never_a_crash)
{
    static const char *const names[] = { "three.avif", "three.heic", "clear.avif" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        struct buf b = { 0 };
        file_of(names[i], &b);
        size_t n = b.n;
        for (size_t cut = 1; cut < 6; cut++)
            check_no(names[i], (struct str){ b.p, n * cut / 6 + 16 > n - 16 ? n - 16 : n * cut / 6 + 16 }, "");
        for (size_t at = 12; at < n; at += 37) {
            struct picture p = { 0 };
            struct err e = { 0 };
            char had = b.p[at];
            b.p[at] = (char)(had ^ 0x55);
            bool ok = decode(buf_str(&b), &p, &e);
            CHECK_ROW(e.msg, ok || (e.code == ERR_MEDIA && !strstr(e.msg, "signal")));
            picture_deinit(&p);
            b.p[at] = had;
        }
        buf_deinit(&b);
    }
}

/* ---------- WebP ---------- */

/* An animated WebP of `n` frames of 32 x 16 px in the lower right of a canvas of 64 x 32. */
static void animated_webp(struct buf *out, int n)
{
    struct buf still = { 0 };
    CHECK(media_picture("libwebp", 32, 16, &still) && memcmp(still.p + 12, "VP8", 3) == 0);
    const char *chunk = still.p + 12;
    uint32_t size = (uint32_t)still.n - 12, frame = size + 16, all = 4 + 18 + 14 + (uint32_t)n * (8 + frame);
    const uint32_t duration = 100;
    buf_add(out, "RIFF", 4);
    buf_add(out, &all, 4);
    buf_add(out, "WEBPVP8X\x0a\0\0\0\x12\0\0\0\x3f\0\0\x1f\0\0ANIM\6\0\0\0\0\0\0\0\0\0", 4 + 18 + 14);
    for (int i = 0; i < n; i++) {
        buf_add(out, "ANMF", 4);
        buf_add(out, &frame, 4);
        buf_add(out, "\x10\0\0\x08\0\0\x1f\0\0\x0f\0\0", 12);
        buf_add(out, &duration, 3);
        buf_addc(out, 0);
        buf_add(out, chunk, size);
    }
    buf_deinit(&still);
}

TEST(an_animated_webp_of_one_picture_is_a_still)
{
    for (int n = 1; n <= 2; n++) {              /* of two the first is shown, where a still is wanted */
        struct buf b = { 0 };
        struct picture p = { 0 };
        struct err e = { 0 };
        struct media_info info;
        struct word *words = NULL;
        size_t n_words;
        animated_webp(&b, n);
        bool ok = decode(buf_str(&b), &p, &e);
        CHECK_ROW(e.msg, ok);
        CHECK(p.width == 64 && p.height == 32 && p.has_alpha);
        CHECK_INT("clear beside the frame", 0, p.bgra[3]);
        CHECK_INT("and not in it", 255, p.bgra[20 * p.stride + 40 * 4 + 3]);
        int fd = media_fd(b.p, b.n);
        CHECK_ROW(e.msg, media_check(ASSET_IMAGE, fd, STR(""), STR(""), &info, &words, &n_words, &e));
        CHECK_INT("moves", n, info.n_frames > 1 ? (int)info.n_frames : 1);
        close(fd);
        picture_deinit(&p);
        buf_deinit(&b);
    }
}
