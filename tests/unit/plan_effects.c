/* plan_effects.c - tests of effects: "plan" in virtual time: who is asked, who waits, and what happens when a plan fails */
#include "gen/plan_effects.h"
#include <signal.h>
#include <string.h>
#include "compose/effects.h"
#include "gen/auto_moves.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

static const struct vocabulary words = { .effects = effect_rows };
static const struct provider_info planner = { .id = { "planner", 7 }, .lane = { "planner", 7 }, .kind = ASSET_TEXT, .makes = "chat",
                                              .has_key = true, .key_env = { "KEY", 3 } };

static struct answer by_kind(const struct want *want, const char *says)
{
    if (want->kind == ASSET_TEXT)
        return (struct answer){ .latency_ms = 5000, .says = says };
    return (struct answer){ .latency_ms = want->kind == ASSET_IMAGE ? 800 : 300 };
}

static struct answer plans(struct world *w, const struct want *want, int nth)
{
    (void)w, (void)nth;
    return by_kind(want, "{\"why\": \"it fits\", \"effects\": [{\"type\": \"pan-up\", \"amount\": 0.05}, {\"type\": \"grain\"}]}");
}
static struct answer chatters(struct world *w, const struct want *want, int nth)
{
    (void)w, (void)nth;
    return by_kind(want, "Let us zoom in.");
}
static struct answer dreams(struct world *w, const struct want *want, int nth)
{
    (void)w, (void)nth;
    return by_kind(want, "{\"effects\": [{\"type\": \"explode\"}]}");
}
static struct answer refuses(struct world *w, const struct want *want, int nth)
{
    (void)w, (void)nth;
    return want->kind == ASSET_TEXT ? (struct answer){ .latency_ms = 10, .code = ERR_AUTH, .status = 401 } : by_kind(want, NULL);
}

/* A lesson whose sections are all planned; the second also has grain. */
static struct lesson *planned_lesson(struct world *w, size_t n)
{
    static struct choice plan[2];
    struct lesson *l = world_lesson(w, "a", n);
    plan[0] = (struct choice){ .row = row_find(effect_rows, STR("plan")), .opts = NULL };
    plan[1] = (struct choice){ .row = row_find(effect_rows, STR("none")), .opts = NULL };
    for (size_t i = 0; i < n; i++) {
        l->sections[i].effects = plan;
        l->sections[i].n_effects = i == 1 ? 2 : 1;
    }
    return l;
}

static void open_world(struct world *w, struct answer (*provider)(struct world *, const struct want *, int))
{
    world_init(w);
    w->infos[2] = &planner;
    w->provider = provider;
    w->words = &words;
    w->config.use.chat = STR("auto");
}

static const char *effect(const struct world *w, size_t section, size_t i)
{
    const struct plan_section *ps = &w->plan.films[0].sections[section];
    return i < ps->shots[0].n_effects ? ps->shots[0].effects[i].row->name : "";
}

TEST(pieces_wait_for_the_plan_and_are_drawn_by_it)
{
    struct world w;
    open_world(&w, plans);
    const struct lesson *l = planned_lesson(&w, 2);
    world_run(&w, &l, 1);
    CHECK_ROW(w.err.msg, w.ok);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("pictures, narrations, plans", 6, w.n_requests);
    CHECK(w.first_join_ms >= 5000);
    CHECK_STR("first", "pan-up", str_from(effect(&w, 0, 0)));
    CHECK_STR("second", "grain", str_from(effect(&w, 0, 1)));
    CHECK_STR("beside the lesson's own", "none", str_from(effect(&w, 1, 2)));
    CHECK_STR("and no more", "", str_from(effect(&w, 1, 3)));
    world_run(&w, &l, 1);
    CHECK_INT("a second run asks nothing", 6, w.n_requests);
    CHECK_STR("and draws the same", "pan-up", str_from(effect(&w, 0, 0)));
    world_deinit(&w);
}

static const struct {
    const char *name;
    struct answer (*provider)(struct world *, const struct want *, int);
    int again;                                  /* requests of a second run */
} failures[] = {
    { "no JSON is no answer, and asked again", chatters, 2 },
    { "a plan of no use is kept", dreams, 0 },
    { "a refused key stops the lane", refuses, 1 },
};

