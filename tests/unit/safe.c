/* safe.c - tests of the rule that slides, captions and effects share: words stay in sight and clear of captions */
#include "compose/safe.h"
#include <math.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include "compose/camera.h"
#include "compose/captions.h"
#include "compose/effects.h"
#include "compose/take.h"
#include "gen/lesson.h"
#include "tests/support/test.h"

static const struct { const char *name; int w, h; bool has_captions; struct caption_opts captions; } frames[] = {
    { "wide", 1920, 1080, true, { .enabled = true, .max_lines = 2, .size = 0.05 } },
    { "tall", 1080, 1920, true, { .enabled = true, .max_lines = 2, .size = 0.05 } },
    { "square", 720, 720, true, { .enabled = true, .max_lines = 2, .size = 0.05 } },
    { "captions at the top", 1280, 720, true, { .enabled = true, .position = CAPTION_TOP, .max_lines = 2, .size = 0.05 } },
    { "captions in the middle", 1280, 720, true, { .enabled = true, .position = CAPTION_MIDDLE, .max_lines = 2, .size = 0.05 } },
    { "three large lines", 1280, 720, true, { .enabled = true, .max_lines = 3, .size = 0.08 } },
    { "captions larger than the frame", 1280, 720, true, { .enabled = true, .max_lines = 6, .size = 0.25 } },
    { "no captions", 1920, 1080, false, { 0 } },
    { "tiny", 64, 36, true, { .enabled = true, .max_lines = 2, .size = 0.05 } },
};

static struct safe safe_at(size_t i)
{
    return safe_of(frames[i].has_captions ? &frames[i].captions : NULL, frames[i].w, frames[i].h);
}

TEST(words_are_seen_clear_of_captions_unless_these_fill_the_frame)
{
    for (size_t i = 0; i < COUNTOF(frames); i++) {
        struct safe s = safe_at(i);
        struct caption_zone z = captions_zone(&frames[i].captions, frames[i].w, frames[i].h);
        CHECK_ROW(frames[i].name, s.words.h > 0.4 && s.words.x >= s.seen.x && s.words.y > s.seen.y);
        CHECK_ROW(frames[i].name, s.words.y + s.words.h < s.seen.y + s.seen.h);
        if (!frames[i].has_captions || frames[i].captions.position == CAPTION_MIDDLE || z.bottom - z.top > 0.4)
            continue;
        CHECK_ROW(frames[i].name, frames[i].captions.position == CAPTION_TOP ? s.seen.y > z.bottom : s.seen.y + s.seen.h < z.top);
    }
}

TEST(a_zoom_to_the_middle_keeps_the_words_in_sight)
{
    const struct window whole = { 0, 0, 1, 1 };
    for (size_t i = 0; i < COUNTOF(frames); i++) {
        struct safe s = safe_at(i);
        CHECK_ROW(frames[i].name, safe_holds(&s, whole));
        CHECK_ROW(frames[i].name, safe_holds(&s, camera_around(0.5, 0.5, SAFE_ZOOM, whole)));
    }
}

TEST(a_window_that_keeps_the_words_is_left_alone_and_any_other_is_moved)
{
    for (size_t i = 0; i < COUNTOF(frames); i++) {
        struct safe s = safe_at(i);
        for (int k = 0; k < 300; k++) {
            struct window w = { (k % 7) / 7.0, (k % 11) / 11.0, 0.25 + 0.75 * (k % 13) / 12, 0.25 + 0.75 * (k % 13) / 12 };
            w.x *= 1 - w.w;
            w.y *= 1 - w.h;
            struct window kept = safe_keep(&s, w);
            CHECK_ROW(frames[i].name, safe_holds(&s, kept));
            CHECK_ROW(frames[i].name, kept.x > -1e-9 && kept.y > -1e-9 && kept.x + kept.w < 1 + 1e-9 && kept.y + kept.h < 1 + 1e-9);
            if (safe_holds(&s, w) && w.w >= 1 / safe_zoom_most(&s))
                CHECK_NEAR(frames[i].name, 0, kept.x - w.x + kept.y - w.y, 1e-5);
        }
    }
}

/* One effect with its first option (the amount of a move) set; 0: all defaults. */
static void check_effect(const char *row, const struct effect *fx, struct effect_env *env, double amount)
{
    double opts[32] = { 0 };
    if (fx->row.params)
        params_default(fx->row.params, opts);
    if (amount > 0)
        opts[0] = amount;
    for (int t = 0; t <= 50; t++) {
        struct window w = fx->look(opts, env, t / 50.0);
        if (!safe_holds(&env->safe, w))
            printf("%s of %s at %d/50: %f %f %f %f\n", row, fx->row.name, t, w.x, w.y, w.w, w.h);
        CHECK_ROW(row, safe_holds(&env->safe, w));
    }
}

TEST(no_camera_move_pushes_the_words_of_a_drawn_picture_out_of_sight)
{
    for (size_t i = 0; i < COUNTOF(frames); i++) {
        struct effect_env env = { .width = frames[i].w, .height = frames[i].h, .seconds = 40, .n_frames = 1200, .is_drawn = true,
                                  .safe = safe_at(i), .bounds = { 0, 0, 1, 1 } };
        for (const struct row *const *r = effect_rows; *r; r++) {
            const struct effect *fx = effect_of(*r);
            if (!fx->look)
                continue;
            for (env.seed = 0; env.seed < 5; env.seed++)
                check_effect(frames[i].name, fx, &env, 0);
            if (strncmp((*r)->name, "zoom", 4) == 0 || strncmp((*r)->name, "pan", 3) == 0)
                check_effect(frames[i].name, fx, &env, 1.0);
        }
    }
}

