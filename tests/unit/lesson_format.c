/* lesson_format.c - tests of the canonical spelling and of the schema */
#include <stdlib.h>
#include "gen/base/json.h"
#include "gen/lesson/blocks.h"
#include "gen/lesson/format.h"
#include "gen/lesson/read.h"
#include "gen/lesson/schema.h"
#include "tests/support/test.h"
#include "tests/support/words.h"

static const char messy[] =
    "\xef\xbb\xbf```json\n"
    "{ // a lesson\n"
    "  \"scenes\": { \"intro\": { \"prompt\": \"y\", \"text\": [\"One.\", \" Two.\"], \"zoom\": \"in\", \"paddingBack\": 1500,\n"
    "      \"length\": -1, \"mood\": [1, {\"a\": 2}], \"notes\": \"n\" },\n"
    "    \"two\": { \"image\": {\"fit\": \"containBlur\", \"src\": \"a.png\"}, \"script\": \"x\", \"effects\": [{\"amount\": \"0.5\", \"name\": \"Vignette\"}, \"kb\"],\n"
    "      \"transition\": {\"in\": \"wipeLeft\", \"duration\": \"250 ms\"}, \"slide\": {\"points\": [\"a\"], \"title\": \"H\"} } },\n"
    "  \"topic\": \"T\", \"orientation\": \"portrait\", \"voice\": \"alloy\", \"voice_rate\": \"1.5\", \"style\": \"flat\",\n"
    "  \"transition\": \"crossfade\", \"bgm\": \"a.mp3\", \"captions\": false, \"x-mine\": 1, \"$schema\": \"s\",\n"
    "}\n```\n";

static const char tidy[] =
    "{\n"
    "  \"$schema\": \"s\",\n"
    "  \"title\": \"T\",\n"
    "  \"style\": {\"prompt\": \"flat\"},\n"
    "  \"voice\": {\"voice\": \"alloy\", \"speed\": 1.5},\n"
    "  \"video\": {\"aspect\": \"9:16\"},\n"
    "  \"captions\": false,\n"
    "  \"music\": {\"file\": \"a.mp3\"},\n"
    "  \"transition\": \"fade\",\n"
    "  \"sections\": [\n"
    "    {\n"
    "      \"id\": \"intro\",\n"
    "      \"narration\": \"One. Two.\",\n"
    "      \"image_prompt\": \"y\",\n"
    "      \"duration\": \"auto\",\n"
    "      \"timing\": {\"tail\": 1.5},\n"
    "      \"effects\": [\"zoom-in\"],\n"
    "      \"mood\": [1, {\"a\": 2}],\n"
    "      \"notes\": \"n\"\n"
    "    },\n"
    "    {\n"
    "      \"id\": \"two\",\n"
    "      \"narration\": \"x\",\n"
    "      \"image\": {\"fit\": \"contain-blur\", \"file\": \"a.png\"},\n"
    "      \"slide\": {\"heading\": \"H\", \"bullets\": [\"a\"]},\n"
    "      \"effects\": [{\"type\": \"vignette\", \"strength\": 0.5}, \"ken-burns\"],\n"
    "      \"transition\": {\"type\": \"wipe-left\", \"duration\": 0.25}\n"
    "    }\n"
    "  ],\n"
    "  \"x-mine\": 1\n"
    "}\n";

static struct str format(struct buf *b, struct str text)
{
    struct json_pos at;
    struct err e = { 0 };
    buf_clear(b);
    CHECK(lesson_format(text, &test_words, b, &at, &e));
    return buf_str(b);
}

TEST(a_lesson_of_old_spellings_becomes_canonical)
{
    struct buf b = { 0 };
    CHECK_STR("formatted", tidy, format(&b, str_from(messy)));
    buf_deinit(&b);
}

