/* engine_order.c - tests of what is sent when: slots are full although the disk is slow, and the order is a good one */
#include <stdio.h>
#include "gen/base/rand.h"
#include "gen/fetch.h"
#include "gen/window.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

enum { MOST_LESSONS = 20 };

static uint64_t seed_of_world; /* of the world in use; one at a time */

/* As services are: pictures 8 s, speech 3 s on average, from a third to three times that. */
static struct answer slow_service(struct world *w, const struct want *want, int nth)
{
    struct rng r = rng_from_text(want->text, seed_of_world);
    int64_t mean = want->kind == ASSET_IMAGE ? 8000 : 3000;
    (void)w, (void)nth;
    int64_t more = (int64_t)(rng_below(&r, 1000) * rng_below(&r, 1000)) * mean * 8 / 3000000;
    return (struct answer){ .latency_ms = mean / 3 + more };
}

static void init(struct world *w, int64_t cap)
{
    world_init(w);
    w->provider = slow_service;
    w->config.workers.requests = cap;
    w->pool.n_threads = 64; /* checks and pieces take no time and no place here */
}

static void run(struct world *w, size_t n_lessons, size_t n_sections)
{
    const struct lesson *l[MOST_LESSONS];
    char name[16];
    for (size_t i = 0; i < n_lessons; i++) {
        snprintf(name, sizeof name, "l%02zu", i);
        l[i] = world_lesson(w, name, n_sections);
    }
    world_run(w, l, n_lessons);
    CHECK_ROW(w->err.msg, w->ok);
    CHECK_INT("films", n_lessons, w->result.n_done);
}

/* What any order that leaves no slot idle needs at most (Graham 1966): sum/C + (1 - 1/C) * longest. */
static double graham_ms(struct world *w, int64_t cap)
{
    double sum = 0, longest = 0;
    for (size_t i = 0; i < w->plan.n_nodes; i++) {
        const struct node *n = w->plan.nodes[i];
        if (!n->fetch)
            continue;
        double ms = (double)slow_service(w, &n->fetch->want, 0).latency_ms;
        sum += ms;
        longest = ms > longest ? ms : longest;
    }
    return sum / (double)cap + (1 - 1 / (double)cap) * longest;
}

TEST(no_set_of_requests_takes_longer_than_graham_s_bound)
{
    static const int64_t caps[] = { 1, 4, 8, 16, 64 };
    for (size_t c = 0; c < COUNTOF(caps); c++)
        for (seed_of_world = 1; seed_of_world <= 4; seed_of_world++) {
            struct world w;
            char row[48];
            init(&w, caps[c]);
            run(&w, 2 + seed_of_world * 2, 3 + (size_t)seed_of_world);
            snprintf(row, sizeof row, "cap %d, seed %d", (int)caps[c], (int)seed_of_world);
            CHECK_INT(row, w.plan.n_calls, w.n_requests);
            CHECK_ROW(row, (double)w.result.fetch_ms <= graham_ms(&w, caps[c]) + 1);
            CHECK_ROW(row, w.most_in_flight <= caps[c]);
            if (caps[c] <= WINDOW_START) /* full until the last one was started; wider, lanes have to grow first */
                CHECK_ROW(row, w.busy_ms >= w.last_start_ms * w.most_in_flight);
            world_deinit(&w);
        }
}

TEST(slots_are_full_although_each_group_takes_the_disk_long)
{
    struct world w;
    seed_of_world = 3;
    init(&w, 16);
    w.keep_ms = 100; /* the longest that a normal disk may take */
    run(&w, 15, 10);
    CHECK(w.n_groups > 20);
    CHECK_INT("never more", 16, w.most_in_flight);
    CHECK((double)w.busy_ms >= 0.99 * 16 * (double)(w.last_start_ms - w.keep_ms)); /* the first have to wait */
    CHECK((double)w.result.fetch_ms <= 1.02 * graham_ms(&w, 16));
    world_deinit(&w);
}

TEST(no_slot_is_empty_while_the_disk_stalls_once)
{
    struct world w;
    seed_of_world = 5;
    init(&w, 16);
    w.provider = world_typical;                 /* an answer each 34 ms */
    w.keep_ms = 5;
    w.stall_at_ms = 2000;
    w.stall_ms = 250;
    run(&w, 15, 10);
    CHECK_INT("it was met", 0, w.stall_ms);
    CHECK((double)w.busy_ms >= 0.995 * 16 * (double)(w.last_start_ms - w.keep_ms));
    world_deinit(&w);
}

