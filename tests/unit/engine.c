/* engine.c - tests of plan and engine in virtual time, with the real store */
#include <signal.h>
#include <stdio.h>
#include "gen/fetch.h"
#include "tests/support/shelf.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

static const struct lesson *const *list(const struct lesson **a, const struct lesson *l0, const struct lesson *l1)
{
    a[0] = l0;
    a[1] = l1;
    return a;
}

TEST(one_lesson_under_a_wide_cap_is_fetched_in_the_time_of_its_slowest_request)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    world_run(&w, list(l, world_lesson(&w, "a", 10), NULL), 1);
    CHECK_ROW(w.err.msg, w.ok);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("requests", 20, w.n_requests);
    CHECK_INT("fetch time", 800, w.result.fetch_ms);
    CHECK_INT("pieces: bodies and transitions", 19, w.n_renders);
    world_deinit(&w);
}

TEST(a_narrow_cap_is_never_passed_and_never_idle)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.workers.requests = 4;
    world_run(&w, list(l, world_lesson(&w, "a", 10), NULL), 1);
    CHECK_INT("most in flight", 4, w.most_in_flight);
    CHECK(w.result.fetch_ms <= (10 * 800 + 10 * 300) / 4 * 11 / 10);
    CHECK(w.busy_ms >= w.last_start_ms * 4); /* full until the last request was started */
    world_deinit(&w);
}

TEST(a_second_run_asks_for_nothing_and_renders_nothing)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    list(l, world_lesson(&w, "a", 3), NULL);
    world_run(&w, l, 1);
    int requests = w.n_requests, renders = w.n_renders;
    world_run(&w, l, 1);
    CHECK_INT("requests", requests, w.n_requests);
    CHECK_INT("renders", renders, w.n_renders);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("hits known to the plan", 6, w.plan.n_hits);
    world_deinit(&w);
}

TEST(equal_assets_are_bought_once_for_the_whole_batch)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    struct lesson *a = world_lesson(&w, "a", 4), *b = world_lesson(&w, "b", 4);
    for (size_t i = 0; i < 4; i++)
        a->sections[i].image_prompt = b->sections[i].image_prompt = STR("the same wafer");
    world_run(&w, list(l, a, b), 2);
    CHECK_INT("films", 2, w.result.n_done);
    CHECK_INT("asked for the wafer", 1, world_asked(&w, "the same wafer"));
    world_deinit(&w);
}

TEST(lessons_finish_in_order_so_that_the_first_film_comes_early)
{
    struct world w;
    const struct lesson *l[6];
    world_init(&w);
    w.config.workers.requests = 4;
    for (int i = 0; i < 6; i++)
        l[i] = world_lesson(&w, (char[]){ 'a' + (char)i, 0 }, 5);
    world_run(&w, l, 6);
    CHECK_INT("films", 6, w.result.n_done);
    CHECK(w.first_join_ms < w.last_answer_ms / 3);
    world_deinit(&w);
}

TEST(a_changed_section_renders_itself_and_its_transitions_and_nothing_else)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    struct lesson *a = world_lesson(&w, "a", 6);
    world_run(&w, list(l, a, NULL), 1);
    int before = w.n_renders, asked = w.n_requests;
    a->sections[2].narration = STR("Another sentence.");
    world_run(&w, l, 1);
    CHECK_INT("one narration", asked + 1, w.n_requests);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK(w.n_renders - before <= 3);
    world_deinit(&w);
}

struct watch { /* what a display would see */
    int64_t least_frames, most_frames, last_frames, last_done;
};

static void watch_frames(void *ctx, const struct status_event *ev, const struct status_totals *t)
{
    struct watch *seen = ctx;
    int64_t n = t->lessons[0].frames;
    (void)ev;
    seen->least_frames = seen->least_frames && seen->least_frames < n ? seen->least_frames : n;
    seen->most_frames = seen->most_frames > n ? seen->most_frames : n;
    seen->last_frames = n;
    seen->last_done = t->lessons[0].frames_done;
}

