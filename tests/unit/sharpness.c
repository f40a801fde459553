/* sharpness.c - tests of what the camera shows against Lanczos in double precision, and of a zone plate, which shows every
 * kind of moire
 *
 * As the design has it a picture is reduced once, in linear light, to what the camera's nearest look needs; the moves
 * then are sampled in the video's own values. The reference does both, with another kernel. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/kernel.h"
#include "compose/plate.h"
#include "gen/lesson.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { LOBES = 3 };

static struct frame *shoot(const struct plate_source *src, int w, int h, struct window look, double zoom)
{
    struct kernel *k = kernel_create(true);
    struct plate_spec spec = { .frame_w = w, .frame_h = h, .fit = FIT_COVER, .background = 0x000000FF, .zoom = zoom };
    struct plate *p = plate_create(src, &spec, k);
    struct frame *f = frame_create(w, h);
    plate_sample(p, k, (struct view){ .look = look }, f);
    plate_destroy(p);
    kernel_destroy(k);
    return f;
}

/* ---------- the reference ---------- */

static double to_light(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double from_light(double v)
{
    v = fmin(1, fmax(0, v));
    return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

static double lanczos(double x)
{
    x = fabs(x) * M_PI;
    return x < 1e-9 ? 1 : x >= LOBES * M_PI ? 0 : sin(x) / x * sin(x / LOBES) / (x / LOBES);
}

/* Resamples one axis: n_out samples from n_in, `lines` of them, each `stride` apart; samples of a line are `pitch` apart. */
static void resample(const double *in, int n_in, double *out, int n_out, double from, double step, int lines, ptrdiff_t in_stride,
                     ptrdiff_t in_pitch, ptrdiff_t out_stride, ptrdiff_t out_pitch)
{
    double wide = fmax(1, step);
    for (int i = 0; i < n_out; i++) {
        double at = from + (i + 0.5) * step - 0.5;
        int first = (int)ceil(at - LOBES * wide), last = (int)floor(at + LOBES * wide);
        for (int line = 0; line < lines; line++) {
            double sum = 0, weights = 0;
            for (int k = first; k <= last; k++) {
                double w = lanczos((k - at) / wide);
                int c = k < 0 ? 0 : k >= n_in ? n_in - 1 : k;
                sum += w * in[line * in_stride + c * in_pitch];
                weights += w;
            }
            out[line * out_stride + i * out_pitch] = sum / weights;
        }
    }
}

struct raster {
    double *px;                                 /* three planes of w x h, 0 .. 1 */
    int w, h;
};

static struct raster resized(const struct raster *p, int w, int h, struct window look)
{
    struct raster out = { mem_array((size_t)w * (size_t)h * 3, sizeof *out.px), w, h };
    double *half = mem_array((size_t)w * (size_t)p->h, sizeof *half);
    for (int c = 0; c < 3; c++) {
        resample(p->px + (ptrdiff_t)c * p->w * p->h, p->w, half, w, look.x * p->w, look.w * p->w / w, p->h, p->w, 1, w, 1);
        resample(half, p->h, out.px + (ptrdiff_t)c * w * h, h, look.y * p->h, look.h * p->h / h, w, 1, w, 1, w);
    }
    free(half);
    return out;
}

/* The luma of the window `look` as w x h values in 8-bit video steps. Pictures finer than w x h times `zoom` are reduced to
 * that first, in linear light. */
static double *reference(const struct plate_source *s, int w, int h, struct window look, double zoom)
{
    static const double share[3] = { 0.0722, 0.7152, 0.2126 };
    double *luma = mem_array((size_t)w * (size_t)h, sizeof *luma);
    struct raster in = { mem_array((size_t)s->w * (size_t)s->h * 3, sizeof *in.px), s->w, s->h };
    bool is_reduced = s->w > 1.1 * w * zoom;
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < s->h; y++)
            for (int x = 0; x < s->w; x++) {
                double v = s->bgra[(size_t)y * s->stride + (size_t)x * 4 + (size_t)c] / 255.0;
                in.px[(c * s->h + y) * s->w + x] = is_reduced ? to_light(v) : v;
            }
    if (is_reduced) {
        struct raster small = resized(&in, (int)ceil(w * zoom - 1e-6), (int)ceil(h * zoom - 1e-6), (struct window){ 0, 0, 1, 1 });
        for (int i = 0; i < small.w * small.h * 3; i++)
            small.px[i] = from_light(small.px[i]);
        free(in.px);
        in = small;
    }
    struct raster seen = resized(&in, w, h, look);
    for (int i = 0; i < w * h; i++) {
        for (int c = 0; c < 3; c++)
            luma[i] += share[c] * seen.px[c * w * h + i];
        luma[i] = fmin(235, fmax(16, 16 + 219 * luma[i]));
    }
    free(seen.px);
    free(in.px);
    return luma;
}

static double psnr(const struct frame *f, const double *want)
{
    double error = 0;
    for (int y = 0; y < f->h; y++)
        for (int x = 0; x < f->w; x++) {
            double d = f->plane[0][y * f->stride[0] + x] - want[y * f->w + x];
            error += d * d;
        }
    return 10 * log10(255.0 * 255 * f->w * f->h / error);
}

TEST(the_camera_is_within_45_db_of_lanczos_in_double_precision)
{
    /* zoom: the most that the camera asks for during its move; the plate is made for it */
    static const struct { const char *name; enum picture_kind kind; int w, h; double zoom; struct window look; double db; } rows[] = {
        { "zoom in: as large as the frame", PICTURE_PHOTO, 320, 180, 1.15, { 0, 0, 1, 1 }, 45 },
        { "zoom in: a little larger", PICTURE_PHOTO, 320, 180, 1.15, { 0.021, 0.034, 0.93, 0.93 }, 45 },
        { "zoom in: its end", PICTURE_PHOTO, 320, 180, 1.15, { 0.0652, 0.0652, 1 / 1.15, 1 / 1.15 }, 45 },
        { "zoom in: twice as large", PICTURE_PHOTO, 320, 180, 2, { 0.3, 0.2, 0.5, 0.5 }, 45 },
        { "pan: by a fraction of a pixel", PICTURE_PHOTO, 368, 207, 1.15, { 0.00131, 0.00077, 1 / 1.15, 1 / 1.15 }, 45 },
        { "pan: elsewhere", PICTURE_PHOTO, 368, 207, 1.15, { 0.1214, 0.0871, 1 / 1.15, 1 / 1.15 }, 45 },
        { "zoom out: a photograph of three times the size, at its end", PICTURE_PHOTO, 960, 540, 1, { 0, 0, 1, 1 }, 45 },
        { "zoom out: of six times the size", PICTURE_PHOTO, 1920, 1080, 1, { 0, 0, 1, 1 }, 45 },
        { "zoom out: its begin, of three times the size", PICTURE_PHOTO, 960, 540, 1.15, { 0.0652, 0.0652, 1 / 1.15, 1 / 1.15 }, 45 },
        { "zoom out: between", PICTURE_PHOTO, 960, 540, 1.15, { 0.03, 0.03, 0.94, 0.94 }, 45 },
        { "zoom out: all of what was made for more", PICTURE_PHOTO, 960, 540, 1.15, { 0, 0, 1, 1 }, 45 },
        { "a diagram of three times the size: edges as hard as can be", PICTURE_DIAGRAM, 960, 540, 1, { 0, 0, 1, 1 }, 43 },
        { "a soft disc, enlarged threefold", PICTURE_DOT, 320, 180, 3, { 0.3, 0.3, 1 / 3.0, 1 / 3.0 }, 45 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct plate_source s = picture_make(rows[i].kind, rows[i].w, rows[i].h, 11);
        struct frame *f = shoot(&s, 320, 180, rows[i].look, rows[i].zoom);
        double *want = reference(&s, 320, 180, rows[i].look, rows[i].zoom);
        double got = psnr(f, want);
        CHECK_ROW(rows[i].name, got >= rows[i].db);
        free(want);
        frame_destroy(f);
        free((void *)(uintptr_t)s.bgra);
    }
}

/* ---------- the zone plate ---------- */

enum { PLATE = 1440 };

/* Rings of equal light whose frequency grows with the distance r from the middle: half a cycle a px at r = PLATE / 2. */
static struct plate_source zone_plate(void)
{
    uint8_t *px = mem_array((size_t)PLATE * PLATE, 4);
    for (int y = 0; y < PLATE; y++)
        for (int x = 0; x < PLATE; x++) {
            double dx = x - (PLATE - 1) / 2.0, dy = y - (PLATE - 1) / 2.0;
            double light = 0.5 + 0.4 * cos(M_PI * (dx * dx + dy * dy) / PLATE);
            uint8_t v = (uint8_t)lrint(255 * from_light(light));
            memcpy(px + 4 * ((size_t)y * PLATE + (size_t)x), (const uint8_t[]){ v, v, v, 255 }, 4);
        }
    return (struct plate_source){ px, PLATE, PLATE, (size_t)PLATE * 4 };
}

/* far: how much may be left of rings of more than twice the finest frequency that the frame can show. What is a little
 * finer than that frequency fades: no filter of this length ends at once. */
TEST(rings_finer_than_the_frame_can_show_become_their_mean_light)
{
    static const struct { const char *name; int side; double zoom, w, far; } rows[] = {
        { "a quarter of the size", 360, 1, 1, 2 },
        { "made for a zoom, seen whole", 360, 1.25, 1, 2 },
        { "made for a zoom, on the way", 360, 1.25, 0.9, 2 },
        { "made for a zoom, its end", 360, 1.25, 0.8, 2 },
        { "a third of the size", 480, 1.15, 1, 2 },
        { "made for a large zoom, seen whole: less in linear light", 360, 3, 1, 10 },
    };
    struct plate_source s = zone_plate();
    /* half of the light: linear 0.5 is 0.7354 behind sRGB's curve (IEC 61966-2-1) */
    const double mean = 16 + 219 * 0.7354;
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct window look = { (1 - rows[i].w) / 2, (1 - rows[i].w) / 2, rows[i].w, rows[i].w };
        struct frame *f = shoot(&s, rows[i].side, rows[i].side, look, rows[i].zoom);
        double step = PLATE * rows[i].w / rows[i].side, finest = PLATE / 2 / step, near = 0, far = 0, seen = 0;
        int n = 0;
        for (int y = 8; y < rows[i].side - 8; y++)
            for (int x = 8; x < rows[i].side - 8; x++) {
                double r = step * hypot(x - (rows[i].side - 1) / 2.0, y - (rows[i].side - 1) / 2.0);
                double off = fabs(f->plane[0][y * f->stride[0] + x] - mean);
                if (r < 0.25 * finest)
                    seen = fmax(seen, off);
                else if (r > 2 * finest && r < 0.98 * PLATE / 2)
                    far = fmax(far, off), n++;
                else if (r > 1.35 * finest && r < 0.98 * PLATE / 2)
                    near = fmax(near, off);
            }
        CHECK_ROW(rows[i].name, n > 10000);
        CHECK_NEAR(rows[i].name, 0, far, rows[i].far);
        CHECK_NEAR(rows[i].name, 0, near, 2 * rows[i].far + 16);
        CHECK_ROW(rows[i].name, seen > 80);     /* coarse rings are as they were */
        frame_destroy(f);
    }
    free((void *)(uintptr_t)s.bgra);
}
