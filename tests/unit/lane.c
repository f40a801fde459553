/* lane.c - tests of lanes: pace, window, pauses, and against services with limits that nobody told of. No clock. */
#include <stdio.h>
#include <string.h>
#include "gen/lane.h"
#include "tests/support/service.h"
#include "tests/support/test.h"

static struct lane lane_with(const struct provider_info *p, const struct lane_memory *known)
{
    struct lane l;
    lane_init(&l, p, known ? known : &(struct lane_memory){ 0 }, (struct rng){ 1 }, 0);
    return l;
}

static struct lane lane_of(int64_t concurrency, int64_t rpm)
{
    return lane_with(&(struct provider_info){ .lane = STR("x"), .concurrency = concurrency, .rpm = rpm }, NULL);
}

static void finish(struct lane *l, struct lane_ticket *t, enum lane_outcome o, int64_t now_ms)
{
    lane_finished(l, t, o, -1, false, now_ms);
}

/* ---------- the cap ---------- */

TEST(a_lane_never_has_more_in_flight_than_its_cap)
{
    struct lane l = lane_of(2, 0);
    struct lane_ticket t[2];
    int64_t at;
    lane_started(&l, 0, &t[0], 0);
    CHECK(lane_may_start(&l, 0, 0, &at));
    lane_started(&l, 0, &t[1], 0);
    CHECK(!lane_may_start(&l, 0, 0, &at));
    CHECK(at == INT64_MAX);
    for (int i = 0; i < 1000; i++) {
        finish(&l, &t[i % 2], LANE_CLEAN, 10 * i);
        lane_started(&l, 0, &t[i % 2], 10 * i);
        CHECK(!lane_may_start(&l, 0, 10 * i, &at));
    }
}

TEST(an_answer_that_has_come_makes_room_before_it_is_known_what_it_says)
{
    struct lane l = lane_of(1, 0);
    struct lane_ticket first, second;
    int64_t at;
    lane_started(&l, 0, &first, 0);
    lane_left(&l, &first, 400);
    CHECK(lane_may_start(&l, 0, 400, &at));
    lane_started(&l, 0, &second, 400);
    CHECK_INT("the one that has left is not in flight there, either", 1, second.level);
    finish(&l, &first, LANE_CLEAN, 900);
    CHECK_INT("counted once", 1, l.in_flight);
    CHECK_NEAR("it took until it came", 400, l.mean_ms, 1e-9);
    CHECK(!lane_may_start(&l, 0, 900, &at));
    lane_left(&l, &second, 1000);
    lane_returned(&l, &second);                 /* its media are still to be fetched */
    CHECK(!lane_may_start(&l, 0, 1000, &at));
    finish(&l, &second, LANE_CLEAN, 1100);
    CHECK_INT("none is left", 0, l.in_flight);
}

TEST(what_a_run_before_had_learned_is_the_beginning_but_never_above_the_cap)
{
    const struct lane_memory known = { .window = 50, .per_minute = 600 };
    struct provider_info p = { .lane = STR("x"), .concurrency = 8 };
    CHECK_INT("under the cap", 8, lane_with(&p, &known).window.size);
    p.concurrency = 0;
    struct lane l = lane_with(&p, &known);
    CHECK_INT("without a cap", 50, l.window.size);
    CHECK_INT("the pace", 600, pace_per_minute(&l.pace));
    CHECK_INT("nothing known", WINDOW_START, lane_of(1000, 0).window.size);
    CHECK_INT("nothing to remember", 0, lane_memory(&(struct lane){ .window = lane_of(1000, 0).window }).window);
}

TEST(a_lane_that_is_not_to_adapt_keeps_its_cap_whatever_comes)
{
    const struct lane_memory known = { .window = 5, .per_minute = 6 };
    struct provider_info p = { .lane = STR("x"), .concurrency = 500, .is_steady = true };
    struct lane l = lane_with(&p, &known);
    struct lane_ticket t;
    CHECK_INT("from the start", 500, l.window.size);
    for (int i = 0; i < 100; i++) {
        lane_started(&l, 0, &t, 1000 * i);
        finish(&l, &t, i % 2 ? LANE_REFUSED : LANE_TROUBLE, 1000 * i + 1);
    }
    CHECK_INT("after refusals", 500, l.window.size);
}

TEST(a_lane_that_is_not_to_adapt_learns_no_pace_from_a_long_wait_and_keeps_to_it_all_the_same)
{
    struct provider_info p = { .lane = STR("x"), .concurrency = 50, .is_steady = true };
    struct lane l = lane_with(&p, NULL);
    struct lane_ticket t;
    int64_t at;
    lane_started(&l, 0, &t, 0);
    lane_finished(&l, &t, LANE_REFUSED, 30000, true, 10);
    CHECK_INT("no pace", 0, pace_per_minute(&l.pace));
    CHECK(!lane_may_start(&l, 0, 30000, &at));
}