TEST(frames_to_render_are_known_from_the_start_and_exact_at_the_end)
{
    struct world w;
    const struct lesson *l[2];
    struct watch seen = { 0 };
    world_init(&w);
    w.status = (struct status){ .ctx = &seen, .event = watch_frames };
    world_run(&w, list(l, world_lesson(&w, "a", 10), NULL), 1);
    CHECK(seen.least_frames >
          10 * 8); /* a short sentence takes a third of a second at least, at 24 frames a second or more */
    CHECK_INT("all are rendered in the end", seen.last_frames, seen.last_done);
    CHECK(seen.most_frames > seen.least_frames); /* the guess was not the truth */
    world_run(&w, l, 1);
    CHECK_INT("known again", seen.last_frames, seen.last_done);
    world_deinit(&w);
}

static struct answer picture_key_is_bad(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE)
        a.code = ERR_AUTH, a.status = 401;
    return a;
}

TEST(transitions_are_drawn_after_the_bodies_of_their_film_and_before_the_next_film)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    world_run(&w, list(l, world_lesson(&w, "a", 3), world_lesson(&w, "b", 3)), 2);
    const struct film *a = &w.plan.films[0], *b = &w.plan.films[1];
    CHECK(a->pieces[1]->piece->b != NULL);
    CHECK(node_order(a->pieces[1]) > node_order(a->pieces[a->sections[2].body_at]));
    CHECK(node_order(a->pieces[1]) < node_order(b->pieces[b->sections[0].body_at]));
    world_deinit(&w);
}

TEST(a_first_section_that_asks_for_a_transition_comes_out_of_plain_background)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    struct lesson *a = world_lesson(&w, "a", 2);
    a->sections[0].transition = a->sections[1].transition;
    world_run(&w, list(l, a, NULL), 1);
    const struct film *f = &w.plan.films[0];
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("pieces: two transitions, two bodies", 4, f->n_pieces);
    CHECK_INT("half a second of transition", 2 * 8, f->pieces[0]->piece->spec.n_frames);
    CHECK(f->pieces[0]->piece->spec.a->shots[0].picture == NULL && f->pieces[0]->piece->spec.a->n_words == 0);
    world_deinit(&w);
}

TEST(a_refused_key_stops_its_provider_after_what_is_in_flight_and_no_other)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.workers.requests = 4;
    w.provider = picture_key_is_bad;
    world_run(&w, list(l, world_lesson(&w, "a", 10), NULL), 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    CHECK_INT("pictures asked for", 4, world_asked(&w, "a picture"));
    CHECK_INT("narrations bought", 10, world_asked(&w, "a says"));
    CHECK_INT("class", ERR_AUTH, w.result.worst);
    CHECK_ROW(w.plan.films[0].join->err->msg, strstr(w.plan.films[0].join->err->msg, "pictures") != NULL);
    world_deinit(&w);
}

static struct answer storm(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE && w->now_ms < 20000)
        a = (struct answer){ .latency_ms = 20, .code = ERR_RATE, .status = 429, .told_ms = 2000 };
    return a;
}

TEST(a_storm_of_429_costs_patience_and_no_asset)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = storm;
    world_run(&w, list(l, world_lesson(&w, "a", 10), NULL), 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("nothing bought twice", 10, world_asked(&w, "a says"));
    CHECK(world_asked(&w, "a picture") < 80); /* one pause for all, not one for each */
    world_deinit(&w);
}

static struct answer endless_storm(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (strncmp(want->text.p, "b picture", 9) == 0)
        a = (struct answer){ .latency_ms = 20, .code = ERR_RATE, .status = 429 };
    return a;
}

