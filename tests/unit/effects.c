/* effects.c - tests of the effects: their rows, expected frames, limits and repeatability */
#include "compose/effects.h"
#include <stdio.h>
#include <stdlib.h>
#include <libavutil/frame.h>
#include "compose/scene.h"
#include "compose/take.h"
#include "tests/support/golden.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { W = 160, H = 90, FRAMES = 60 };

static void *defaults_of(const struct row *row)
{
    void *opts = mem_alloc(row->opts_size + 1);
    if (row->params)
        params_default(row->params, opts);
    return opts;
}

struct stage {
    struct plate_source pictures[2];
    struct picture_source source;
    struct blob blob;
    struct shot shot;
    struct visual visual;
    struct video_format video;
    AVFrame *frame;
};

static void stage_begin(struct stage *s)
{
    *s = (struct stage){ .video = { .width = W, .height = H, .fps_num = 30, .fps_den = 1, .preset = STR("balanced") } };
    s->pictures[0] = picture_make(PICTURE_PHOTO, 240, 160, 11);
    s->pictures[1] = picture_make(PICTURE_DIAGRAM, 240, 160, 12);
    s->source = picture_source_array(s->pictures);
    s->blob = picture_blob(0);
    s->shot = (struct shot){ .picture = &s->blob, .n_frames = FRAMES, .seed = 42 };
    s->visual = (struct visual){ .shots = &s->shot, .n_shots = 1, .n_frames = FRAMES, .background = 0x203040FF };
    s->frame = av_frame_alloc();
    s->frame->format = 0;
    s->frame->width = W;
    s->frame->height = H;
    CHECK(av_frame_get_buffer(s->frame, FRAME_ALIGN) == 0);
}

static void stage_end(struct stage *s)
{
    av_frame_free(&s->frame);
    free((void *)(uintptr_t)s->pictures[0].bgra);
    free((void *)(uintptr_t)s->pictures[1].bgra);
}

/* One frame of the picture under these effects; the memory is the stage's. */
static struct frame stage_shoot(struct stage *s, const struct choice *effects, size_t n, int64_t index)
{
    struct err e = { 0 };
    s->shot.effects = effects;
    s->shot.n_effects = n;
    struct scene *scene = scene_create(&s->visual, &s->video, &s->source, true, &e);
    CHECK_ROW(e.msg, scene != NULL);
    scene_draw(scene, index, s->frame, NULL);
    scene_destroy(scene);
    return frame_view(s->frame);
}

static uint64_t sum_of(struct stage *s, const char *name, const void *opts, int64_t index)
{
    const struct row *row = row_find(effect_rows, str_from(name));
    void *own = opts ? NULL : defaults_of(row);
    struct choice c = { .row = row, .opts = opts ? opts : own };
    struct frame f = stage_shoot(s, &c, 1, index);
    free(own);
    return frame_checksum(&f);
}

TEST(every_row_is_complete_and_every_name_is_its_own)
{
    for (const struct row *const *r = effect_rows; *r; r++) {
        const struct effect *fx = effect_of(*r);
        CHECK_ROW((*r)->name, (*r)->help && (*r)->help[0]);
        CHECK_ROW((*r)->name, row_find(effect_rows, str_from((*r)->name)) == *r);
        CHECK_ROW((*r)->name, !((*r)->is_not_yet || (*r)->is_plan) || (!fx->look && !fx->apply));
        CHECK_ROW((*r)->name, (*r)->is_not_yet || (*r)->is_plan || fx->look || fx->apply || str_is(STR("none"), (*r)->name));
        CHECK_ROW((*r)->name, !fx->create || fx->destroy);
        CHECK_ROW((*r)->name, !(*r)->params == !(*r)->opts_size);
    }
}

TEST(every_effect_draws_the_expected_frames)
{
    struct stage s;
    struct buf lines = { 0 };
    stage_begin(&s);
    for (const struct row *const *r = effect_rows; *r; r++) {
        if ((*r)->is_not_yet || (*r)->is_plan)
            continue;
        void *opts = defaults_of(*r);
        struct choice c = { .row = *r, .opts = opts };
        for (int64_t i = 0; i < FRAMES; i += i < 10 ? 10 : 49) { /* 0, 10, 59 */
            struct frame f = stage_shoot(&s, &c, 1, i);
            golden_add(&lines, (*r)->name, i, &f);
        }
        free(opts);
    }
    golden_check("effects", &lines);
    buf_deinit(&lines);
    stage_end(&s);
}

