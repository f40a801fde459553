/* cuts.c - tests of sections with several pictures: what lessons say of them, and when each is seen */
#include "gen/shots.h"
#include <stdio.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/lesson/read.h"
#include "tests/support/lessons.h"
#include "tests/support/test.h"
#include "tests/support/words.h"

/* ---------- when each is seen ---------- */

enum { N_MOST = 4, WORDS_MOST = 32, LEAD = SAMPLE_RATE / 2 };

/* A section of 30 frames a second that is spoken a word in half a second, 0.1 s of it silence; no transitions. */
struct stage {
    struct section section;
    struct section_picture said[N_MOST];
    struct plan_picture pictures[N_MOST];
    struct shot shots[N_MOST];
    struct word words[WORDS_MOST];
    struct mark marks[2];
    struct node speech;
    struct plan_section ps;
};

static const struct row fade = { .name = "fade" }, none = { .name = "none" };
static const struct video_opts film = { 1920, 1080, 30, 1, 0xff };

static void stage_begin(struct stage *s, const char *narration, size_t n, double transition_s)
{
    size_t n_words = 0;
    *s = (struct stage){ .section = { .id = STR("s"), .narration = str_from(narration), .marks = s->marks } };
    for (const char *p = narration; *p && n_words < WORDS_MOST; n_words++) {
        size_t length = strcspn(p, " ");
        int64_t at = (int64_t)n_words * SAMPLE_RATE / 2;
        s->words[n_words] = (struct word){ at, at + SAMPLE_RATE * 2 / 5, (uint32_t)(p - narration), (uint32_t)length };
        p += length + strspn(p + length, " ");
    }
    for (size_t i = 0; i < n; i++) {
        s->said[i] = (struct section_picture){ .at = -1,
                                               .mark = SIZE_MAX,
                                               .seconds = -1,
                                               .transition = { .row = transition_s > 0 ? &fade : &none },
                                               .transition_s = transition_s };
        s->pictures[i].said = &s->said[i];
    }
    int64_t frames = 15 + (int64_t)n_words * 15 + 15;
    s->speech.blob.info.n_samples = (int64_t)n_words * SAMPLE_RATE / 2;
    s->ps = (struct plan_section){ .section = &s->section,
                                   .pictures = s->pictures,
                                   .n_pictures = n,
                                   .shots = s->shots,
                                   .speech = &s->speech,
                                   .slot = { .n_frames = frames },
                                   .visual = { .shots = s->shots,
                                               .n_shots = n,
                                               .n_frames = frames,
                                               .narration = s->section.narration,
                                               .words = s->words,
                                               .n_words = n_words,
                                               .speech_start_samples = LEAD } };
}

/* The frame at which a word begins; half a second of silence comes before the first. */
static int64_t word_frame(size_t i)
{
    return 15 + (int64_t)i * 15;
}

/* In the gap before this word: it is 3 frames long. */
static void check_before(const char *row, size_t word, int64_t frame)
{
    if (frame < word_frame(word) - 3 || frame > word_frame(word))
        CHECK_INT(row, word_frame(word), frame);
}

static const struct {
    const char *name, *text;
    size_t n, word[3];
} rows[] = {
    { "at the ends of sentences", "One two three. Four five six. Seven eight nine.", 3, { 3, 6 } },
    { "a sentence's end that is a little off wins over a nearer word",
      "One two three four. Five six seven. Eight nine ten.",
      2,
      { 4 } },
    { "a clause, where no sentence ends near", "One two three four, five six seven eight nine ten.", 2, { 4 } },
    { "a word, where there is no better place", "One two three four five six seven eight.", 2, { 4 } },
    { "an abbreviation ends no sentence", "One two Dr. Four five six. Seven eight nine ten.", 2, { 6 } },
};

TEST(pictures_are_cut_where_the_words_allow_it_nearest_to_even_shares)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct stage s;
        stage_begin(&s, rows[i].text, rows[i].n, 0);
        shots_cut(&s.ps, &film);
        CHECK_INT(rows[i].name, 0, s.shots[0].first_frame);
        for (size_t k = 1; k < rows[i].n; k++)
            check_before(rows[i].name, rows[i].word[k - 1], s.shots[k].first_frame);
    }
}

TEST(shots_cover_all_frames_and_no_more_than_two_are_seen)
{
    for (size_t n = 1; n <= N_MOST; n++)
        for (int64_t frames = (int64_t)n; frames < 60; frames++) {
            struct stage s;
            stage_begin(&s, "One two.", n, 0.5);
            s.ps.slot.n_frames = s.ps.visual.n_frames = frames;
            shots_cut(&s.ps, &film);
            for (int64_t f = 0; f < frames; f++) {
                size_t seen = 0;
                for (size_t i = 0; i < n; i++)
                    seen += f >= s.shots[i].first_frame && f < s.shots[i].first_frame + s.shots[i].n_frames;
                CHECK("one or two" && seen >= 1 && seen <= 2);
            }
            for (size_t i = 1; i < n; i++)
                CHECK("each has frames of its own" && s.shots[i].first_frame > s.shots[i - 1].first_frame);
        }
}

