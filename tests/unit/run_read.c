/* run_read.c - journals are read back, also those of runs that were killed */
#include "cmd/run_read.h"
#include <stdlib.h>
#include "cmd/runs.h"
#include "gen/base/file.h"
#include "tests/support/test.h"

#define HEAD "{\"event\":\"run\",\"version\":1,\"requests_cap\":2}\n"
#define NODE(ms, id, state, more)                                                                       \
    "{\"event\":\"node\",\"elapsed_ms\":" #ms ",\"lesson\":\"l\",\"lesson_index\":0,\"section\":1,\"step\":\"image\"," \
    "\"id\":\"" id "\",\"state\":\"" state "\"" more "}\n"
#define CALL ",\"lane\":\"p\",\"provider\":\"p\""
#define A "aaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbb"

static struct str dir_of(struct arena *a)
{
    char *dir = test_tmpdir();
    struct str out = arena_str(a, str_from(dir));
    return out;
}

static void read_text(struct run *r, const char *text)
{
    struct arena a = { 0 };
    struct err e = { 0 };
    struct str path = arena_printf(&a, STR_FMT "/x.jsonl", STR_ARG(dir_of(&a)));
    CHECK(file_replace(path.p, str_from(text), &e));
    bool ok = run_read(r, path.p, &e);
    check_true("read", e.msg, ok, __FILE__, __LINE__);
    arena_deinit(&a);
}

TEST(a_request_lasts_from_running_to_its_answer)
{
    struct run r;
    read_text(&r, HEAD NODE(10, A, "running", CALL) NODE(35, A, "answered", CALL) NODE(36, A, "checking", "")
                      NODE(40, A, "done", ",\"provider\":\"p\",\"cost\":0.5"));
    CHECK_INT("a call and a check", 2, r.n_spans);
    CHECK(r.spans[0].is_request && r.spans[0].end == SPAN_DONE && !r.spans[1].is_request);
    CHECK_INT("begins", 10, r.spans[0].start_ms);
    CHECK_INT("ends", 35, r.spans[0].end_ms);
    CHECK_INT("its section", 1, r.spans[0].section);
    CHECK_INT("its first attempt", 1, r.spans[0].attempt);
    CHECK_NEAR("cost", 0.5, r.spans[0].cost, 1e-9);
    CHECK_INT("the check ends", 40, r.spans[1].end_ms);
    CHECK_STR("the check's step", "check", r.steps[r.spans[1].step]);
    CHECK_INT("one provider", 1, r.n_providers);
    CHECK_INT("median", 25, r.providers[0].median_ms);
    CHECK_NEAR("spent there", 0.5, r.providers[0].cost, 1e-9);
    run_close(&r);
}

TEST(no_two_requests_at_a_time_have_one_slot)
{
    struct run r;
    read_text(&r, HEAD NODE(0, A, "running", CALL) NODE(1, B, "running", CALL) NODE(5, A, "answered", CALL)
                      NODE(6, "cccccccccccccccc", "running", CALL));
    CHECK_INT("first", 0, r.spans[0].slot);
    CHECK_INT("beside it", 1, r.spans[1].slot);
    CHECK_INT("in the first one's place", 0, r.spans[2].slot);
    CHECK_INT("slots", 2, r.n_slots[1]);
    run_close(&r);
}

TEST(a_refused_request_is_told_with_its_reason_and_comes_again)
{
    struct run r;
    read_text(&r, HEAD NODE(0, A, "running", CALL)
              "{\"event\":\"retry\",\"elapsed_ms\":7,\"lesson\":\"l\",\"lesson_index\":0,\"section\":1,\"step\":\"image\",\"id\":\"" A
              "\",\"state\":\"backoff\",\"lane\":\"p\",\"provider\":\"p\",\"attempt\":1,\"wait_ms\":300,\"code\":\"rate\",\"message\":\"429\"}\n"
              NODE(310, A, "running", CALL ",\"attempt\":1") NODE(350, A, "failed", CALL ",\"code\":\"server\",\"message\":\"no\""));
    CHECK_INT("two requests", 2, r.n_spans);
    CHECK(r.spans[0].end == SPAN_AGAIN && r.spans[1].end == SPAN_FAILED);
    CHECK_STR("why", "429", r.spans[0].why);
    CHECK_INT("wait", 300, r.spans[0].wait_ms);
    CHECK_INT("the second attempt", 2, r.spans[1].attempt);
    CHECK_INT("both are told", 2, r.n_troubles);
    CHECK_INT("again", 1, r.lessons[0].n_again);
    CHECK_INT("failed", 1, r.lessons[0].n_failed);
    run_close(&r);
}