TEST(formatting_twice_changes_nothing)
{
    struct buf once = { 0 }, twice = { 0 };
    format(&once, str_from(messy));
    format(&twice, buf_str(&once));
    CHECK_STR("twice", once.p, buf_str(&twice));
    buf_deinit(&once);
    buf_deinit(&twice);
}

TEST(what_was_formatted_means_the_same_and_needs_no_warning)
{
    struct problems before, after;
    const struct read_opts opts = { .words = &test_words };
    struct lesson *a = lesson_read(STR("-"), str_from(messy), &opts, &before), *b = lesson_read(STR("-"), str_from(tidy), &opts, &after);
    CHECK_INT("errors", 0, before.n_errors);
    CHECK_INT("errors after", 0, after.n_errors);
    for (size_t i = 0; i < after.n; i++) /* "mood" is unknown, the image goes before the slide */
        CHECK_ROW(after.v[i].code, str_is(str_from(after.v[i].code), "W_UNKNOWN_KEY") || str_is(str_from(after.v[i].code), "W_UNUSED"));
    CHECK_INT("sections", a->n_sections, b->n_sections);
    CHECK_INT("width", a->video.width, b->video.width);
    for (size_t i = 0; i < a->n_sections; i++) {
        const struct section *x = &a->sections[i], *y = &b->sections[i];
        CHECK_STR("id", x->id.p, y->id);
        CHECK_STR("narration", x->narration.p, y->narration);
        CHECK_NEAR("speed", x->voice.speed, y->voice.speed, 0);
        CHECK_NEAR("tail", x->timing.tail, y->timing.tail, 0);
        CHECK_NEAR("transition", x->transition_s, y->transition_s, 0);
        CHECK(x->transition.row == y->transition.row && x->n_effects == y->n_effects);
        CHECK_INT("fit", x->image_opts.fit, y->image_opts.fit);
    }
    lesson_destroy(a);
    lesson_destroy(b);
}