TEST(every_fit_draws_the_expected_frame)
{
    static const char *const names[] = { "cover", "contain", "contain-blur", "stretch" };
    struct stage s;
    struct buf lines = { 0 };
    stage_begin(&s);
    for (int fit = 0; fit < FIT_N; fit++) {
        s.shot.fit = fit;
        struct frame f = stage_shoot(&s, NULL, 0, 0);
        golden_add(&lines, names[fit], 0, &f);
    }
    golden_check("fits", &lines);
    buf_deinit(&lines);
    stage_end(&s);
}

TEST(no_effect_leaves_the_legal_range)
{
    struct stage s;
    stage_begin(&s);
    s.blob = picture_blob(1);
    for (const struct row *const *r = effect_rows; *r; r++) {
        if (!effect_of(*r)->apply)
            continue;
        char *opts = defaults_of(*r);
        for (int end = 0; end < 2; end++) {     /* every number at its least, then at its most */
            for (const struct param *p = (*r)->params; p->name; p++)
                if (p->type == PARAM_DOUBLE)
                    memcpy(opts + p->offset, end ? &p->max : &p->min, sizeof(double));
            struct choice c = { .row = *r, .opts = opts };
            struct frame f = stage_shoot(&s, &c, 1, 3);
            for (int p = 0; p < 3; p++)
                for (int y = 0; y < frame_plane_h(&f, p); y++)
                    for (int x = 0; x < frame_plane_w(&f, p); x++) {
                        int v = f.plane[p][y * f.stride[p] + x];
                        CHECK_ROW((*r)->name, v >= 16 && v <= (p ? 240 : 235));
                    }
        }
        free(opts);
    }
    stage_end(&s);
}

TEST(an_effect_at_zero_leaves_the_picture_alone)
{
    static const struct { const char *name; double amount; } rows[] = {
        { "vignette", 0 }, { "grain", 0 }, { "blur", 0 }, { "sharpen", 0 }, { "grayscale", 0 },
        { "sepia", 0 }, { "brightness", 0 }, { "contrast", 1 }, { "saturation", 1 },
    };
    struct stage s;
    stage_begin(&s);
    uint64_t plain = sum_of(&s, "none", NULL, 7);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        double opts[4] = { rows[i].amount, 0.45 };  /* the first option of each is its strength */
        CHECK_INT(rows[i].name, plain, sum_of(&s, rows[i].name, opts, 7));
    }
    stage_end(&s);
}

TEST(an_effect_comes_and_goes_softly_at_its_times)
{
    struct stage s;
    stage_begin(&s);
    const struct row *row = row_find(effect_rows, STR("brightness"));
    const double more[1] = { 0.3 };
    struct choice c = { .row = row, .opts = more };
    struct effect_span span = { .start_samples = SAMPLE_RATE / 2, .end_samples = SAMPLE_RATE * 3 / 2, .fade = 0.2 };
    int luma[FRAMES], plain = stage_shoot(&s, NULL, 0, 0).plane[0][0];
    s.shot.spans = &span;                       /* at 30 frames a second: begins in 15, there from 21 to 39, gone in 45 */
    for (int i = 0; i < FRAMES; i++)
        luma[i] = stage_shoot(&s, &c, 1, i).plane[0][0];
    int full = luma[30];
    CHECK(full > plain + 40);
    for (int i = 0; i < FRAMES; i++) {
        if (i <= 15 || i >= 45)
            CHECK_INT("not there", plain, luma[i]);
        else if (i >= 21 && i <= 39)
            CHECK_INT("all there", full, luma[i]);
        else
            CHECK(luma[i] > plain && luma[i] < full);
        CHECK(!i || abs(luma[i] - luma[i - 1]) < (full - plain) / 3);
    }
    span.fade = 0;
    CHECK_INT("without a fade", full, stage_shoot(&s, &c, 1, 15).plane[0][0]);
    CHECK_INT("nor one at the end", plain, stage_shoot(&s, &c, 1, 46).plane[0][0]);
    span = (struct effect_span){ .start_samples = INT64_MIN, .end_samples = INT64_MAX, .fade = 1 };
    CHECK_INT("always: no fade at the ends", full, stage_shoot(&s, &c, 1, 0).plane[0][0]);
    s.shot.spans = NULL;
    stage_end(&s);
}

