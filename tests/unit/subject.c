/* subject.c - tests of regions and of the effects that need a subject: where they lie, how they follow the camera */
#include <math.h>
#include <stdlib.h>
#include <libavutil/frame.h>
#include "compose/distance.h"
#include "compose/effects.h"
#include "compose/region.h"
#include "compose/scene.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { W = 320, H = 180, FRAMES = 50 };

static const struct window whole = { 0, 0, 1, 1 };

static struct region *region_at(struct param_rect at, int shape)
{
    struct region_spec s = { .at = at, .shape = shape, .radius = 0.25, .picture = whole, .width = W, .height = H };
    return region_create(&s);
}

TEST(distances_of_points_and_rectangles_are_those_of_the_ruler)
{
    /* px, by hand: a circle of 45 px around (80, 90); a box from (64, 45) to (192, 135), corners rounded by 11.25 */
    static const struct { const char *name; bool is_box; float x, y, want; } rows[] = {
        { "middle of the circle", false, 80, 90, -45 },      { "right of the circle", false, 145, 90, 20 },
        { "on the circle", false, 80, 45, 0 },               { "aslant", false, 80 + 60, 90 + 80, 55 },
        { "in the box", true, 128, 90, -45 },                { "left of the box", true, 34, 90, 30 },
        { "below the box", true, 128, 145, 10 },             { "corner", true, 64, 45, 11.25F * (1.41421356F - 1) },
        { "beyond the corner", true, 64 + 11.25F - 30, 45 + 11.25F - 40, 50 - 11.25F },
    };
    struct region *circle = region_at((struct param_rect){ 0.25, 0.5, 0, 0 }, REGION_BOX);
    struct region *box = region_at((struct param_rect){ 0.2, 0.25, 0.4, 0.5 }, REGION_BOX);
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_NEAR(rows[i].name, (double)rows[i].want, (double)region_distance(rows[i].is_box ? box : circle, rows[i].x, rows[i].y), 0.01);
    region_destroy(circle);
    region_destroy(box);
}

TEST(nothing_said_and_an_empty_mask_are_no_region)
{
    CHECK(region_at((struct param_rect){ (double)NAN, 0, 0, 0 }, REGION_BOX) == NULL);
    uint8_t *px = mem_array(40 * 30, 4);
    struct plate_source mask = { px, 40, 30, 160 };
    struct region_spec s = { .mask = &mask, .picture = whole, .width = W, .height = H };
    CHECK(region_create(&s) == NULL);
    free(px);
}

/* A disc: by alpha, or white on black. */
static struct plate_source disc(int w, int h, double x, double y, double radius, bool by_alpha)
{
    uint8_t *px = mem_array((size_t)w * (size_t)h, 4);
    for (int v = 0; v < h; v++)
        for (int u = 0; u < w; u++) {
            uint8_t *p = px + 4 * ((size_t)v * (size_t)w + (size_t)u), in = hypot(u + 0.5 - x, v + 0.5 - y) < radius ? 255 : 0;
            p[0] = p[1] = p[2] = by_alpha ? 90 : in;
            p[3] = by_alpha ? in : 255;
        }
    return (struct plate_source){ px, w, h, (size_t)w * 4 };
}

TEST(the_box_of_a_mask_is_the_smallest_around_what_it_shows)
{
    struct param_rect box;
    for (int by_alpha = 0; by_alpha < 2; by_alpha++) {
        struct plate_source mask = disc(200, 100, 60, 40, 20, by_alpha);
        CHECK(mask_box(&mask, &box));
        CHECK_NEAR("left", 0.2, box.x, 0.01);
        CHECK_NEAR("top", 0.2, box.y, 0.01);
        CHECK_NEAR("width", 0.2, box.w, 0.01);
        CHECK_NEAR("height", 0.4, box.h, 0.02);
        free((void *)(uintptr_t)mask.bgra);
    }
    struct plate_source none = disc(40, 30, -99, -99, 1, false);
    CHECK(!mask_box(&none, &box));
    free((void *)(uintptr_t)none.bgra);
}