TEST(a_lesson_with_mistakes_keeps_them_when_formatted)
{
    static const struct { const char *name, *in, *want; } rows[] = {
        { "values of the wrong type", "{\"voice\": {\"speed\": \"fast\"}, \"title\": 5}", "{\"title\": 5, \"voice\": {\"speed\": \"fast\"}}\n" },
        { "effects that are none", "{\"effects\": [\"sparkle\", 3]}", "{\"effects\": [\"sparkle\", 3]}\n" },
        { "sections that are none", "{\"sections\": [1, \"x\"]}", "{\"sections\": [1, \"x\"]}\n" },
        { "variables", "{\"title\": \"{{a}}\", \"voice\": {\"speed\": \"{{b}}\"}}", "{\"title\": \"{{a}}\", \"voice\": {\"speed\": \"{{b}}\"}}\n" },
        { "options that stand twice", "{\"effects\": [{\"type\": \"vignette\", \"amount\": 1, \"strength\": 0.5}]}",
          "{\n  \"effects\": [{\"type\": \"vignette\", \"amount\": 1, \"strength\": 0.5}]\n}\n" },
        { "what is not there yet", "{\"output\": {\"also\": [\"9:16\"]}}", "{\n  \"output\": {\"also\": [\"9:16\"]}\n}\n" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        CHECK_STR(rows[i].name, rows[i].want, format(&b, str_from(rows[i].in)));
        buf_deinit(&b);
    }
}

TEST(what_cannot_be_formatted_is_told_with_its_place)
{
    static const struct { const char *name, *in; unsigned line, col; } rows[] = {
        { "syntax", "{\"title\": }", 1, 11 },
        { "a key twice", "{\"title\": \"a\",\n \"title\": \"b\"}", 2, 2 },
        { "a key and its alias", "{\"title\": \"a\",\n \"topic\": \"b\"}", 2, 2 },
        { "a value in two places", "{\"voice\": {\"speed\": 1},\n \"voice_rate\": 2}", 2, 2 },
        { "deep inside", "{\"sections\": [{\"text\": \"a\",\n \"say\": \"b\"}]}", 2, 2 },
        { "an array", "[]", 1, 1 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct json_pos at = { 0, 0 };
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, !lesson_format(str_from(rows[i].in), &test_words, &b, &at, &e));
        CHECK_INT(rows[i].name, rows[i].line, at.line);
        CHECK_INT(rows[i].name, rows[i].col, at.col);
        CHECK_INT("nothing is written", 0, b.n);
        buf_deinit(&b);
    }
}

static struct json *schema(struct arena *a, bool for_chat)
{
    struct buf b = { 0 };
    struct json *v = NULL;
    struct err e = { 0 };
    lesson_schema(&b, &test_words, for_chat);
    CHECK(json_parse(a, buf_str(&b), 0, &v, NULL, NULL, NULL, &e));
    buf_deinit(&b);
    return v;
}

TEST(the_schema_has_every_key_of_the_tables)
{
    static const struct block *const blocks[] = {
        &lesson_block, &section_block, &style_block, &voice_block, &image_block, &clip_block, &video_block, &caption_block, &music_block,
        &loudness_block, &timing_block, &output_block, &slide_block,
    };
    struct arena a = { 0 };
    const struct json *root = schema(&a, false);
    for (size_t i = 0; i < COUNTOF(blocks); i++) {
        const struct json *object = i ? json_get(json_get(root, "$defs"), blocks[i]->name) : root;
        const struct json *properties = json_get(object, "properties");
        size_t n = 0;
        CHECK_ROW(blocks[i]->name, properties != NULL && json_bool_or(object, "additionalProperties", true) == false);
        for (const struct param *p = blocks[i]->params; p && p->name; p++, n++)
            CHECK_ROW(p->name, json_get(json_get(properties, p->name), "description") != NULL);
        for (const struct key *k = blocks[i]->keys; k && k->p.name; k++) {
            bool is_left_out = k->flags & (KEY_NOT_YET | KEY_SHORT);
            CHECK_ROW(k->p.name, (json_get(properties, k->p.name) == NULL) == is_left_out);
            n += !is_left_out;
        }
        CHECK_INT(blocks[i]->name, n, properties->n);
    }
    arena_deinit(&a);
}

TEST(the_schema_names_the_words_that_work_and_no_others)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    json_print(&b, json_get(json_get(schema(&a, false), "$defs"), "effect"), 0);
    CHECK(memmem(b.p, b.n, "\"ken-burns\"", 11) != NULL);
    CHECK(memmem(b.p, b.n, "\"grain\"", 7) == NULL);
    buf_deinit(&b);
    arena_deinit(&a);
}

/* Every object names all its properties as required and allows no others; nothing that chat APIs refuse. Depth is the schema's. */
static void check_strict(const struct json *v, bool is_properties)
{
    const struct json *properties = is_properties ? NULL : json_get(v, "properties");
    if (properties) {
        CHECK(json_get(v, "required") && json_get(v, "required")->n == properties->n);
        CHECK(!json_bool_or(v, "additionalProperties", true));
    }
    if (v->type == JSON_OBJECT && !is_properties)
        CHECK(!json_get(v, "default") && !json_get(v, "patternProperties") && !json_get(v, "examples") && !json_get(v, "allOf"));
    if (v->type == JSON_OBJECT && !is_properties && json_get(v, "$ref"))
        CHECK_INT("nothing beside $ref", 1, v->n);
    for (const struct json *c = v->child; c; c = c->next)
        check_strict(c, v->type == JSON_OBJECT && !is_properties && (str_is(c->key, "properties") || str_is(c->key, "$defs")));
}

TEST(the_schema_for_chats_is_in_their_subset)
{
    struct arena a = { 0 };
    const struct json *root = schema(&a, true);
    CHECK(json_get(json_get(root, "properties"), "sections") != NULL);
    check_strict(root, false);
    arena_deinit(&a);
}
