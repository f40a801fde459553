/* effect_time.c - from when to when an effect of a section works */
#include "gen/effect_time.h"
#include <math.h>

static const double hour = 3600;

#define START_AND_END                                                                                                  \
    PARAM_MOMENT(                                                                                                      \
        struct effect_time, start, .def = (double)NAN, .min = -3600, .max = 3600, .aliases = "from_time",              \
        .help = "when it begins: seconds from the section's beginning, below 0 from its end, or \"mark:name\" of "     \
                "its narration; a move of the camera stands still before"),                                            \
        PARAM_MOMENT(struct effect_time, end, .def = (double)NAN, .min = -3600, .max = 3600,                           \
                     .aliases = "until,to_time",                                                                       \
                     .help = "when it ends, in the same words; a move stays where it has come to")

const struct param effect_move_params[] = { START_AND_END, { 0 } };

const struct param effect_frame_params[] = {
    START_AND_END,
    PARAM_SECONDS(struct effect_time, fade, .def = 0.4, .min = 0, .max = 60,
                  .help = "seconds in which it comes and goes, where it begins and ends inside the section"),
    { 0 },
};

static bool is_said(const struct param_moment *m)
{
    return m->mark.n || !isnan(m->seconds);
}

static int64_t sample_of(const struct section *s, const struct spoken *sp, const struct param_moment *m,
                         int64_t end_samples)
{
    if (m->mark.n || m->seconds >= 0)
        return spoken_moment(sp, s, m);
    return end_samples + llround(fmax(m->seconds, -hour) * SAMPLE_RATE);
}

struct effect_span *effect_spans(const struct section *s, const struct choice *effects, size_t n,
                                 const struct spoken *sp, int64_t end_samples, struct arena *a)
{
    struct effect_span *list = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct effect_time *t = effects[i].time;
        if (!t || (!is_said(&t->start) && !is_said(&t->end)))
            continue;
        if (!list) {
            list = arena_array(a, n, sizeof *list);
            for (size_t k = 0; k < n; k++)
                list[k] = (struct effect_span){ INT64_MIN, INT64_MAX, 0 };
        }
        if (is_said(&t->start))
            list[i].start_samples = sample_of(s, sp, &t->start, end_samples);
        if (is_said(&t->end))
            list[i].end_samples = sample_of(s, sp, &t->end, end_samples);
        list[i].fade = t->fade;
    }
    return list;
}