TEST(distances_of_a_mask_are_those_of_what_it_shows)
{
    static const struct { const char *name; int w, h; bool by_alpha; double tolerance; } rows[] = {
        { "as large as the frame", W, H, false, 0.8 }, { "by alpha", W, H, true, 0.8 },
        { "larger", 4 * W, 4 * H, false, 0.8 },        { "smaller", W / 4, H / 4, false, 2.5 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        double scale = rows[i].w / (double)W;
        struct plate_source m = disc(rows[i].w, rows[i].h, 200 * scale, 80 * scale, 50 * scale, rows[i].by_alpha);
        struct region_spec s = { .mask = &m, .picture = whole, .width = W, .height = H };
        struct region *r = region_create(&s);
        CHECK_ROW(rows[i].name, r != NULL);
        for (int k = 0; k < 60; k++) {
            float x = (float)(200 + 1.4 * k * cos(k)), y = (float)(80 + 1.4 * k * sin(k));
            if (x < 0 || y < 0 || x > W || y > H)
                continue;
            if (k > 8)                          /* the middle is rounded off */
                CHECK_NEAR(rows[i].name, hypot((double)x - 200, (double)y - 80) - 50, (double)region_distance(r, x, y), rows[i].tolerance);
        }
        CHECK_NEAR(rows[i].name, 150 + 70, (double)region_distance(r, 200 + 220 + 50, 80), 60); /* outside of the picture it goes on */
        region_destroy(r);
        free((void *)(uintptr_t)m.bgra);
    }
}

/* ---------- the effects ---------- */

struct stage {
    struct plate_source picture;
    struct picture_source source;
    struct blob blob;
    struct choice effects[2];
    struct param_rect focus;
    struct shot shot;
    struct visual visual;
    struct video_format video;
    AVFrame *frame;
};

static void stage_begin(struct stage *s)
{
    *s = (struct stage){ .video = { .width = W, .height = H, .fps_num = 25, .fps_den = 1, .preset = STR("balanced") } };
    s->picture = picture_make(PICTURE_PHOTO, 480, 270, 3);
    s->source = picture_source_array(&s->picture);
    s->blob = picture_blob(0);
    s->shot = (struct shot){ .picture = &s->blob, .effects = s->effects, .n_frames = FRAMES, .seed = 9 };
    s->visual = (struct visual){ .shots = &s->shot, .n_shots = 1, .n_frames = FRAMES };
    s->frame = av_frame_alloc();
    s->frame->format = 0;
    s->frame->width = W;
    s->frame->height = H;
    CHECK(av_frame_get_buffer(s->frame, FRAME_ALIGN) == 0);
}

static void stage_end(struct stage *s)
{
    av_frame_free(&s->frame);
    free((void *)(uintptr_t)s->picture.bgra);
    for (size_t i = 0; i < COUNTOF(s->effects); i++)
        free((void *)(uintptr_t)s->effects[i].opts);
}

static void stage_add(struct stage *s, const char *name)
{
    const struct row *row = row_find(effect_rows, str_from(name));
    void *opts = mem_alloc(row->opts_size + 1);
    if (row->params)
        params_default(row->params, opts);
    s->effects[s->shot.n_effects++] = (struct choice){ .row = row, .opts = opts };
}

static void set_param(struct stage *s, size_t effect, const char *name, const void *value, size_t n)
{
    const struct param *p = param_find(s->effects[effect].row->params, str_from(name), NULL);
    memcpy((char *)(uintptr_t)s->effects[effect].opts + p->offset, value, n);
}

static struct frame shoot(struct stage *s, int64_t index)
{
    struct err e = { 0 };
    struct scene *scene = scene_create(&s->visual, &s->video, &s->source, true, &e);
    CHECK_ROW(e.msg, scene != NULL);
    CHECK_ROW(e.msg, scene_draw(scene, index, s->frame, &e));
    scene_destroy(scene);
    return frame_view(s->frame);
}

TEST(an_effect_without_a_subject_leaves_the_picture_alone)
{
    static const char *const names[] = { "spotlight", "subject-outline" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        struct stage s;
        stage_begin(&s);
        struct frame f = shoot(&s, 5);
        uint64_t plain = frame_checksum(&f);
        stage_add(&s, names[i]);
        f = shoot(&s, 5);
        CHECK_INT(names[i], plain, frame_checksum(&f));
        s.focus = (struct param_rect){ 0.4, 0.4, 0.2, 0.2 };
        s.shot.focus = &s.focus;
        f = shoot(&s, 5);
        CHECK_ROW(names[i], frame_checksum(&f) != plain);
        stage_end(&s);
    }
}

TEST(a_mask_says_where_the_subject_is_and_wins_over_the_focus)
{
    struct stage s;
    stage_begin(&s);
    struct plate_source both[2] = { s.picture, disc(480, 270, 120, 135, 60, false) };
    s.source = picture_source_array(both);
    struct blob mask = picture_blob(1);
    struct frame f = shoot(&s, 0);
    struct frame *before = frame_create(W, H);
    frame_copy(before, &f);
    stage_add(&s, "spotlight");
    s.focus = (struct param_rect){ 0.8, 0.1, 0.1, 0.1 };
    s.shot.focus = &s.focus;
    s.shot.mask = &mask;
    f = shoot(&s, 0);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            int was = before->plane[0][y * before->stride[0] + x], is = f.plane[0][y * f.stride[0] + x];
            double far = hypot(x + 0.5 - 80, y + 0.5 - 90) - 40; /* the disc, as large as the frame makes it */
            if (far < -6)
                CHECK_INT("inside", was, is);
            if (far > 14)
                CHECK_NEAR("outside", 16 + 0.4 * (was - 16), is, 1);
        }
    frame_destroy(before);
    free((void *)(uintptr_t)both[1].bgra);
    stage_end(&s);
}