TEST(a_told_limit_is_believed_up_to_the_users_word)
{
    struct provider_info p = { .lane = STR("x"), .concurrency = 2 };
    struct lane l = lane_with(&p, NULL);
    lane_told(&l, 15, -1);
    CHECK_INT("raised", 15, l.window.size);
    struct lane_ticket t;
    lane_started(&l, 0, &t, 0);
    lane_told(&l, 15, 5);
    CHECK_INT("four are somebody else's", 11, l.window.size);
    p.is_cap_set = true;
    l = lane_with(&p, NULL);
    lane_told(&l, 15, -1);
    CHECK_INT("not above what is configured", 2, l.window.size);
    lane_told(&l, 1, -1);
    CHECK_INT("lowered", 1, l.window.size);
}

/* ---------- the pace ---------- */

static int64_t starts_within(struct lane *l, double tokens, int64_t from_ms, int64_t to_ms)
{
    int64_t n = 0, at;
    for (int64_t now = from_ms; now < to_ms; now++)
        while (lane_may_start(l, tokens, now, &at)) {
            struct lane_ticket t;
            lane_started(l, tokens, &t, now);
            n++;
        }
    return n;
}

TEST(documented_requests_a_minute_are_used_to_the_last_and_never_passed)
{
    static const int64_t rpms[] = { 1, 3, 20, 100, 500, 3000 };
    for (size_t i = 0; i < COUNTOF(rpms); i++) {
        char name[40];
        struct provider_info p = { .lane = STR("x"), .rpm = rpms[i], .is_steady = true };
        struct lane l = lane_with(&p, NULL);
        snprintf(name, sizeof name, "%lld a minute", (long long)rpms[i]);
        int64_t first = starts_within(&l, 0, 0, 60000), second = starts_within(&l, 0, 60000, 120000);
        int64_t after_rest = starts_within(&l, 0, 600000, 660000);
        CHECK_ROW(name, first <= rpms[i] && second <= rpms[i] && after_rest <= rpms[i]);
        CHECK_ROW(name, first + second >= 2 * rpms[i] * 96 / 100);
    }
}

TEST(tokens_a_minute_are_kept_and_a_text_larger_than_the_burst_starts_all_the_same)
{
    struct provider_info p = { .lane = STR("x"), .tpm = 6000, .is_steady = true };
    struct lane l = lane_with(&p, NULL);
    int64_t n = starts_within(&l, 100, 0, 60000);
    CHECK(n >= 59 && n <= 63);                  /* 60 a minute and 3 s of burst */
    l = lane_with(&p, NULL);
    CHECK_INT("3000 each", 2, starts_within(&l, 3000, 0, 60000));
}

