/* clips.c - tests of clips: which moment is seen when, what is let in, how frames fit, and films that hold clips */
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "compose/check.h"
#include "compose/clip.h"
#include "compose/clip_fit.h"
#include "compose/clip_time.h"
#include "compose/effects.h"
#include "compose/piece.h"
#include "gen/base/digest.h"
#include "gen/lesson.h"
#include "gen/media.h"
#include "tests/support/clips.h"
#include "tests/support/media.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { W = 64, H = 36 };

/* ---------- time ---------- */

/* Frames of a film at 10 a second, so that a frame is 4800 ticks. */
static const struct { const char *name; int length; double clip_s, seam_s, span_s; int64_t frame; double at_s, other_s;
    int lane, weight; bool is_smooth; } moments[] = {
    { "the first frame is the clip's first", CLIP_LOOP, 5, 0.5, 12, 0, 0, -1, 0, 0, false },
    { "a long clip plays at its own pace", CLIP_SLOW, 20, 0.5, 12, 119, 11.9, -1, 0, 0, false },
    { "a clip just as long is not slowed", CLIP_SLOW, 12, 0.5, 12, 60, 6, -1, 0, 0, false },
    { "loop: before the first turn's end", CLIP_LOOP, 5, 0, 12, 49, 4.9, -1, 0, 0, false },
    { "loop: the second turn", CLIP_LOOP, 5, 0, 12, 50, 0, -1, 1, 0, false },
    { "loop: the third turn is on the first lane again", CLIP_LOOP, 5, 0, 12, 101, 0.1, -1, 0, 0, false },
    { "a seam begins with the end of the turn before", CLIP_LOOP, 5, 1, 12, 40, 0, 4, 1, 256, false },
    { "in the middle of a seam both are half", CLIP_LOOP, 5, 1, 12, 45, 0.5, 4.5, 1, 128, false },
    { "after the seam there is one", CLIP_LOOP, 5, 1, 12, 50, 1, -1, 1, 0, false },
    { "no seam at the very beginning", CLIP_LOOP, 5, 1, 12, 5, 0.5, -1, 0, 0, false },
    { "a seam takes a third of the clip at most", CLIP_LOOP, 3, 5, 12, 20, 0, 2, 1, 256, false },
    { "hold: while it plays", CLIP_HOLD, 5, 0.5, 12, 30, 3, -1, 0, 0, false },
    { "hold: then the last moment", CLIP_HOLD, 5, 0.5, 12, 90, 5 - 1.0 / SAMPLE_RATE, -1, 0, 0, false },
    { "slow: stretched to the section", CLIP_SLOW, 8, 0.5, 12, 60, 4, -1, 0, 0, true },
    { "slow: to half its pace and no slower", CLIP_SLOW, 5, 0.5, 12, 60, 3, -1, 0, 0, true },
    { "slow: then the last moment", CLIP_SLOW, 5, 0.5, 12, 110, 5 - 1.0 / SAMPLE_RATE, -1, 0, 0, true },
};

TEST(a_moment_of_the_film_shows_the_right_moment_of_its_clip)
{
    for (size_t i = 0; i < COUNTOF(moments); i++) {
        const struct clip_time t = { .length = moments[i].length,
                                     .n_ticks = (int64_t)(moments[i].clip_s * SAMPLE_RATE),
                                     .seam_ticks = (int64_t)(moments[i].seam_s * SAMPLE_RATE),
                                     .n_frames = (int64_t)(moments[i].span_s * 10), .fps_num = 10, .fps_den = 1 };
        struct clip_look at = clip_look_at(&t, moments[i].frame);
        const char *name = moments[i].name;
        CHECK_INT(name, llrint(moments[i].at_s * SAMPLE_RATE), at.tick);
        CHECK_INT(name, moments[i].other_s < 0 ? -1 : llrint(moments[i].other_s * SAMPLE_RATE), at.other);
        CHECK_INT(name, moments[i].lane, at.lane);
        CHECK_ROW(name, at.is_smooth == moments[i].is_smooth);
        if (moments[i].other_s >= 0) {
            CHECK_INT(name, moments[i].weight, at.other_weight);
            CHECK_ROW(name, at.other_lane != at.lane);
        }
    }
}