TEST(a_transition_between_pictures_is_centred_on_the_cut)
{
    struct stage s;
    stage_begin(&s, "One two three. Four five six.", 2, 0.4); /* 12 frames */
    shots_cut(&s.ps, &film);
    int64_t cut = s.shots[1].first_frame + 6;
    check_before("the cut", 3, cut);
    CHECK_INT("the first one's end", cut + 6, s.shots[0].n_frames);
    CHECK_INT("the last one's end", s.ps.visual.n_frames, s.shots[1].first_frame + s.shots[1].n_frames);
}

TEST(a_picture_comes_when_the_lesson_says)
{
    struct stage s;
    stage_begin(&s, "One two three. Four five six. Seven eight nine ten.", 4, 0);
    s.marks[0] = (struct mark){ STR("five"), 20 };
    s.section.n_marks = 1;
    s.said[1].at = 0.7;
    s.said[2].mark = 0;
    s.said[2].seconds = 1;
    shots_cut(&s.ps, &film);
    CHECK_INT("after seconds", 21, s.shots[1].first_frame);
    CHECK_INT("at a mark, with its word", word_frame(4), s.shots[2].first_frame);
    CHECK_INT("when the one before had its time", word_frame(4) + 30, s.shots[3].first_frame);
}

TEST(without_words_the_shares_are_even)
{
    struct stage s;
    stage_begin(&s, "", 3, 0);
    s.ps.slot.n_frames = s.ps.visual.n_frames = 90;
    s.ps.speech = NULL;
    shots_cut(&s.ps, &film);
    CHECK_INT("second", 30, s.shots[1].first_frame);
    CHECK_INT("third", 60, s.shots[2].first_frame);
}

TEST(parts_of_a_narration_end_with_sentences_and_are_all_of_it)
{
    const struct str text = STR("One two three. Four five six. Seven eight nine.");
    struct buf all = { 0 };
    for (size_t i = 0; i < 3; i++)
        buf_adds(&all, shots_words(text, i, 3));
    CHECK_STR("all", text.p, buf_str(&all));
    CHECK_STR("second", "Four five six. ", shots_words(text, 1, 3));
    CHECK_STR("one", text.p, shots_words(text, 0, 1));
    CHECK_STR("more pictures than words", "One", shots_words(STR("One"), 2, 3));
    buf_deinit(&all);
}

/* ---------- what lessons say ---------- */

TEST(each_of_several_pictures_has_its_own_or_the_sections_values)
{
    struct problems p;
    struct lesson *l = lesson_of(
        "{\"title\": \"T\", \"image_transition\": {\"duration\": 0.8}, \"image\": {\"fit\": \"contain\"}, \"sections\": [\n"
        "{\"effects\": [\"ken-burns\"], \"image_prompts\": [\"one\", {\"image_prompt\": \"two\", \"at\": \"mark:m\", \"effects\": [\"vignette\"],\n"
        "\"fit\": \"stretch\", \"transition\": \"wipe-left\"}, {\"video_prompt\": \"three\", \"for\": 2, \"transition\": \"cut\"},\n"
        "{\"image_prompt\": \"four\", \"at\": 9.5, \"focus\": [0.2, 0.3]}], \"narration\": \"A <mark name='m'/>b.\"}]}",
        &p);
    CHECK_INT("errors", 0, p.n_errors);
    const struct section *s = &l->sections[0];
    const struct section_picture *v = s->pictures;
    CHECK_INT("pictures", 4, s->n_pictures);
    CHECK_STR("a string is a prompt", "one", v[0].image_prompt);
    CHECK_STR("the section's effect", "ken-burns", str_from(v[0].effects[0].row->name));
    CHECK_STR("its own effect", "vignette", str_from(v[1].effects[0].row->name));
    CHECK_INT("its own fit", FIT_STRETCH, v[1].image_opts.fit);
    CHECK_INT("the lesson's fit", FIT_CONTAIN, v[0].image_opts.fit);
    CHECK_INT("its mark", 0, v[1].mark);
    CHECK_STR("its own transition", "wipe-left", str_from(v[1].transition.row->name));
    CHECK_NEAR("of the lesson's length", 0.8, v[1].transition_s, 0);
    CHECK_STR("a clip", "three", v[2].video_prompt);
    CHECK_NEAR("for so long", 2, v[2].seconds, 0);
    CHECK_NEAR("a cut", 0, v[2].transition_s, 0);
    CHECK_NEAR("at a time", 9.5, v[3].at, 0);
    CHECK_NEAR("its focus", 0.3, v[3].image_opts.focus.y, 0);
    lesson_destroy(l);
}
