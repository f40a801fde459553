/* tune.c - tests that a simulated run takes as long as a computed one, and as the engine's own in virtual time */
#include <stdio.h>
#include <stdlib.h>
#include "cmd/progress.h"
#include "cmd/tune_choose.h"
#include "cmd/tune_read.h"
#include "cmd/tune_show.h"
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

/* ---------- choosing ---------- */

struct course {                                 /* lessons of five sections */
    struct sim_step steps[8 * 21];
    struct sim_lane lanes[2];
    struct sim_load load;
};

static void make_course(struct course *c, size_t n_lessons, int64_t image_ms, int64_t render_ms)
{
    size_t n = 0;
    *c = (struct course){ .lanes = { { .name = "pictures" }, { .name = "voices" } } };
    for (size_t l = 0; l < n_lessons; l++) {
        for (size_t s = 0; s < 5; s++) {
            c->steps[n++] = (struct sim_step){ SIM_IMAGE, l, s, 0, image_ms, 0, 0 };
            c->steps[n++] = (struct sim_step){ SIM_SPEECH, l, s, 1, image_ms / 3, 0, 0 };
            c->steps[n++] = (struct sim_step){ SIM_RENDER, l, s, -1, render_ms, 0, 0 };
        }
        c->steps[n++] = (struct sim_step){ SIM_JOIN, l, 0, -1, 1, 0, 0 };
    }
    c->load = (struct sim_load){ c->steps, n, n_lessons, c->lanes, 2 };
}