TEST(an_endless_storm_ends_in_an_error_and_the_other_lesson_finishes)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = endless_storm;
    world_run(&w, list(l, world_lesson(&w, "a", 3), world_lesson(&w, "b", 3)), 2);
    CHECK_INT("done", 1, w.result.n_done);
    CHECK_INT("failed", 1, w.result.n_failed);
    CHECK_INT("class", ERR_RATE, w.result.worst);
    world_deinit(&w);
}

TEST(a_broken_answer_fails_its_section_and_is_not_bought_again_in_the_run)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    struct lesson *a = world_lesson(&w, "a", 3);
    a->sections[2].image_prompt = STR("broken picture");
    world_run(&w, list(l, a, world_lesson(&w, "b", 3)), 2);
    CHECK_INT("done", 1, w.result.n_done);
    CHECK_INT("asked", 1, world_asked(&w, "broken"));
    CHECK_INT("class", ERR_MEDIA, w.result.worst);
    CHECK_ROW(w.plan.films[0].join->err->msg, strstr(w.plan.films[0].join->err->msg, "section-03") != NULL);
    world_deinit(&w);
}

TEST(a_run_that_only_fetches_ends_although_an_asset_failed)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.fetch_only = true;
    struct lesson *a = world_lesson(&w, "a", 3);
    a->sections[2].image_prompt = STR("broken picture");
    world_run(&w, list(l, a, world_lesson(&w, "b", 3)), 2);
    CHECK_INT("done", 1, w.result.n_done);
    CHECK_INT("failed", 1, w.result.n_failed);
    CHECK_INT("requests", 12, w.n_requests);
    CHECK_INT("pieces", 0, w.n_renders);
    world_deinit(&w);
}

static struct answer flaky(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (nth == 0)
        a.code = ERR_SERVER, a.status = 503;
    return a;
}

TEST(a_request_in_backoff_holds_no_slot)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.workers.requests = 1;
    w.provider = flaky;
    world_run(&w, list(l, world_lesson(&w, "a", 4), NULL), 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("each asked twice", 16, w.n_requests);
    CHECK_INT("most in flight", 1, w.most_in_flight);
    CHECK(w.last_answer_ms <= 2 * (4 * 800 + 4 * 300) + 600); /* waits overlap with other requests */
    world_deinit(&w);
}

TEST(a_stop_keeps_what_is_in_flight_and_the_next_run_buys_only_the_rest)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.workers.requests = 4;
    w.stop_at_ms = 900;
    list(l, world_lesson(&w, "a", 10), NULL);
    world_run(&w, l, 1);
    CHECK_INT("started before the stop", 8, w.n_requests);
    CHECK_INT("class", ERR_CANCELLED, w.result.worst);
    w.stop_at_ms = 0;
    w.stop = 0;
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("each asset once", 20, w.n_requests);
    world_deinit(&w);
}

static struct answer slow_jobs(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE)
        a.is_async = true, a.latency_ms = 60000;
    return a;
}

TEST(a_remote_job_outlives_the_run_that_submitted_it)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = slow_jobs;
    w.stop_at_ms = 40000; /* ids have come at 30 s, pictures would at 60 s */
    w.stop_signal = SIGTERM;
    list(l, world_lesson(&w, "a", 2), NULL);
    world_run(&w, l, 1);
    CHECK_INT("polling was allowed", 2, w.n_continued);
    CHECK(w.now_ms < 50000); /* SIGTERM does not wait for ever */
    CHECK_INT("nothing finished", 0, w.result.n_done);
    world_abandon(&w);
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("resumed", 2, w.n_resumed);
    CHECK_INT("submitted once", 2, world_asked(&w, "a picture"));
    world_deinit(&w);
}

TEST(asked_twice_to_stop_it_tells_jobs_to_end_and_leaves_their_ids_for_the_next_run)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = slow_jobs;
    w.stop_at_ms = 40000; /* ids have come at 30 s, pictures would at 60 s */
    w.hurry_at_ms = 41000;
    list(l, world_lesson(&w, "a", 2), NULL);
    world_run(&w, l, 1);
    CHECK("SIGINT alone would wait for them" && w.now_ms < 42000);
    CHECK_INT("told to end", 2, w.n_cancelled);
    CHECK_INT("nothing finished", 0, w.result.n_done);
    world_abandon(&w);
    world_run(&w, l, 1);
    CHECK_INT("asked after again", 2, w.n_resumed);
    CHECK_INT("films", 1, w.result.n_done);
    world_deinit(&w);
}

