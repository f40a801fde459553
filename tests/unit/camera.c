/* camera.c - tests of the camera: sampling against a reference, smoothness, edges, fits, reduction in linear light */
#include "compose/camera.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "compose/effects.h"
#include "compose/kernel.h"
#include "compose/plate.h"
#include "compose/scene.h"
#include "compose/take.h"
#include "gen/lesson.h"
#include <libavutil/frame.h>
#include "tests/support/pictures.h"
#include "tests/support/test.h"

static const struct window whole = { 0, 0, 1, 1 };

static struct plate_source flat(int w, int h, uint8_t r, uint8_t g, uint8_t b, uint8_t a)
{
    uint8_t *px = mem_array((size_t)w * (size_t)h, 4);
    for (size_t i = 0; i < (size_t)w * (size_t)h; i++)
        memcpy(px + 4 * i, (const uint8_t[]){ b, g, r, a }, 4);
    return (struct plate_source){ px, w, h, (size_t)w * 4 };
}

static struct frame *shoot_turned(const struct plate_source *src, int w, int h, int fit, struct window look, double turn,
                                  bool allow_simd)
{
    struct kernel *k = kernel_create(allow_simd);
    struct plate_spec spec = { .frame_w = w, .frame_h = h, .fit = fit, .background = 0x204060FF, .zoom = 1 / look.w };
    struct plate *p = plate_create(src, &spec, k);
    struct frame *f = frame_create(w, h);
    plate_sample(p, k, (struct view){ look, turn }, f);
    plate_destroy(p);
    kernel_destroy(k);
    return f;
}

static struct frame *shoot(const struct plate_source *src, int w, int h, int fit, struct window look, bool allow_simd)
{
    return shoot_turned(src, w, h, fit, look, 0, allow_simd);
}

#define DEGREES (3.14159265358979323846 / 180)

/* R'G'B' of a source pixel, clamped to the edge, as component c of Y'CbCr in 8-bit video steps. */
static double source_at(const struct plate_source *s, int x, int y, int c)
{
    x = x < 0 ? 0 : x >= s->w ? s->w - 1 : x;
    y = y < 0 ? 0 : y >= s->h ? s->h - 1 : y;
    const uint8_t *p = s->bgra + (size_t)y * s->stride + (size_t)x * 4;
    double r = p[2] / 255.0, g = p[1] / 255.0, b = p[0] / 255.0, luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return c == 0 ? 16 + 219 * luma : c == 1 ? 128 + 224 * (b - luma) / 1.8556 : 128 + 224 * (r - luma) / 1.5748;
}

/* What the kernel should give, in double precision and without tables: the cubic around (u, v). */
static double reference_at(const struct plate_source *s, double u, double v, double step_x, double step_y, int c)
{
    double kx = fmax(1, step_x), ky = fmax(1, step_y), sum = 0, weights = 0;
    for (int y = (int)floor(v - 3 * ky); y <= v + 3 * ky + 1; y++)
        for (int x = (int)floor(u - 3 * kx); x <= u + 3 * kx + 1; x++) {
            double w = kernel_weight((x - u) / kx) * kernel_weight((y - v) / ky);
            sum += w * source_at(s, x, y, c);
            weights += w;
        }
    return fmin(c ? 240 : 235, fmax(16, sum / weights));
}

static double psnr_against_reference(const struct plate_source *s, const struct frame *f, struct window look, int c)
{
    double sub = c ? 2 : 1, step_x = look.w * s->w / f->w * sub, step_y = look.h * s->h / f->h * sub, error = 0;
    int w = frame_plane_w(f, c), h = frame_plane_h(f, c);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            double u = look.x * s->w + (x + (c ? 0.25 : 0.5)) * step_x - 0.5, v = look.y * s->h + (y + 0.5) * step_y - 0.5;
            double d = reference_at(s, u, v, step_x, step_y, c) - f->plane[c][y * f->stride[c] + x];
            error += d * d;
        }
    return 10 * log10(255.0 * 255 * w * h / error);
}

