/* effect_time.c - tests of when effects work: what a lesson may say of it, marks, and the ends of a section */
#include "gen/effect_time.h"
#include "compose/effects.h"
#include "gen/lesson/effects.h"
#include "tests/support/lessons.h"
#include "tests/support/test.h"

#define WITH(effects) "{\"title\": \"T\", \"sections\": [{\"image_prompt\": \"y\", \"narration\": \"One <mark name='m'/>two " \
                      "three.\", \"effects\": [" effects "]}]}"

static struct lesson *read_lesson(const char *text, struct problems *p)
{
    static const struct vocabulary words = { .effects = effect_rows };
    return read_with(text, &(struct read_opts){ .words = &words }, p);
}

TEST(what_cannot_be_is_refused)
{
    static const struct { const char *name, *text, *codes; } rows[] = {
        { "a mark of the narration", WITH("{\"type\": \"sepia\", \"start\": \"mark:m\", \"end\": -0.5, \"fade\": 1}"), "" },
        { "another mark", WITH("{\"type\": \"sepia\", \"start\": \"mark:n\"}"), "E_MARK" },
        { "an end before its start", WITH("{\"type\": \"zoom-in\", \"start\": 3, \"end\": 2}"), "E_RANGE" },
        { "both from the end", WITH("{\"type\": \"zoom-in\", \"start\": -1, \"end\": -2}"), "E_RANGE" },
        { "from both ends", WITH("{\"type\": \"zoom-in\", \"start\": 3, \"end\": -2}"), "" },
        { "a move that fades", WITH("{\"type\": \"zoom-in\", \"fade\": 1}"), "W_UNKNOWN_KEY" },
        { "nothing that starts", WITH("{\"type\": \"none\", \"start\": 1}"), "W_UNKNOWN_KEY" },
        { "too late", WITH("{\"type\": \"sepia\", \"start\": 4000}"), "E_RANGE" },
        { "a subject nobody knows", WITH("\"spotlight\""), "W_NO_SUBJECT" },
        { "a subject of its own", WITH("{\"type\": \"spotlight\", \"focus\": [0.1, 0.1, 0.2, 0.2]}"), "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct problems p;
        struct lesson *l = read_lesson(rows[i].text, &p);
        expect_codes(rows[i].name, rows[i].codes, &p);
        lesson_destroy(l);
    }
}

TEST(times_are_those_of_marks_seconds_and_the_sections_ends)
{
    static const struct word words[] = { { 0, 24000, 0, 3 }, { 24000, 48000, 4, 3 }, { 48000, 72000, 8, 5 } };
    const struct spoken sp = { words, COUNTOF(words), 12000 + 14400, 72000, 12000 };
    const int64_t end = 12000 + 240000;         /* the section has five seconds */
    struct problems p;
    struct arena a = { 0 };
    struct lesson *l = read_lesson(WITH("{\"type\": \"sepia\", \"start\": \"mark:m\", \"end\": -0.5, \"fade\": 1}, \"grain\", "
                                        "{\"type\": \"zoom-in\", \"start\": 1.5}, {\"type\": \"blur\", \"end\": 2}"), &p);
    expect_clean("lesson", &p);
    const struct section *s = &l->sections[0];
    CHECK_INT("effects", 4, s->n_effects);
    const struct effect_span *t = effect_spans(s, s->effects, s->n_effects, &sp, end, &a);
    CHECK_INT("at the mark", 26400 + 24000, t[0].start_samples);
    CHECK_INT("half a second from the end", end - 24000, t[0].end_samples);
    CHECK_NEAR("fade", 1, t[0].fade, 1e-12);
    CHECK("always" && t[1].start_samples == INT64_MIN && t[1].end_samples == INT64_MAX);
    CHECK_INT("seconds", 12000 + 72000, t[2].start_samples);
    CHECK("to its end" && t[2].end_samples == INT64_MAX);
    CHECK("from its beginning" && t[3].start_samples == INT64_MIN && t[3].end_samples == 12000 + 96000);
    CHECK_NEAR("the usual fade", 0.4, t[3].fade, 1e-12);
    CHECK(effect_spans(s, s->effects + 1, 1, &sp, end, &a) == NULL);
    lesson_destroy(l);
    arena_deinit(&a);
}

TEST(every_effect_that_draws_says_when)
{
    for (const struct row *const *r = effect_rows; *r; r++) {
        const struct effect *fx = effect_of(*r);
        const struct param *want = fx->look ? effect_move_params : fx->apply ? effect_frame_params : NULL;
        CHECK_ROW((*r)->name, (*r)->shared == want);
        for (const struct param *p = want; p && p->name; p++)
            CHECK_ROW((*r)->name, !param_find((*r)->params, str_from(p->name), NULL));
    }
}