TEST(a_spotlight_leaves_the_subject_bright_and_all_else_dark)
{
    struct stage s;
    stage_begin(&s);
    struct frame f = shoot(&s, 0);
    struct frame *before = frame_create(W, H);
    frame_copy(before, &f);
    stage_add(&s, "spotlight");
    s.focus = (struct param_rect){ 0.5, 0.3, 0.4, 0.4 };
    s.shot.focus = &s.focus;
    f = shoot(&s, 0);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            int was = before->plane[0][y * before->stride[0] + x], is = f.plane[0][y * f.stride[0] + x];
            double u = (x - 0.7 * W) / (0.2 * W), v = (y - 0.5 * H) / (0.2 * H);
            if (hypot(u, v) < 1)
                CHECK_INT("inside", was, is);
            if (hypot(u, v) > 1.7)              /* what is left of 219 steps above black: 40 % */
                CHECK_NEAR("outside", 16 + 0.4 * (was - 16), is, 1);
        }
    frame_destroy(before);
    stage_end(&s);
}

/* The middle of what is as bright as the line around the subject. */
static void outline_middle(const struct frame *f, double *x, double *y)
{
    double sx = 0, sy = 0, n = 0;
    for (int v = 0; v < H / 2; v++)
        for (int u = 0; u < W / 2; u++) {
            double w = fmax(0, 110 - f->plane[1][v * f->stride[1] + u]); /* yellow: hardly any Cb */
            sx += w * (2 * u + 0.5);
            sy += w * (2 * v + 1);
            n += w;
        }
    *x = sx / n;
    *y = sy / n;
}

