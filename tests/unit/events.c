/* events.c - tests that the lines of --json are what their schema says, by runs of the engine in virtual time */
#include "cmd/events.h"
#include <stdio.h>
#include <stdlib.h>
#include "cmd/app.h"
#include "cmd/progress.h"
#include "gen/lesson/problems.h"
#include "gen/lesson/read.h"
#include "tests/support/json_schema.h"
#include "tests/support/test.h"
#include "tests/support/words.h"
#include "tests/support/world.h"

struct rules {
    struct arena arena;
    struct json *schema;
    size_t n_seen;
    struct buf seen;                            /* names of events, each once, as " begin node" */
};

static void rules_init(struct rules *r)
{
    struct buf b = { 0 };
    struct err e = { 0 };
    *r = (struct rules){ 0 };
    events_schema(&b);
    CHECK_ROW(e.msg, json_parse(&r->arena, buf_str(&b), 0, &r->schema, NULL, NULL, NULL, &e));
    buf_deinit(&b);
}

static void rules_deinit(struct rules *r)
{
    arena_deinit(&r->arena);
    buf_deinit(&r->seen);
}

static void check_lines(struct rules *r, struct str lines)
{
    for (struct str rest = lines; rest.n;) {
        const char *end = memchr(rest.p, '\n', rest.n);
        CHECK_ROW("a line is whole", end != NULL);
        struct str line = { rest.p, (size_t)(end - rest.p) };
        struct json *v = NULL;
        struct err e = { 0 };
        struct buf why = { 0 };
        CHECK_ROW(e.msg, json_parse(&r->arena, line, 0, &v, NULL, NULL, NULL, &e));
        bool is_good = schema_accepts(r->schema, v, &why);
        if (!is_good)
            printf(STR_FMT "\n", STR_ARG(line));
        CHECK_ROW(buf_str(&why).p, is_good);
        struct str name = json_str_or(v, "event", STR("?"));
        if (!r->seen.n || !strstr(r->seen.p, name.p))
            buf_printf(&r->seen, " " STR_FMT, STR_ARG(name));
        buf_deinit(&why);
        rest = (struct str){ end + 1, rest.n - line.n - 1 };
        r->n_seen++;
    }
}

static void keep_bytes(void *ctx, const char *p, size_t n)
{
    buf_add(ctx, p, n);
}

static struct answer troubled(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    bool is_third = memmem(want->text.p, want->text.n, "picture 3", 9) != NULL;
    if (want->kind == ASSET_IMAGE && nth == 0)
        a = (struct answer){ .latency_ms = 40, .code = ERR_RATE, .status = 429, .told_ms = 700 };
    if (want->kind == ASSET_IMAGE && nth > 0 && is_third)
        a = (struct answer){ .latency_ms = 40, .code = ERR_POLICY, .status = 400 };
    return a;
}

TEST(what_a_run_with_retries_and_refusals_says_is_what_the_schema_says)
{
    struct world w;
    struct rules r;
    struct buf lines = { 0 };
    rules_init(&r);
    world_init(&w);
    w.provider = troubled;
    w.config.budget.max_cost = 100;
    const struct progress_opts o = { .mode = PROGRESS_JSON, .currency = STR("USD"), .clock = &w.clock, .write = keep_bytes, .ctx = &lines };
    struct progress *p = progress_create(&o);
    w.status = *progress_status(p);
    const struct lesson *lessons[] = { world_lesson(&w, "one", 2), world_lesson(&w, "two", 4) };
    world_run(&w, lessons, COUNTOF(lessons));
    progress_log(p, LOG_WARN, "disk is slow");
    check_lines(&r, buf_str(&lines));
    CHECK_STR("kinds of lines", " begin node retry totals lesson end log", buf_str(&r.seen));
    CHECK(r.n_seen > 30);
    progress_destroy(p);
    buf_deinit(&lines);
    world_deinit(&w);
    rules_deinit(&r);
}

static const struct json *find_done(struct arena *a, struct str lines, const char *step)
{
    for (struct str rest = lines; rest.n;) {
        const char *end = memchr(rest.p, '\n', rest.n);
        struct json *v = NULL;
        struct err e;
        CHECK(json_parse(a, (struct str){ rest.p, (size_t)(end - rest.p) }, 0, &v, NULL, NULL, NULL, &e));
        if (str_is(json_str_or(v, "step", STR("")), step) && str_is(json_str_or(v, "state", STR("")), "done"))
            return v;
        rest = (struct str){ end + 1, rest.n - (size_t)(end + 1 - rest.p) };
    }
    return NULL;
}