TEST(slots_are_full_although_each_answer_takes_long_to_read)
{
    struct world w;
    seed_of_world = 4;
    init(&w, 16);
    w.read_ms = 300; /* an answer comes each 340 ms */
    run(&w, 15, 10);
    CHECK_INT("all came before they were read", 15 * 20, w.n_arrived);
    CHECK_INT("never more", 16, w.most_in_flight);
    CHECK((double)w.busy_ms >= 0.99 * 16 * (double)w.last_start_ms);
    world_deinit(&w);
}

/* Each answer says only where its media are, and that after a while: the slot is its own again. */
static struct answer pointing_service(struct world *w, const struct want *want, int nth)
{
    struct answer a = slow_service(w, want, nth);
    a.is_async = true;
    return a;
}

TEST(an_answer_that_has_come_and_goes_on_after_all_takes_its_slot_again)
{
    struct world w;
    seed_of_world = 6;
    init(&w, 4);
    w.provider = pointing_service;
    w.read_ms = 100;
    w.is_first_read = true;
    run(&w, 2, 6);
    CHECK_INT("never more are begun", 4, w.most_in_flight);
    CHECK_INT("each came twice", 2 * 24, w.n_arrived);
    CHECK_INT("none is left", 0, w.in_flight);
    world_deinit(&w);
}

