/* planner.c - tests of gen/planner and of plans that are read: which moves are planned, and which plans are refused */
#include "gen/planner.h"
#include <stdio.h>
#include <string.h>
#include "compose/effects.h"
#include "gen/base/rand.h"
#include "gen/lesson/effects.h"
#include "gen/lesson/schema.h"
#include "tests/support/strict.h"
#include "tests/support/test.h"

enum { MANY = 200 };

static struct planner_section section(const char *narration, enum planner_picture picture, double seconds)
{
    return (struct planner_section){ .id = STR("s"), .narration = str_from(narration), .picture = picture, .seconds = seconds,
                                     .is_planned = true };
}

/* ---------- rules ---------- */

static const struct { const char *name, *narration; double seconds; const char *rule; } words[] = {
    { "a question at its end", "The gate is closed. What opens it?", 8, "question" },
    { "a question in quotes", "And so we ask: \"What opens it?\"", 8, "question" },
    { "a full-width question", "\xe9\x96\x80\xe3\x81\xaf\xe9\x96\x8b\xe3\x81\x8f\xef\xbc\x9f", 8, "question" },
    { "a question that is answered", "What opens it? A voltage does.", 8, "other" },
    { "four things", "Gate, source, drain, and bulk.", 8, "enumeration" },
    { "three things behind a colon", "It has parts: gate, source and drain, and no more.", 8, "enumeration" },
    { "two commas are a sentence", "First, of course, it opens.", 8, "other" },
    { "commas of two sentences", "First, of course, it opens. Then, of course, it closes.", 8, "other" },
    { "commas inside numbers", "It takes 1,500,000,000,000 steps.", 8, "other" },
    { "an exclamation mark", "It opens!", 8, "emphasis" },
    { "two numbers", "From 5 volts to 3.3 volts.", 8, "numbers" },
    { "one number in two parts", "It takes 3.3 volts.", 8, "other" },
    { "long", "It opens.", 15, "long" },
    { "short", "It opens.", 3.9, "short" },
    { "nothing said", "", 8, "other" },
    { "bytes that are no text", "\xff\xfe, \xff, \xff, \xff", 8, "enumeration" },
};

TEST(the_first_rule_that_fits_the_words_plans)
{
    for (size_t i = 0; i < COUNTOF(words); i++) {
        struct arena a = { 0 };
        const struct planner_section all[] = { section("It begins.", PLANNER_PHOTO, 8),
                                               section(words[i].narration, PLANNER_PHOTO, words[i].seconds),
                                               section("It ends.", PLANNER_PHOTO, 8) };
        struct planner_plan plans[3];
        planner_plan(all, 3, 0, &a, plans);
        CHECK_STR("the first", "opening", str_from(plans[0].rule));
        CHECK_STR(words[i].name, words[i].rule, str_from(plans[1].rule));
        CHECK_STR("the last", "closing", str_from(plans[2].rule));
        arena_deinit(&a);
    }
}

TEST(a_single_section_neither_opens_nor_closes)
{
    struct arena a = { 0 };
    const struct planner_section one = section("It opens.", PLANNER_PHOTO, 8);
    struct planner_plan plan;
    planner_plan(&one, 1, 0, &a, &plan);
    CHECK_STR("rule", "other", str_from(plan.rule));
    arena_deinit(&a);
}

static const char *const narrations[] = { "It opens.", "What now?", "One, two, three, four.", "Look!", "From 1 to 2." };

/* Many sections of all sorts, ids and lengths; each plan is read by the tables that read lessons. */
static void make_sections(struct planner_section *all, char ids[][16], uint64_t seed)
{
    struct rng r = { seed };
    static const char *const own[] = { "zoom-in", "pan-left", "none", NULL };
    for (size_t i = 0; i < MANY; i++) {
        snprintf(ids[i], 16, "s%zu", i);
        all[i] = section(narrations[rng_below(&r, COUNTOF(narrations))], (enum planner_picture)(rng_below(&r, 10) ? rng_below(&r, 2) : 2),
                         1 + 25 * rng_unit(&r));
        all[i].id = str_from(ids[i]);
        all[i].is_planned = rng_below(&r, 5) != 0;
        if (!all[i].is_planned)
            all[i].move = own[rng_below(&r, 4)];
    }
}

static void check_plan(const struct planner_section *s, const struct planner_plan *p)
{
    struct arena a = { 0 };
    struct err e = { 0 };
    const struct choice *read;
    size_t n = 0, n_moves = 0;
    bool ok = effects_read(&a, p->effects, effect_rows, &read, &n, &e);
    check_true(p->rule, e.msg, ok, __FILE__, __LINE__);
    for (size_t i = 0; i < n; i++)
        n_moves += planner_move_of(read[i].row->name) != NULL;
    CHECK_INT("moves", 1, n_moves);
    if (s->picture == PLANNER_DRAWN)
        CHECK_ROW(p->move, strncmp(p->move, "zoom", 4) == 0 || strcmp(p->move, "none") == 0);
    arena_deinit(&a);
}