TEST(every_camera_move_of_a_drawn_picture_still_moves)
{
    struct effect_env env = { .width = 1920, .height = 1080, .seconds = 20, .n_frames = 600, .is_drawn = true, .safe = safe_at(0),
                              .bounds = { 0, 0, 1, 1 } };
    for (const struct row *const *r = effect_rows; *r; r++) {
        const struct effect *fx = effect_of(*r);
        double opts[32] = { 0 };
        if (!fx->look)
            continue;
        if ((*r)->params)
            params_default((*r)->params, opts);
        struct window a = fx->look(opts, &env, 0), b = fx->look(opts, &env, 1);
        double way = (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
        double turn = fx->turn ? fx->turn(opts, &env, 1) - fx->turn(opts, &env, 0) : 0;
        CHECK_ROW((*r)->name, way > 0.009 * 0.009 || fabs(turn) > 0.01);
    }
}

TEST(words_of_a_drawn_picture_that_turns_stay_in_sight)
{
    const struct effect *fx = effect_of(row_find(effect_rows, STR("rotate")));
    const double opts[32] = { -8, 8 };
    for (size_t i = 0; i < COUNTOF(frames); i++) {
        struct effect_env env = { .width = frames[i].w, .height = frames[i].h, .seconds = 10, .n_frames = 300, .is_drawn = true,
                                  .safe = safe_at(i), .bounds = { 0, 0, 1, 1 } };
        double aspect = (double)env.width / env.height;
        const struct window *words = &env.safe.words, *seen = &env.safe.seen;
        const double gap = 0.014; /* less than what lies between `seen` and captions or the frame's edge */
        for (int k = 0; k < 8; k++) { /* four corners, at both ends */
            struct window look = fx->look(opts, &env, k / 4);
            double turn = fx->turn(opts, &env, k / 4), c = cos(turn), s = sin(turn);
            double x = words->x + words->w * (k % 2) - look.x - look.w / 2, y = words->y + words->h * (k / 2 % 2) - look.y - look.h / 2;
            double at_x = 0.5 + (x * c + y * s / aspect) / look.w, at_y = 0.5 + (y * c - x * s * aspect) / look.h;
            CHECK_ROW(frames[i].name, at_x >= seen->x - gap && at_x <= seen->x + seen->w + gap);
            CHECK_ROW(frames[i].name, at_y >= seen->y - gap && at_y <= seen->y + seen->h + gap);
        }
    }
}

TEST(moves_that_are_gentle_one_by_one_are_so_together)
{
    const struct row *in = row_find(effect_rows, STR("zoom-in")), *left = row_find(effect_rows, STR("pan-left"));
    double zoom[32] = { 0 }, pan[32] = { 0 };
    params_default(in->params, zoom);
    params_default(left->params, pan);
    struct choice moves[2] = { { .row = in, .opts = zoom }, { .row = left, .opts = pan } };
    struct shot s = { .is_drawn = true, .n_frames = 300, .effects = moves, .n_effects = 2 };
    struct visual v = { .shots = &s, .n_shots = 1, .n_frames = 300, .captions = &frames[0].captions };
    struct video_format f = { .width = 1920, .height = 1080, .fps_num = 30, .fps_den = 1 };
    CHECK(take_zoom(&v, &s, &f, (struct window){ 0, 0, 1, 1 }) < 1.07);
}

/* Every rectangle of every camera move in a text, as `"from": [x, y, w, h]` or `"to"`. */
static size_t check_rectangles(const char *row, const struct safe *s, const char *text)
{
    size_t n = 0;
    for (const char *p = text; (p = strchr(p, '[')); p++) {
        struct window w = { 0 };
        double *const at[4] = { &w.x, &w.y, &w.w, &w.h };
        char *end = (char *)(uintptr_t)p;
        size_t k = 0;
        bool is_move = (p - text > 8 && strncmp(p - 8, "\"from\": ", 8) == 0) || (p - text > 6 && strncmp(p - 6, "\"to\": ", 6) == 0);
        for (; is_move && k < 4; k++)
            *at[k] = strtod(end + 1, &end);
        if (k == 4) {
            if (!safe_holds(s, w))
                printf("%s: [%g, %g, %g, %g]\n", row, w.x, w.y, w.w, w.h);
            CHECK_ROW(row, safe_holds(s, w));
            n++;
        }
    }
    return n;
}

TEST(the_course_shows_all_words_of_its_slides)
{
    struct safe s = safe_at(0);
    size_t n_files = 0, n_rectangles = 0;
    glob_t g = { 0 };
    CHECK(glob("examples/vlsi/*.json", 0, NULL, &g) == 0);
    for (; n_files < g.gl_pathc; n_files++) {
        FILE *f = fopen(g.gl_pathv[n_files], "r");
        char *text = mem_alloc(1 << 20);
        CHECK(f && fread(text, 1, (1 << 20) - 1, f) > 0);
        n_rectangles += check_rectangles(g.gl_pathv[n_files], &s, text);
        fclose(f);
        free(text);
    }
    CHECK(n_files >= 8 && n_rectangles >= 100);
    globfree(&g);
}