TEST(a_lane_of_a_loop_goes_back_only_when_its_turn_is_over)
{
    const struct clip_time t = { .length = CLIP_LOOP, .n_ticks = 3 * SAMPLE_RATE, .seam_ticks = SAMPLE_RATE / 2,
                                 .n_frames = 900, .fps_num = 30, .fps_den = 1 };
    int64_t last[CLIP_LANES] = { -1, -1 };
    int n_back = 0;
    for (int64_t i = 0; i < t.n_frames; i++) {
        struct clip_look at = clip_look_at(&t, i);
        n_back += at.tick < last[at.lane];
        last[at.lane] = at.tick;
        if (at.other >= 0) {
            CHECK("the other goes on" && at.other >= last[at.other_lane]);
            last[at.other_lane] = at.other;
        }
    }
    CHECK_INT("30 s in turns of 2.5 s: the first two begin at nothing", 12 - 2, n_back);
}

TEST(a_clip_without_length_stands_still)
{
    const struct clip_time t = { .length = CLIP_LOOP, .n_frames = 10, .fps_num = 30, .fps_den = 1 };
    CHECK_INT("no other", -1, clip_look_at(&t, 5).other);
}

/* ---------- what is let in ---------- */

static bool check(struct str bytes, struct media_info *info, struct err *e)
{
    struct word *words = NULL;
    size_t n = 0;
    int fd = media_fd(bytes.p, bytes.n);
    bool ok = media_check(ASSET_VIDEO, fd, STR(""), STR(""), info, &words, &n, e);
    close(fd);
    CHECK("a clip has no words" && !words && n == 0);
    return ok;
}