TEST(an_asset_shared_with_a_lesson_that_cannot_be_planned_is_still_made)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    struct lesson *a = world_lesson(&w, "a", 2), *b = world_lesson(&w, "b", 2);
    a->sections[0].image_prompt = b->sections[1].image_prompt = STR("shared picture");
    a->sections[1].image_opts.provider = STR("nobody");
    world_run(&w, list(l, a, b), 2);
    CHECK_INT("done", 1, w.result.n_done);
    CHECK_INT("failed", 1, w.result.n_failed);
    CHECK_INT("calls in the plan", 4, w.plan.n_calls);
    CHECK_INT("asked for", 1, world_asked(&w, "shared picture"));
    CHECK_INT("nothing for the other", 0, world_asked(&w, "a "));
    world_deinit(&w);
}

TEST(a_film_that_has_failed_does_not_hold_up_the_next_one)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.work_ms[0] = 1000;
    struct lesson *a = world_lesson(&w, "a", 10);
    a->sections[0].image_prompt = STR("broken picture");
    world_run(&w, list(l, a, world_lesson(&w, "b", 2)), 2);
    CHECK_INT("done", 1, w.result.n_done);
    CHECK(w.first_join_ms < w.now_ms * 2 / 3); /* b's three pieces went before most of a's eighteen */
    world_deinit(&w);
}

TEST(the_cap_on_sections_and_on_videos_is_kept)
{
    struct world w;
    const struct lesson *l[3];
    world_init(&w);
    w.config.workers.sections = 2;
    w.config.workers.videos = 1;
    for (int i = 0; i < 3; i++)
        l[i] = world_lesson(&w, (char[]){ 'a' + (char)i, 0 }, 6);
    world_run(&w, l, 3);
    CHECK_INT("films", 3, w.result.n_done);
    CHECK_INT("two sections, two requests each", 4, w.most_in_flight);
    world_deinit(&w);
}

TEST(a_plan_over_the_budget_buys_nothing)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.budget.max_cost = 0.2;
    world_run(&w, list(l, world_lesson(&w, "a", 10), NULL), 1);
    CHECK(!w.ok);
    CHECK_INT("class", ERR_QUOTA, w.err.code);
    CHECK_INT("requests", 0, w.n_requests);
    world_deinit(&w);
}

TEST(never_more_work_is_out_than_there_are_threads)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.work_ms[0] = 100;
    world_run(&w, list(l, world_lesson(&w, "a", 10), NULL), 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("most at once", 2, w.most_working);
    world_deinit(&w);
}

TEST(words_that_point_outside_of_a_narration_do_not_fit_it)
{
    static const struct word words[] = { { 0, 10, 0, 3 }, { 10, 20, 4, 3 } };
    CHECK(words_fit(words, 2, STR("one two")));
    CHECK(!words_fit(words, 2, STR("one tw")));
    CHECK(words_fit(words, 0, STR("")));
}

TEST(a_lesson_whose_assets_are_all_another_s_keeps_no_place_open)
{
    struct world w;
    const struct lesson *l[3];
    world_init(&w);
    w.config.workers.videos = 1;
    struct lesson *a = world_lesson(&w, "a", 2), *b = world_lesson(&w, "a", 2);
    b->id = STR("b");
    l[0] = a, l[1] = b, l[2] = world_lesson(&w, "c", 2);
    w.stop_at_ms = 100000;
    world_run(&w, l, 3);
    CHECK_INT("films", 3, w.result.n_done);
    CHECK_INT("requests", 8, w.n_requests);
    world_deinit(&w);
}

