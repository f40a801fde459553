/* yaml_edit.c - tests that a value is set and nothing else of a file changes */
#include "gen/base/yaml_edit.h"
#include "tests/support/test.h"

static const char *const order[] = { "videos", "sections", "requests", "render", NULL };

static bool edit(const char *text, const char *key, const char *value, struct buf *out, struct err *e)
{
    const struct yaml_edit what = { .block = "workers", .key = key, .value = value, .order = order };
    return yaml_edit(str_from(text), &what, out, e);
}

TEST(a_value_is_set_and_every_other_byte_stays)
{
    static const struct { const char *name, *text, *key, *value, *want; } rows[] = {
        { "in a block", "# top\nworkers:\n  requests: 16   # at once\n  render: 0\n", "requests", "24",
          "# top\nworkers:\n  requests: 24   # at once\n  render: 0\n" },
        { "a comment keeps its column", "workers:\n  requests: 16   # at once\n", "requests", "128", "workers:\n  requests: 128  # at once\n" },
        { "a shorter one, too", "workers:\n  requests: 16   # at once\n", "requests", "8", "workers:\n  requests: 8    # at once\n" },
        { "no room for it", "workers:\n  requests: 16 # at once\n", "requests", "256", "workers:\n  requests: 256 # at once\n" },
        { "in a flow mapping", "workers: {requests: 16, render: 2}\n", "render", "0", "workers: {requests: 16, render: 0}\n" },
        { "without a line end", "workers:\n  requests: 16", "requests", "24", "workers:\n  requests: 24" },
        { "with the line ends of Windows", "workers:\r\n  requests: 16\r\n", "requests", "24", "workers:\r\n  requests: 24\r\n" },
        { "behind wide characters", "theme: \"\xe6\xbc\xa2\xe5\xad\x97\"\nworkers: {\"videos\": 1, requests: 4}\n", "requests", "9",
          "theme: \"\xe6\xbc\xa2\xe5\xad\x97\"\nworkers: {\"videos\": 1, requests: 9}\n" },
        { "a value that is empty", "workers:\n  requests:\n  render: 1\n", "requests", "24", "workers:\n  requests: 24\n  render: 1\n" },
        { "a value that is null", "workers:\n  requests: null # none\n", "requests", "24", "workers:\n  requests: 24   # none\n" },
        { "a key of another block", "budget:\n  requests: 3\nworkers:\n  requests: 16\n", "requests", "24",
          "budget:\n  requests: 3\nworkers:\n  requests: 24\n" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf out = { 0 };
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, edit(rows[i].text, rows[i].key, rows[i].value, &out, &e));
        CHECK_STR(rows[i].name, rows[i].want, buf_str(&out));
        buf_deinit(&out);
    }
}

TEST(a_key_that_is_not_there_is_put_in_its_place)
{
    static const struct { const char *name, *text, *key, *want; } rows[] = {
        { "behind those before it", "workers:\n    videos: 2   # two\n    render: 1\n", "requests",
          "workers:\n    videos: 2   # two\n    requests: 24\n    render: 1\n" },
        { "before all others", "workers:\n  # threads\n  render: 1\n", "videos", "workers:\n  # threads\n  videos: 24\n  render: 1\n" },
        { "at the end, without a line end", "workers:\n  videos: 2", "render", "workers:\n  videos: 2\n  render: 24" },
        { "into a flow mapping", "workers: {render: 1}\n", "requests", "workers: {requests: 24, render: 1}\n" },
        { "into an empty one", "workers: {}\n", "requests", "workers: {requests: 24}\n" },
        { "into a block that is empty", "workers: # later\nbudget:\n  max_cost: 3\n", "requests",
          "workers: # later\n  requests: 24\nbudget:\n  max_cost: 3\n" },
        { "into a block that is null", "workers: ~\n", "requests", "workers: {requests: 24}\n" },
        { "with a block of its own", "# my settings\n\n# money\nbudget:\n  max_cost: 3\n", "requests",
          "# my settings\n\nworkers:\n  requests: 24\n# money\nbudget:\n  max_cost: 3\n" },
        { "into an empty file", "", "requests", "workers:\n  requests: 24\n" },
        { "into a file of comments", "# nothing yet\n", "requests", "# nothing yet\nworkers:\n  requests: 24\n" },
        { "behind a line that ends the file", "theme: chalk", "requests", "workers:\n  requests: 24\ntheme: chalk" },
        { "with the line ends of Windows", "theme: chalk\r\n", "requests", "workers:\r\n  requests: 24\r\ntheme: chalk\r\n" },
        { "into a document that is a flow mapping", "{theme: chalk}\n", "requests", "{workers: {requests: 24}, theme: chalk}\n" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf out = { 0 };
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, edit(rows[i].text, rows[i].key, "24", &out, &e));
        CHECK_STR(rows[i].name, rows[i].want, buf_str(&out));
        buf_deinit(&out);
    }
}

TEST(what_cannot_be_changed_safely_is_refused_and_nothing_is_written)
{
    static const struct { const char *name, *text, *says; } rows[] = {
        { "no YAML", "workers:\n  requests: [1\n", "line 3, column 1: expected ',' or ']'; mend that first" },
        { "a tab", "workers:\n\trequests: 1\n", "mend that first" },
        { "quoted", "workers:\n  requests: \"16\"\n", "set it to 24 by hand" },
        { "a list", "workers:\n  requests: [16]\n", "set it to 24 by hand" },
        { "a block that is no mapping", "workers: 16\n", "set it to 24 by hand" },
        { "a list of settings", "- workers\n", "no mapping" },
        { "an anchor", "workers:\n  requests: &n 16\n", "anchors" },
        { "a document mark in the way", "--- {theme: chalk,\n  captions: {}}\n", NULL },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf out = { 0 };
        struct err e = { 0 };
        bool ok = edit(rows[i].text, "requests", "24", &out, &e);
        CHECK_ROW(rows[i].name, ok == (rows[i].says == NULL));
        if (rows[i].says) {
            CHECK_ROW(e.msg, strstr(e.msg, rows[i].says) != NULL);
            CHECK_INT(rows[i].name, 0, out.n);
        }
        buf_deinit(&out);
    }
}
