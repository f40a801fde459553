/* draft.c - tests of gen/draft: what a chat model is asked for, and what of its answer becomes a lesson */
#include "gen/draft.h"
#include <string.h>
#include "tests/support/strict.h"
#include "tests/support/test.h"
#include "tests/support/words.h"

static const struct read_opts opts = { .words = &test_words };
static const struct draft_opts gates = { .topic = { "gates", 5 } };

#define SECTION "{\"narration\": \"It opens.\", \"image_prompt\": \"a gate\"}"
#define LESSON(rest) "{\"title\": \"Gates\", \"sections\": [" SECTION "]" rest "}"

/* ---------- reading ---------- */

static const struct { const char *name, *answer; bool ok; const char *says, *has_not, *left_out; } rows[] = {
    { "a plain answer", LESSON(""), true, "\"narration\": \"It opens.\"", NULL, NULL },
    { "in a fence", "```json\n" LESSON("") "\n```\n", true, "It opens", NULL, NULL },
    { "with nulls", "{\"title\": \"Gates\", \"description\": null, \"sections\": [{\"narration\": \"It opens.\", \"image_prompt\": \"a gate\", \"slide\": null}]}",
      true, "Gates", "null", NULL },
    { "empty parts", "{\"title\": \"Gates\", \"style\": {\"prompt\": \"\"}, \"sections\": [{\"narration\": \"It opens.\", \"image_prompt\": \"a gate\", "
      "\"slide\": {\"heading\": \" \", \"bullets\": []}}]}", true, "Gates", "slide", NULL },
    { "other spellings", "{\"topic\": \"Gates\", \"scenes\": [{\"voiceover\": \"It opens.\", \"visual\": \"a gate\"}]}", true, "\"image_prompt\": \"a gate\"", "visual", NULL },
    { "a slide of words", "{\"title\": \"Gates\", \"sections\": [{\"narration\": \"It opens.\", \"slide\": {\"heading\": \"H\", \"bullets\": [\"a\", \"b\"]}}]}",
      true, "\"bullets\": [\"a\", \"b\"]", NULL, NULL },
    { "an effect", "{\"title\": \"Gates\", \"sections\": [{\"narration\": \"It opens.\", \"image_prompt\": \"a gate\", \"effects\": [\"vignette\"]}]}", true, "vignette", NULL, NULL },
    { "a file", "{\"title\": \"Gates\", \"sections\": [{\"narration\": \"It opens.\", \"image_prompt\": \"a gate\", \"image\": \"/etc/passwd\"}]}", true, "a gate", "passwd",
      "sections[0].image" },
    { "a file under another name", "{\"title\": \"Gates\", \"sections\": [{\"narration\": \"It opens.\", \"image_prompt\": \"a gate\", \"src\": \"x.png\"}]}", true, "a gate",
      "x.png", "sections[0].image" },
    { "an address", "{\"title\": \"Gates\", \"sections\": [{\"narration\": \"It opens.\", \"image_prompt\": \"a gate\", \"audio\": {\"file\": \"https://example.org/a\"}}]}",
      true, "a gate", "example", "sections[0].audio" },
    { "a diagram's file", "{\"title\": \"Gates\", \"sections\": [{\"narration\": \"It opens.\", \"slide\": {\"heading\": \"H\", \"svg\": \"x.svg\"}}]}", true, "heading", "x.svg",
      "sections[0].slide.svg" },
    { "music, output, voice", LESSON(", \"music\": \"m.mp3\", \"output\": {\"file\": \"o\"}, \"voice\": {\"provider\": \"exec\"}"), true, "Gates", "exec",
      "voice, music, output" },
    { "variables", LESSON(", \"variables\": {\"a\": \"b\"}"), true, "Gates", "variables", "variables" },
    { "a word of its own", LESSON(", \"mood\": \"calm\""), true, "Gates", "calm", "mood" },
    { "words before", "Here it is: " LESSON(""), false, "no JSON, line 1, column 1", NULL, NULL },
    { "words behind", LESSON("") "\nI hope this helps!", false, "no JSON, line 2", NULL, NULL },
    { "nothing but words", "I cannot help with that.", false, "no JSON", NULL, NULL },
    { "a list", "[" SECTION "]", false, "not an array", NULL, NULL },
    { "no section", "{\"title\": \"Gates\", \"sections\": []}", false, "sections", NULL, NULL },
    { "no words", "{\"title\": \"Gates\", \"sections\": [{\"image_prompt\": \"a gate\"}]}", false, "needs one of \"narration\"", NULL, NULL },
    { "a number for words", "{\"title\": \"Gates\", \"sections\": [{\"narration\": 7, \"image_prompt\": \"a gate\"}]}", false, "expected a string, not a number", NULL, NULL },
    { "a string for a section", "{\"title\": \"Gates\", \"sections\": [\"It opens.\"]}", false, "not a string", NULL, NULL },
    { "an unknown effect", "{\"title\": \"Gates\", \"sections\": [{\"narration\": \"It opens.\", \"image_prompt\": \"a gate\", \"effects\": \"explode\"}]}", false,
      "\"explode\": not an effect", NULL, NULL },
    { "an unknown name in braces", "{\"title\": \"Gates\", \"sections\": [{\"narration\": \"{{it}} opens.\", \"image_prompt\": \"a gate\"}]}", false, "it", NULL, NULL },
    { "a colour for the terminal twice", LESSON(", \"\\u001b[31mx\": 1, \"\\u001b[31mx\": 2"), false, "", NULL, NULL },
    { "a colour for the terminal", LESSON(", \"\\u001b[31mmood\": 1"), true, "Gates", "mood", "\\x1B[31mmood" },
    { "an effect in colour", "{\"title\": \"Gates\", \"sections\": [{\"narration\": \"It opens.\", \"image_prompt\": \"a gate\", \"effects\": \"\\u001b[31mx\"}]}", false,
      "not an effect", NULL, NULL },
    { "a key twice", "{\"title\": \"Gates\", \"title\": \"Doors\", \"sections\": [" SECTION "]}", false, "title", NULL, NULL },
};