TEST(the_limit_that_binds_is_named)
{
    static const struct {
        const char *name;
        int64_t render_ms;
        struct sim_lane pictures;
        struct sim_settings now;
        enum tune_limit_kind want_now, want_best;
        const char *says;
    } rows[] = {
        { "few requests at once", 1, { .name = "pictures" }, { .requests = 2, .render = 2, .cores = 2 }, TUNE_REQUESTS, TUNE_NONE,
          "the longest of its requests and films themselves" },
        { "a slow pace", 10, { .name = "pictures", .per_minute = 30 }, { .requests = 16, .render = 2, .cores = 2 }, TUNE_PACE, TUNE_PACE,
          "the pace of pictures, 30 a minute" },
        { "a cap of the account", 10, { .name = "pictures", .cap = 2 }, { .requests = 64, .render = 2, .cores = 2 }, TUNE_LANE_CAP,
          TUNE_LANE_CAP, "the cap of pictures, 2 at once" },
        { "few cores", 5000, { .name = "pictures" }, { .requests = 64, .render = 2, .cores = 2 }, TUNE_CORES, TUNE_CORES, "the cores" },
        { "fewer threads than cores", 5000, { .name = "pictures" }, { .requests = 64, .render = 1, .cores = 4 }, TUNE_RENDER, TUNE_CORES,
          "the cores" },
        { "one video at a time", 1, { .name = "pictures" }, { .requests = 64, .videos = 1, .render = 2, .cores = 2 }, TUNE_VIDEOS,
          TUNE_NONE, "the longest of its requests and films themselves" },
        { "one section at a time", 1, { .name = "pictures" }, { .requests = 64, .sections = 1, .render = 2, .cores = 2 }, TUNE_SECTIONS,
          TUNE_NONE, "the longest of its requests and films themselves" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct course c;
        struct tune_choice choice;
        struct buf b = { 0 };
        make_course(&c, 8, 3000, rows[i].render_ms);
        c.lanes[0] = rows[i].pictures;
        tune_choose(&c.load, &rows[i].now, &choice);
        CHECK_INT(rows[i].name, rows[i].want_now, choice.now_limit.kind);
        CHECK_INT(rows[i].name, rows[i].want_best, choice.best_limit.kind);
        tune_limit_say(&b, &choice.best_limit, &c.load);
        CHECK_STR(rows[i].name, rows[i].says, buf_str(&b));
        CHECK_ROW(rows[i].name, choice.best_result.total_ms <= choice.now_result.total_ms);
        buf_deinit(&b);
    }
}

TEST(the_smallest_number_of_requests_that_is_as_good_is_chosen)
{
    struct course c;
    struct tune_choice choice;
    struct tune_change changes[TUNE_CHANGES];
    make_course(&c, 8, 3000, 10);
    c.lanes[0].cap = c.lanes[1].cap = 4;
    /* 40 pictures of 3 s, four at a time: 30 s. Beside them two requests of speech are enough for 40 s of it. Four at once of all
     * would take 40 s; five are not tried. */
    tune_choose(&c.load, &(struct sim_settings){ .requests = 2, .render = 2, .cores = 2 }, &choice);
    CHECK_INT("all that is of use", 6, choice.best.requests);
    CHECK_NEAR("ten rounds of pictures", 30000, (double)choice.best_result.total_ms, 300);
    CHECK_INT("one change", 1, tune_changes(&choice, changes));
    CHECK_STR("of", "requests", str_from(changes[0].key));
    tune_choose(&c.load, &(struct sim_settings){ .requests = 6, .render = 2, .cores = 2 }, &choice);
    CHECK_INT("no change where it is right", 0, tune_changes(&choice, changes));
    tune_choose(&c.load, &(struct sim_settings){ .requests = 64, .render = 2, .cores = 2 }, &choice);
    CHECK_INT("no change that gains nothing", 0, tune_changes(&choice, changes));
}

TEST(settings_that_cost_nothing_stay)
{
    struct course c;
    struct tune_choice choice;
    struct tune_change changes[TUNE_CHANGES];
    make_course(&c, 8, 3000, 1);
    tune_choose(&c.load, &(struct sim_settings){ .requests = 2, .videos = 8, .sections = 5, .render = 1, .cores = 4 }, &choice);
    CHECK_INT("as many lessons as there are", 8, choice.best.videos);
    CHECK_INT("as many sections as there are", 5, choice.best.sections);
    CHECK_INT("one thread is enough", 1, choice.best.render);
    CHECK_INT("one change", 1, tune_changes(&choice, changes));
}

TEST(refusals_of_a_run_and_steps_that_did_not_end_are_left_out)
{
    static const char lines[] =
        "{\"event\":\"run\",\"videos_cap\":3,\"sections_cap\":0,\"cores\":4}\n"
        "{\"event\":\"begin\",\"elapsed_ms\":0,\"requests_cap\":7,\"threads\":2,\"cores\":4,\"lanes\":[{\"lane\":\"a\",\"in_flight\":0}]}\n"
        "{\"event\":\"node\",\"lesson\":\"x\",\"section\":1,\"step\":\"image\",\"state\":\"running\",\"id\":\"1\",\"lane\":\"a\"}\n"
        "{\"event\":\"retry\",\"lesson\":\"x\",\"section\":1,\"step\":\"image\",\"state\":\"backoff\",\"id\":\"1\",\"lane\":\"a\",\"took_ms\":40,\"code\":\"rate\"}\n"
        "{\"event\":\"node\",\"lesson\":\"x\",\"section\":1,\"step\":\"image\",\"state\":\"running\",\"id\":\"1\",\"lane\":\"a\"}\n"
        "{\"event\":\"retry\",\"lesson\":\"x\",\"section\":1,\"step\":\"image\",\"state\":\"backoff\",\"id\":\"1\",\"lane\":\"a\",\"took_ms\":90,\"code\":\"server\"}\n"
        "{\"event\":\"node\",\"lesson\":\"x\",\"section\":1,\"step\":\"image\",\"state\":\"running\",\"id\":\"1\",\"lane\":\"a\"}\n"
        "{\"event\":\"node\",\"lesson\":\"x\",\"section\":1,\"step\":\"image\",\"state\":\"done\",\"id\":\"1\",\"lane\":\"a\",\"took_ms\":700,\"check_ms\":5}\n"
        "{\"event\":\"node\",\"lesson\":\"x\",\"section\":1,\"step\":\"render\",\"state\":\"running\",\"id\":\"2\"}\n"
        "{\"event\":\"totals\",\"elapsed_ms\":900,\"requests_cap\":7,\"threads\":2,\"cores\":4,"
        "\"lanes\":[{\"lane\":\"a\",\"cap\":9,\"window\":6,\"found\":true,\"per_minute\":50,\"learned\":true}]}\n"
        "{\"event\":\"node\",\"les";
    struct tune_run run;
    tune_read(&run, str_from(lines));
    CHECK_INT("two requests held a place", 2, run.load.n_steps);
    CHECK_INT("the one that failed", 90, run.load.steps[0].ms);
    CHECK_INT("the one that did not", 700, run.load.steps[1].ms);
    CHECK_INT("its check", 5, run.load.steps[1].check_ms);
    CHECK_INT("a refusal, and a piece that was not done", 2, run.n_left_out);
    CHECK_INT("the window that was found", 6, run.load.lanes[0].cap);
    CHECK(run.lanes[0].is_found && run.lanes[0].is_learned && !run.is_whole);
    CHECK_NEAR("the pace", 50, run.load.lanes[0].per_minute, 0);
    CHECK_INT("requests at once", 7, run.was.requests);
    CHECK_INT("videos at once", 3, run.was.videos);
    CHECK_INT("time", 900, run.total_ms);
    tune_run_deinit(&run);
}

TEST(lessons_of_one_name_are_two_and_an_answer_frees_its_place_once)
{
    static const char lines[] =
        "{\"event\":\"node\",\"lesson\":\"x\",\"lesson_index\":0,\"section\":1,\"step\":\"image\",\"state\":\"running\",\"id\":\"1\",\"lane\":\"a\"}\n"
        "{\"event\":\"node\",\"lesson\":\"x\",\"lesson_index\":0,\"section\":1,\"step\":\"image\",\"state\":\"answered\",\"id\":\"1\",\"lane\":\"a\"}\n"
        "{\"event\":\"node\",\"lesson\":\"x\",\"lesson_index\":0,\"section\":1,\"step\":\"image\",\"state\":\"failed\",\"id\":\"1\",\"lane\":\"a\",\"took_ms\":5}\n"
        "{\"event\":\"node\",\"lesson\":\"x\",\"lesson_index\":1,\"section\":1,\"step\":\"image\",\"state\":\"running\",\"id\":\"2\",\"lane\":\"a\"}\n"
        "{\"event\":\"node\",\"lesson\":\"x\",\"lesson_index\":1,\"section\":1,\"step\":\"image\",\"state\":\"done\",\"id\":\"2\",\"lane\":\"a\",\"took_ms\":6}\n";
    struct tune_run run;
    tune_read(&run, str_from(lines));
    CHECK_INT("both", 2, run.load.n_steps);
    CHECK_INT("the first lesson", 0, run.load.steps[0].lesson);
    CHECK_INT("the second", 1, run.load.steps[1].lesson);
    CHECK_INT("one after the other", 1, run.lanes[0].most_in_flight);
    tune_run_deinit(&run);
}

TEST(lines_of_any_width_and_numbers_for_programs_are_the_same_each_time)
{
    struct course c;
    struct tune_choice choice;
    struct tune_run run = { 0 };
    make_course(&c, 8, 3000, 10);
    tune_choose(&c.load, &(struct sim_settings){ .requests = 2, .render = 2, .cores = 2 }, &choice);
    run.load = c.load;
    struct tune_lane seen[2] = { { 0 } };
    run.lanes = seen;
    for (size_t columns = 40; columns <= 200; columns += 40) {
        const struct tune_shown s = { .name = "r", .run = &run, .load = &c.load, .choice = &choice, .columns = columns };
        struct buf once = { 0 }, again = { 0 }, picture = { 0 };
        tune_show(&once, &s);
        tune_show(&again, &s);
        CHECK_STR("the same", once.p, buf_str(&again));
        CHECK(strstr(once.p, "use workers.requests: ") && (columns < 80 || strstr(once.p, "now: workers.requests")));
        tune_svg(&picture, &s);
        CHECK(str_starts(buf_str(&picture), "<svg ") && strstr(picture.p, ">best</text>"));
        buf_deinit(&once);
        buf_deinit(&again);
        buf_deinit(&picture);
    }
}