TEST(an_outline_goes_with_the_picture_under_the_camera)
{
    struct stage s;
    double x, y;
    const double amount = 2;
    stage_begin(&s);
    memset((void *)(uintptr_t)s.picture.bgra, 128, s.picture.stride * (size_t)s.picture.h);
    stage_add(&s, "zoom-in");
    stage_add(&s, "subject-outline");
    set_param(&s, 0, "amount", &amount, sizeof amount);
    s.focus = (struct param_rect){ 0.5, 0.4, 0.1, 0.2 }; /* its middle: 0.55, 0.5 */
    s.shot.focus = &s.focus;
    const struct param_rect middle = { 0.5, 0.5, 0, 0 };
    set_param(&s, 0, "focus", &middle, 2 * sizeof(double));
    struct frame f = shoot(&s, 0);
    outline_middle(&f, &x, &y);
    CHECK_NEAR("x at first", 0.55 * W, x, 1);
    CHECK_NEAR("y at first", 0.5 * H, y, 1);
    f = shoot(&s, FRAMES - 1);
    outline_middle(&f, &x, &y);
    CHECK_NEAR("x at last, twice as far from the middle", 0.6 * W, x, 1);
    CHECK_NEAR("y at last", 0.5 * H, y, 1);
    stage_end(&s);
}

TEST(an_outline_turns_with_the_picture)
{
    struct stage s;
    double x, y;
    const double from = 0, to = 8, width = 0.03; /* px of chroma are large */
    stage_begin(&s);
    memset((void *)(uintptr_t)s.picture.bgra, 128, s.picture.stride * (size_t)s.picture.h);
    stage_add(&s, "rotate");
    stage_add(&s, "subject-outline");
    set_param(&s, 0, "from", &from, sizeof from);
    set_param(&s, 0, "to", &to, sizeof to);
    set_param(&s, 1, "width", &width, sizeof width);
    s.focus = (struct param_rect){ 0.65, 0.4, 0.1, 0.2 };
    s.shot.focus = &s.focus;
    struct frame f = shoot(&s, 0);
    outline_middle(&f, &x, &y);
    double out = x - W / 2.0, c = cos(to * 3.14159265358979 / 180), si = sin(to * 3.14159265358979 / 180);
    CHECK_NEAR("level at first", H / 2.0, y, 1);
    f = shoot(&s, FRAMES - 1);
    outline_middle(&f, &x, &y);
    CHECK_NEAR("x", W / 2.0 + out * c, x, 1);
    CHECK_NEAR("clockwise: what is on the right goes down", H / 2.0 + out * si, y, 1);
    stage_end(&s);
}

TEST(every_move_keeps_the_focus_in_sight)
{
    static const char *const names[] = { "auto", "zoom-in", "ken-burns" };
    static const struct { int w, h; } sizes[] = { { 480, 270 }, { 300, 300 }, { 700, 250 } };
    for (size_t i = 0; i < COUNTOF(names); i++)
        for (size_t k = 0; k < COUNTOF(sizes); k++)
            for (uint64_t seed = 0; seed < 16; seed++) {
                const struct effect *fx = effect_of(row_find(effect_rows, str_from(names[i])));
                void *opts = mem_alloc(fx->row.opts_size + 1);
                if (fx->row.params)
                    params_default(fx->row.params, opts);
                struct param_rect focus = { 0.15 + 0.05 * (double)seed / 1.5, 0.4, 0, 0 };
                struct effect_env env = { .width = W, .height = H, .seconds = 6, .n_frames = 150, .seed = seed * 31, .focus = &focus };
                env.auto_move = focus.x < 0.3 ? 3 : (int)(seed % 7); /* as the plan would: to the left */
                env.bounds = plate_bounds(sizes[k].w, sizes[k].h, W, H, FIT_COVER, &focus);
                env.picture = plate_picture(sizes[k].w, sizes[k].h, W, H, FIT_COVER, &focus);
                double x = env.picture.x + focus.x * env.picture.w, y = env.picture.y + focus.y * env.picture.h;
                struct window w = fx->look(opts, &env, 1);
                CHECK_ROW(names[i], x > w.x && x < w.x + w.w && y > w.y && y < w.y + w.h);
                CHECK_ROW(names[i], w.x >= env.bounds.x - 1e-9 && w.x + w.w <= env.bounds.x + env.bounds.w + 1e-9);
                free(opts);
            }
}
