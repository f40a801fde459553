/* tune.c - tests that a simulated run takes as long as a computed one, and as the engine's own in virtual time */
#include <stdio.h>
#include <stdlib.h>
#include "cmd/progress.h"
#include "cmd/tune_read.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

/* ---------- by hand ---------- */

static int64_t total(const struct sim_step *steps, size_t n, size_t n_lessons, struct sim_lane *lanes, size_t n_lanes,
                     struct sim_settings s)
{
    const struct sim_load load = { .steps = (struct sim_step *)steps, .n_steps = n, .n_lessons = n_lessons, .lanes = lanes, .n_lanes = n_lanes };
    struct sim_result r;
    if (!s.requests)
        s.requests = 16;
    if (!s.render)
        s.render = 2;
    if (!s.cores)
        s.cores = 2;
    sim_run(&load, &s, &r);
    return r.total_ms;
}

/* Two sections of one lesson: pictures of 800 ms, speech of 300 ms, checks of 10, pieces of 100, a transition of 40, a join of 50. */
static const struct sim_step two_sections[] = {
    { SIM_IMAGE, 0, 0, 0, 800, 10, 0 }, { SIM_IMAGE, 0, 1, 0, 800, 10, 0 }, { SIM_SPEECH, 0, 0, 1, 300, 10, 0 },
    { SIM_SPEECH, 0, 1, 1, 300, 10, 0 }, { SIM_RENDER, 0, 0, -1, 100, 0, 0 }, { SIM_RENDER, 0, 1, -1, 100, 0, 0 },
    { SIM_TRANSITION, 0, 1, -1, 40, 0, 0 }, { SIM_JOIN, 0, 0, -1, 50, 0, 0 },
};