TEST(frames_are_within_45_db_of_a_double_precision_resample)
{
    static const struct { const char *name; enum picture_kind kind; int w, h; struct window look; } rows[] = {
        { "photo, as large as the frame", PICTURE_PHOTO, 320, 180, { 0.013, 0.027, 0.93, 0.93 } },
        { "photo, enlarged", PICTURE_PHOTO, 160, 90, { 0.1, 0.1, 0.61, 0.61 } },
        { "photo, reduced a little", PICTURE_PHOTO, 336, 189, { 0, 0, 1, 1 } },
        { "diagram, by a fraction of a pixel", PICTURE_DIAGRAM, 320, 180, { 0.00131, 0.00077, 0.99, 0.99 } },
        { "diagram, enlarged", PICTURE_DIAGRAM, 320, 180, { 0.25, 0.25, 0.5, 0.5 } },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct plate_source s = picture_make(rows[i].kind, rows[i].w, rows[i].h, 7);
        struct frame *f = shoot(&s, 320, 180, FIT_COVER, rows[i].look, true);
        CHECK_ROW(rows[i].name, psnr_against_reference(&s, f, rows[i].look, 0) >= 45);
        CHECK_ROW(rows[i].name, psnr_against_reference(&s, f, rows[i].look, 1) >= 45);
        CHECK_ROW(rows[i].name, psnr_against_reference(&s, f, rows[i].look, 2) >= 45);
        frame_destroy(f);
        free((void *)(uintptr_t)s.bgra);
    }
}

/* Sample (x, y) of component c lies at the turned place of the picture: the frame's middle stays, right and down turn
 * clockwise. Chroma sits on the left luma sample of each pair. */
static double psnr_of_turned(const struct plate_source *s, const struct frame *f, struct window look, double turn, int c)
{
    double sub = c ? 2 : 1, px = look.w * s->w / f->w, error = 0, co = cos(turn), si = sin(turn);
    int w = frame_plane_w(f, c), h = frame_plane_h(f, c);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            double dx = sub * (x + (c ? 0.25 : 0.5)) - f->w / 2.0, dy = sub * (y + 0.5) - f->h / 2.0;
            double u = (look.x + look.w / 2) * s->w + px * (dx * co - dy * si) - 0.5;
            double v = (look.y + look.h / 2) * s->h + px * (dx * si + dy * co) - 0.5;
            double d = reference_at(s, u, v, px * sub, px * sub, c) - f->plane[c][y * f->stride[c] + x];
            error += d * d;
        }
    return 10 * log10(255.0 * 255 * w * h / error);
}