TEST(a_texts_tokens_are_a_quarter_of_its_letters_and_each_other_character)
{
    CHECK_INT("English", 8 + 5, pace_tokens("twenty ascii letters", 20));
    CHECK_INT("Japanese", 8 + 3, pace_tokens("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 9));
    CHECK_INT("nothing", 8, pace_tokens("", 0));
}

/* ---------- refusals ---------- */

TEST(a_storm_of_429_pauses_a_lane_once_and_leaves_it_what_was_let_in)
{
    struct lane l = lane_of(100, 0);
    struct lane_ticket t[16];
    int64_t at;
    for (int i = 0; i < 16; i++)
        lane_started(&l, 0, &t[i], 0);
    for (int i = 5; i < 16; i++)                /* five were let in */
        lane_finished(&l, &t[i], LANE_REFUSED, 1000, false, 10);
    CHECK_INT("the window is what was let in", 5, l.window.size);
    CHECK_INT("one storm", 1, l.n_in_row);
    for (int i = 0; i < 5; i++)
        finish(&l, &t[i], LANE_CLEAN, 500);
    CHECK(!lane_may_start(&l, 0, 900, &at));
    CHECK(at >= 1010 && at <= 1110);            /* told, and a tenth by chance */
    CHECK(lane_may_start(&l, 0, 1110, &at));
}

TEST(without_a_hint_waits_double_while_nothing_is_let_in)
{
    struct lane l = lane_of(10, 0);
    int64_t now = 0, last = 0, at;
    for (int i = 0; i < 12; i++) {
        struct lane_ticket t;
        lane_started(&l, 0, &t, now);
        finish(&l, &t, LANE_REFUSED, now);
        CHECK(!lane_may_start(&l, 0, now, &at));
        int64_t most = i < 7 ? INT64_C(500) << i : 60000;
        CHECK(l.not_before_ms - now >= most / 2 && l.not_before_ms - now <= most);
        last = l.not_before_ms - now;
        now = at;
    }
    CHECK(last >= 30000);
    CHECK(lane_refused_ms(&l, now) == now);
    struct lane_ticket t;
    lane_started(&l, 0, &t, now);
    finish(&l, &t, LANE_CLEAN, now + 100);
    CHECK_INT("over", 0, lane_refused_ms(&l, now + 100));
}

TEST(nothing_remaining_holds_the_lane_until_the_reset)
{
    struct lane l = lane_of(10, 0);
    struct lane_ticket old, t;
    int64_t at;
    lane_started(&l, 0, &old, 0);
    lane_started(&l, 0, &t, 0);
    lane_finished(&l, &t, LANE_CLEAN, 5000, true, 1000);
    CHECK(!lane_may_start(&l, 0, 5999, &at));
    CHECK_INT("until", 6000, at);
    CHECK(lane_may_start(&l, 0, 6000, &at));
    lane_finished(&l, &old, LANE_CLEAN, 5000, true, 6500);
    CHECK(lane_may_start(&l, 0, 6500, &at));    /* that spoke of the time before */
}

TEST(a_service_in_trouble_gets_less_and_soon_all_again)
{
    struct lane l = lane_of(40, 0);
    struct lane_ticket t[40];
    int64_t now = 0, at, n = 0;
    for (int round = 0; round < 6; round++, now += 100) {
        for (n = 0; lane_may_start(&l, 0, now, &at); n++)
            lane_started(&l, 0, &t[n], now);
        for (int64_t i = 0; i < n; i++)
            finish(&l, &t[i], LANE_CLEAN, now + 50);
    }
    int64_t before = l.window.size;
    for (n = 0; n < 5; n++)
        lane_started(&l, 0, &t[n], now);
    for (n = 0; n < 5; n++)
        finish(&l, &t[n], LANE_TROUBLE, now);
    CHECK_INT("more than a fifth of twenty", before * 7 / 10, l.window.size);
    for (int round = 0; round < 2; round++, now += 100) {
        for (n = 0; lane_may_start(&l, 0, now, &at); n++)
            lane_started(&l, 0, &t[n], now);
        for (int64_t i = 0; i < n; i++)
            finish(&l, &t[i], LANE_CLEAN, now + 50);
    }
    CHECK_INT("two rounds later", before, l.window.size);
}

/* ---------- services ---------- */

/* Times at a twentieth: answers in 0.4 s, as bench/fetch.sh has them; and as they are, 8 s, with a real way. */
static struct service sized(struct service s, bool is_real, uint64_t seed)
{
    int64_t k = is_real ? 20 : 1;
    s.mean_ms = 400.0 * (double)k;
    s.way_ms = is_real ? 100 : 1;
    s.cap = 1000;
    s.seed = seed;
    s.window_ms *= k;
    s.for_ms *= k;
    s.count_from_ms *= k;
    for (size_t i = 0; i < COUNTOF(s.limits); i++)
        s.limits[i].from_ms *= k;
    s.rpm /= k;
    return s;
}

TEST(hidden_limits_are_found_used_and_kept)
{
    static const struct { struct service s; double share, waste; } rows[] = {
        { { .name = "20 at once", .limits = { { 0, 20 } }, .has_hint = true, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "20 at once, no hint", .limits = { { 0, 20 } }, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "2 at once", .limits = { { 0, 2 } }, .for_ms = 90000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "20 at once, a busy caller", .limits = { { 0, 20 } }, .has_hint = true, .stall_ms = 10, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "20 at once, long answers", .limits = { { 0, 20 } }, .has_hint = true, .read_ms = 10, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "a bucket, long answers", .rate = 150, .window_ms = 3000, .burst = 10, .has_hint = true, .read_ms = 10, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "200 at once", .limits = { { 0, 200 } }, .has_hint = true, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "a bucket", .rate = 150, .window_ms = 3000, .burst = 10, .has_hint = true, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "a bucket, a busy caller", .rate = 150, .window_ms = 3000, .burst = 10, .stall_ms = 10, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "a bucket, no hint", .rate = 150, .window_ms = 3000, .burst = 10, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "a bucket with headers", .rate = 150, .window_ms = 3000, .burst = 10, .has_hint = true, .has_headers = true, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "a window", .rate = 150, .window_ms = 3000, .has_hint = true, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "a window with headers", .rate = 150, .window_ms = 3000, .has_hint = true, .has_headers = true, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "a window, no hint", .rate = 150, .window_ms = 3000, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.04 },
        { { .name = "both", .limits = { { 0, 16 } }, .rate = 150, .window_ms = 3000, .burst = 10, .has_hint = true, .for_ms = 60000, .count_from_ms = 30000 }, 0.97, 0.01 },
        { { .name = "documented, a bucket", .rate = 150, .window_ms = 3000, .burst = 10, .has_hint = true, .rpm = 3000, .for_ms = 60000 }, 0.95, 0 },
        { { .name = "documented, a window", .rate = 150, .window_ms = 3000, .has_hint = true, .rpm = 3000, .for_ms = 60000 }, 0.95, 0 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        for (uint64_t k = 0; k < 10; k++) {
            struct service s = sized(rows[i].s, k % 2, 1 + k / 2);
            struct service_use u = service_run(&s, NULL);
            char name[160];
            snprintf(name, sizeof name, "%s%s, seed %d: %.3f used, %.2f %% refused", s.name, k % 2 ? " (real times)" : "",
                     (int)s.seed, u.share, 100 * u.waste);
            CHECK_ROW(name, u.share >= rows[i].share);
            CHECK_ROW(name, u.waste <= rows[i].waste);
        }
}

TEST(the_burst_that_a_service_begins_with_is_not_taken_for_its_rate_where_it_says_that_nothing_remains)
{
    struct pace p;
    pace_init(&p, 0, 0, 0, 0);
    for (int i = 0; i < 10; i++)
        pace_started(&p, 0, 0); /* let in at once */
    pace_learn(&p, 20, true);   /* the eleventh is to come back then: 50 a second */
    pace_started(&p, 0, 20);
    pace_started(&p, 0, 22);
    pace_unstarted(&p, 22);
    pace_learn(&p, 42, true);
    CHECK_NEAR("one from 20 to 42 ms", 60000.0 / 22, pace_per_minute(&p), 1e-6);
}

/* How soon after a step the next attempt to grow comes is luck, so the mean of many runs counts. */
TEST(a_limit_that_moves_is_followed)
{
    enum { SEEDS = 20 };
    static const struct service services[] = {
        { .name = "told", .limits = { { 0, 20 }, { 10000, 8 }, { 20000, 32 }, { 30000, 20 } }, .has_hint = true, .for_ms = 40000 },
        { .name = "not told", .limits = { { 0, 20 }, { 10000, 8 }, { 20000, 32 }, { 30000, 20 } }, .for_ms = 40000 },
    };
    for (size_t i = 0; i < COUNTOF(services); i++)
        for (int is_real = 0; is_real < 2; is_real++) {
            double share = 0, waste = 0;
            char name[160];
            for (uint64_t seed = 1; seed <= SEEDS; seed++) {
                struct service s = sized(services[i], is_real, seed);
                struct service_use u = service_run(&s, NULL);
                share += u.share / SEEDS;
                waste += u.waste / SEEDS;
            }
            snprintf(name, sizeof name, "%s%s: %.3f used, %.2f %% refused", services[i].name,
                     is_real ? " (real times)" : "", share, 100 * waste);
            CHECK_ROW(name, share >= 0.88);
            CHECK_ROW(name, waste <= 0.025);
        }
}

TEST(a_second_run_begins_where_the_first_ended)
{
    struct service s = sized((struct service){ .limits = { { 0, 200 } }, .has_hint = true, .for_ms = 20000 }, false, 1);
    struct service_use first = service_run(&s, NULL);
    s.seed = 2;
    struct service_use second = service_run(&s, &first.memory);
    CHECK(first.share < 0.96);                  /* what a cold start costs */
    CHECK(second.share >= 0.98);
    CHECK(second.waste <= 0.01);
    s = sized((struct service){ .rate = 150, .window_ms = 3000, .burst = 10, .for_ms = 20000 }, false, 1);
    first = service_run(&s, NULL);
    second = service_run(&s, &first.memory);
    CHECK(second.waste <= 0.01);
    CHECK(second.share >= 0.95);
}

TEST(a_lane_is_soon_back_after_a_storm_and_after_trouble)
{
    struct service s = sized((struct service){ .limits = { { 0, 20 } }, .has_hint = true, .storm_from_ms = 5000,
                                               .storm_to_ms = 10000, .storm_told_ms = 300, .for_ms = 15000,
                                               .count_from_ms = 12000 }, false, 1);
    for (s.seed = 1; s.seed <= 5; s.seed++)
        CHECK(service_run(&s, NULL).share >= 0.9);
    s.storm_to_ms = 0;
    s.down_from_ms = 5000;
    s.down_to_ms = 10000;
    for (s.seed = 1; s.seed <= 5; s.seed++)
        CHECK(service_run(&s, NULL).share >= 0.9);
}
