/* transitions.c - tests of the transitions: their rows, expected frames, and that nothing jumps */
#include "compose/transitions.h"
#include <math.h>
#include <stdlib.h>
#include "tests/support/golden.h"
#include "tests/support/test.h"

enum { W = 160, H = 90, STEPS = 15 };

/* Two pictures that differ everywhere: slanted ramps in opposite directions. */
static struct frame *ramp(int sign)
{
    struct frame *f = frame_create(W, H);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < frame_plane_h(f, p); y++)
            for (int x = 0; x < frame_plane_w(f, p); x++)
                f->plane[p][y * f->stride[p] + x] =
                    (uint8_t)((sign > 0 ? 30 : 150) + (sign > 0 ? x : W - x) * 60 / W + y * 20 / H);
    return f;
}

static const struct transition *resolve(const struct row *row, uint64_t seed)
{
    const struct transition *t = transition_of(row);
    return t->choose ? t->choose(seed) : t;
}

static double difference(const struct frame *a, const struct frame *b)
{
    double sum = 0;
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            sum += abs(a->plane[0][y * a->stride[0] + x] - b->plane[0][y * b->stride[0] + x]);
    return sum / (W * H);
}

TEST(every_row_is_complete_and_every_name_is_its_own)
{
    for (const struct row *const *r = transition_rows; *r; r++) {
        CHECK_ROW((*r)->name, (*r)->help && (*r)->help[0]);
        CHECK_ROW((*r)->name, row_find(transition_rows, str_from((*r)->name)) == *r);
        if ((*r)->is_not_yet)
            continue;
        CHECK_ROW((*r)->name, resolve(*r, 1)->mix != NULL);
    }
}

/* FFmpeg's xfade filter, ffmpeg-filters(1) of 7.1, without "custom", which needs an expression. */
TEST(every_name_of_xfade_can_be_drawn)
{
    static const char *const names[] = {
        "fade",     "wipeleft",   "wiperight",   "wipeup",    "wipedown",   "slideleft",  "slideright",
        "slideup",  "slidedown",  "circlecrop",  "rectcrop",  "distance",   "fadeblack",  "fadewhite",
        "radial",   "smoothleft", "smoothright", "smoothup",  "smoothdown", "circleopen", "circleclose",
        "vertopen", "vertclose",  "horzopen",    "horzclose", "dissolve",   "pixelize",   "diagtl",
        "diagtr",   "diagbl",     "diagbr",      "hlslice",   "hrslice",    "vuslice",    "vdslice",
        "hblur",    "fadegrays",  "wipetl",      "wipetr",    "wipebl",     "wipebr",     "squeezeh",
        "squeezev", "zoomin",     "fadefast",    "fadeslow",  "hlwind",     "hrwind",     "vuwind",
        "vdwind",   "coverleft",  "coverright",  "coverup",   "coverdown",  "revealleft", "revealright",
        "revealup", "revealdown",
    };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        const struct row *r = row_find(transition_rows, str_from(names[i]));
        CHECK_ROW(names[i], r && !r->is_not_yet);
    }
    CHECK_STR("without dashes", "wipe-left", str_from(row_find(transition_rows, STR("wipeleft"))->name));
    CHECK_STR("cut", "none", str_from(row_find(transition_rows, STR("cut"))->name));
}

TEST(every_transition_draws_the_expected_frames)
{
    struct frame *a = ramp(1), *b = ramp(-1), *out = frame_create(W, H);
    struct buf lines = { 0 };
    for (const struct row *const *r = transition_rows; *r; r++) {
        if ((*r)->is_not_yet)
            continue;
        for (int i = 0; i < STEPS; i += 5) {
            const struct transition *t = resolve(*r, 3);
            t->mix(t, NULL, out, a, b, (i + 1.0) / (STEPS + 1));
            golden_add(&lines, (*r)->name, i, out);
        }
    }
    golden_check("transitions", &lines);
    buf_deinit(&lines);
    frame_destroy(a);
    frame_destroy(b);
    frame_destroy(out);
}

