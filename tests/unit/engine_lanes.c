/* engine_lanes.c - what lanes do for a whole run: hidden limits, jobs, faults, and the next run */
#include "gen/lane.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

enum { LESSONS = 10, SECTIONS = 10, LIMIT = 6 };

struct seen {                                   /* by the service of the world in use; one at a time */
    int64_t ends[LESSONS * SECTIONS * 4];       /* of what it let in */
    size_t n;
    int n_refused, most;
    int64_t held_from_ms, held_to_ms;
    int n_while_held;
};
static struct seen seen;

static const struct lesson *const *lessons_of(struct world *w, char first, bool with_pictures)
{
    static const struct lesson *l[LESSONS + 1];
    for (int i = 0; i < LESSONS; i++) {
        struct lesson *one = world_lesson(w, (char[]){ (char)(first + i), 0 }, SECTIONS);
        for (size_t k = 0; k < SECTIONS && !with_pictures; k++)
            one->sections[k].image_prompt = (struct str){ 0 };
        l[i] = one;
    }
    return l;
}

static int in_flight_at(int64_t now_ms)
{
    int n = 0;
    for (size_t i = 0; i < seen.n; i++)
        n += seen.ends[i] > now_ms;
    return n;
}

static void let_in(struct world *w, int64_t latency_ms)
{
    seen.ends[seen.n++] = w->now_ms + latency_ms;
    int n = in_flight_at(w->now_ms);
    seen.most = n > seen.most ? n : seen.most;
}

/* ---------- a hidden limit ---------- */

static struct answer limited(struct world *w, const struct want *want, int nth)
{
    struct rng r = rng_from_text(want->text, (uint64_t)nth);
    struct answer a = { .latency_ms = 200 + (int64_t)rng_below(&r, 200) };
    if (in_flight_at(w->now_ms) >= LIMIT) {
        seen.n_refused++;
        return (struct answer){ .latency_ms = 1, .code = ERR_RATE, .status = 429, .told_ms = 30 };
    }
    let_in(w, a.latency_ms);
    return a;
}

TEST(a_limit_that_nobody_told_of_is_kept_and_the_next_run_knows_it)
{
    struct world w;
    world_init(&w);
    seen = (struct seen){ 0 };
    struct provider_info voices = *w.infos[1];
    voices.account = STR("voices at home");
    w.infos[1] = &voices;
    w.provider = limited;
    world_run(&w, lessons_of(&w, 'a', false), LESSONS);
    CHECK_INT("films", LESSONS, w.result.n_done);
    CHECK_INT("let in", LIMIT, seen.most);
    CHECK(seen.n_refused > 0 && seen.n_refused < 25);
    int64_t least = LESSONS * SECTIONS * 300 / LIMIT;
    CHECK(w.result.fetch_ms < least * 115 / 100);
    w.n_asked = 0;
    seen = (struct seen){ 0 };
    world_run(&w, lessons_of(&w, 'k', false), LESSONS);
    CHECK_INT("films of the second run", LESSONS, w.result.n_done);
    CHECK(seen.n_refused <= 5);
    world_deinit(&w);
}

/* ---------- jobs ---------- */

static struct answer slow_pictures(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE) {
        a.is_async = true;
        a.latency_ms = 60000;
        let_in(w, a.latency_ms);
    }
    return a;
}

/* Pictures of two models, in turn. */
static const struct lesson *of_two_models(struct world *w)
{
    struct lesson *l = world_lesson(w, "a", 8);
    for (size_t i = 0; i < l->n_sections; i += 2)
        l->sections[i].image_opts.model = STR("other");
    return l;
}