TEST(turned_frames_are_within_45_db_of_a_double_precision_resample)
{
    static const struct { const char *name; enum picture_kind kind; int w, h; double zoom, degrees; } rows[] = {
        { "photo, half a degree", PICTURE_PHOTO, 320, 180, 1.03, 0.5 },
        { "photo, two degrees", PICTURE_PHOTO, 320, 180, 1.08, 2 },
        { "photo, back two degrees, enlarged", PICTURE_PHOTO, 160, 90, 1.3, -2 },
        { "photo, eight degrees", PICTURE_PHOTO, 320, 180, 1.3, 8 },
        { "photo, reduced a little", PICTURE_PHOTO, 350, 197, 1.08, 2 },
        { "diagram, enlarged, three degrees", PICTURE_DIAGRAM, 320, 180, 2, -3 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct plate_source s = picture_make(rows[i].kind, rows[i].w, rows[i].h, 7);
        struct window look = camera_around(0.501, 0.499, rows[i].zoom, whole);
        struct frame *f = shoot_turned(&s, 320, 180, FIT_COVER, look, rows[i].degrees * DEGREES, true);
        for (int c = 0; c < 3; c++)
            CHECK_ROW(rows[i].name, psnr_of_turned(&s, f, look, rows[i].degrees * DEGREES, c) >= 45);
        frame_destroy(f);
        free((void *)(uintptr_t)s.bgra);
    }
}

TEST(vector_and_portable_code_give_the_same_bytes)
{
    static const struct { const char *name; int w, h, fw, fh; struct window look; } rows[] = {
        { "even", 300, 200, 192, 108, { 0.1, 0.2, 0.7, 0.7 } },
        { "odd sides", 301, 199, 187, 103, { 0.01, 0.02, 0.93, 0.93 } },
        { "enlarged much", 40, 30, 320, 180, { 0.3, 0.3, 0.3, 0.3 } },
        { "reduced by three", 900, 600, 170, 100, { 0, 0, 1, 1 } },
        { "one pixel", 1, 1, 64, 64, { 0, 0, 1, 1 } },
        { "a line", 5, 400, 64, 64, { 0, 0, 1, 1 } },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct plate_source s = picture_make(PICTURE_DIAGRAM, rows[i].w, rows[i].h, 3);
        struct frame *a = shoot(&s, rows[i].fw, rows[i].fh, FIT_COVER, rows[i].look, true);
        struct frame *b = shoot(&s, rows[i].fw, rows[i].fh, FIT_COVER, rows[i].look, false);
        CHECK_INT(rows[i].name, frame_checksum(a), frame_checksum(b));
        frame_destroy(a);
        frame_destroy(b);
        for (int degrees = -8; degrees <= 8; degrees += 2) {
            a = shoot_turned(&s, rows[i].fw, rows[i].fh, FIT_COVER, rows[i].look, degrees * 1.01 * DEGREES, true);
            b = shoot_turned(&s, rows[i].fw, rows[i].fh, FIT_COVER, rows[i].look, degrees * 1.01 * DEGREES, false);
            CHECK_INT(rows[i].name, frame_checksum(a), frame_checksum(b));
            frame_destroy(a);
            frame_destroy(b);
        }
        free((void *)(uintptr_t)s.bgra);
    }
}

TEST(a_flat_picture_stays_flat_whatever_the_window)
{
    struct plate_source s = flat(123, 77, 200, 90, 30, 255);
    struct yuv want = yuv_of(0xC85A1E);
    for (int i = 0; i < 40; i++) {
        struct window look = camera_around(0.02 * i, 1 - 0.025 * i, 1 + 0.07 * i, whole);
        struct frame *f = shoot_turned(&s, 96, 54, i % 2 ? FIT_COVER : FIT_STRETCH, look, (i % 9 - 4) * DEGREES, true);
        for (int p = 0; p < 3; p++)
            for (int y = 0; y < frame_plane_h(f, p); y++)
                for (int x = 0; x < frame_plane_w(f, p); x++)
                    CHECK_INT("value", want.c[p], f->plane[p][y * f->stride[p] + x]);
        frame_destroy(f);
    }
    free((void *)(uintptr_t)s.bgra);
}

TEST(a_fine_chequer_is_reduced_to_its_mean_light_without_moire)
{
    uint8_t *px = mem_array(1600 * 900, 4);
    for (int y = 0; y < 900; y++)
        for (int x = 0; x < 1600; x++)
            memset(px + 4 * (y * 1600 + x), (x + y) % 2 ? 255 : 0, 3), px[4 * (y * 1600 + x) + 3] = 255;
    struct plate_source s = { px, 1600, 900, 1600 * 4 };
    struct frame *f = shoot(&s, 210, 118, FIT_STRETCH, whole, true);
    /* Half of the light: sRGB 188 (IEC 61966-2-1: 0.5 linear is 0.7354), luma 16 + 219 x 0.7354. */
    for (int y = 3; y < 115; y++)
        for (int x = 3; x < 207; x++)
            CHECK_NEAR("luma", 177, f->plane[0][y * f->stride[0] + x], 2);
    frame_destroy(f);
    free(px);
}

static void check_colour(const char *row, const struct frame *f, int x, int y, uint32_t rgb, double tolerance)
{
    struct yuv c = yuv_of(rgb);
    for (int p = 0; p < 3; p++)
        CHECK_NEAR(row, c.c[p], f->plane[p][(p ? y / 2 : y) * f->stride[p] + (p ? x / 2 : x)], tolerance);
}

TEST(contain_shows_all_of_the_picture_between_bars_of_the_background)
{
    struct plate_source s = flat(100, 100, 255, 255, 255, 255);
    struct frame *f = shoot(&s, 160, 90, FIT_CONTAIN, whole, true);
    check_colour("bar left", f, 5, 45, 0x204060, 1);
    check_colour("bar right", f, 154, 45, 0x204060, 1);
    check_colour("middle", f, 80, 45, 0xFFFFFF, 0);
    check_colour("top", f, 80, 0, 0xFFFFFF, 0);
    frame_destroy(f);
    f = shoot(&s, 160, 90, FIT_CONTAIN_BLUR, whole, true);
    check_colour("blurred bar: the picture, dimmed", f, 5, 45, 0x999999, 2);
    check_colour("middle over blur", f, 80, 45, 0xFFFFFF, 0);
    frame_destroy(f);
    free((void *)(uintptr_t)s.bgra);
}

TEST(a_picture_that_is_cut_off_shows_what_it_is_aimed_at)
{
    /* of a square in a frame of 2 by 1: half of the height is seen, from `at` on */
    static const struct { const char *name; double y, at; } rows[] = {
        { "the middle", 0.5, 0.25 }, { "low, as far as there is picture", 0.9, 0.5 }, { "high", 0.1, 0 }, { "a little high", 0.4, 0.15 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct param_rect aim = { 0.4, rows[i].y - 0.1, 0.2, 0.2 };
        struct window b = plate_bounds(100, 100, 200, 100, FIT_COVER, &aim);
        CHECK_NEAR(rows[i].name, rows[i].at, -b.y / b.h, 1e-12);
        CHECK_NEAR("all of the picture is there", 2, b.h, 1e-12);
        CHECK_NEAR("its width", 0, b.x, 1e-12);
        struct window p = plate_picture(100, 100, 200, 100, FIT_CONTAIN, &aim);
        CHECK_NEAR("nothing is cut off", 0.25, p.x, 1e-12);
    }
}

TEST(pictures_of_extreme_shapes_are_fitted)
{
    static const struct { const char *name; int w, h; } rows[] = {
        { "a dot", 1, 1 }, { "a long line", 16000, 1 }, { "a high line", 1, 16000 }, { "a ribbon", 5000, 3 }, { "a tower", 3, 5000 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        for (int fit = 0; fit < FIT_N; fit++)
            for (int zoom = 1; zoom <= 4; zoom += 3) {
                struct plate_source s = flat(rows[i].w, rows[i].h, 255, 255, 255, 255);
                struct frame *f = shoot(&s, 66, 34, fit, camera_around(0.5, 0.5, zoom, whole), true);
                if (fit == FIT_COVER || fit == FIT_STRETCH)
                    check_colour(rows[i].name, f, 33, 17, 0xFFFFFF, 0);
                frame_destroy(f);
                free((void *)(uintptr_t)s.bgra);
            }
}

TEST(what_is_transparent_shows_the_background)
{
    struct plate_source s = flat(64, 36, 255, 255, 255, 0), half = flat(64, 36, 255, 255, 255, 128);
    struct frame *f = shoot(&s, 64, 36, FIT_COVER, whole, true);
    check_colour("clear", f, 20, 20, 0x204060, 1);
    frame_destroy(f);
    f = shoot(&half, 64, 36, FIT_COVER, whole, true);
    check_colour("half", f, 20, 20, 0x90A0B0, 1);
    frame_destroy(f);
    free((void *)(uintptr_t)s.bgra);
    free((void *)(uintptr_t)half.bgra);
}

TEST(eases_run_from_0_to_1_and_never_back)
{
    for (int e = 0; e < EASE_N; e++) {
        CHECK_NEAR(ease_names[e], 0, ease_at(e, 0), 0);
        CHECK_NEAR(ease_names[e], 1, ease_at(e, 1), 0);
        for (int i = 0; i < 200; i++)
            CHECK_ROW(ease_names[e], ease_at(e, i / 200.0) < ease_at(e, (i + 1) / 200.0));
    }
}

TEST(windows_between_two_stay_inside_what_holds_both)
{
    struct window a = { 0, 0.1, 0.9, 0.9 }, b = { 0.6, 0.6, 0.4, 0.4 };
    for (int i = 0; i <= 100; i++) {
        struct window w = camera_between(a, b, i / 100.0);
        CHECK(w.x >= -1e-12 && w.y >= -1e-12 && w.x + w.w <= 1 + 1e-12 && w.y + w.h <= 1 + 1e-12);
        CHECK_NEAR("square in frames", w.w, w.h, 1e-12);
    }
}

TEST(a_turned_window_that_has_the_room_stays_inside_the_picture)
{
    static const struct window bounds[] = { { 0, 0, 1, 1 }, { 0, -0.2, 1, 1.4 }, { -0.3, 0, 1.4, 1 } };
    for (size_t i = 0; i < COUNTOF(bounds); i++)
        for (double aspect = 0.5; aspect < 3; aspect += 0.4)
            for (int degrees = 0; degrees <= 8; degrees++) {
                struct view v = { camera_turnable(degrees * DEGREES, aspect, bounds[i]), 0 };
                for (int part = -4; part <= 4; part++) {
                    v.turn = degrees * DEGREES * part / 4;
                    struct window b = camera_box(v, aspect);
                    CHECK(b.x >= bounds[i].x - 1e-9 && b.x + b.w <= bounds[i].x + bounds[i].w + 1e-9);
                    CHECK(b.y >= bounds[i].y - 1e-9 && b.y + b.h <= bounds[i].y + bounds[i].h + 1e-9);
                }
                CHECK(v.look.w > 0.6);
            }
}

TEST(views_are_composed_like_turned_sheets_of_paper)
{
    /* The corners of the inner view, taken into the outer one by hand. */
    const double aspect = 16 / 9.0;
    struct view outer = { { 0.1, 0.2, 0.6, 0.6 }, 5 * DEGREES }, inner = { { 0.3, 0.1, 0.5, 0.5 }, -2 * DEGREES };
    struct view both = camera_within_view(outer, inner, aspect);
    for (int corner = 0; corner < 4; corner++) {
        double at[2][2];
        for (int whole_way = 0; whole_way < 2; whole_way++) {
            double x = corner % 2, y = corner / 2;
            const struct view *steps[2] = { whole_way ? &both : &inner, whole_way ? NULL : &outer };
            for (int k = 0; k < 2 && steps[k]; k++) {
                const struct window *l = &steps[k]->look;
                double dx = (x - 0.5) * l->w * aspect, dy = (y - 0.5) * l->h, c = cos(steps[k]->turn), s = sin(steps[k]->turn);
                x = l->x + l->w / 2 + (dx * c - dy * s) / aspect;
                y = l->y + l->h / 2 + dx * s + dy * c;
            }
            at[whole_way][0] = x;
            at[whole_way][1] = y;
        }
        CHECK_NEAR("x", at[0][0], at[1][0], 1e-12);
        CHECK_NEAR("y", at[0][1], at[1][1], 1e-12);
    }
}

/* ---------- effects that move the camera ---------- */

enum { W = 320, H = 180, FRAMES = 90 };

struct studio {
    struct plate_source picture;
    struct picture_source source;
    struct blob blob;
    struct choice choice;
    struct shot shot;
    struct visual visual;
    struct video_format video;
    struct scene *scene;
    AVFrame *frame;
};

static void studio_begin(struct studio *s, struct plate_source picture, const struct row *row, const void *opts)
{
    struct err e = { 0 };
    s->picture = picture;
    s->source = picture_source_array(&s->picture);
    s->blob = picture_blob(0);
    s->choice = (struct choice){ .row = row, .opts = opts };
    s->shot = (struct shot){ .picture = &s->blob, .effects = &s->choice, .n_effects = 1, .n_frames = FRAMES, .seed = 5 };
    s->visual = (struct visual){ .shots = &s->shot, .n_shots = 1, .n_frames = FRAMES };
    s->video = (struct video_format){ W, H, 30, 1, STR("balanced"), 0, 0, { 0 } };
    s->scene = scene_create(&s->visual, &s->video, &s->source, true, &e);
    CHECK_ROW(e.msg, s->scene != NULL);
    s->frame = av_frame_alloc();
    s->frame->format = 0;
    s->frame->width = W;
    s->frame->height = H;
    CHECK(av_frame_get_buffer(s->frame, FRAME_ALIGN) == 0);
}

static void studio_end(struct studio *s)
{
    scene_destroy(s->scene);
    av_frame_free(&s->frame);
    free((void *)(uintptr_t)s->picture.bgra);
}

static void *defaults_of(const struct row *row)
{
    void *opts = mem_alloc(row->opts_size + 1);
    if (row->params)
        params_default(row->params, opts);
    return opts;
}

TEST(no_camera_move_ever_shows_an_edge)
{
    static const struct { const char *name; int w, h; } sizes[] = { { "square", 200, 200 }, { "wide", 700, 100 },
                                                                     { "tall", 90, 300 }, { "as the frame", W, H } };
    for (const struct row *const *row = effect_rows; *row; row++) {
        if (!effect_of(*row)->look)
            continue;
        for (size_t i = 0; i < COUNTOF(sizes); i++) {
            struct studio s;
            void *opts = defaults_of(*row);
            studio_begin(&s, flat(sizes[i].w, sizes[i].h, 255, 255, 255, 255), *row, opts);
            for (int k = 0; k < FRAMES; k += k < 2 ? 1 : 8) {
                int darkest = 255;
                scene_draw(s.scene, k, s.frame, NULL);
                for (int y = 0; y < H; y++)
                    for (int x = 0; x < W; x++)
                        darkest = s.frame->data[0][y * s.frame->linesize[0] + x] < darkest ? s.frame->data[0][y * s.frame->linesize[0] + x] : darkest;
                CHECK_INT((*row)->name, 235, darkest);
            }
            studio_end(&s);
            free(opts);
        }
    }
}

struct track {
    double x[FRAMES], y[FRAMES];
};

/* Where the bright disc's centre of mass lies, px. */
static void track_run(struct track *t, const struct row *row, const void *opts)
{
    struct studio s;
    studio_begin(&s, picture_make(PICTURE_DOT, 768, 512, 0), row, opts);
    for (int k = 0; k < FRAMES; k++) {
        double mass = 0, mx = 0, my = 0;
        scene_draw(s.scene, k, s.frame, NULL);
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) {
                double v = s.frame->data[0][y * s.frame->linesize[0] + x] - 84.0; /* above the ground: 0.3 and a little */
                if (v > 0) {                    /* squared: the rounding of its dim rim weighs little */
                    mass += v * v;
                    mx += v * v * x;
                    my += v * v * y;
                }
            }
        t->x[k] = mx / mass;
        t->y[k] = my / mass;
    }
    studio_end(&s);
}

static void check_track(const char *name, const struct track *t)
{
    double change = 0, back = 0, dx = t->x[FRAMES - 1] - t->x[0], dy = t->y[FRAMES - 1] - t->y[0], way = hypot(dx, dy);
    for (int k = 1; k + 1 < FRAMES; k++) {
        change += hypot(t->x[k + 1] - 2 * t->x[k] + t->x[k - 1], t->y[k + 1] - 2 * t->y[k] + t->y[k - 1]);
        back = fmin(back, ((t->x[k + 1] - t->x[k]) * dx + (t->y[k + 1] - t->y[k]) * dy) / way);
    }
    CHECK_ROW(name, way > 2);
    CHECK_NEAR(name, 0, change / (FRAMES - 2), 0.02); /* px a frame, each frame */
    CHECK_NEAR(name, 0, back, 0.01);
}

TEST(a_feature_moves_without_shaking_or_jumping_back)
{
    for (const struct row *const *row = effect_rows; *row; row++) {
        struct track t;
        if (!effect_of(*row)->look)
            continue;
        char *opts = defaults_of(*row);
        const struct param *ease = param_find((*row)->params, STR("ease"), NULL);
        for (int e = 0; e < (ease ? EASE_N : 1); e++) {
            char name[60];
            snprintf(name, sizeof name, "%s, %s", (*row)->name, ease ? ease_names[e] : "");
            if (ease)
                memcpy(opts + ease->offset, &e, sizeof e);
            track_run(&t, *row, opts);
            check_track(name, &t);
        }
        free(opts);
    }
}

TEST(a_move_stands_still_before_its_start_and_after_its_end)
{
    const struct effect_span span = { .start_samples = SAMPLE_RATE / 2, .end_samples = SAMPLE_RATE * 2 }; /* frames 15, 60 */
    static const char *const names[] = { "zoom-in", "zoom-out", "pan-left", "ken-burns", "rotate", "auto" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        const struct row *row = row_find(effect_rows, str_from(names[i]));
        void *opts = defaults_of(row);
        struct shot s = { .effects = &(struct choice){ .row = row, .opts = opts }, .n_effects = 1, .spans = &span,
                          .n_frames = FRAMES, .seed = 5 };
        struct visual v = { .shots = &s, .n_shots = 1, .n_frames = FRAMES };
        struct video_format f = { .width = W, .height = H, .fps_num = 30, .fps_den = 1, .preset = STR("balanced") };
        struct view first = take_look(&v, &s, &f, 0), last = take_look(&v, &s, &f, FRAMES - 1), before = first;
        for (int k = 0; k < FRAMES; k++) {
            struct view now = take_look(&v, &s, &f, k);
            if (k <= 15)
                CHECK_ROW(names[i], memcmp(&now, &first, sizeof now) == 0);
            else if (k >= 60)
                CHECK_ROW(names[i], memcmp(&now, &last, sizeof now) == 0);
            else
                CHECK_ROW(names[i], memcmp(&now, &before, sizeof now) != 0);
            before = now;
        }
        double zoom = fmax(fmax(1 / first.look.w, 1 / last.look.w), 1);
        CHECK_NEAR(names[i], zoom, take_zoom(&v, &s, &f, (struct window){ 0, 0, 1, 1 }), 1e-9);
        free(opts);
    }
}

TEST(a_pan_goes_where_its_name_says)
{
    static const struct { const char *name; int dx, dy; } rows[] = {
        { "pan-left", -1, 0 }, { "pan-right", 1, 0 }, { "pan-up", 0, -1 }, { "pan-down", 0, 1 },
    };
    struct effect_env env = { .width = W, .height = H, .seconds = 3, .n_frames = FRAMES, .bounds = { 0, -0.2, 1, 1.4 } };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        const struct row *row = row_find(effect_rows, str_from(rows[i].name));
        void *opts = defaults_of(row);
        struct window a = effect_of(row)->look(opts, &env, 0), b = effect_of(row)->look(opts, &env, 1);
        CHECK_ROW(rows[i].name, (b.x - a.x) * rows[i].dx > 0 || (b.y - a.y) * rows[i].dy > 0);
        CHECK_NEAR(rows[i].name, rows[i].dx ? a.y : a.x, rows[i].dx ? b.y : b.x, 1e-12);
        free(opts);
    }
}
