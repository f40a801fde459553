/* money.c - tests of gen/budget, gen/engine_money and gen/plan_sum: limits hold, and plans say what runs then do */
#include "gen/budget.h"
#include "gen/fetch.h"
#include "gen/plan_sum.h"
#include "tests/support/shelf.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

static const struct lesson **list(const struct lesson **l, struct lesson *a, struct lesson *b)
{
    l[0] = a;
    l[1] = b;
    return l;
}

static const double eps = 1e-9;

/* ---------- the sum ---------- */

TEST(what_is_set_aside_counts_until_it_comes_back)
{
    struct budget b = { .limit = 1 };
    CHECK(budget_reserve(&b, 0.6));
    CHECK(!budget_reserve(&b, 0.6));
    CHECK("later, perhaps" && budget_fits(&b, 0.6));
    budget_back(&b, 0.6);
    CHECK(budget_reserve(&b, 0.6));
    budget_paid(&b, 0.6, 0.1);
    CHECK("it was cheaper" && budget_reserve(&b, 0.9));
    budget_lost(&b, 0.9);
    CHECK("what may be paid is gone" && !budget_fits(&b, 0.1));
    CHECK("nothing costs nothing" && budget_reserve(&b, 0));
}

TEST(ten_dimes_make_a_dollar)
{
    struct budget b = { .limit = 1 };
    for (int i = 0; i < 10; i++) {
        CHECK(budget_reserve(&b, 0.1));
        budget_paid(&b, 0.1, 0.1);
    }
    CHECK(!budget_reserve(&b, 0.001));
}

/* ---------- runs ---------- */

/* Lessons of world_lesson: a picture costs 0.04, "a says sentence 1." 0.0018. */
enum { SENTENCE = 18 };
static const double a_picture = 0.04, a_sentence = SENTENCE * 0.0001;

static struct answer loses_its_first_pictures(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE && w->n_requests < 3)
        a.code = ERR_NET;                       /* no answer: it may be paid */
    return a;
}

TEST(an_answer_that_was_lost_counts_as_spent_and_complete_lessons_are_built)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.workers.requests = 1;
    w.provider = loses_its_first_pictures;
    /* both lessons, and not a cent more */
    w.config.budget.max_cost = 4 * (a_picture + a_sentence) + 0.001;
    list(l, world_lesson(&w, "a", 2), world_lesson(&w, "b", 2));
    world_run(&w, l, 2);
    CHECK_ROW(w.err.msg, w.ok);
    CHECK_INT("nobody asks again for what may be paid: one lesson is lost by that", 1, w.result.n_done);
    CHECK_NEAR("spent", 2 * a_picture + 4 * a_sentence, w.result.spent, eps);
    world_deinit(&w);
}

static struct answer dear(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    a.cost_known = want->kind == ASSET_IMAGE;
    a.cost = 3 * 0.04;                          /* than was thought */
    return a;
}

static struct status_totals at_end;

static void note_end(void *ctx, const struct status_event *ev, const struct status_totals *t)
{
    (void)ctx;
    if (ev->type == STATUS_END)
        at_end = *t;
}

static void no_loss_is_told(struct world *w, struct store *s)
{
    for (size_t i = 0; i < w->plan.n_nodes; i++)
        if (w->plan.nodes[i]->fetch)
            CHECK("what was held back was never sent" && shelf_state(s, w->plan.nodes[i]->id) != STORE_SENT);
}

TEST(when_answers_cost_more_than_thought_nothing_is_bought_beyond_the_limit)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.workers.requests = 1;
    w.provider = dear;
    w.status.event = note_end;
    w.config.budget.max_cost = 0.30;            /* planned: 6 * 0.0418 = 0.2508 */
    list(l, world_lesson(&w, "a", 2), world_lesson(&w, "b", 4));
    world_run(&w, l, 2);
    CHECK_ROW(w.err.msg, w.ok);
    CHECK_INT("the first lesson was still paid for", 1, w.result.n_done);
    CHECK_INT("the second was not", 1, w.result.n_failed);
    CHECK_INT("class", ERR_QUOTA, w.result.worst);
    CHECK_INT("pictures", 2, world_asked(&w, "a picture"));
    CHECK_INT("what the first ones cost is known, so none passes the limit", 0, world_asked(&w, "b picture"));
    CHECK("nothing passes it" && w.result.spent <= 0.30);
    CHECK_ROW(w.plan.films[1].join->err->msg, strstr(w.plan.films[1].join->err->msg, "costs about 0.12, and of the limit of 0.30"));
    CHECK_NEAR("spent", 2 * 0.12 + 6 * a_sentence, w.result.spent, eps);
    CHECK_INT("the end says what is left", 4, at_end.n_over_limit);
    CHECK_NEAR("and what it costs", 4 * 0.12, at_end.over_limit, eps);
    CHECK_NEAR("and what was spent", w.result.spent, at_end.spent, 0);
    w.before_run = no_loss_is_told;
    w.provider = world_typical;
    world_run(&w, l, 2);                        /* the next run has its own limit */
    CHECK_INT("both", 2, w.result.n_done);
    CHECK_NEAR("only what was missing", 4 * a_picture, w.result.spent, eps);
    world_deinit(&w);
}