TEST(a_plan_that_fails_fails_no_film)
{
    for (size_t i = 0; i < COUNTOF(failures); i++) {
        struct world w;
        open_world(&w, failures[i].provider);
        w.config.workers.requests = 1;
        const struct lesson *l = planned_lesson(&w, 2);
        world_run(&w, &l, 1);
        CHECK_INT(failures[i].name, 1, w.result.n_done);
        CHECK_INT(failures[i].name, ERR_NONE, w.result.worst);
        CHECK_ROW(failures[i].name, row_find(effect_rows, str_from(effect(&w, 0, 0))));
        CHECK_ROW(failures[i].name, strcmp(effect(&w, 0, 0), effect(&w, 1, 0)) != 0);
        int asked = w.n_requests;
        world_run(&w, &l, 1);
        CHECK_INT(failures[i].name, failures[i].again, w.n_requests - asked);
        world_deinit(&w);
    }
}

TEST(rules_ask_nobody)
{
    struct world w;
    open_world(&w, plans);
    w.config.use.chat = STR("rules");
    const struct lesson *l = planned_lesson(&w, 3);
    world_run(&w, &l, 1);
    CHECK_INT("pictures and narrations", 6, w.n_requests);
    CHECK_INT("films", 1, w.result.n_done);
    world_deinit(&w);
}

TEST(rules_do_not_repeat_a_move_that_chance_made_beside_them)
{
    static const char *const names[] = {
        "",
#define X(id, name) name,
        AUTO_MOVES(X)
#undef X
    };
    static struct choice by_chance;
    by_chance = (struct choice){ .row = row_find(effect_rows, STR("auto")), .opts = NULL };
    for (int seed = 0; seed < 60; seed++) {
        struct world w;
        open_world(&w, plans);
        w.config.use.chat = STR("rules");
        struct lesson *l = planned_lesson(&w, 7);
        l->style.seed = seed;
        for (size_t i = 0; i < 7; i += 2) {
            l->sections[i].effects = &by_chance;
            l->sections[i].n_effects = 1;
        }
        const struct lesson *one = l;
        world_run(&w, &one, 1);
        for (size_t i = 1; i < 7; i += 2) {
            const char *move = effect(&w, i, 0);
            for (size_t beside = i - 1; beside <= i + 1; beside += 2)
                CHECK_ROW(move, strcmp(names[w.plan.films[0].sections[beside].pictures[0].auto_move], move) != 0);
        }
        world_deinit(&w);
    }
}

TEST(fetching_alone_fetches_plans_too)
{
    struct world w;
    open_world(&w, plans);
    w.fetch_only = true;
    const struct lesson *l = planned_lesson(&w, 2);
    world_run(&w, &l, 1);
    CHECK_INT("requests", 6, w.n_requests);
    w.fetch_only = false;
    world_run(&w, &l, 1);
    CHECK_INT("a build asks nothing more", 6, w.n_requests);
    CHECK_INT("films", 1, w.result.n_done);
    world_deinit(&w);
}

TEST(a_plan_on_its_way_is_kept_when_the_run_is_stopped)
{
    struct world w;
    open_world(&w, plans);
    const struct lesson *l = planned_lesson(&w, 2);
    w.stop_at_ms = 2000;
    world_run(&w, &l, 1);
    CHECK_INT("films", 0, w.result.n_done);
    CHECK_INT("requests", 6, w.n_requests);
    world_abandon(&w);
    world_run(&w, &l, 1);
    CHECK_INT("nothing is asked twice", 6, w.n_requests);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_STR("by the plan", "pan-up", str_from(effect(&w, 0, 0)));
    world_deinit(&w);
}

TEST(a_stopped_run_is_not_done_without_its_plans)
{
    struct world w;
    open_world(&w, plans);
    w.config.workers.requests = 1;              /* plans come last: they are not asked for any more */
    const struct lesson *l = planned_lesson(&w, 2);
    w.stop_at_ms = 1000;
    world_run(&w, &l, 1);
    CHECK_INT("films", 0, w.result.n_done);
    CHECK_INT("worst", ERR_CANCELLED, w.result.worst);
    world_deinit(&w);
}
