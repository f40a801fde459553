/* policy.c - tests of the retry table, lanes and the heap: no clock, no network */
#include "gen/base/heap.h"
#include "gen/lane.h"
#include "gen/retry.h"
#include "tests/support/test.h"

TEST(each_class_of_failure_has_its_action)
{
    static const struct { const char *name; struct failure f; bool retry_lost; enum retry_action want; } rows[] = {
        { "500 comes again", { ERR_SERVER, -1, 0, 0, false, true, false }, false, RETRY_AGAIN },
        { "the last attempt is final", { ERR_SERVER, -1, 5, 0, false, true, false }, false, RETRY_FAIL },
        { "429 holds the lane", { ERR_RATE, -1, 0, 0, false, true, false }, false, RETRY_PAUSE },
        { "429 costs no attempt", { ERR_RATE, -1, 5, 0, false, true, false }, false, RETRY_PAUSE },
        { "429 ends some time", { ERR_RATE, -1, 0, 11, false, true, false }, false, RETRY_FAIL },
        { "a wait over 120 s is not made", { ERR_RATE, 300000, 0, 0, false, true, false }, false, RETRY_STOP_LANE },
        { "nor one of a server in trouble", { ERR_SERVER, 300000, 0, 0, false, true, false }, false, RETRY_FAIL },
        { "a bad key stops the lane", { ERR_AUTH, -1, 0, 0, false, true, false }, false, RETRY_STOP_LANE },
        { "no money stops the lane", { ERR_QUOTA, -1, 0, 0, false, true, false }, false, RETRY_STOP_LANE },
        { "a refusal is final", { ERR_POLICY, -1, 0, 0, false, true, false }, false, RETRY_FAIL },
        { "a malformed request is final", { ERR_INPUT, -1, 0, 0, false, true, false }, false, RETRY_FAIL },
        { "no connection comes again", { ERR_NET, -1, 0, 0, true, false, false }, false, RETRY_AGAIN },
        { "a lost answer is not bought twice", { ERR_NET, -1, 0, 0, false, false, false }, false, RETRY_FAIL },
        { "unless the user says so", { ERR_NET, -1, 0, 0, false, false, false }, true, RETRY_AGAIN },
        { "asking again for a remote job is free", { ERR_NET, -1, 0, 0, false, false, true }, false, RETRY_AGAIN },
        { "a lost job is submitted again", { ERR_LOST, -1, 0, 0, false, true, false }, false, RETRY_AGAIN },
        { "but only once", { ERR_LOST, -1, 1, 0, false, true, false }, false, RETRY_FAIL },
        { "a broken picture is not bought again", { ERR_MEDIA, -1, 0, 0, false, true, false }, false, RETRY_FAIL },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct rng r = { 1 };
        CHECK_INT(rows[i].name, rows[i].want, retry_decide(&rows[i].f, 6, rows[i].retry_lost, &r).action);
    }
}

TEST(waits_double_up_to_a_minute_with_full_jitter_and_never_undercut_the_server)
{
    struct rng r = { 7 };
    for (int attempts = 0; attempts < 5; attempts++) {
        int64_t top = (int64_t)RETRY_BASE_MS << attempts, most = 0;
        for (int k = 0; k < 200; k++) {
            struct failure f = { ERR_SERVER, -1, attempts, 0, false, true, false };
            int64_t w = retry_decide(&f, 6, false, &r).wait_ms;
            CHECK(w >= 1 && w <= top);
            most = w > most ? w : most;
        }
        CHECK(most > top / 2);
    }
    struct failure told = { ERR_RATE, 7000, 0, 0, false, true, false };
    CHECK_INT("Retry-After is a floor", 7000, retry_decide(&told, 6, false, &r).wait_ms);
    struct failure late = { ERR_RATE, -1, 0, 40, false, true, false };
    CHECK(retry_decide(&late, 100, false, &r).wait_ms <= RETRY_CAP_MS);
}

static struct lane lane_of(int64_t concurrency, int64_t rpm)
{
    struct provider_info p = { .lane = STR("x"), .concurrency = concurrency, .rpm = rpm };
    struct lane l;
    lane_init(&l, &p, 0);
    return l;
}

TEST(a_lane_never_has_more_in_flight_than_its_cap)
{
    struct lane l = lane_of(2, 0);
    int64_t at;
    CHECK(lane_may_start(&l, 0, &at));
    lane_started(&l, 0);
    lane_started(&l, 0);
    CHECK(!lane_may_start(&l, 0, &at));
    CHECK(at == INT64_MAX);
    lane_finished(&l, true);
    CHECK(lane_may_start(&l, 0, &at));
}

TEST(a_storm_of_429_pauses_a_lane_once_and_halves_it_once)
{
    struct lane l = lane_of(8, 0);
    int64_t at;
    for (int i = 0; i < 8; i++)
        lane_started(&l, 0);
    for (int i = 0; i < 8; i++) {
        lane_finished(&l, false);
        lane_pause(&l, 1000 + i);
    }
    CHECK_INT("halved once", 4, l.window);
    CHECK(!lane_may_start(&l, 500, &at));
    CHECK_INT("all wait for the same moment", 1007, at);
    CHECK(lane_may_start(&l, 1007, &at));
    for (int i = 0; i < LANE_CLEAN_TO_GROW; i++) {
        lane_started(&l, 2000);
        lane_finished(&l, true);
    }
    CHECK_INT("grows by one after clean answers", 5, l.window);
}

TEST(a_paced_lane_starts_a_burst_and_then_one_request_per_interval)
{
    struct lane l = lane_of(0, 60);
    int64_t at;
    int started = 0;
    for (int64_t now = 0; now < 10000; now += 10)
        if (lane_may_start(&l, now, &at)) {
            lane_started(&l, now);
            started++;
        }
    CHECK(started >= 11 && started <= 13);      /* burst of 3, then 0.99 a second for 10 s */
}

TEST(a_heap_gives_the_smallest_key_first_and_equal_keys_in_order)
{
    static const int64_t keys[] = { 5, 1, 4, 1, 3, 9, 2, 6 };
    static const int64_t want[] = { 1, 1, 2, 3, 4, 5, 6, 9 };
    int64_t values[COUNTOF(keys)];
    struct heap h = { 0 };
    for (size_t i = 0; i < COUNTOF(keys); i++) {
        values[i] = (int64_t)i;
        heap_push(&h, keys[i], &values[i]);
    }
    for (size_t i = 0; i < COUNTOF(want); i++) {
        int64_t key = heap_top(&h)->key;
        int64_t *v = heap_pop(&h);
        CHECK_INT("key", want[i], key);
        if (i == 0)
            CHECK_INT("first come, first served", 1, *v);
    }
    CHECK(heap_pop(&h) == NULL);
    heap_deinit(&h);
}