/* All that is out at once is dearer than thought; what was armed meanwhile is not sent. */
TEST(what_is_on_its_way_is_thought_as_dear_as_what_came)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.workers.requests = 2;
    w.provider = dear;
    w.config.budget.max_cost = 0.45;            /* planned: 10 * 0.0418 = 0.418; of pictures for 0.12 three fit */
    list(l, world_lesson(&w, "a", 10), NULL);
    world_run(&w, l, 1);
    CHECK_INT("pictures", 3, world_asked(&w, "a picture"));
    CHECK("nothing passes the limit" && w.result.spent <= 0.45);
    w.before_run = no_loss_is_told;
    w.config.budget.max_cost = -1;
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    world_deinit(&w);
}

TEST(requests_that_are_out_together_cannot_pass_the_limit_together)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.workers.requests = 20;
    w.provider = dear;
    w.config.budget.max_cost = 10 * (a_picture + a_sentence) + 0.001;
    list(l, world_lesson(&w, "a", 10), NULL);
    world_run(&w, l, 1);
    CHECK_INT("all fit when they were sent", 10, world_asked(&w, "a picture"));
    CHECK_INT("so the film is there", 1, w.result.n_done);
    CHECK("and cost what it cost" && w.result.spent > w.config.budget.max_cost);
    world_deinit(&w);
}

static struct answer busy_at_first(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE && nth == 0)
        a.code = ERR_SERVER, a.status = 503;    /* told so: not paid */
    return a;
}

TEST(a_refusal_gives_back_what_was_set_aside)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = busy_at_first;
    w.config.budget.max_cost = 5 * (a_picture + a_sentence) + 0.0001;
    list(l, world_lesson(&w, "a", 5), NULL);
    world_run(&w, l, 1);
    CHECK_INT("done", 1, w.result.n_done);
    CHECK_INT("asked twice", 10, world_asked(&w, "a picture"));
    CHECK_NEAR("paid once", 5 * (a_picture + a_sentence), w.result.spent, eps);
    world_deinit(&w);
}

static struct answer cheap(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    a.cost_known = true;
    a.cost = 0.01;
    return a;
}

TEST(what_an_answer_tells_of_its_cost_is_what_is_spent_and_kept)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = cheap;
    list(l, world_lesson(&w, "a", 3), NULL);
    world_run(&w, l, 1);
    CHECK_NEAR("spent", 0.06, w.result.spent, eps);
    struct err e;
    struct store_stats s;
    struct store *store = store_open(str_from(w.store_dir), NULL, &e);
    CHECK(store && store_stats(store, &s, &e));
    CHECK_NEAR("the ledger", 0.06, s.spent, eps);
    store_close(store);
    world_deinit(&w);
}

static struct answer dear_at_first_then_no_key(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (str_is(want->text, "a picture 1"))
        a.cost_known = true, a.cost = 0.09;
    else if (want->kind == ASSET_IMAGE)
        a.latency_ms = 50, a.code = ERR_AUTH, a.status = 401;
    return a;
}

TEST(money_set_aside_for_what_is_not_sent_after_all_is_there_for_others)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    struct lesson *a = world_lesson(&w, "a", 3), *b = world_lesson(&w, "b", 1);
    a->sections[0].narration = STR("a.");
    a->sections[1].narration = a->sections[2].narration = STR("");
    a->sections[1].duration = a->sections[2].duration = 1;
    b->sections[0].narration = STR("A narration of sixty letters, which is dear for a narration.");
    b->sections[0].image_prompt = STR("");
    b->sections[0].has_background = true;
    w.price_1k_chars = 1;
    w.config.workers.requests = 1;
    w.keep_ms = 10000;                          /* the third picture's intent is on its way when the second is refused */
    w.provider = dear_at_first_then_no_key;
    w.config.budget.max_cost = 3 * a_picture + 0.062 + 0.0001;
    w.stop_at_ms = 1000000;
    list(l, a, b);
    world_run(&w, l, 2);
    CHECK_INT("the narration that waited for money", 1, world_asked(&w, "A narration"));
    CHECK_INT("its film", 1, w.result.n_done);
    CHECK_INT("why the other failed", ERR_AUTH, w.result.worst);
    world_deinit(&w);
}

