/* policy.c - tests of the retry table and the heap: no clock, no network */
#include "gen/base/heap.h"
#include "gen/retry.h"
#include "tests/support/test.h"

TEST(each_class_of_failure_has_its_action)
{
    static const struct { const char *name; struct failure f; bool retry_lost; enum retry_action want; } rows[] = {
        { "500 comes again", { ERR_SERVER, -1, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_AGAIN },
        { "the last attempt is final", { ERR_SERVER, -1, 5, 0, false, true, false, 0, 0, 0 }, false, RETRY_FAIL },
        { "429 holds the lane", { ERR_RATE, -1, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_PAUSE },
        { "429 costs no attempt", { ERR_RATE, -1, 5, 0, false, true, false, 0, 0, 0 }, false, RETRY_PAUSE },
        { "429 goes on for minutes", { ERR_RATE, -1, 0, 100, false, true, false, 0, 299000, 299000 }, false, RETRY_PAUSE },
        { "429 ends some time", { ERR_RATE, -1, 0, 11, false, true, false, 0, 300000, 0 }, false, RETRY_FAIL },
        { "for all of its lane when nothing else was let in", { ERR_RATE, -1, 0, 11, false, true, false, 0, 300000, 300000 }, false, RETRY_STOP_LANE },
        { "a wait over 120 s is not made", { ERR_RATE, 300000, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_STOP_LANE },
        { "nor one of a server in trouble", { ERR_SERVER, 300000, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_FAIL },
        { "a bad key stops the lane", { ERR_AUTH, -1, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_STOP_LANE },
        { "no money stops the lane", { ERR_QUOTA, -1, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_STOP_LANE },
        { "a refusal is final", { ERR_POLICY, -1, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_FAIL },
        { "a malformed request is final", { ERR_INPUT, -1, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_FAIL },
        { "no connection comes again", { ERR_NET, -1, 0, 0, true, false, false, 0, 0, 0 }, false, RETRY_AGAIN },
        { "a lost answer is not bought twice", { ERR_NET, -1, 0, 0, false, false, false, 0, 0, 0 }, false, RETRY_FAIL },
        { "unless the user says so", { ERR_NET, -1, 0, 0, false, false, false, 0, 0, 0 }, true, RETRY_AGAIN },
        { "asking again for a remote job is free", { ERR_NET, -1, 0, 0, false, false, true, 0, 0, 0 }, false, RETRY_AGAIN },
        { "a lost job is submitted again", { ERR_LOST, -1, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_AGAIN },
        { "but only once", { ERR_LOST, -1, 1, 0, false, true, false, 0, 0, 0 }, false, RETRY_FAIL },
        { "a broken picture is not bought again", { ERR_MEDIA, -1, 0, 0, false, true, false, 0, 0, 0 }, false, RETRY_FAIL },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct rng r = { 1 };
        CHECK_INT(rows[i].name, rows[i].want, retry_decide(&rows[i].f, 6, 300000, rows[i].retry_lost, &r).action);
    }
}

TEST(waits_grow_by_chance_up_to_a_minute_and_never_undercut_the_server)
{
    struct rng r = { 7 };
    int64_t last = 0, longest = 0;
    for (int k = 0; k < 500; k++) {
        struct failure f = { .code = ERR_SERVER, .told_ms = -1, .has_answer = true, .last_ms = last };
        int64_t top = 3 * (last > RETRY_BASE_MS ? last : RETRY_BASE_MS), w = retry_decide(&f, 6, 300000, false, &r).wait_ms;
        CHECK(w >= RETRY_BASE_MS && w <= top && w <= RETRY_CAP_MS);
        longest = w > longest ? w : longest;
        last = k % 20 == 19 ? 0 : w;
    }
    CHECK_INT("the cap is reached", RETRY_CAP_MS, longest);
    struct failure told = { ERR_SERVER, 7000, 0, 0, false, true, false, 0, 0, 0 };
    CHECK_INT("Retry-After is a floor", 7000, retry_decide(&told, 6, 300000, false, &r).wait_ms);
    struct failure refused = { ERR_RATE, 7000, 0, 0, false, true, false, 0, 0, 0 };
    CHECK_INT("of a refusal the lane knows", 0, retry_decide(&refused, 6, 300000, false, &r).wait_ms);
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