TEST(no_camera_move_comes_twice_running_and_every_plan_could_stand_in_a_lesson)
{
    static struct planner_section all[MANY];
    static struct planner_plan plans[MANY];
    static char ids[MANY][16];
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct arena a = { 0 };
        make_sections(all, ids, seed);
        planner_plan(all, MANY, seed, &a, plans);
        for (size_t i = 0; i < MANY; i++) {
            bool is_pair = i > 0 && (all[i].is_planned || all[i - 1].is_planned) && plans[i].move && plans[i - 1].move;
            CHECK(!is_pair || strcmp(plans[i].move, plans[i - 1].move) != 0);
            CHECK(plans[i].move || !all[i].is_planned || all[i].picture == PLANNER_PLAIN);
            if (all[i].is_planned)
                check_plan(&all[i], &plans[i]);
        }
        arena_deinit(&a);
    }
}

TEST(the_same_sections_get_the_same_plan_and_another_seed_another)
{
    static struct planner_section all[MANY];
    static struct planner_plan one[MANY], two[MANY], other[MANY];
    static char ids[MANY][16];
    struct arena a = { 0 };
    size_t n_different = 0;
    make_sections(all, ids, 1);
    planner_plan(all, MANY, 7, &a, one);
    planner_plan(all, MANY, 7, &a, two);
    planner_plan(all, MANY, 8, &a, other);
    for (size_t i = 0; i < MANY; i++) {
        CHECK(one[i].move == two[i].move && one[i].rule == two[i].rule);
        n_different += one[i].move != other[i].move;
    }
    CHECK(n_different > MANY / 5);
    arena_deinit(&a);
}

TEST(every_rule_offers_moves_that_two_neighbours_cannot_take_away)
{
    for (const struct planner_rule *r = planner_rules; r->name; r++) {
        CHECK_ROW(r->name, r->when && r->fits);
        CHECK_ROW(r->name, !r->also || row_find(effect_rows, str_from(r->also)));
        for (size_t k = 0; k < 2; k++) {
            size_t n = 0;
            for (; n < PLANNER_MOVES && r->moves[k][n]; n++)
                CHECK_ROW(r->name, planner_move_of(r->moves[k][n]) && row_find(effect_rows, str_from(r->moves[k][n])));
            CHECK_ROW(r->name, n < PLANNER_MOVES && (n >= 3 || strcmp(r->name, "plain") == 0));
        }
    }
}

/* ---------- plans that come from outside ---------- */

static const struct { const char *name, *list, *refused; } lists[] = {
    { "one move", "[{\"type\":\"zoom-in\",\"amount\":1.2,\"focus\":[0.5,0.4],\"ease\":null}]", NULL },
    { "still", "[{\"type\":\"none\"}]", NULL },
    { "nothing", "[]", NULL },
    { "an unknown effect", "[{\"type\":\"explode\"}]", "not an effect" },
    { "out of range", "[{\"type\":\"zoom-in\",\"amount\":100}]", "amount" },
    { "a word for a number", "[{\"type\":\"zoom-in\",\"amount\":\"much\"}]", "amount" },
    { "a number that is none", "[{\"type\":\"zoom-in\",\"focus\":[0.5]}]", "focus" },
    { "an unknown option", "[{\"type\":\"zoom-in\",\"path\":\"../x\"}]", "unknown key" },
    { "no type", "[{\"amount\":1.2}]", "missing \"type\"" },
    { "a type that is no name", "[{\"type\":{\"a\":1}}]", "expected the name" },
    { "an object", "{\"type\":\"zoom-in\"}", "expected a list" },
    { "an option twice", "[{\"type\":\"zoom-in\",\"amount\":1.2,\"Amount\":1.3}]", "stands twice" },
};

TEST(a_plan_says_nothing_that_a_lesson_could_not_say)
{
    for (size_t i = 0; i < COUNTOF(lists); i++) {
        struct arena a = { 0 };
        struct json *list = NULL;
        const struct choice *read;
        size_t n;
        struct err e = { 0 };
        CHECK_ROW(lists[i].name, json_parse(&a, str_from(lists[i].list), 0, &list, NULL, NULL, NULL, NULL));
        bool ok = effects_read(&a, list, effect_rows, &read, &n, &e);
        check_true(lists[i].name, e.msg, ok == !lists[i].refused && (ok || strstr(e.msg, lists[i].refused)), __FILE__, __LINE__);
        arena_deinit(&a);
    }
}

TEST(the_schema_of_a_plan_suits_strict_modes_and_names_every_effect_with_its_range)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    struct json *tree = NULL;
    effects_schema(&b, effect_rows, 3);
    CHECK(json_parse(&a, buf_str(&b), 0, &tree, NULL, NULL, NULL, NULL));
    strict_check(tree);
    for (const struct row *const *r = effect_rows; *r; r++) {
        char quoted[80];
        snprintf(quoted, sizeof quoted, "\"%s\"", (*r)->name);
        CHECK_ROW((*r)->name, (*r)->is_not_yet || strstr(b.p, quoted));
    }
    CHECK(strstr(b.p, "\"maximum\":4"));         /* of a zoom's amount */
    buf_deinit(&b);
    arena_deinit(&a);
}