TEST(a_refused_plan_says_how_many_lessons_would_fit)
{
    static const struct { const char *name; double limit; const char *says; } rows[] = {
        { "not one", 0.05, "not enough for the first lesson" },
        { "one", 0.10, "The first 1 of 2 lessons, up to a.json, would fit: about 0.08" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct world w;
        const struct lesson *l[2];
        world_init(&w);
        w.config.budget.max_cost = rows[i].limit;
        list(l, world_lesson(&w, "a", 2), world_lesson(&w, "b", 2));
        world_run(&w, l, 2);
        CHECK_ROW(rows[i].name, !w.ok);
        CHECK_INT(rows[i].name, ERR_QUOTA, w.err.code);
        check_true(rows[i].name, w.err.msg, strstr(w.err.msg, rows[i].says) != NULL, __FILE__, __LINE__);
        CHECK_INT(rows[i].name, 0, w.n_requests);
        world_deinit(&w);
    }
}

TEST(calls_without_a_price_are_made_beside_a_limit_only_when_that_is_allowed)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.price_1k_chars = -1;
    w.config.budget.max_cost = 1;
    w.config.budget.allow_unpriced = true;
    list(l, world_lesson(&w, "a", 2), NULL);
    world_run(&w, l, 1);
    CHECK_ROW(w.err.msg, w.ok);
    CHECK_INT("done", 1, w.result.n_done);
    CHECK_NEAR("they count nothing", 2 * a_picture, w.result.spent, eps);
    world_deinit(&w);
}

/* ---------- plans ---------- */

TEST(a_plan_counts_an_asset_where_it_is_wanted_first_and_as_shared_elsewhere)
{
    struct world w;
    const struct lesson *l[2];
    struct arena a = { 0 };
    struct plan_sum s;
    world_init(&w);
    struct lesson *second = world_lesson(&w, "b", 3);
    list(l, world_lesson(&w, "a", 3), second);
    second->sections[0].image_prompt = l[0]->sections[1].image_prompt;
    second->sections[1].image_prompt = second->sections[2].image_prompt;
    world_run(&w, l, 2);
    CHECK_INT("pictures that were bought", 4, world_asked(&w, "a picture") + world_asked(&w, "b picture"));
    CHECK_INT("both films", 2, w.result.n_done);
    plan_add_up(&w.plan, &a, &s);               /* after the run: all of it is bought */
    CHECK_INT("shared by the first lesson", 0, s.films[0].n_shared);
    CHECK_INT("shared by the second: one with the first, one with itself", 2, s.films[1].n_shared);
    CHECK_INT("cached", 10, s.total.n_cached);
    CHECK_INT("to buy", 0, s.total.n_calls);
    arena_deinit(&a);
    world_deinit(&w);
}

static struct plan_sum before;
static struct arena before_arena;

static void note_plan(struct world *w, struct store *s)
{
    (void)s;
    plan_add_up(&w->plan, &before_arena, &before);
}

TEST(a_run_asks_for_what_its_plan_says_and_spends_what_it_says)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.before_run = note_plan;
    struct lesson *second = world_lesson(&w, "b", 3);
    list(l, world_lesson(&w, "a", 2), second);
    second->sections[0].image_prompt = l[0]->sections[1].image_prompt;
    second->sections[1].narration = (struct str){ "", 0 };
    world_run(&w, l, 2);
    CHECK_INT("requests", w.n_requests, before.total.n_calls);
    CHECK_NEAR("money", w.result.spent, before.total.money, eps);
    CHECK_INT("pictures", 4, before.total.n_of[ASSET_IMAGE]);
    CHECK_INT("narrations", 4, before.total.n_of[ASSET_SPEECH]);
    CHECK_NEAR("characters", 4 * SENTENCE, before.total.chars, 0);
    CHECK_INT("who makes it", 2, before.n_makers);
    CHECK_STR("a model", "model-1", before.makers[0].model);
    CHECK_NEAR("lessons add up", before.total.money, before.films[0].money + before.films[1].money, eps);
    world_run(&w, l, 2);
    CHECK_INT("the second plan has nothing to buy", 0, before.total.n_calls);
    CHECK_INT("and finds all", 8, before.total.n_cached);
    arena_deinit(&before_arena);
    world_deinit(&w);
}
