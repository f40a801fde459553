/* auto_moves.c - tests of the moves that are left to chance: varied, repeatable, never the same twice running */
#include "gen/auto_moves.h"
#include <math.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "tests/support/test.h"

enum { N = 60 };

static void fill(struct auto_picture *v, uint64_t salt, int kinds)
{
    static const struct param_rect corners[] = { { 0.05, 0.1, 0, 0 }, { 0.9, 0.9, 0.1, 0.1 } };
    static const char *const fixed[] = { "zoom-in", "pan-left", "none", NULL };
    struct rng r = { salt };
    for (size_t i = 0; i < N; i++) {
        v[i] = (struct auto_picture){ .is_auto = kinds == 0 || rng_below(&r, 4) > 0, .seed = rng_next(&r) };
        if (!v[i].is_auto)
            v[i].move = fixed[rng_below(&r, COUNTOF(fixed))];
        if (kinds == 2 && rng_below(&r, 2))
            v[i].focus = &corners[rng_below(&r, 2)];
    }
}

static const char *name_of(const struct auto_picture *p, enum auto_move m)
{
    static const char *const names[] = {
        "",
#define X(id, name) name,
        AUTO_MOVES(X)
#undef X
    };
    return p->is_auto ? names[m] : p->move;
}

TEST(no_picture_moves_like_the_one_before)
{
    struct auto_picture v[N];
    enum auto_move moves[N];
    for (uint64_t salt = 0; salt < 300; salt++) {
        fill(v, salt, (int)(salt % 3));
        auto_moves(v, N, moves);
        for (size_t i = 0; i < N; i++) {
            CHECK((moves[i] == AUTO_ANY) == !v[i].is_auto);
            const char *a = i ? name_of(&v[i - 1], moves[i - 1]) : NULL, *b = name_of(&v[i], moves[i]);
            bool is_chosen = i && (v[i].is_auto || v[i - 1].is_auto); /* what a lesson says twice is its own business */
            CHECK(!is_chosen || !a || !b || strcmp(a, b) != 0);
        }
    }
}

TEST(every_move_comes_and_zooms_come_most)
{
    struct auto_picture v[N];
    enum auto_move moves[N];
    size_t count[AUTO_N_MOVES] = { 0 };
    for (uint64_t salt = 0; salt < 50; salt++) {
        fill(v, salt, 0);
        auto_moves(v, N, moves);
        for (size_t i = 0; i < N; i++)
            count[moves[i]]++;
    }
    for (int m = 1; m < AUTO_N_MOVES; m++)
        CHECK(count[m] > 50 * N / 12);
    CHECK(count[AUTO_IN] > count[AUTO_LEFT] && count[AUTO_OUT] > count[AUTO_UP]);
}

TEST(a_subject_near_an_edge_is_not_left_behind)
{
    const struct param_rect focus = { 0.05, 0.8, 0.1, 0.1 };
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct auto_picture v = { .is_auto = true, .focus = &focus, .seed = seed * 7919 };
        enum auto_move m;
        auto_moves(&v, 1, &m);
        CHECK(m != AUTO_RIGHT && m != AUTO_UP);
    }
}

TEST(another_picture_changes_the_moves_beside_it_alone)
{
    struct auto_picture v[N];
    enum auto_move before[N], after[N];
    size_t n_changed = 0;
    for (uint64_t salt = 0; salt < 100; salt++) {
        fill(v, salt, 0);
        auto_moves(v, N, before);
        v[N / 2].seed ^= 0x5555555555555555u;
        auto_moves(v, N, after);
        for (size_t i = 0; i < N; i++)
            if (i < N / 2 - 1 || i > N / 2)
                n_changed += before[i] != after[i];
    }
    CHECK(n_changed < 60);                      /* of 5,800: equal choices side by side take turns, and these runs are short */
}

TEST(the_pictures_of_a_lesson_are_taken_in_the_order_of_the_film)
{
    static const struct row automatic = { .name = "auto", .help = "" }, left = { .name = "pan-left", .help = "" };
    struct choice by_chance = { .row = &automatic }, to_left = { .row = &left };
    const double none = (double)NAN;
    struct section_picture two[2] = { { .image_opts.focus = { none, 0, 0, 0 }, .effects = &by_chance, .n_effects = 1 },
                                      { .image_opts.focus = { none, 0, 0, 0 }, .effects = &by_chance, .n_effects = 1 } };
    struct section sections[3] = {
        { .id = STR("a"), .image_opts.focus = { none, 0, 0, 0 }, .effects = &by_chance, .n_effects = 1 },
        { .id = STR("b"), .pictures = two, .n_pictures = 2 },
        { .id = STR("c"), .image_opts.focus = { none, 0, 0, 0 }, .effects = &to_left, .n_effects = 1 },
    };
    struct lesson l = { .sections = sections, .n_sections = 3 };
    struct arena a = { 0 };
    for (l.style.seed = 0; l.style.seed < 40; l.style.seed++) {
        const enum auto_move *const *m = auto_moves_of(&l, &a);
        CHECK(m[0][0] != AUTO_ANY && m[1][0] != AUTO_ANY && m[1][1] != AUTO_ANY && m[2][0] == AUTO_ANY);
        CHECK(m[0][0] != m[1][0] && m[1][0] != m[1][1] && m[1][1] != AUTO_LEFT);
    }
    arena_deinit(&a);
}