/* Sections and films at once are to spare services and whoever looks on, not the disk. */
TEST(where_nothing_is_rendered_the_next_section_and_film_begin_when_answers_have_come)
{
    static const struct { const char *name; int64_t sections, videos; size_t n_films, n_sections; } rows[] = {
        { "three sections, one after the other", 1, 0, 1, 3 },
        { "three films, one after the other", 0, 1, 3, 1 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct world w;
        init(&w, 16);
        w.provider = world_typical; /* a picture takes 800 ms, its sentence 300 */
        w.fetch_only = true;
        w.read_ms = 50;
        w.config.workers.sections = rows[i].sections;
        w.config.workers.videos = rows[i].videos;
        const struct lesson *l[3];
        for (size_t k = 0; k < rows[i].n_films; k++)
            l[k] = world_lesson(&w, (char[]){ (char)('a' + k), 0 }, rows[i].n_sections);
        world_run(&w, l, rows[i].n_films);
        CHECK_INT(rows[i].name, rows[i].n_films, w.result.n_done);
        CHECK_INT(rows[i].name, 2, w.most_in_flight);
        CHECK_INT(rows[i].name, 3 * 800 + 50, w.result.fetch_ms);
        world_deinit(&w);
    }
}

TEST(asked_twice_to_stop_it_still_keeps_the_answers_that_had_come)
{
    struct world w;
    seed_of_world = 2;
    init(&w, 8);
    w.read_ms = 2000;
    w.stop_at_ms = 9000;
    w.hurry_at_ms = 9100;
    const struct lesson *l[] = { world_lesson(&w, "a", 8), world_lesson(&w, "b", 8) };
    world_run(&w, l, 2);
    CHECK("some were still to be read" && w.reads_until_ms > 9100);
    CHECK("the others were told to end" && w.n_cancelled > 0 && w.n_cancelled <= 8);
    int kept = 0;
    for (size_t i = 0; i < w.plan.n_nodes; i++)
        kept += w.plan.nodes[i]->fetch && w.plan.nodes[i]->fetch->is_answered;
    CHECK_INT("what had come is kept", w.n_arrived, kept);
    CHECK(w.now_ms < 9100 + 2000 * w.n_arrived);
    world_deinit(&w);
}

/* What is armed and not sent is told as lost if the process dies: as little as will do. */
static void count_armed(struct world *w)
{
    int n = 0;
    for (size_t i = 0; i < w->plan.n_nodes; i++)
        n += w->plan.nodes[i]->fetch && w->plan.nodes[i]->fetch->is_unsent;
    if (w->now_ms > 30000 && n > w->most_armed)
        w->most_armed = n;
}

TEST(few_requests_are_armed_ahead_where_answers_take_seconds)
{
    struct world w;
    seed_of_world = 5;
    init(&w, 8);
    w.keep_ms = 20;
    w.on_wait = count_armed;
    run(&w, 10, 10);
    CHECK(w.most_armed >= 1 && w.most_armed <= 8); /* of 2 lanes, with 8 in flight */
    world_deinit(&w);
}

TEST(the_first_of_many_films_is_fetched_about_as_fast_as_if_it_were_alone)
{
    for (seed_of_world = 1; seed_of_world <= 3; seed_of_world++) {
        struct world one, many;
        char row[16];
        init(&one, 16);
        run(&one, 1, 10);
        init(&many, 16);
        run(&many, 20, 10);
        snprintf(row, sizeof row, "seed %d", (int)seed_of_world);
        CHECK_ROW(row, (double)many.first_join_ms <= 1.25 * (double)one.first_join_ms);
        world_deinit(&many);
        world_deinit(&one);
    }
}

static int64_t started_ms[400];

static const struct node *speech_of(const struct world *w, size_t section)
{
    return w->plan.films[0].sections[section].speech;
}

TEST(long_texts_are_spoken_before_short_ones_and_pictures_before_both)
{
    struct world w;
    seed_of_world = 1;
    init(&w, 1);
    struct lesson *l = world_lesson(&w, "a", 3);
    l->sections[1].narration = STR("The longest of these three narrations, by far and in every way one looks at it.");
    l->sections[2].narration = STR("Short.");
    world_run(&w, (const struct lesson *[]){ l }, 1);
    CHECK_ROW(w.err.msg, w.ok);
    for (size_t i = 0; i < 3; i++)
        started_ms[i] = speech_of(&w, i)->fetch->started_ms;
    CHECK(started_ms[1] < started_ms[0] && started_ms[0] < started_ms[2]);
    for (size_t i = 0; i < 3; i++)
        CHECK(w.plan.films[0].sections[i].pictures[0].image->fetch->started_ms < started_ms[1]);
    world_deinit(&w);
}

/* Speech that takes longer than pictures: known only by having seen some. */
static struct answer slow_speech(struct world *w, const struct want *want, int nth)
{
    (void)w, (void)nth;
    return (struct answer){ .latency_ms = want->kind == ASSET_IMAGE ? 1000 : 9000 };
}

TEST(what_took_longest_so_far_goes_first_when_little_is_left)
{
    struct world w;
    init(&w, 8);
    w.provider = slow_speech;
    run(&w, 4, 4);
    int64_t last_speech = 0, last_image = 0;
    for (size_t i = 0; i < w.plan.n_nodes; i++) {
        const struct node *n = w.plan.nodes[i];
        int64_t *last = n->asset == ASSET_IMAGE ? &last_image : &last_speech;
        if (n->fetch && n->fetch->started_ms > *last)
            *last = n->fetch->started_ms;
    }
    CHECK(last_speech < last_image);
    CHECK(w.result.fetch_ms <= 4 * 4 * 10000 / 8 + 1000); /* nothing long is begun last */
    world_deinit(&w);
}

TEST(a_run_that_leaves_checks_to_a_later_one_decodes_nothing_and_the_later_one_buys_nothing)
{
    struct world w;
    init(&w, 8);
    w.fetch_only = w.is_unchecked = true;
    run(&w, 2, 3);
    CHECK_INT("requests", 12, w.n_requests);
    CHECK_INT("checks", 0, w.n_checks);
    CHECK_INT("unchecked", 12, w.result.n_unchecked);
    run(&w, 2, 3);
    CHECK_INT("asked for again", 12, w.n_requests);
    CHECK_INT("still unchecked", 12, w.result.n_unchecked);
    w.fetch_only = w.is_unchecked = false;
    run(&w, 2, 3);
    CHECK_INT("bought by the build", 12, w.n_requests);
    CHECK_INT("checked by the build", 12, w.n_checks);
    CHECK_INT("films", 2, w.result.n_done);
    world_deinit(&w);
}

TEST(what_was_armed_and_not_sent_when_a_run_stops_is_not_told_as_lost)
{
    struct world w;
    struct store_stats stats;
    struct err e;
    seed_of_world = 2;
    init(&w, 4);
    w.keep_ms = 50;
    w.stop_at_ms = 9000;
    const struct lesson *l[] = { world_lesson(&w, "a", 8), world_lesson(&w, "b", 8) };
    world_run(&w, l, 2);
    CHECK_INT("nothing is finished", 0, w.result.n_done);
    CHECK(w.n_requests < (int)w.plan.n_calls);
    struct store *s = store_open(str_from(w.store_dir), NULL, &e);
    CHECK_ROW(e.msg, s != NULL);
    CHECK(store_stats(s, &stats, &e));
    CHECK_INT("calls without an answer", 0, stats.n_lost);
    store_close(s);
    int before = w.n_requests;
    world_abandon(&w);
    w.stop_at_ms = 0;
    world_run(&w, l, 2);
    CHECK_INT("films", 2, w.result.n_done);
    CHECK_INT("all in all", w.plan.n_calls, w.n_requests - before);
    world_deinit(&w);
}
