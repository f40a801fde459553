/* template.c - tests of api/template */
#include "api/template.h"
#include "tests/support/test.h"

static struct json *parse(struct arena *a, const char *text)
{
    struct json *v = NULL;
    struct err e;
    if (!json_parse(a, str_from(text), 0, &v, NULL, NULL, NULL, &e))
        check_true("parse", e.msg, false, __FILE__, __LINE__);
    return v;
}

static const char vars[] = "{\"prompt\":\"a \\\"cell\\\" ${model}\",\"model\":\"owner/m 1\",\"width\":1536,\"hd\":true,\"none\":null,"
                           "\"empty\":\"\",\"input\":{\"prompt\":\"mine\",\"go\":1},\"list\":[1],\"up\":\"a/../b\",\"amp\":\"a<b>&'\\\"\"}";

TEST(a_tree_is_filled_with_types_kept_and_unset_members_dropped)
{
    static const struct { const char *name, *tree, *want; } rows[] = {
        { "alone, a number stays one", "{\"w\":\"${width}\"}", "{\"w\":1536}" },
        { "inside a text it is text", "{\"w\":\"${width}px\"}", "{\"w\":\"1536px\"}" },
        { "alone, a map stays one", "{\"i\":\"${input}\"}", "{\"i\":{\"prompt\":\"mine\",\"go\":1}}" },
        { "true stays true", "[\"${hd}\"]", "[true]" },
        { "optional and absent", "{\"a\":1,\"s\":\"${seed?}\"}", "{\"a\":1}" },
        { "optional and null", "{\"s\":\"${none?}\"}", "{}" },
        { "optional and empty", "[\"${empty?}\",2]", "[2]" },
        { "optional inside a text", "{\"s\":\"x${seed?}y\"}", "{\"s\":\"xy\"}" },
        { "merge wins over the others", "{\"prompt\":\"${prompt}\",\"$merge\":\"${input}\"}", "{\"prompt\":\"mine\",\"go\":1}" },
        { "merge of nothing", "{\"a\":1,\"$merge\":\"${seed?}\"}", "{\"a\":1}" },
        { "a variable in a value stays text", "{\"p\":\"${prompt}\"}", "{\"p\":\"a \\\"cell\\\" ${model}\"}" },
        { "also inside a text", "{\"p\":\"<${prompt}>\"}", "{\"p\":\"<a \\\"cell\\\" ${model}>\"}" },
        { "a map of nothing is dropped", "{\"a\":1,\"o\":{\"s\":\"${seed?}\"},\"e\":{}}", "{\"a\":1,\"e\":{}}" },
        { "a map together with a variable", "{\"o\":{\"$with\":\"${input?}\",\"a\":1,\"i\":\"${hd}\"}}", "{\"o\":{\"a\":1,\"i\":true}}" },
        { "and without it", "{\"b\":2,\"o\":{\"$with\":\"${seed?}\",\"a\":1,\"i\":\"${seed}\"}}", "{\"b\":2}" },
        { "merge together with a variable", "{\"b\":2,\"$merge\":{\"$with\":\"${hd?}\",\"a\":1}}", "{\"b\":2,\"a\":1}" },
        { "merge without it", "{\"b\":2,\"$merge\":{\"$with\":\"${none?}\",\"a\":1}}", "{\"b\":2}" },
        { "plain values pass", "{\"n\":1,\"t\":\"x\",\"z\":null}", "{\"n\":1,\"t\":\"x\",\"z\":null}" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct buf b = { 0 };
        struct json *out = NULL;
        struct template_in in = { .vars = parse(&a, vars) };
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, template_tree(&a, parse(&a, rows[i].tree), &in, &out, &e));
        json_print(&b, out, 0);
        CHECK_STR(rows[i].name, rows[i].want, buf_str(&b));
        buf_deinit(&b);
        arena_deinit(&a);
    }
}

TEST(an_address_is_encoded_and_cannot_lead_elsewhere)
{
    static const struct { const char *name, *text, *want; } rows[] = {
        { "a slash stays in the path", "/models/${model}/x", "/models/owner/m%201/x" },
        { "not in the query", "/x?m=${model}", "/x?m=owner%2Fm%201" },
        { "numbers", "/w/${width}", "/w/1536" },
        { "from the answer", "/h/${r:/id}", "/h/7%3F" },
        { "dots are refused", "/m/${up}", NULL },
        { "unset is refused", "/m/${seed}", NULL },
        { "lists are refused", "/m/${list}", NULL },
        { "an answer without it", "/h/${r:/other}", NULL },
    };
    struct arena a = { 0 };
    struct template_in in = { .vars = parse(&a, vars), .answer = parse(&a, "{\"id\":\"7?\"}") };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct err e = { 0 };
        bool ok = template_text(&b, str_from(rows[i].text), TEMPLATE_URL, &in, &e);
        CHECK_ROW(rows[i].name, ok == (rows[i].want != NULL));
        if (ok)
            CHECK_STR(rows[i].name, rows[i].want, buf_str(&b));
        else
            CHECK_INT(rows[i].name, ERR_INPUT, e.code);
        buf_deinit(&b);
    }
    arena_deinit(&a);
}

TEST(text_for_xml_is_escaped)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    struct err e;
    struct template_in in = { .vars = parse(&a, vars) };
    CHECK(template_text(&b, STR("<v>${amp|xml}</v>"), TEMPLATE_TEXT, &in, &e));
    CHECK_STR("escaped", "<v>a&lt;b&gt;&amp;&apos;&quot;</v>", buf_str(&b));
    buf_deinit(&b);
    arena_deinit(&a);
}

TEST(an_unknown_variable_is_found_before_anything_is_sent)
{
    static const struct { const char *tree; const char *want; } rows[] = {
        { "{\"a\":[1,{\"b\":\"${prompt} ${widht}\"}],\"c\":2}", "unknown variable 'widht'; did you mean 'width'?" },
        { "{\"a\":{\"b\":1},\"c\":\"${r:/id}\"}", "${r:/id}: there is no answer yet here" },
        { "{\"a\":\"${\"}", "'${' without '}'" },
        { "{\"a\":\"${}\"}", "'${}' without a name" },
        { "[\"${a b}\"]", "${a b}: a name has letters, digits and '_', then '?' or '|xml'" },
        { "{\"a\":[[\"${prompt}\"],\"${seed?}\"],\"d\":\"${width}\"}", NULL },
    };
    static const char *const extra[] = { "prompt", "seed", NULL };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        const struct json *at = NULL;
        struct err e = { 0 };
        bool ok = template_check_tree(parse(&a, rows[i].tree), parse(&a, "{\"width\":1}"), extra, false, &at, &e);
        CHECK_ROW(rows[i].tree, ok == !rows[i].want);
        if (!ok)
            CHECK_STR(rows[i].tree, rows[i].want, str_from(e.msg));
        arena_deinit(&a);
    }
}