TEST(a_small_run_takes_as_long_as_computed_by_hand)
{
    static const struct {
        const char *name;
        struct sim_settings s;
        struct sim_lane lanes[2];
        int64_t want;
    } rows[] = {
        /* 800 + check 10, both bodies at once 100, transition 40, join 50 */
        { "all at once", { .requests = 16 }, { { .name = "a" }, { .name = "b" } }, 800 + 10 + 100 + 40 + 50 },
        /* picture 0, then picture 1, speech 0, speech 1: 800, 1600, 1900, 2200; section 0 is ready at 1910, its body is done
         * before 2210; then body, transition and join one after the other, the first two at once */
        { "one request at a time", { .requests = 1 }, { { .name = "a" }, { .name = "b" } }, 2200 + 10 + 100 + 50 },
        { "one picture at a time", { .requests = 16 }, { { .name = "a", .cap = 1 }, { .name = "b" } }, 1600 + 10 + 100 + 50 },
        { "one worker", { .requests = 16, .render = 1 }, { { .name = "a" }, { .name = "b" } }, 800 + 10 + 10 + 100 + 100 + 40 + 50 },
        { "two workers on one core", { .requests = 16, .render = 2, .cores = 1 }, { { .name = "a" }, { .name = "b" } }, 800 + 2 * (10 + 100 + 40 + 50) },
        { "sections one after the other", { .requests = 16, .sections = 1 }, { { .name = "a" }, { .name = "b" } }, 2 * (800 + 10 + 100) + 50 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct sim_lane lanes[2] = { rows[i].lanes[0], rows[i].lanes[1] };
        CHECK_INT(rows[i].name, rows[i].want, total(two_sections, COUNTOF(two_sections), 1, lanes, 2, rows[i].s));
    }
}

TEST(a_pace_holds_requests_apart)
{
    struct sim_step steps[9];
    for (size_t i = 0; i < COUNTOF(steps); i++)
        steps[i] = (struct sim_step){ SIM_IMAGE, 0, i, 0, 100, 0, 0 };
    struct sim_lane lane = { .name = "a", .per_minute = 60 };
    /* one at once, then one a second (a token is there a millisecond late at most): the ninth goes at 8 s */
    int64_t got = total(steps, COUNTOF(steps), 1, &lane, 1, (struct sim_settings){ .requests = 16 });
    CHECK(got >= 8100 && got <= 8110);
    lane = (struct sim_lane){ .name = "a", .cap = 3 };
    CHECK_INT("three by three", 300, total(steps, COUNTOF(steps), 1, &lane, 1, (struct sim_settings){ .requests = 16 }));
}

/* ---------- against the engine ---------- */

static void keep_bytes(void *ctx, const char *p, size_t n)
{
    buf_add(ctx, p, n);
}

static struct answer varied(struct world *w, const struct want *want, int nth)
{
    uint64_t seed = 0;
    (void)w, (void)nth;
    for (size_t i = 0; i < want->text.n; i++)
        seed = seed * 131 + (unsigned char)want->text.p[i];
    struct rng r = { seed };
    return (struct answer){ .latency_ms = (want->kind == ASSET_IMAGE ? 600 : 200) + (int64_t)rng_below(&r, 500) };
}

struct trial {
    const char *name;
    size_t n_lessons, n_sections;
    int64_t requests, videos, sections;
    int threads;
    bool fetch_only;
};

/* Runs the engine; what it says is read as a journal. */
static void record(const struct trial *t, struct tune_run *run, int64_t *total_ms)
{
    struct world w;
    struct buf lines = { 0 };
    world_init(&w);
    w.provider = varied;
    w.work_ms[0] = 70;
    w.pool.n_threads = t->threads;
    w.config.workers = (struct workers_opts){ .requests = t->requests, .videos = t->videos, .sections = t->sections };
    w.fetch_only = t->fetch_only;
    const struct progress_opts o = { .mode = PROGRESS_JSON, .currency = STR("USD"), .clock = &w.clock, .write = keep_bytes, .ctx = &lines };
    struct progress *p = progress_create(&o);
    w.status = *progress_status(p);
    const struct lesson *lessons[8];
    for (size_t i = 0; i < t->n_lessons; i++) {
        char name[20];
        snprintf(name, sizeof name, "lesson-%zu", i);
        lessons[i] = world_lesson(&w, name, t->n_sections);
    }
    world_run(&w, lessons, t->n_lessons);
    CHECK_ROW(w.err.msg, w.ok && w.result.n_failed == 0);
    *total_ms = w.result.elapsed_ms;
    tune_read(run, buf_str(&lines));
    run->was.videos = t->videos;
    run->was.sections = t->sections;
    run->was.cores = t->threads;
    progress_destroy(p);
    buf_deinit(&lines);
    world_deinit(&w);
}

static const struct trial trials[] = {
    { "one lesson, all at once", 1, 6, 16, 0, 0, 2, false },
    { "cap 4", 3, 6, 4, 0, 0, 2, false },
    { "cap 7, one worker", 3, 6, 7, 0, 0, 1, false },
    { "cap 12, eight lessons", 8, 5, 12, 0, 0, 2, false },
    { "two lessons at a time", 6, 4, 16, 2, 0, 2, false },
    { "two sections at a time", 3, 8, 16, 0, 2, 2, false },
    { "fetch alone", 5, 6, 8, 0, 0, 2, true },
};

TEST(a_recorded_run_takes_as_long_again_as_the_engine_took)
{
    for (size_t i = 0; i < COUNTOF(trials); i++) {
        struct tune_run run;
        struct sim_result r;
        int64_t took;
        record(&trials[i], &run, &took);
        CHECK_INT(trials[i].name, trials[i].n_lessons * trials[i].n_sections * 2, run.n_requests);
        sim_run(&run.load, &run.was, &r);
        CHECK_NEAR(trials[i].name, (double)took, (double)r.total_ms, (double)took * 0.01);
        tune_run_deinit(&run);
    }
}

/* What one run recorded foretells how long another takes with other settings. */
TEST(a_run_with_other_settings_takes_what_was_foretold)
{
    struct tune_run run;
    int64_t took;
    record(&trials[3], &run, &took);
    static const struct { int64_t requests; int threads; } rows[] = { { 2, 2 }, { 4, 2 }, { 8, 1 }, { 12, 4 }, { 16, 3 } };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct trial t = trials[3];
        struct tune_run other;
        struct sim_result r;
        char name[40];
        t.requests = rows[i].requests;
        t.threads = rows[i].threads;
        record(&t, &other, &took);
        tune_run_deinit(&other);
        snprintf(name, sizeof name, "%lld requests, %d threads", (long long)rows[i].requests, rows[i].threads);
        sim_run(&run.load, &(struct sim_settings){ .requests = t.requests, .render = t.threads, .cores = t.threads }, &r);
        CHECK_NEAR(name, (double)took, (double)r.total_ms, (double)took * 0.02);
    }
    tune_run_deinit(&run);
}