TEST(a_check_that_could_not_be_made_keeps_what_was_paid_for)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.n_checks_failing = 2;
    list(l, world_lesson(&w, "a", 1), NULL);
    world_run(&w, l, 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    CHECK_INT("class", ERR_IO, w.result.worst);
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("bought once", 2, w.n_requests);
    world_deinit(&w);
}

/* Another process checks all answers first. */
static void check_them_all(struct world *w, struct store *s)
{
    const struct media_info info = { .type = "fake", .n_samples = SAMPLE_RATE };
    for (size_t i = 0; i < w->plan.n_nodes; i++) {
        const struct node *n = w->plan.nodes[i];
        struct blob blob;
        struct err e;
        if (n->fetch)
            CHECK_ROW("accept", shelf_accept(s, n->id, &info, NULL, 0, &w->plan.arena, &blob, &e));
    }
}

TEST(an_answer_that_another_process_has_checked_is_taken_and_not_refused)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.n_checks_failing = 2;
    list(l, world_lesson(&w, "a", 1), NULL);
    world_run(&w, l, 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    w.before_run = check_them_all;
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    w.before_run = NULL;
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("bought once", 2, w.n_requests);
    world_deinit(&w);
}

static struct answer makes_what_is_no_picture(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE) {
        a.is_async = a.is_over = true;
        a.code = ERR_MEDIA;
    }
    return a;
}

static void check_that_a_picture_may_be_paid(struct world *w, struct store *s)
{
    for (size_t i = 0; i < w->plan.n_nodes; i++)
        if (w->plan.nodes[i]->kind == NODE_FETCH_IMAGE)
            CHECK_INT("may be paid", STORE_SENT, shelf_state(s, w->plan.nodes[i]->id));
}

TEST(a_job_whose_result_was_of_no_use_is_told_as_possibly_paid_by_the_next_run)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = makes_what_is_no_picture;
    list(l, world_lesson(&w, "a", 1), NULL);
    world_run(&w, l, 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    w.before_run = check_that_a_picture_may_be_paid;
    w.provider = world_typical;
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    world_deinit(&w);
}

static struct answer polls_fail_for_ten_minutes(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE) {
        a.is_async = true;
        if (w->now_ms < 600000)
            a.code = ERR_SERVER, a.status = 500;
    }
    return a;
}

TEST(a_remote_job_whose_polls_fail_is_resumed_by_the_next_run)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = polls_fail_for_ten_minutes;
    list(l, world_lesson(&w, "a", 1), NULL);
    world_run(&w, l, 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    w.now_ms = 700000;
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("submitted once", 1, world_asked(&w, "a picture"));
    world_deinit(&w);
}

TEST(pieces_that_cannot_be_joined_are_drawn_again_once)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    list(l, world_lesson(&w, "a", 3), NULL);
    world_run(&w, l, 1);
    int renders = w.n_renders;
    w.n_joins_failing = 1;
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("all pieces anew", renders + 5, w.n_renders);
    w.n_joins_failing = 9;
    world_run(&w, l, 1);
    CHECK_INT("not for ever", 1, w.result.n_failed);
    CHECK_INT("class", ERR_RENDER, w.result.worst);
    CHECK_INT("once", renders + 10, w.n_renders);
    world_deinit(&w);
}

static struct str dir_with(const char *name)
{
    char path[500];
    const char *dir = test_tmpdir();
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    CHECK_ROW(path, f && fputs("the same picture", f) >= 0 && fclose(f) == 0);
    return str_from(dir);
}

TEST(equal_files_of_two_lessons_are_read_where_their_names_are_right)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    struct lesson *a = world_lesson(&w, "a", 1), *b = world_lesson(&w, "b", 1);
    a->dir = dir_with("one.png");
    a->sections[0].image = STR("one.png");
    b->dir = dir_with("two.png");
    b->sections[0].image = STR("two.png");
    world_run(&w, list(l, a, b), 2);
    CHECK_INT("films", 2, w.result.n_done);
    world_deinit(&w);
}