TEST(a_journal_that_ends_inside_a_line_is_read_as_far_as_it_goes)
{
    static const char whole[] = HEAD NODE(10, A, "running", CALL) NODE(30, B, "running", CALL);
    for (size_t cut = sizeof HEAD - 1; cut < sizeof whole; cut++) {
        char text[sizeof whole] = "";
        struct run r;
        memcpy(text, whole, cut);
        read_text(&r, text);
        CHECK(r.head && !r.end);
        CHECK(r.n_spans <= 2);
        for (size_t i = 0; i < r.n_spans; i++)
            CHECK_INT("what is open ends with the last line", r.last_ms, r.spans[i].end_ms);
        run_close(&r);
    }
}

TEST(lines_that_are_no_json_are_left_out)
{
    struct run r;
    read_text(&r, HEAD "\n[1]\n{\"event\":\n\xff\n" NODE(10, A, "running", CALL)
              "{\"event\":\"node\",\"lesson_index\":-3,\"section\":1e300,\"elapsed_ms\":-1,\"state\":\"running\"}\n"
              "{\"event\":\"lesson\",\"lesson\":\"x\",\"lesson_index\":9e99}\n{\"event\":7}\n");
    CHECK_INT("torn", 4, r.n_torn);
    CHECK_INT("spans", 2, r.n_spans);
    CHECK_INT("lessons", 1, r.n_lessons);
    run_close(&r);
}

TEST(a_film_is_read_again_where_its_line_stands)
{
    struct run r;
    struct arena a = { 0 };
    read_text(&r, HEAD "{\"event\":\"film\",\"lesson\":\"l\",\"lesson_index\":0,\"sections\":[{\"id\":\"s\"},{}],\"output\":\"o/l.mp4\"}\n"
              "{\"event\":\"lesson\",\"elapsed_ms\":5,\"lesson\":\"l\",\"lesson_index\":0,\"state\":\"done\",\"duration_s\":2.5,"
              "\"loudness_lufs\":-16}\n");
    const struct json *film = run_line(&r, r.lessons[0].film_at, &a);
    CHECK_INT("sections", 2, r.lessons[0].n_sections);
    CHECK(film && json_get(film, "sections"));
    CHECK_STR("output", "o/l.mp4", r.lessons[0].output);
    CHECK_NEAR("length", 2.5, r.lessons[0].duration_s, 1e-9);
    CHECK(!run_line(&r, -1, &a));
    arena_deinit(&a);
    run_close(&r);
}

TEST(what_is_no_journal_is_refused)
{
    struct run r;
    struct arena a = { 0 };
    struct err e = { 0 };
    struct str path = arena_printf(&a, STR_FMT "/y.jsonl", STR_ARG(dir_of(&a)));
    CHECK(file_replace(path.p, STR("hello\n"), &e));
    CHECK(!run_read(&r, path.p, &e));
    CHECK_INT("class", ERR_USAGE, e.code);
    run_close(&r);
    CHECK(!run_read(&r, "/nowhere/x.jsonl", &e));
    CHECK_INT("class", ERR_IO, e.code);
    run_close(&r);
    arena_deinit(&a);
}

TEST(a_run_is_found_by_the_beginning_of_its_name)
{
    struct arena a = { 0 };
    struct err e = { 0 };
    struct str cache = dir_of(&a), path;
    static const char *const names[] = { "20260102T000000Z-7", "20260101T000000Z-9", "20260103T000000Z-1" };
    CHECK(!runs_find(cache.p, STR(""), &a, &path, &e));
    CHECK(runs_make(cache.p, &e));
    for (size_t i = 0; i < COUNTOF(names); i++)
        CHECK(file_replace(arena_printf(&a, STR_FMT "/runs/%s.jsonl", STR_ARG(cache), names[i]).p, STR("{}\n"), &e));
    CHECK(runs_find(cache.p, STR(""), &a, &path, &e));
    CHECK(str_ends(path, "/20260103T000000Z-1.jsonl"));
    CHECK(runs_find(cache.p, STR("20260101"), &a, &path, &e));
    CHECK(str_ends(path, "/20260101T000000Z-9.jsonl"));
    CHECK(!runs_find(cache.p, STR("2026"), &a, &path, &e));
    CHECK(!runs_find(cache.p, STR("1999"), &a, &path, &e));
    CHECK_INT("the oldest goes", 1, runs_trim(cache.p, 2));
    CHECK(!runs_find(cache.p, STR("20260101"), &a, &path, &e));
    arena_deinit(&a);
}