TEST(a_transition_begins_as_a_ends_as_b_and_never_jumps)
{
    struct frame *a = ramp(1), *b = ramp(-1), *out = frame_create(W, H), *last = frame_create(W, H);
    enum { FINE = 200 };
    for (const struct row *const *r = transition_rows; *r; r++) {
        if ((*r)->is_not_yet || str_is(STR("none"), (*r)->name))
            continue;
        const struct transition *t = resolve(*r, 3);
        frame_copy(last, a);
        for (int i = 0; i < FINE; i++) {
            t->mix(t, NULL, out, a, b, (i + 1.0) / (FINE + 1));
            /* a and b differ by about 120, from black by up to 190: 1/200 of the way there and back is less than 5 */
            CHECK_ROW((*r)->name, difference(out, last) < 5);
            frame_copy(last, out);
        }
        CHECK_ROW((*r)->name, difference(out, b) < 5);
    }
    frame_destroy(a);
    frame_destroy(b);
    frame_destroy(out);
    frame_destroy(last);
}

static void mirror(struct frame *dst, const struct frame *src)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < frame_plane_h(src, p); y++)
            for (int x = 0, w = frame_plane_w(src, p); x < w; x++)
                dst->plane[p][y * dst->stride[p] + x] = src->plane[p][y * src->stride[p] + w - 1 - x];
}

TEST(left_is_the_mirror_image_of_right)
{
    static const struct {
        const char *left, *right;
    } rows[] = {
        { "wipe-left", "wipe-right" },     { "slide-left", "slide-right" },   { "push-left", "push-right" },
        { "reveal-left", "reveal-right" }, { "smooth-left", "smooth-right" }, { "diag-tl", "diag-tr" },
        { "wipe-bl", "wipe-br" },          { "hl-slice", "hr-slice" },        { "hl-wind", "hr-wind" },
    };
    struct frame *a = ramp(1), *b = ramp(-1), *ma = frame_create(W, H), *mb = frame_create(W, H);
    struct frame *left = frame_create(W, H), *right = frame_create(W, H), *back = frame_create(W, H);
    mirror(ma, a);
    mirror(mb, b);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        const struct transition *l = resolve(row_find(transition_rows, str_from(rows[i].left)), 0);
        const struct transition *r = resolve(row_find(transition_rows, str_from(rows[i].right)), 0);
        for (int k = 1; k < 20; k++) {
            l->mix(l, NULL, left, a, b, k / 20.0);
            r->mix(r, NULL, right, ma, mb, k / 20.0);
            mirror(back, right);
            for (int y = 0; y < H; y++)
                for (int x = 0; x < W; x++)
                    CHECK_NEAR(rows[i].left, left->plane[0][y * left->stride[0] + x],
                               back->plane[0][y * back->stride[0] + x], 1);
        }
    }
    struct frame *all[] = { a, b, ma, mb, left, right, back };
    for (size_t i = 0; i < COUNTOF(all); i++)
        frame_destroy(all[i]);
}

/* The edge of a wipe, found where the weights of one row add up to. */
TEST(a_wipe_moves_by_parts_of_a_pixel)
{
    struct frame *a = frame_create(W, H), *b = frame_create(W, H), *out = frame_create(W, H);
    const struct transition *t = resolve(row_find(transition_rows, STR("wipe-right")), 0);
    frame_fill(a, (struct yuv){ { 20, 128, 128 } });
    frame_fill(b, (struct yuv){ { 220, 128, 128 } });
    for (int k = 1; k < 400; k++) {
        double p = k / 400.0, seen = 0;
        t->mix(t, NULL, out, a, b, p);
        for (int x = 0; x < W; x++)
            seen += (out->plane[0][45 * out->stride[0] + x] - 20) / 200.0;
        CHECK_NEAR("edge, px", fmin(W, fmax(0, p * (W + 1) - 0.5)), seen,
                   0.13); /* px: the ends of its way hide half of it */
    }
    frame_destroy(a);
    frame_destroy(b);
    frame_destroy(out);
}

TEST(random_is_varied_by_the_seed_and_never_picks_what_cannot_be_done)
{
    const struct row *row = row_find(transition_rows, STR("random"));
    const struct transition *seen[64];
    size_t n = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        const struct transition *t = resolve(row, seed);
        CHECK(t->mix && !t->row.is_not_yet && t == resolve(row, seed));
        bool is_new = true;
        for (size_t i = 0; i < n; i++)
            is_new = is_new && seen[i] != t;
        if (is_new && n < COUNTOF(seen))
            seen[n++] = t;
    }
    CHECK(n >= 5);
}
