/* load.c - tests of the modelled service: its limits are what they say, and its verdicts are right on logs made by hand
 */
#include <math.h>
#include "tests/support/load_judge.h"
#include "tests/support/test.h"

static void set(struct load_opts *o, const char *text)
{
    struct err e;
    CHECK_ROW(text, load_opts_set(o, text, &e));
}

TEST(a_latency_depends_on_seed_and_request_alone_and_has_the_mean_asked_for)
{
    struct load_opts o;
    double sum = 0;
    load_opts_init(&o);
    for (uint64_t i = 0; i < 20000; i++)
        sum += load_latency_s(&o, LOAD_IMAGE, i * 0x9e3779b97f4a7c15u);
    CHECK(fabs(sum / 20000 - 0.4) < 0.01);
    CHECK(load_latency_s(&o, LOAD_IMAGE, 5) == load_latency_s(&o, LOAD_IMAGE, 5));
    double before = load_latency_s(&o, LOAD_IMAGE, 5);
    set(&o, "seed=2");
    CHECK(load_latency_s(&o, LOAD_IMAGE, 5) != before);
}

TEST(a_limit_that_moves_admits_what_it_is_at_that_moment)
{
    struct load_opts o;
    struct load_state s = { 0 };
    double again_s;
    int64_t left;
    load_opts_init(&o);
    set(&o, "speech.limit=0:2+10:1");
    CHECK(load_admit(&o, &s, LOAD_SPEECH, 0, &again_s, &left));
    CHECK(load_admit(&o, &s, LOAD_SPEECH, 0, &again_s, &left));
    CHECK(!load_admit(&o, &s, LOAD_SPEECH, 0, &again_s, &left));
    s.in_flight--;
    CHECK(load_admit(&o, &s, LOAD_SPEECH, 9.9, &again_s, &left));
    s.in_flight--;
    CHECK(!load_admit(&o, &s, LOAD_SPEECH, 10, &again_s, &left));
}

TEST(a_bucket_gives_its_burst_and_then_its_rate_and_a_window_gives_all_at_once)
{
    struct load_opts o;
    struct load_state s = { 0 };
    double again_s;
    int64_t left, n = 0;
    load_opts_init(&o);
    set(&o, "speech.rate=150");
    set(&o, "speech.window_s=3");
    set(&o, "speech.burst=10");
    for (int ms = 0; ms < 1000; ms++)
        while (load_admit(&o, &s, LOAD_SPEECH, ms / 1000.0, &again_s, &left))
            n++;
    CHECK_INT("burst of 10, then 50 a second", 59, n);
    CHECK(again_s > 0 && again_s <= 0.02);
    set(&o, "speech.is_fixed_window=1");
    s = (struct load_state){ 0 };
    n = 0;
    for (int ms = 0; ms < 4000; ms++)
        while (load_admit(&o, &s, LOAD_SPEECH, ms / 1000.0, &again_s, &left))
            n++;
    CHECK_INT("two windows", 300, n);
}

TEST(an_unknown_setting_is_an_error_that_names_it)
{
    struct load_opts o;
    struct err e;
    load_opts_init(&o);
    CHECK(!load_opts_set(&o, "image.sped=1", &e) && strstr(e.msg, "image.sped"));
    CHECK(!load_opts_set(&o, "music.mean_ms=1", &e));
    CHECK(!load_opts_set(&o, "seed", &e));
}

TEST(the_verdict_on_a_log_made_by_hand_is_what_a_pencil_says)
{
    /* cap 2: a 4 s, b 2 s, c 2 s one after the other beside it; one request refused on the way */
    const struct load_record log[] = {
        { 0, 4, 4, 1, 200, LOAD_IMAGE },
        { 0, 2, 2, 2, 200, LOAD_IMAGE },
        { 2, 2, 2, 3, 429, LOAD_IMAGE },
        { 2.5, 4.5, 2, 3, 200, LOAD_IMAGE },
    };
    struct load_opts o;
    struct load_verdict v;
    load_opts_init(&o);
    load_judge(&o, log, 4, 2, 0, &v);
    CHECK_INT("jobs", 3, v.jobs);
    CHECK_INT("requests", 4, v.requests);
    CHECK_INT("refused", 1, v.refused);
    CHECK_INT("peak", 2, v.peak);
    CHECK(fabs(v.bound_s - 4) < 1e-9);
    CHECK(fabs(v.graham_s - 6) < 1e-9);
    CHECK(fabs(v.makespan_s - 4.5) < 1e-9);
    CHECK(fabs(v.busy - 4.5 / 5) < 1e-9); /* 2 s of two, then half a second of one, of 2.5 s */
    set(&o, "image.rate=4");
    set(&o, "image.window_s=2");
    set(&o, "image.is_fixed_window=1");
    load_judge(&o, log, 4, 2, 1, &v);
    CHECK(fabs(v.used - 3.0 / 8) < 1e-9);       /* two windows of four, whatever was skipped of the first */
    set(&o, "image.rate=0");
    set(&o, "image.limit=4");
    load_judge(&o, log, 4, 2, 0, &v);
    CHECK(fabs(v.used - 4.5 / 10) < 1e-9);
}