TEST(each_model_has_the_account_s_limits_to_itself_where_the_service_limits_models)
{
    static const struct { const char *name; bool is_per_model; int most; int64_t ms; } rows[] = {
        { "one lane", false, 2, 4 * 60000 },
        { "one for each model", true, 4, 2 * 60000 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct world w;
        world_init(&w);
        seen = (struct seen){ 0 };
        struct provider_info pictures = *w.infos[0];
        pictures.concurrency = 2;
        pictures.is_per_model = rows[i].is_per_model;
        w.infos[0] = &pictures;
        w.provider = slow_pictures;
        const struct lesson *l[] = { of_two_models(&w) };
        world_run(&w, l, 1);
        CHECK_INT(rows[i].name, 1, w.result.n_done);
        CHECK_INT(rows[i].name, rows[i].most, seen.most);
        CHECK_INT(rows[i].name, rows[i].ms, w.result.fetch_ms);
        world_deinit(&w);
    }
}

static enum err_code refusal_of_other;          /* what the model "other" answers in the world in use */

static struct answer other_refuses(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (str_is(want->model, "other")) {
        a.code = refusal_of_other;
        a.status = refusal_of_other == ERR_AUTH ? 401 : 402;
    }
    return a;
}

TEST(a_key_is_refused_for_all_models_and_money_may_be_at_an_end_for_one)
{
    static const struct { const char *name; enum err_code code; int n; } rows[] = {
        { "the key", ERR_AUTH, 1 },
        { "the money", ERR_QUOTA, 1 + 4 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct world w;
        world_init(&w);
        struct provider_info pictures = *w.infos[0];
        pictures.is_per_model = true;
        w.infos[0] = &pictures;
        w.provider = other_refuses;
        w.config.workers.requests = 1;
        refusal_of_other = rows[i].code;
        const struct lesson *l[] = { of_two_models(&w) };
        world_run(&w, l, 1);
        CHECK_INT(rows[i].name, rows[i].n, world_asked(&w, "a picture"));
        world_deinit(&w);
    }
}

TEST(what_was_learned_of_a_model_is_not_taken_for_another_s)
{
    struct world w;
    world_init(&w);
    seen = (struct seen){ 0 };
    struct provider_info voices = *w.infos[1];
    voices.account = STR("voices at home");
    voices.is_per_model = true;
    w.infos[1] = &voices;
    w.provider = limited;
    world_run(&w, lessons_of(&w, 'a', false), LESSONS);
    struct err e;
    struct store *s = store_open(str_from(w.store_dir), NULL, &e);
    CHECK_ROW(e.msg, s != NULL);
    CHECK(store_lane(s, STR("voices at home model-1")).window > 0);
    CHECK_INT("of another", 0, store_lane(s, STR("voices at home other")).window);
    CHECK_INT("of all", 0, store_lane(s, STR("voices at home")).window);
    store_close(s);
    world_deinit(&w);
}

TEST(a_job_counts_as_in_flight_until_it_is_finished)
{
    struct world w;
    const struct lesson *l[1];
    world_init(&w);
    seen = (struct seen){ 0 };
    struct provider_info pictures = *w.infos[0];
    pictures.concurrency = 2;
    w.infos[0] = &pictures;
    w.provider = slow_pictures;
    l[0] = world_lesson(&w, "a", 8);
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("most at once", 2, seen.most);
    CHECK_INT("two by two", 4 * 60000, w.result.fetch_ms);
    world_deinit(&w);
}

/* ---------- faults ---------- */

static struct answer faulty(struct world *w, const struct want *want, int nth)
{
    struct rng r = rng_from_text(want->text, (uint64_t)nth + 7);
    struct answer a = world_typical(w, want, nth);
    uint64_t chance = rng_below(&r, 100);
    if (chance < 3)
        a.code = ERR_SERVER, a.status = 500;
    else if (chance < 5)
        a.code = ERR_NET;
    else if (chance < 8)
        a.latency_ms += 2000;                   /* it drips */
    return a;
}

TEST(a_few_faults_cost_a_few_requests_and_no_asset)
{
    struct world w;
    world_init(&w);
    w.provider = faulty;
    w.retry_lost = true;
    world_run(&w, lessons_of(&w, 'a', true), LESSONS);
    CHECK_INT("films", LESSONS, w.result.n_done);
    CHECK(w.n_requests > 2 * LESSONS * SECTIONS);
    CHECK(w.n_requests <= 2 * LESSONS * SECTIONS * 11 / 10);
    world_deinit(&w);
}

static struct answer unavailable_once(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (seen.held_to_ms && w->now_ms > seen.held_from_ms && w->now_ms < seen.held_to_ms)
        seen.n_while_held++;
    if (!seen.held_to_ms && w->now_ms > 500) {
        a = (struct answer){ .latency_ms = 5, .code = ERR_SERVER, .status = 503, .told_ms = 9000 };
        seen.held_from_ms = w->now_ms + a.latency_ms;
        seen.held_to_ms = seen.held_from_ms + a.told_ms;
    }
    return a;
}

TEST(retry_after_of_an_unavailable_service_holds_its_whole_lane)
{
    struct world w;
    world_init(&w);
    seen = (struct seen){ 0 };
    w.provider = unavailable_once;
    world_run(&w, lessons_of(&w, 'a', false), LESSONS);
    CHECK_INT("films", LESSONS, w.result.n_done);
    CHECK(seen.held_to_ms > 0);
    CHECK_INT("asked meanwhile", 0, seen.n_while_held);
    world_deinit(&w);
}