TEST(an_answer_becomes_a_lesson_without_files_or_is_told_to_be_none)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct draft d;
        bool ok = draft_read(&gates, str_from(rows[i].answer), &opts, &a, &d);
        check_true(rows[i].name, d.errors.p ? d.errors.p : "", ok == rows[i].ok, __FILE__, __LINE__);
        check_true(rows[i].name, ok ? d.text.p : d.errors.p, strstr(ok ? d.text.p : d.errors.p, rows[i].says), __FILE__, __LINE__);
        CHECK_ROW(rows[i].name, !rows[i].has_not || !strstr(d.text.p, rows[i].has_not));
        CHECK_STR(rows[i].name, rows[i].left_out ? rows[i].left_out : "", d.left_out);
        CHECK_ROW(rows[i].name, ok == (d.errors.n == 0) && ok == (d.n_errors == 0));
        CHECK_ROW(rows[i].name, d.errors.n == 0 || !memchr(d.errors.p, 0x1b, d.errors.n));
        CHECK_ROW(rows[i].name, d.left_out.n == 0 || !memchr(d.left_out.p, 0x1b, d.left_out.n));
        arena_deinit(&a);
    }
}

TEST(what_was_read_is_read_again_as_it_is)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct draft d, again;
        if (draft_read(&gates, str_from(rows[i].answer), &opts, &a, &d)) {
            CHECK_ROW(rows[i].name, draft_read(&gates, d.text, &opts, &a, &again));
            CHECK_STR(rows[i].name, d.text.p, again.text);
        }
        arena_deinit(&a);
    }
}

TEST(the_number_of_sections_and_the_language_are_those_asked_for)
{
    struct arena a = { 0 };
    struct draft d;
    struct draft_opts two = gates;
    two.sections = 2;
    CHECK(!draft_read(&two, STR(LESSON("")), &opts, &a, &d));
    CHECK(strstr(d.errors.p, "2 sections were asked for, there are 1"));
    two.sections = 1;
    two.language = STR("de");
    CHECK(draft_read(&two, STR(LESSON(", \"language\": \"en\"")), &opts, &a, &d));
    CHECK(strstr(d.text.p, "\"language\": \"de\"") && !strstr(d.text.p, "\"en\""));
    arena_deinit(&a);
}

/* ---------- asking ---------- */

TEST(the_schema_suits_strict_modes_and_names_no_file)
{
    static const char *const absent[] = { "\"image\"", "\"audio\"", "\"svg\"", "\"music\"", "\"file\"", "\"provider\"", "\"video\"", "\"output\"", "\"voice\"", "\"variables\"" };
    static const char *const there[] = { "\"title\"", "\"narration\"", "\"image_prompt\"", "\"slide\"", "\"bullets\"", "\"language\"" };
    for (int64_t n = 0; n <= 7; n += 7) {
        struct arena a = { 0 };
        struct buf b = { 0 };
        struct json *tree = NULL;
        draft_schema(&b, &test_words, n);
        CHECK(json_parse(&a, buf_str(&b), 0, &tree, NULL, NULL, NULL, NULL));
        strict_check(tree);
        for (size_t i = 0; i < COUNTOF(absent); i++)
            CHECK_ROW(absent[i], !strstr(b.p, absent[i]));
        for (size_t i = 0; i < COUNTOF(there); i++)
            CHECK_ROW(there[i], strstr(b.p, there[i]));
        CHECK_INT("at least", n ? n : 1, json_num_or(json_get(json_get(tree, "properties"), "sections"), "minItems", -1));
        CHECK_INT("at most", n ? n : -1, json_num_or(json_get(json_get(tree, "properties"), "sections"), "maxItems", -1));
        buf_deinit(&b);
        arena_deinit(&a);
    }
}

TEST(the_question_says_what_was_asked_for_and_each_version_is_another)
{
    struct arena a = { 0 };
    struct want w, again;
    struct draft_opts o = { .topic = STR("gates"), .language = STR("de"), .sections = 5, .minutes = 3 };
    draft_want(&o, &test_words, &a, &w);
    CHECK_STR("question", "Topic: gates\nSections: exactly 5\nLanguage: de\nLength: about 3 minutes of speech, that is about 450 words of narration in all\n", w.text);
    CHECK_INT("no seed", -1, w.seed);
    CHECK(w.is_raw && w.schema.n && w.system.n);
    o.version = 1;
    draft_want(&o, &test_words, &a, &again);
    CHECK(!str_eq(w.text, again.text) && again.seed == 1);
    arena_deinit(&a);
}

TEST(a_correction_repeats_the_question_the_answer_and_what_is_wrong)
{
    struct arena a = { 0 };
    struct want first, second, third;
    struct draft d;
    draft_want(&gates, &test_words, &a, &first);
    draft_read(&gates, STR("{\"title\": \"Gates\", \"sections\": [{\"image_prompt\": \"a gate\"}]}"), &opts, &a, &d);
    draft_repair(&first, &d, 1, &a, &second);
    draft_repair(&first, &d, 2, &a, &third);
    CHECK(strstr(second.text.p, "Topic: gates") && strstr(second.text.p, "a gate") && strstr(second.text.p, "needs one of"));
    CHECK(!str_eq(second.text, third.text));    /* else the store would answer for the model */
    CHECK(str_eq(first.schema, second.schema) && str_eq(first.system, second.system));
    arena_deinit(&a);
}
