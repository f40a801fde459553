/* fill.c - texts get into pages and stay texts there */
#include "cmd/fill.h"
#include "tests/support/test.h"

static struct str filled(struct arena *a, const char *text, const char *data)
{
    struct json *tree = NULL;
    struct err e;
    struct buf out = { 0 };
    if (!json_parse(a, str_from(data), 0, &tree, NULL, NULL, NULL, &e))
        check_true(data, e.msg, false, __FILE__, __LINE__);
    fill(&out, str_from(text), tree);
    struct str copy = arena_str(a, buf_str(&out));
    buf_deinit(&out);
    return copy;
}

static const struct { const char *name, *text, *data, *want; } pages[] = {
    { "a name is escaped", "<p>{{x}}</p>", "{\"x\":\"<b>&\\\"'\"}", "<p>&lt;b&gt;&amp;&quot;&#39;</p>" },
    { "what was made here stands as it is", "{{&x}}", "{\"x\":\"<b>\"}", "<b>" },
    { "braces in a value are no name", "{{x}}", "{\"x\":\"{{y}}\",\"y\":\"no\"}", "{{y}}" },
    { "numbers", "{{x}} {{y}}", "{\"x\":3,\"y\":0.25}", "3 0.25" },
    { "a name that is not there is nothing", "[{{x}}]", "{}", "[]" },
    { "an array repeats", "{{#v}}<{{n}}>{{/v}}", "{\"v\":[{\"n\":1},{\"n\":2}]}", "<1><2>" },
    { "an item sees what is around it", "{{#v}}{{.}}{{x}} {{/v}}", "{\"v\":[\"a\",\"b\"],\"x\":\"!\"}", "a! b! " },
    { "its own name counts first", "{{#v}}{{x}}{{/v}}", "{\"v\":{\"x\":1},\"x\":2}", "1" },
    { "nothing at all", "{{#a}}1{{/a}}{{#b}}2{{/b}}{{#c}}3{{/c}}{{#d}}4{{/d}}", "{\"a\":[],\"b\":\"\",\"c\":false,\"d\":null}", "" },
    { "zero is something", "{{#a}}{{a}}{{/a}}", "{\"a\":0}", "0" },
    { "the other way", "{{^a}}none{{/a}}{{^b}}none{{/b}}", "{\"a\":[],\"b\":\"x\"}", "none" },
    { "parts in parts", "{{#v}}{{#w}}{{.}}{{/w}};{{/v}}", "{\"v\":[{\"w\":[1,2]},{\"w\":[3]}]}", "12;3;" },
};

TEST(a_page_is_filled_with_its_data)
{
    struct arena a = { 0 };
    for (size_t i = 0; i < COUNTOF(pages); i++)
        CHECK_STR(pages[i].name, pages[i].want, filled(&a, pages[i].text, pages[i].data));
    arena_deinit(&a);
}

TEST(control_characters_do_not_reach_a_page)
{
    struct buf b = { 0 };
    html_escape(&b, (struct str){ "a\x01\x1b[2J\x7f\nb\0c", 11 });
    CHECK_STR("what is left", "a[2J\nbc", buf_str(&b));
    buf_deinit(&b);
}

TEST(no_text_ends_a_script)
{
    struct buf b = { 0 };
    script_escape(&b, STR("{\"x\":\"</script><!--\"}"));
    CHECK_STR("escaped", "{\"x\":\"\\u003c/script>\\u003c!--\"}", buf_str(&b));
    buf_deinit(&b);
}

static const struct { const char *name, *dir, *file, *want; } paths[] = {
    { "beside it", "/a/out", "/a/out/x.mp4", "x.mp4" },
    { "below it", "/a", "/a/out/x.mp4", "out/x.mp4" },
    { "elsewhere", "/a/b/c", "/a/d/x.mp4", "../../d/x.mp4" },
    { "names that begin alike are not equal", "/a/out", "/a/outer/x.mp4", "../outer/x.mp4" },
    { "no scheme", "/a", "/a/javascript:alert(1).mp4", "javascript%3Aalert%281%29.mp4" },
    { "signs and letters of all kinds", "/a", "/a/f\xc3\xbcr #1 50%?\".mp4", "f%C3%BCr%20%231%2050%25%3F%22.mp4" },
    { "from the top", "/", "/x.mp4", "x.mp4" },
};

TEST(an_address_leads_from_the_page_to_the_file)
{
    for (size_t i = 0; i < COUNTOF(paths); i++) {
        struct buf b = { 0 };
        url_relative(&b, str_from(paths[i].dir), str_from(paths[i].file));
        CHECK_STR(paths[i].name, paths[i].want, buf_str(&b));
        buf_deinit(&b);
    }
}
