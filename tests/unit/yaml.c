/* yaml.c - tests of the YAML subset: what it reads as, where values stand, and all that it refuses */
#include "gen/base/yaml.h"
#include <stdio.h>
#include "tests/support/test.h"

struct outcome {
    struct arena arena;
    struct json *docs[3];
    size_t n;
    struct json_pos at;
    struct err e;
    bool ok;
};

static struct outcome parse(struct str text, size_t max_docs)
{
    struct outcome o = { 0 };
    o.ok = yaml_parse(&o.arena, text, o.docs, max_docs, &o.n, &o.at, &o.e);
    return o;
}

TEST(scalars_are_what_json_would_call_them_and_everything_else_is_text)
{
    static const struct { const char *name, *text; enum json_type type; double number; } rows[] = {
        { "whole", "8", JSON_NUMBER, 8 },
        { "negative", "-16.5", JSON_NUMBER, -16.5 },
        { "exponent", "1e3", JSON_NUMBER, 1000 },
        { "zero", "0", JSON_NUMBER, 0 },
        { "octal stays text", "0755", JSON_STRING, 0 },
        { "hex stays text", "0x1F", JSON_STRING, 0 },
        { "sexagesimal stays text", "16:9", JSON_STRING, 0 },
        { "underscores stay text", "1_000", JSON_STRING, 0 },
        { "leading plus stays text", "+5", JSON_STRING, 0 },
        { "bare fraction stays text", ".5", JSON_STRING, 0 },
        { "infinity stays text", ".inf", JSON_STRING, 0 },
        { "nan stays text", ".nan", JSON_STRING, 0 },
        { "a point needs digits", "5.", JSON_STRING, 0 },
        { "quoted number is text", "\"8\"", JSON_STRING, 0 },
        { "yes is text", "yes", JSON_STRING, 0 },
        { "True is text", "True", JSON_STRING, 0 },
        { "true", "true", JSON_BOOL, 0 },
        { "quoted true is text", "'true'", JSON_STRING, 0 },
        { "null", "null", JSON_NULL, 0 },
        { "tilde", "~", JSON_NULL, 0 },
        { "date stays text", "2026-11-20", JSON_STRING, 0 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct outcome o = parse(str_from(rows[i].text), 1);
        CHECK_ROW(rows[i].name, o.ok && o.n == 1);
        CHECK_INT(rows[i].name, rows[i].type, o.docs[0]->type);
        CHECK_NEAR(rows[i].name, rows[i].number, o.docs[0]->number, 0);
        arena_deinit(&o.arena);
    }
}

TEST(a_missing_value_is_null_and_comments_are_nothing)
{
    struct outcome o = parse(STR("# a comment\ncache:\n  dir:     # nothing\n"), 1);
    CHECK(o.ok);
    const struct json *cache = o.docs[0]->child;
    CHECK_STR("key", "cache", cache->key);
    CHECK_INT("type", JSON_NULL, cache->child->type);
    arena_deinit(&o.arena);
    o = parse(STR("# only a comment\n"), 1);
    CHECK(o.ok);
    CHECK_INT("documents", 0, o.n);
    arena_deinit(&o.arena);
}

TEST(every_value_and_key_knows_its_place_in_code_points)
{
    struct outcome o = parse(STR("a: 1\nworkers:\n  \"\xc3\xa9\xc3\xa9\": [x, \xe6\xbc\xa2, z]\n"), 1);
    CHECK(o.ok);
    const struct json *w = o.docs[0]->child->next, *m = w->child, *z = m->last;
    CHECK_INT("key line", 3, m->key_pos.line);
    CHECK_INT("key column", 3, m->key_pos.col);
    CHECK_INT("value column", 9, m->pos.col);
    CHECK_STR("last", "z", z->string);
    CHECK_INT("last column", 16, z->pos.col);
    CHECK_INT("children", 3, m->n);
    arena_deinit(&o.arena);
}

TEST(documents_are_separate_and_no_more_than_allowed)
{
    struct outcome o = parse(STR("id: a\n---\nid: b\n"), 3);
    CHECK(o.ok);
    CHECK_INT("documents", 2, o.n);
    CHECK_STR("second", "b", o.docs[1]->child->string);
    arena_deinit(&o.arena);
    o = parse(STR("id: a\n---\nid: b\n"), 1);
    CHECK(!o.ok);
    CHECK_INT("line", 2, o.at.line);
    arena_deinit(&o.arena);
}

TEST(what_yaml_can_do_and_a_config_file_must_not_is_refused_with_its_place)
{
    static const struct { const char *name, *text, *says; unsigned line, col; } rows[] = {
        { "alias", "a: 1\nb: *a\n", "alias", 2, 4 },
        { "anchor on a scalar", "a: &x 1\n", "anchor", 1, 4 },
        { "anchor on a block", "a: &x\n  b: 1\n", "anchor", 1, 4 },
        { "tag", "a: !!str 1\n", "tag", 1, 4 },
        { "local tag", "a: !run [x]\n", "tag", 1, 4 },
        { "non-specific tag", "a: ! \"x\"\n", "tag", 1, 4 },
        { "merge key", "a:\n  <<: {b: 1}\n", "merge", 2, 3 },
        { "duplicate key", "a: 1\nb: 2\na: 3\n", "twice; first on line 1", 3, 1 },
        { "duplicate key, one quoted", "a: 1\n\"a\": 3\n", "twice", 2, 1 },
        { "directive", "%YAML 1.1\n---\na: 1\n", "directive", 1, 1 },
        { "a block as a key", "? [a]\n: 1\n", "plain text", 1, 3 },
        { "empty key", "\"\": 1\n", "empty key", 1, 1 },
        { "overflow", "a: 1e999\n", "too large", 1, 4 },
        { "NUL by escape", "a: \"x\\0y\"\n", "control", 1, 4 },
        { "bell by escape", "a: \"\\a\"\n", "control", 1, 4 },
        { "bad UTF-8", "a: 1\nb: \xc3\xa9 \xff\n", "UTF-8", 2, 6 },
        { "tab as indent", "a:\n\tb: 1\n", "spaces", 2, 1 },
        { "colon out of place", "a: b: c\n", "quotes", 1, 5 },
        { "open bracket", "a: [1, 2\nb: 3\n", "expected", 2, 2 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct outcome o = parse(str_from(rows[i].text), 1);
        CHECK_ROW(rows[i].name, !o.ok && o.n == 0 && o.e.code == ERR_CONFIG);
        if (!strstr(o.e.msg, rows[i].says))
            CHECK_STR(rows[i].name, rows[i].says, str_from(o.e.msg));
        CHECK_INT(rows[i].name, rows[i].line, o.at.line);
        CHECK_INT(rows[i].name, rows[i].col, o.at.col);
        arena_deinit(&o.arena);
    }
}

TEST(depth_and_size_are_limited)
{
    struct buf b = { 0 };
    for (int i = 0; i < 32; i++)
        buf_addc(&b, '[');
    for (int i = 0; i < 32; i++)
        buf_addc(&b, ']');
    struct outcome o = parse(buf_str(&b), 1);
    CHECK(o.ok);
    arena_deinit(&o.arena);

    buf_clear(&b);
    for (int i = 0; i < 100000; i++)
        buf_addc(&b, '[');
    o = parse(buf_str(&b), 1);
    CHECK(!o.ok && strstr(o.e.msg, "deeply"));
    CHECK_INT("column of the 33rd bracket", 33, o.at.col);
    arena_deinit(&o.arena);

    buf_clear(&b);
    for (int i = 0; i < 3000; i++)
        buf_printf(&b, "k%d: 1\n", i);
    o = parse(buf_str(&b), 1);
    CHECK(!o.ok && strstr(o.e.msg, "too many values"));
    CHECK_INT("line", 2001, o.at.line);
    arena_deinit(&o.arena);

    buf_clear(&b);
    buf_addz(&b, "a: ");
    while (b.n <= MIB)
        buf_addz(&b, "xxxxxxxxxxxxxxxx");
    o = parse(buf_str(&b), 1);
    CHECK(!o.ok && strstr(o.e.msg, "1 MiB"));
    arena_deinit(&o.arena);
    buf_deinit(&b);
}

TEST(provider_descriptions_read_as_they_are_written)
{
    struct outcome o = parse(STR("auth: {header: \"Authorization: Bearer ${key}\", env: OPENAI_API_KEY}\n"
                                 "errors:\n"
                                 "- {status: 429, at: /error/type, is: [insufficient_quota], class: quota}\n"
                                 "- {status: 400, at: \"/detail/*/type\", class: policy}\n"
                                 "limits: {aspects: [\"1:1\", 16:9]}\n"), 1);
    CHECK(o.ok);
    const struct json *auth = o.docs[0]->child, *errors = auth->next, *limits = errors->next;
    CHECK_STR("header", "Authorization: Bearer ${key}", auth->child->string);
    CHECK_INT("rules", 2, errors->n);
    CHECK_STR("pointer", "/error/type", errors->child->child->next->string);
    CHECK_STR("ratio", "16:9", limits->child->last->string);
    arena_deinit(&o.arena);
}