TEST(clips_are_measured_frame_by_frame)
{
    static const int uneven[] = { 0, 40, 200, 240, 1000, 1040 };
    static const struct { const char *name; struct clip_recipe r; const char *type; int w, h; int64_t frames; double s; } rows[] = {
        { "mp4", { .n = 48 }, "mp4", 64, 36, 48, 2 },
        { "H.264 with B-frames", { .codec = "libx264", .n = 48, .n_bidirectional = 3 }, "mp4", 64, 36, 48, 2 },
        { "webm", { .format = "webm", .codec = "libvpx-vp9", .n = 30, .fps_num = 30 }, "webm", 64, 36, 30, 1 },
        { "broadcast rate", { .fps_num = 30000, .fps_den = 1001, .n = 30 }, "mp4", 64, 36, 30, 1.001 },
        { "one frame", { .n = 1 }, "mp4", 64, 36, 1, 1 / 24.0 },
        { "turned by a quarter", { .turn = 90 }, "mp4", 36, 64, 24, 1 },
        { "turned by half", { .turn = 180 }, "mp4", 64, 36, 24, 1 },
        { "wide pixels", { .sar_num = 4, .sar_den = 3, .w = 48 }, "mp4", 64, 36, 24, 1 },
        { "tall pixels", { .sar_num = 1, .sar_den = 2 }, "mp4", 64, 72, 24, 1 },
        { "a rate that varies", { .ms = uneven, .n = COUNTOF(uneven) }, "mp4", 64, 36, 6, 1.08 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct media_info info = { 0 };
        struct err e = { 0 };
        if (!clip_make(&rows[i].r, &b)) {
            printf("%s: this FFmpeg cannot make it\n", rows[i].name);
            continue;
        }
        CHECK_ROW(e.msg, check(buf_str(&b), &info, &e));
        CHECK_STR(rows[i].name, rows[i].type, str_from(info.type));
        CHECK_INT(rows[i].name, rows[i].w, info.width);
        CHECK_INT(rows[i].name, rows[i].h, info.height);
        CHECK_INT(rows[i].name, rows[i].frames, info.n_frames);
        CHECK_NEAR(rows[i].name, rows[i].s, (double)info.n_samples / SAMPLE_RATE, 0.001);
        buf_deinit(&b);
    }
}

static void cut(struct buf *b, size_t percent)
{
    b->n = b->n * percent / 100;
}

TEST(what_is_no_whole_clip_is_refused_with_the_reason)
{
    static const struct { const char *name; struct clip_recipe r; size_t percent; const char *bytes, *why; } rows[] = {
        { "black", { .is_black = true }, 100, NULL, "one flat colour (#000000)" },
        { "cut before its index", { .n = 48 }, 60, NULL, "cut off" },
        { "cut behind its index", { .n = 48, .has_fast_start = true }, 70, NULL, "truncated" },
        { "webm that is cut", { .format = "webm", .codec = "libvpx-vp9", .n = 96, .gop = 8 }, 50, NULL, "truncated" },
        { "a page", { 0 }, 0, "<!DOCTYPE html><html><head><title>Bad gateway</title></head></html>", "HTML page: \"Bad gateway\"" },
        { "JSON", { 0 }, 0, "{\"error\": \"no credit\"}", "JSON, not media: \"{\"error\": \"no credit\"}\"" },
        { "nothing", { 0 }, 0, "", "empty" },
        { "a picture", { 0 }, 0, "\x89PNG\r\n\x1a\n0000", "PNG picture, expected a video" },
        { "another file in its clothes", { 0 }, 0, "\0\0\0\x18" "ftypisom\0\0\0\0isommp41#EXTM3U\nfile:///etc/passwd\n", "cut off" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct media_info info;
        struct err e = { 0 };
        if (rows[i].bytes)
            buf_add(&b, rows[i].bytes, i + 1 == COUNTOF(rows) ? 51 : strlen(rows[i].bytes));
        else if (!clip_make(&rows[i].r, &b))
            continue;
        else
            cut(&b, rows[i].percent);
        CHECK_ROW(rows[i].name, !check(buf_str(&b), &info, &e));
        CHECK_INT(rows[i].name, ERR_MEDIA, e.code);
        if (!strstr(e.msg, rows[i].why))
            CHECK_STR(rows[i].name, rows[i].why, str_from(e.msg));
        buf_deinit(&b);
    }
}

TEST(a_sound_in_an_mp4_is_no_clip)
{
    struct buf b = { 0 };
    struct media_info info;
    struct err e = { 0 };
    if (media_sine("ipod", "aac", 44100, 1, 0.5, &b)) {
        CHECK(!check(buf_str(&b), &info, &e));
        CHECK("it says so" && strstr(e.msg, "no moving picture"));
    }
    buf_deinit(&b);
}

/* ---------- frames ---------- */

struct show {
    struct buf bytes;
    struct clip *clip;
};

static struct clip *open_of(const struct buf *bytes, const struct clip_spec *spec)
{
    struct err e = { 0 };
    int fd = media_fd(bytes->p, bytes->n);
    struct clip *c = clip_open(fd, spec, &e);
    close(fd);
    CHECK_ROW(e.msg, c != NULL);
    return c;
}

static bool show_open(struct show *s, const struct clip_recipe *r, const struct clip_spec *spec)
{
    *s = (struct show){ 0 };
    if (!clip_make(r, &s->bytes))
        return false;
    s->clip = open_of(&s->bytes, spec);
    return true;
}

static void show_close(struct show *s)
{
    clip_close(s->clip);
    buf_deinit(&s->bytes);
}

static struct frame seen(struct show *s, int lane, double seconds, bool is_smooth)
{
    struct frame f;
    struct err e = { 0 };
    bool ok = clip_frame(s->clip, lane, llrint(seconds * SAMPLE_RATE), is_smooth, &f, &e);
    CHECK_ROW(e.msg, ok);
    return f;
}

static void expect_number(const char *name, double want, struct frame f)
{
    CHECK_NEAR(name, want, clip_number(&f, 0.5, 0.25), 0.51); /* the encoder is off by 1 of 255 at most */
}

static const struct clip_spec plain = { .width = W, .height = H, .fit = FIT_COVER, .background = 0x000000ff };

TEST(each_time_shows_the_frame_whose_time_has_come)
{
    static const struct { const char *name, *format, *codec; int num, den; } rows[] = {
        { "24 a second", "mp4", "mpeg4", 24, 1 },      { "B-frames", "mp4", "libx264", 25, 1 },
        { "broadcast", "mp4", "mpeg4", 30000, 1001 },  { "times in whole milliseconds", "webm", "libvpx-vp9", 30, 1 },
        { "broadcast in milliseconds", "webm", "libvpx", 24000, 1001 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct show s;
        const struct clip_recipe r = { .format = rows[i].format, .codec = rows[i].codec, .n = 60,
                                       .fps_num = rows[i].num, .fps_den = rows[i].den, .n_bidirectional = i == 1 ? 3 : 0 };
        if (!show_open(&s, &r, &plain))
            continue;
        for (int k = 0; k < 60; k++) {          /* at a frame's very time, and just before the next one's */
            expect_number(rows[i].name, k, seen(&s, 0, (double)k * rows[i].den / rows[i].num, false));
            expect_number(rows[i].name, k, seen(&s, 0, (k + 0.9) * rows[i].den / rows[i].num, false));
        }
        expect_number("after the end the last stays", 59, seen(&s, 0, 100, false));
        show_close(&s);
    }
}

TEST(frames_of_a_rate_that_varies_stay_for_their_own_time)
{
    static const int ms[] = { 0, 40, 200, 240, 1000, 1040 };
    static const struct { double s; int want; } rows[] = {
        { 0, 0 }, { 0.039, 0 }, { 0.04, 1 }, { 0.1, 1 }, { 0.199, 1 }, { 0.2, 2 }, { 0.5, 3 }, { 0.999, 3 }, { 1, 4 }, { 2, 5 },
    };
    struct show s;
    if (!show_open(&s, &(struct clip_recipe){ .ms = ms, .n = COUNTOF(ms) }, &plain))
        return;
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char name[30];
        snprintf(name, sizeof name, "%.3f s", rows[i].s);
        expect_number(name, rows[i].want, seen(&s, 0, rows[i].s, false));
    }
    show_close(&s);
}

TEST(a_lane_can_go_to_any_time_and_shows_the_same_as_going_there_frame_by_frame)
{
    static const int order[] = { 70, 3, 69, 0, 48, 47, 12, 11, 95, 94, 1 };
    static const struct clip_recipe rows[] = {
        { .n = 96 }, { .codec = "libx264", .n = 96, .n_bidirectional = 3, .gop = 24 },
        { .format = "webm", .codec = "libvpx-vp9", .n = 96, .gop = 30 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct show line, jump;
        uint64_t sums[96];
        if (!show_open(&line, &rows[i], &plain))
            continue;
        jump = (struct show){ .clip = open_of(&line.bytes, &plain) };
        for (int k = 0; k < 96; k++) {
            struct frame f = seen(&line, 0, k / 24.0, false);
            sums[k] = frame_checksum(&f);
        }
        for (size_t k = 0; k < COUNTOF(order); k++) {
            struct frame f = seen(&jump, (int)(k / 3 % 2), order[k] / 24.0, false);
            CHECK_INT("frame", order[k], llrint(clip_number(&f, 0.5, 0.25)));
            CHECK_ROW(rows[i].codec ? rows[i].codec : "mpeg4", frame_checksum(&f) == sums[order[k]]);
        }
        show_close(&line);
        show_close(&jump);
    }
}

TEST(smooth_times_mix_two_frames_by_how_near_they_are)
{
    struct show s;
    if (!show_open(&s, &(struct clip_recipe){ .n = 24 }, &plain))
        return;
    for (int k = 0; k < 92; k++)
        expect_number("quarters of a frame", k / 4.0, seen(&s, 0, k / 96.0, true));
    expect_number("nothing comes after the last", 23, seen(&s, 0, 23.5 / 24, true));
    expect_number("and a plain one is a frame again", 20, seen(&s, 0, 20.6 / 24, false));
    show_close(&s);
}

static const struct { const char *name; struct clip_recipe r; int fit; struct { double x, y; int luma; } at[3]; } fits[] = {
    /* the lower half of frame 0 has bars of 60 and 200, 8 of them; the upper one is 40 */
    { "cover cuts the sides", { .w = 128, .h = 36 }, FIT_COVER, { { .5, .1, 40 }, { .02, .1, 40 }, { .98, .1, 40 } } },
    { "contain leaves bars above and below", { .w = 128, .h = 36 }, FIT_CONTAIN, { { .5, .1, 126 }, { .5, .35, 40 }, { .5, .95, 126 } } },
    { "contain leaves bars at the sides", { .w = 32, .h = 36 }, FIT_CONTAIN, { { .1, .25, 126 }, { .5, .25, 40 }, { .95, .25, 126 } } },
    { "stretch fills the frame", { .w = 128, .h = 36 }, FIT_STRETCH, { { .5, .1, 40 }, { .5, .4, 40 }, { .06, .75, 60 } } },
    { "a quarter turn clockwise: the top is at the right", { .turn = 90, .w = 36, .h = 64 }, FIT_COVER, { { .9, .5, 40 }, { .6, .9, 40 }, { .25, .05, -1 } } },
    { "a quarter turn the other way", { .turn = 270, .w = 36, .h = 64 }, FIT_COVER, { { .1, .5, 40 }, { .4, .9, 40 }, { .75, .95, -1 } } },
    { "half a turn: the top is below", { .turn = 180 }, FIT_COVER, { { .5, .75, 40 }, { .1, .9, 40 }, { .94, .25, 60 } } },
    { "wide pixels fill a wide frame", { .sar_num = 2, .sar_den = 1, .w = 32 }, FIT_CONTAIN, { { .02, .1, 40 }, { .98, .1, 40 }, { .5, .02, 40 } } },
};

TEST(a_clip_fits_the_frame_as_it_is_told)
{
    for (size_t i = 0; i < COUNTOF(fits); i++) {
        const struct clip_spec spec = { .width = W, .height = H, .fit = fits[i].fit, .background = 0x808080ff }; /* grey: 16 + 219 x 128 / 255 = 126 */
        struct show s;
        if (!show_open(&s, &fits[i].r, &spec))
            continue;
        struct frame f = seen(&s, 0, 0, false);
        for (size_t k = 0; k < COUNTOF(fits[i].at); k++)
            if (fits[i].at[k].luma >= 0)
                CHECK_NEAR(fits[i].name, fits[i].at[k].luma,
                           f.plane[0][(int)(fits[i].at[k].y * H) * f.stride[0] + (int)(fits[i].at[k].x * W)], 4);
        show_close(&s);
    }
}

TEST(a_clip_is_cut_around_its_subject_however_it_is_turned)
{
    static const int turns[] = { 0, 180 };
    for (size_t i = 0; i < COUNTOF(turns); i++) {
        struct show whole_clip, left, right;
        const struct clip_recipe r = { .turn = turns[i], .w = 2 * W, .h = H };
        const struct clip_spec all = { .width = 2 * W, .height = H, .fit = FIT_COVER };
        const struct clip_spec first = { .width = W, .height = H, .fit = FIT_COVER, .has_aim = true, .aim_x = 0.1, .aim_y = 0.5 };
        const struct clip_spec last = { .width = W, .height = H, .fit = FIT_COVER, .has_aim = true, .aim_x = 0.9, .aim_y = 0.5 };
        if (!show_open(&whole_clip, &r, &all))
            continue;
        CHECK(show_open(&left, &r, &first) && show_open(&right, &r, &last));
        struct frame a = seen(&whole_clip, 0, 0, false), b = seen(&left, 0, 0, false), c = seen(&right, 0, 0, false);
        for (int y = 4; y < H; y += 8)
            for (int x = 4; x < W; x += 8) {
                CHECK_NEAR("left half", a.plane[0][y * a.stride[0] + x], b.plane[0][y * b.stride[0] + x], 4);
                CHECK_NEAR("right half", a.plane[0][y * a.stride[0] + W + x], c.plane[0][y * c.stride[0] + x], 4);
            }
        show_close(&whole_clip);
        show_close(&left);
        show_close(&right);
    }
}

TEST(bars_of_contain_blur_are_the_clips_own_light_but_darker)
{
    const struct clip_spec spec = { .width = W, .height = H, .fit = FIT_CONTAIN_BLUR, .background = 0xffffffff };
    struct show s;
    if (!show_open(&s, &(struct clip_recipe){ .w = 32, .h = 36 }, &spec))
        return;
    struct frame f = seen(&s, 0, 0, false);
    int side = f.plane[0][4 * f.stride[0] + 3], middle = f.plane[0][4 * f.stride[0] + W / 2];
    CHECK_NEAR("the middle is the clip", 40, middle, 4);
    CHECK_NEAR("0.6 of it above black, 16 + 0.6 x 24", 30, side, 6);
    show_close(&s);
}

TEST(colours_come_out_as_bt709_whatever_the_clip_is_coded_in)
{
    static const struct { const char *name; int matrix; bool is_full; } rows[] = {
        { "BT.709", AVCOL_SPC_BT709, false },     { "BT.601", AVCOL_SPC_SMPTE170M, false },
        { "full range", AVCOL_SPC_BT709, true },  { "BT.601, full range", AVCOL_SPC_SMPTE170M, true },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct show s;
        const struct clip_recipe r = { .codec = "libx264", .matrix = rows[i].matrix, .is_full_range = rows[i].is_full,
                                       .colour = 0xc04020, .n = 3 };
        if (!show_open(&s, &r, &plain))
            continue;
        struct frame f = seen(&s, 0, 0, false);
        struct yuv want = yuv_of(0xc04020);
        for (int p = 0; p < 3; p++)
            CHECK_NEAR(rows[i].name, want.c[p], f.plane[p][(H / (p ? 4 : 2)) * f.stride[p] + W / (p ? 4 : 2)], 3);
        show_close(&s);
    }
}

/* A frame of one colour, given as codes of R' G' B' from 0 to 1, 10 bits, limited range, BT.2020's matrix. */
static AVFrame *deep_frame(const double rgb[3], int primaries, int transfer)
{
    AVFrame *v = av_frame_alloc();
    double y = 0.2627 * rgb[0] + 0.6780 * rgb[1] + 0.0593 * rgb[2];
    const double c[3] = { 64 + 876 * y, 512 + 896 * (rgb[2] - y) / 1.8814, 512 + 896 * (rgb[0] - y) / 1.4746 };
    v->format = AV_PIX_FMT_YUV420P10;
    v->width = W;
    v->height = H;
    v->colorspace = AVCOL_SPC_BT2020_NCL;
    v->color_primaries = primaries;
    v->color_trc = transfer;
    CHECK(av_frame_get_buffer(v, 0) == 0);
    for (int p = 0; p < 3; p++)
        for (int row = 0; row < (p ? H / 2 : H); row++)
            for (int x = 0; x < (p ? W / 2 : W); x++)
                ((uint16_t *)(void *)(v->data[p] + row * v->linesize[p]))[x] = (uint16_t)lrint(c[p]);
    return v;
}

/* Expected numbers as in stills.c: 50 of 203 cd/m2 is linear 0.246; red of BT.709 in BT.2020 is (0.6274, 0.0691, 0.0164)
 * in linear light (BT.2087 annex 2), here behind sRGB's curve. */
TEST(clips_in_hdr_or_wide_gamut_are_brought_to_the_films_colours)
{
    static const struct { const char *name; int primaries, transfer; double rgb[3]; uint32_t want; } rows[] = {
        { "PQ, 50 cd/m2", 9, 16, { 0.4403, 0.4403, 0.4403 }, 0x888888 },
        { "PQ, the peak of 1000", 9, 16, { 0.7518, 0.7518, 0.7518 }, 0xFFFFFF },
        { "PQ, beyond it", 9, 16, { 1, 1, 1 }, 0xFFFFFF },
        { "PQ without primaries", 2, 16, { 0.4403, 0.4403, 0.4403 }, 0x888888 },
        { "HLG, half", 9, 18, { 0.5, 0.5, 0.5 }, 0x898989 },
        { "red of BT.709 in BT.2020", 9, 14, { 0.8117, 0.2913, 0.1337 }, 0xFF0000 },
        { "what is BT.709 stays", 1, 1, { 0.5, 0.5, 0.5 }, 0x808080 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        for (int fit = FIT_COVER; fit < FIT_N; fit++) {
            const struct clip_spec spec = { .width = W, .height = H, .fit = fit, .background = 0x000000FF };
            struct clip_fit *f = clip_fit_create(&spec, (AVRational){ 1, 1 }, 1);
            AVFrame *v = deep_frame(rows[i].rgb, rows[i].primaries, rows[i].transfer);
            struct frame *out = frame_create(W, H);
            struct yuv want = yuv_of(rows[i].want);
            struct err e = { 0 };
            CHECK_ROW(e.msg, clip_fit_draw(f, v, out, &e));
            for (int p = 0; p < 3; p++)
                CHECK_NEAR(rows[i].name, want.c[p], out->plane[p][(p ? H / 4 : H / 2) * out->stride[p] + (p ? W / 4 : W / 2)], 3);
            frame_destroy(out);
            av_frame_free(&v);
            clip_fit_destroy(f);
        }
}

/* ---------- films ---------- */

static struct clip *open_bytes(void *ctx, const struct blob *b, const struct clip_spec *spec, struct err *e)
{
    const struct buf *bytes = ctx;
    (void)b;
    int fd = media_fd(bytes->p, bytes->n);
    struct clip *c = clip_open(fd, spec, e);
    close(fd);
    return c;
}

struct film {
    struct buf bytes;
    struct picture_source source;
    struct blob blob;
    struct clip_opts opts;
    struct choice effects[2];
    struct shot shot;
    struct visual visual;
    struct video_format video;
};

static bool film_begin(struct film *f, const struct clip_recipe *r, int length, int64_t n_frames)
{
    struct err e = { 0 };
    *f = (struct film){ .video = { .width = W, .height = H, .fps_num = 30, .fps_den = 1, .preset = STR("balanced") }, .opts = { .length = length, .seam = 0.5 } };
    if (!clip_make(r, &f->bytes))
        return false;
    CHECK_ROW(e.msg, check(buf_str(&f->bytes), &f->blob.info, &e));
    f->source = (struct picture_source){ .ctx = &f->bytes, .open_clip = open_bytes };
    f->effects[0].row = row_find(effect_rows, STR("auto"));
    f->shot = (struct shot){ .picture = &f->blob, .clip = &f->opts, .effects = f->effects, .n_effects = 1,
                             .n_frames = n_frames };
    f->visual = (struct visual){ .shots = &f->shot, .n_shots = 1, .n_frames = n_frames };
    return true;
}

static struct AVFrame *blank(void)
{
    struct AVFrame *v = av_frame_alloc();
    v->format = AV_PIX_FMT_YUV420P;
    v->width = W;
    v->height = H;
    CHECK(av_frame_get_buffer(v, FRAME_ALIGN) >= 0);
    return v;
}

static struct scene *scene_of(struct film *f)
{
    struct err e = { 0 };
    struct scene *s = scene_create(&f->visual, &f->video, &f->source, true, &e);
    CHECK_ROW(e.msg, s != NULL);
    return s;
}

static double number_at(struct scene *s, int64_t index, struct AVFrame *v)
{
    struct err e = { 0 };
    CHECK_ROW(e.msg, scene_draw(s, index, v, &e));
    struct frame f = frame_view(v);
    return clip_number(&f, 0.5, 0.25);
}

TEST(a_section_shows_its_clip_at_the_films_times)
{
    /* 48 frames at 24 a second are 2 s, 60 frames of the film; in a loop with half a second of seam a turn is 45 */
    static const struct { const char *name; int length; int64_t n_frames, index; double want; } rows[] = {
        { "loop, in the first turn", CLIP_LOOP, 120, 10, 8 },
        { "loop, in the middle of the seam: 6 and 42", CLIP_LOOP, 120, 45 + 7, 7 / 15.0 * 5 + 8 / 15.0 * 41 },
        { "loop, behind the seam", CLIP_LOOP, 120, 45 + 20, 16 },
        { "loop, the third turn", CLIP_LOOP, 180, 90 + 30, 24 },
        { "hold", CLIP_HOLD, 120, 90, 47 },
        { "slow: 2 s in 3 s", CLIP_SLOW, 90, 45, 24 },
        { "slow: between two frames", CLIP_SLOW, 90, 1, 0.53 },
        { "longer than its section", CLIP_LOOP, 30, 29, 23 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct film f;
        if (!film_begin(&f, &(struct clip_recipe){ .n = 48 }, rows[i].length, rows[i].n_frames))
            return;
        struct scene *s = scene_of(&f);
        struct AVFrame *v = blank();
        CHECK_NEAR(rows[i].name, rows[i].want, number_at(s, rows[i].index, v), 0.6);
        av_frame_free(&v);
        scene_destroy(s);
        buf_deinit(&f.bytes);
    }
}

/* Of the bars below. */
static int n_edges(const struct frame *f)
{
    const uint8_t *row = f->plane[0] + (H - 4) * f->stride[0];
    int n = 0;
    for (int x = 1; x < W; x++)
        n += (row[x] < 130) != (row[x - 1] < 130);
    return n;
}

TEST(a_camera_over_a_clip_moves_and_auto_leaves_it_alone)
{
    struct film f;
    if (!film_begin(&f, &(struct clip_recipe){ .w = 256, .h = 144, .n = 4 }, CLIP_HOLD, 60))
        return;
    struct AVFrame *still = blank(), *moved = blank();
    struct scene *s = scene_of(&f);
    number_at(s, 59, still);
    scene_destroy(s);
    f.effects[0] = (struct choice){ .row = row_find(effect_rows, STR("none")), .opts = NULL };
    s = scene_of(&f);
    number_at(s, 59, moved);
    struct frame a = frame_view(still), b = frame_view(moved);
    CHECK("auto stands still over a clip" && frame_checksum(&a) == frame_checksum(&b));
    scene_destroy(s);
    double zoom[8] = { 2, 0.5, 0.5 };           /* struct zoom: amount, focus, ease */
    f.effects[0] = (struct choice){ .row = row_find(effect_rows, STR("zoom-in")), .opts = zoom };
    s = scene_of(&f);
    number_at(s, 59, moved);
    /* in frame 3 the bars begin at half the height; enlarged twice about the middle, still; a bar is twice as wide */
    CHECK_NEAR("half as many bars are seen", n_edges(&a) / 2.0, n_edges(&b), 1);
    CHECK_NEAR("the brightness stays", 3, number_at(s, 59, moved), 0.6);
    av_frame_free(&still);
    av_frame_free(&moved);
    scene_destroy(s);
    buf_deinit(&f.bytes);
}

static void sum_of(struct film *f, const struct piece_spec *p, char hex[DIGEST_HEX])
{
    struct err e = { 0 };
    struct media_info info;
    static char bytes[1 << 20];
    int fd = memfd_create("piece", MFD_CLOEXEC);
    CHECK_ROW(e.msg, piece_render(p, &f->source, fd, &info, NULL, NULL, &e));
    ssize_t n = pread(fd, bytes, sizeof bytes, 0);
    CHECK(n > 0);
    digest_of(bytes, (size_t)n, hex);
    close(fd);
}

TEST(pieces_with_clips_are_the_same_to_the_byte_at_each_run)
{
    struct film f;
    char first[DIGEST_HEX], again[DIGEST_HEX];
    if (!film_begin(&f, &(struct clip_recipe){ .n = 30, .codec = "libx264", .n_bidirectional = 2 }, CLIP_LOOP, 100))
        return;
    const struct piece_spec pieces[] = {
        { .video = f.video, .a = &f.visual, .first_a = 10, .n_frames = 60 },
        { .video = f.video, .a = &f.visual, .b = &f.visual, .first_a = 90, .n_frames = 10,
          .transition = { .row = row_find(transition_rows, STR("fade")) } },
    };
    for (size_t i = 0; i < COUNTOF(pieces); i++) {
        sum_of(&f, &pieces[i], first);
        sum_of(&f, &pieces[i], again);
        CHECK_STR("piece", first, str_from(again));
    }
    buf_deinit(&f.bytes);
}

TEST(a_clip_that_is_gone_bad_fails_its_piece_and_nothing_else)
{
    struct film f;
    struct err e = { 0 };
    struct media_info info;
    if (!film_begin(&f, &(struct clip_recipe){ .n = 30 }, CLIP_LOOP, 60))
        return;
    memset(f.bytes.p, 0, 64);
    const struct piece_spec piece = { .video = f.video, .a = &f.visual, .n_frames = 10 };
    int fd = memfd_create("piece", MFD_CLOEXEC);
    CHECK(!piece_render(&piece, &f.source, fd, &info, NULL, NULL, &e));
    CHECK_INT("told as what it is", ERR_MEDIA, e.code);
    CHECK("with what it was about" && strstr(e.msg, "clip"));
    close(fd);
    buf_deinit(&f.bytes);
}