TEST(effects_stack_in_the_order_written)
{
    struct stage s;
    stage_begin(&s);
    const struct row *gray = row_find(effect_rows, STR("grayscale")), *sepia = row_find(effect_rows, STR("sepia"));
    double one[1] = { 1 };
    struct choice a[2] = { { .row = gray, .opts = one }, { .row = sepia, .opts = one } };
    struct choice b[2] = { { .row = sepia, .opts = one }, { .row = gray, .opts = one } };
    struct frame f = stage_shoot(&s, a, 2, 0);
    CHECK(f.plane[1][20 * f.stride[1] + 20] != 128);
    f = stage_shoot(&s, b, 2, 0);
    CHECK_INT("gray last: no colour", 128, f.plane[1][20 * f.stride[1] + 20]);
    stage_end(&s);
}

TEST(two_camera_moves_are_one_inside_the_other)
{
    struct stage s;
    stage_begin(&s);
    const struct row *in = row_find(effect_rows, STR("zoom-in")), *left = row_find(effect_rows, STR("pan-left"));
    void *zoom = defaults_of(in), *pan = defaults_of(left);
    struct choice c[2] = { { .row = in, .opts = zoom }, { .row = left, .opts = pan } };
    s.shot.effects = c;
    s.shot.n_effects = 2;
    /* 1.15 of the zoom and 1.12 that the pan needs for its way */
    CHECK_NEAR("enlargement", 1.15 * 1.12, take_zoom(&s.visual, &s.shot, &s.video, (struct window){ 0, 0, 1, 1 }), 0.005);
    free(zoom);
    free(pan);
    stage_end(&s);
}

TEST(auto_is_varied_by_the_seed_and_the_same_at_each_run)
{
    struct stage s;
    uint64_t sums[24];
    size_t n_different = 0;
    stage_begin(&s);
    for (size_t i = 0; i < COUNTOF(sums); i++) {
        s.shot.seed = i * 977;
        sums[i] = sum_of(&s, "auto", NULL, 40);
        CHECK_INT("again", sums[i], sum_of(&s, "auto", NULL, 40));
        bool is_new = true;
        for (size_t k = 0; k < i; k++)
            is_new = is_new && sums[k] != sums[i];
        n_different += is_new;
    }
    CHECK(n_different >= 12);
    stage_end(&s);
}

TEST(auto_is_gentle_with_drawn_pictures)
{
    struct stage s;
    stage_begin(&s);
    struct choice c = { .row = row_find(effect_rows, STR("auto")), .opts = NULL };
    s.shot.effects = &c;
    s.shot.n_effects = 1;
    s.shot.n_frames = s.visual.n_frames = 60 * 30;
    for (uint64_t seed = 0; seed < 50; seed++) {
        s.shot.seed = seed;
        s.shot.is_drawn = true;
        CHECK(take_zoom(&s.visual, &s.shot, &s.video, (struct window){ 0, 0, 1, 1 }) <= 1.0501);
        s.shot.is_drawn = false;
        CHECK(take_zoom(&s.visual, &s.shot, &s.video, (struct window){ 0, 0, 1, 1 }) <= 1.2501);
    }
    stage_end(&s);
}

TEST(a_vignette_leaves_the_headings_of_drawn_pictures_bright)
{
    struct stage s;
    stage_begin(&s);
    s.shot.picture = NULL;
    s.visual.background = 0xFFFFFFFF;
    void *opts = defaults_of(row_find(effect_rows, STR("vignette")));
    struct choice c = { .row = row_find(effect_rows, STR("vignette")), .opts = opts };
    int heading[2];
    for (int i = 0; i < 2; i++) {
        s.shot.is_drawn = i == 1;
        struct frame f = stage_shoot(&s, &c, 1, 0);
        heading[i] = f.plane[0][(int)(0.09 * H) * f.stride[0] + (int)(0.08 * W)];
        CHECK(f.plane[0][0] < 235 && f.plane[0][H / 2 * f.stride[0] + W / 2] >= 234);
    }
    CHECK(heading[0] < 190 && heading[1] > 205);
    free(opts);
    stage_end(&s);
}

TEST(grain_is_new_in_each_frame_and_the_same_at_each_run)
{
    struct stage s;
    stage_begin(&s);
    CHECK(sum_of(&s, "grain", NULL, 5) != sum_of(&s, "grain", NULL, 6));
    CHECK_INT("again", sum_of(&s, "grain", NULL, 5), sum_of(&s, "grain", NULL, 5));
    stage_end(&s);
}

TEST(a_section_without_a_picture_is_its_background)
{
    struct stage s;
    stage_begin(&s);
    s.shot.picture = NULL;
    struct frame f = stage_shoot(&s, NULL, 0, 0);
    struct yuv c = yuv_of(0x203040);
    for (int p = 0; p < 3; p++)
        CHECK_INT("plane", c.c[p], f.plane[p][10 * f.stride[p] + 10]);
    stage_end(&s);
}
