/* timeline.c - tests of when sections are seen and heard */
#include "gen/timeline.h"
#include <math.h>
#include "gen/base/rand.h"
#include "gen/media.h"
#include "tests/support/test.h"

static const struct row fade_row = { .name = "fade" }, none_row = { .name = "none" };

static const struct { const char *name; int num, den; } rates[] = {
    { "30", 30, 1 }, { "29.97", 30000, 1001 }, { "23.976", 24000, 1001 }, { "25", 25, 1 }, { "60", 60, 1 }, { "59.94", 60000, 1001 }, { "7", 7, 1 },
};

static struct section section_of(double lead, double gap, double tail, double transition_s)
{
    return (struct section){ .duration = -1, .timing = { lead, gap, tail }, .transition = { .row = transition_s > 0 ? &fade_row : &none_row },
                             .transition_s = transition_s };
}

static struct section random_section(struct rng *r)
{
    struct section s = section_of(rng_unit(r), rng_unit(r), rng_unit(r), rng_below(r, 3) ? 2 * rng_unit(r) : 0);
    if (!rng_below(r, 4))
        s.duration = 20 * rng_unit(r);
    return s;
}

TEST(a_slot_has_the_length_that_the_picture_in_the_header_says)
{
    /* 30 fps, 1600 samples a frame. Wanted values by hand: frames = seconds x 30. */
    static const struct { const char *name; double lead, gap, tail, in, out, duration; int64_t speech; bool first, last;
                          int64_t frames, start, in_frames, out_frames; } rows[] = {
        { "lead 0.3 + gap/2 0.2, 5 s of speech, tail 0.6 + gap/2 0.2", .3, .4, .6, .5, .5, -1, 240000, 0, 0, 189, 24000, 8, 8 },
        { "the first has no gap and no transition before it", .3, .4, .6, .5, .5, -1, 240000, 1, 0, 183, 14400, 0, 8 },
        { "the last has none after it", .3, .4, .6, .5, .5, -1, 240000, 0, 1, 183, 24000, 8, 0 },
        { "one sample more needs one frame more", .3, .4, .6, 0, 0, -1, 240001, 0, 0, 190, 24000, 0, 0 },
        { "a long transition lengthens the silence", 0, 0, 0, 2, 4, -1, 48000, 0, 0, 30 + 30 + 60, 48000, 30, 60 },
        { "a longer duration lengthens the end", .3, .4, .6, .5, .5, 10, 240000, 0, 0, 300, 24000, 8, 8 },
        { "a shorter duration never cuts", .3, .4, .6, .5, .5, 1, 240000, 0, 0, 189, 24000, 8, 8 },
        { "a tenth of a second is three frames", 0, 0, 0, 0, 0, .1, 0, 1, 1, 3, 0, 0, 0 },
        { "without speech the duration is the slot", .3, .4, .6, .5, .5, 5, 0, 0, 0, 150, 24000, 8, 8 },
        { "never empty", 0, 0, 0, .5, .5, -1, 0, 0, 0, 17, 12800, 8, 8 },
    };
    const struct video_opts v = { .fps_num = 30, .fps_den = 1 };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct section s = section_of(rows[i].lead, rows[i].gap, rows[i].tail, rows[i].in);
        s.duration = rows[i].duration;
        struct slot t = timeline_slot(&v, &s, rows[i].speech, rows[i].first, rows[i].last, rows[i].out);
        CHECK_INT(rows[i].name, rows[i].frames, t.n_frames);
        CHECK_INT(rows[i].name, rows[i].start, t.speech_start_samples);
        CHECK_INT(rows[i].name, rows[i].in_frames, t.in_frames);
        CHECK_INT(rows[i].name, rows[i].out_frames, t.out_frames);
    }
}

TEST(the_transition_none_takes_no_frames)
{
    const struct video_opts v = { .fps_num = 30, .fps_den = 1 };
    CHECK_INT("none", 0, timeline_half_frames(&v, &(struct choice){ .row = &none_row }, 3));
    CHECK_INT("fade", 45, timeline_half_frames(&v, &(struct choice){ .row = &fade_row }, 3));
    CHECK_INT("zero", 0, timeline_half_frames(&v, &(struct choice){ .row = &fade_row }, 0));
}

TEST(boundaries_do_not_drift_over_a_thousand_sections)
{
    for (size_t k = 0; k < COUNTOF(rates); k++) {
        const struct video_opts v = { .fps_num = rates[k].num, .fps_den = rates[k].den };
        struct rng r = rng_from_text(STR("drift"), k);
        int64_t frame = 0, samples = 0;
        for (int i = 0; i < 1000; i++) {
            struct section s = random_section(&r);
            struct slot t = timeline_slot(&v, &s, (int64_t)rng_below(&r, 480000), i == 0, i == 999, 1.0);
            int64_t next = timeline_sample(&v, frame + t.n_frames);
            samples += next - timeline_sample(&v, frame);
            frame += t.n_frames;
            long double exact = (long double)frame * SAMPLE_RATE * v.fps_den / v.fps_num;
            CHECK_ROW(rates[k].name, fabsl((long double)samples - exact) <= 0.5L);
        }
        CHECK_INT(rates[k].name, timeline_sample(&v, frame), samples);
    }
}

TEST(speech_never_meets_a_transition_wherever_its_section_stands)
{
    for (size_t k = 0; k < COUNTOF(rates); k++) {
        const struct video_opts v = { .fps_num = rates[k].num, .fps_den = rates[k].den };
        struct rng r = rng_from_text(STR("overlap"), k);
        int64_t frame = 0;
        struct section s = random_section(&r);
        for (int i = 0; i < 3000; i++) {
            struct section next = random_section(&r);
            int64_t speech = (int64_t)rng_below(&r, 300000);
            struct slot t = timeline_slot(&v, &s, speech, false, false, next.transition_s);
            int64_t start = timeline_sample(&v, frame) + t.speech_start_samples;
            CHECK_ROW(rates[k].name, start >= timeline_sample(&v, frame + t.in_frames));
            CHECK_ROW(rates[k].name, start + speech <= timeline_sample(&v, frame + t.n_frames - t.out_frames));
            CHECK_ROW(rates[k].name, t.n_frames > t.in_frames + t.out_frames);
            CHECK_INT(rates[k].name, t.out_frames, timeline_slot(&v, &next, 0, false, false, 0).in_frames);
            frame += t.n_frames;
            s = next;
        }
    }
}

TEST(pauses_are_at_least_as_long_as_asked_for_and_at_most_a_frame_longer)
{
    for (size_t k = 0; k < COUNTOF(rates); k++) {
        const struct video_opts v = { .fps_num = rates[k].num, .fps_den = rates[k].den };
        struct rng r = rng_from_text(STR("pauses"), k);
        const double frame_s = (double)v.fps_den / v.fps_num;
        for (int i = 0; i < 1000; i++) {
            struct section s = section_of(rng_unit(&r), rng_unit(&r), rng_unit(&r), 0);
            int64_t speech = (int64_t)rng_below(&r, 300000);
            struct slot t = timeline_slot(&v, &s, speech, false, false, 0);
            double want = s.timing.lead + s.timing.gap + s.timing.tail + (double)speech / SAMPLE_RATE;
            double over = (double)t.n_frames * frame_s - want;
            CHECK_ROW(rates[k].name, over > -2.0 / SAMPLE_RATE && over < frame_s + 3.0 / SAMPLE_RATE);
        }
    }
}