TEST(a_request_that_is_done_says_how_long_it_took_and_whose_queue_it_went_through)
{
    struct world w;
    struct buf lines = { 0 };
    world_init(&w);
    w.work_ms[0] = 50;
    const struct progress_opts o = { .mode = PROGRESS_JSON, .currency = STR("USD"), .clock = &w.clock, .write = keep_bytes, .ctx = &lines };
    struct progress *p = progress_create(&o);
    w.status = *progress_status(p);
    const struct lesson *lessons[] = { world_lesson(&w, "one", 1) };
    world_run(&w, lessons, 1);
    static const struct { const char *step, *lane; int took_ms, check_ms; } rows[] = {
        { "image", "pictures", 800, 50 }, { "speech", "voices", 300, 50 }, { "render", "", 50, -1 }, { "join", "", 50, -1 },
    };
    struct arena a = { 0 };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        const struct json *line = find_done(&a, buf_str(&lines), rows[i].step);
        CHECK_ROW(rows[i].step, line);
        CHECK_STR(rows[i].step, rows[i].lane, json_str_or(line, "lane", STR("")));
        CHECK_NEAR(rows[i].step, rows[i].took_ms, json_num_or(line, "took_ms", -1), 0);
        CHECK_NEAR(rows[i].step, rows[i].check_ms, json_num_or(line, "check_ms", -1), 0);
    }
    CHECK_NEAR("3 s of speech and silences at 30 a second", 117, json_num_or(find_done(&a, buf_str(&lines), "render"), "piece_frames", 0), 0);
    arena_deinit(&a);
    progress_destroy(p);
    buf_deinit(&lines);
    world_deinit(&w);
}

TEST(a_switch_a_mistake_and_a_refusal_to_go_on_are_what_the_schema_says)
{
    struct rules r;
    struct buf lines = { 0 };
    struct err why = { .code = ERR_QUOTA, .msg = "no money" };
    const struct status_lesson lesson = { .name = STR("one"), .n_sections = 2 };
    const struct status_switch moved = { .from = "a", .to = "b", .kind = ASSET_IMAGE, .n = 2, .why = why };
    const struct status_lane lane = { .name = STR("a"), .cap = 4, .window = 3, .is_known = true, .per_minute = 50.5, .is_learned = true,
                                      .tokens_per_minute = 1e6, .n_refused = 3, .pause_ms = 200, .is_stopped = true };
    const struct status_totals totals = { .lessons = &lesson, .n_lessons = 1, .lanes = &lane, .n_lanes = 1, .switches = &moved,
                                          .n_switches = 1, .limit = 2, .n_over_limit = 1, .over_limit = 0.4, .fetch_ms = 10 };
    struct progress *p = progress_create(&(struct progress_opts){ .mode = PROGRESS_JSON, .currency = STR("USD"),
                                                                  .clock = &clock_monotonic, .write = keep_bytes, .ctx = &lines });
    const struct status *s = progress_status(p);
    rules_init(&r);
    s->event(s->ctx, &(struct status_event){ .type = STATUS_SWITCH, .section = 1, .step = "image", .state = "switched", .provider = "b",
                                             .instead_of = "a", .err = &why, .cost = -1 }, &totals);
    s->event(s->ctx, &(struct status_event){ .type = STATUS_END, .section = SIZE_MAX, .step = "run", .state = "done", .provider = "",
                                             .err = &why }, &totals);
    struct app app = { .opt.json = true };
    char *said = NULL;
    size_t n = 0;
    app.out = open_memstream(&said, &n);
    app_fail(&app, &why);
    fclose(app.out);
    buf_add(&lines, said, n);
    free(said);
    struct problems problems;
    struct lesson *l = lesson_read(STR("x.json"), STR("{\"titel\": 3}"), &(struct read_opts){ .words = &test_words }, &problems);
    problems_print(&lines, STR("x.json"), &problems, true);
    lesson_destroy(l);
    check_lines(&r, buf_str(&lines));
    CHECK_STR("kinds of lines", " switch end error problem checked", buf_str(&r.seen));
    progress_destroy(p);
    buf_deinit(&lines);
    rules_deinit(&r);
}

TEST(a_line_with_an_unknown_field_or_without_a_needed_one_is_refused)
{
    static const struct { const char *name, *line, *why; } rows[] = {
        { "unknown field", "{\"event\":\"log\",\"level\":\"info\",\"colour\":1}", "has what is not known: colour" },
        { "needed field", "{\"event\":\"log\",\"message\":\"x\"}", "lacks level" },
        { "unknown word", "{\"event\":\"log\",\"level\":\"shout\"}", "is none of the words: shout" },
        { "unknown event", "{\"event\":\"tea\"}", "" },
        { "no whole number", "{\"event\":\"checked\",\"file\":\"a\",\"errors\":1.5,\"warnings\":0}", "is no integer" },
    };
    struct rules r;
    rules_init(&r);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct json *v = NULL;
        struct err e = { 0 };
        struct buf why = { 0 };
        CHECK_ROW(rows[i].name, json_parse(&r.arena, str_from(rows[i].line), 0, &v, NULL, NULL, NULL, &e));
        CHECK_ROW(rows[i].name, !schema_accepts(r.schema, v, &why));
        CHECK_ROW(rows[i].name, strstr(buf_str(&why).p, rows[i].why) != NULL);
        buf_deinit(&why);
    }
    rules_deinit(&r);
}