static struct answer nonsense(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    a.code = ERR_SERVER; /* 200, and no picture in it: the transport tells status 0 */
    return a;
}

TEST(a_good_answer_without_media_is_not_bought_again_in_the_run)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = nonsense;
    world_run(&w, list(l, world_lesson(&w, "a", 2), NULL), 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    CHECK_INT("each asked once", 4, w.n_requests);
    CHECK_ROW(w.plan.films[0].join->err->msg, strstr(w.plan.films[0].join->err->msg, "may have been paid"));
    world_deinit(&w);
}

static void change_the_file(struct world *w, struct store *s)
{
    char path[500];
    (void)s;
    snprintf(path, sizeof path, STR_FMT "/one.png", STR_ARG(w->plan.films[0].lesson->dir));
    FILE *f = fopen(path, "w");
    CHECK_ROW(path, f && fputs("another picture", f) >= 0 && fclose(f) == 0);
}

TEST(a_file_that_changes_after_the_plan_is_not_kept_under_its_old_name)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    struct lesson *a = world_lesson(&w, "a", 1);
    a->dir = dir_with("one.png");
    a->sections[0].image = STR("one.png");
    w.before_run = change_the_file;
    world_run(&w, list(l, a, NULL), 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    w.before_run = NULL;
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    world_deinit(&w);
}

static struct answer refused_then_busy(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE)
        a = strstr(want->text.p, "picture 1") ? (struct answer){ .latency_ms = 100, .code = ERR_AUTH, .status = 401 }
                                              : (struct answer){ .latency_ms = 200, .code = ERR_SERVER, .status = 503 };
    return a;
}

TEST(what_is_in_flight_when_its_provider_is_stopped_is_not_waited_for_again)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.provider = refused_then_busy;
    w.stop_at_ms = 3600000; /* else this would never end, if it did not */
    world_run(&w, list(l, world_lesson(&w, "a", 3), NULL), 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    CHECK_INT("class", ERR_AUTH, w.result.worst);
    CHECK(w.now_ms < 60000);
    world_deinit(&w);
}

static struct answer come_back_in_an_hour(struct world *w, const struct want *want, int nth)
{
    struct answer a = world_typical(w, want, nth);
    if (want->kind == ASSET_IMAGE)
        a = (struct answer){ .latency_ms = 20, .code = ERR_RATE, .status = 429, .told_ms = 3600000 };
    return a;
}

TEST(a_provider_that_wants_to_be_left_alone_for_an_hour_is)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.config.workers.requests = 4;
    w.provider = come_back_in_an_hour;
    world_run(&w, list(l, world_lesson(&w, "a", 20), NULL), 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    CHECK_INT("class", ERR_RATE, w.result.worst);
    CHECK_INT("asked no more than were in flight", 4, world_asked(&w, "a picture"));
    CHECK_INT("the others go on", 20, world_asked(&w, "a says"));
    world_deinit(&w);
}

TEST(a_limit_and_a_call_without_a_price_do_not_go_together)
{
    struct world w;
    const struct lesson *l[2];
    world_init(&w);
    w.price_1k_chars = -1;
    w.config.budget.max_cost = 100;
    list(l, world_lesson(&w, "a", 2), NULL);
    world_run(&w, l, 1);
    CHECK(!w.ok);
    CHECK_INT("class", ERR_QUOTA, w.err.code);
    CHECK_ROW(w.err.msg, strstr(w.err.msg, "price_1k_chars of providers.voices"));
    CHECK_INT("requests", 0, w.n_requests);
    w.config.budget.max_cost = 0; /* of this world: no limit */
    world_run(&w, l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    w.config.budget.max_cost = 100;
    world_run(&w, l, 1);
    CHECK_INT("all is there: nothing needs a price", 1, w.result.n_done);
    world_deinit(&w);
}
