/* param.c - tests of options as rows: names, defaults, values in all their spellings */
#include <math.h>
#include "gen/base/json.h"
#include "gen/color.h"
#include "gen/names.h"
#include "gen/param.h"
#include "gen/param_text.h"
#include "tests/support/test.h"

struct opts {
    double strength, pause, volume;
    int64_t lines;
    bool loop;
    struct str text, code;
    int fit;
    uint32_t color;
    struct param_point focus;
    struct param_rect from;
    double later;
};
static const char *const fits[] = { "cover", "contain", "contain-blur", NULL };
static const struct param params[] = {
    PARAM_DOUBLE(struct opts, strength, .def = 0.4, .min = 0, .max = 1, .aliases = "amount,power_level", .help = "how much"),
    PARAM_SECONDS(struct opts, pause, .def = 0.5, .min = 0, .max = 10, .help = "how long"),
    PARAM_VOLUME(struct opts, volume, .def = 1, .help = "how loud"),
    PARAM_INT(struct opts, lines, .def = 2, .min = 1, .max = 4, .help = "how many"),
    PARAM_BOOL(struct opts, loop, .def = 1, .help = "again"),
    PARAM_STR(struct opts, text, .def_text = "sans", .help = "words"),
    PARAM_STR(struct opts, code, .flags = PARAM_LINES, .help = "lines"),
    PARAM_CHOICE(struct opts, fit, .def = 1, .choices = fits, .help = "how it fits"),
    PARAM_COLOR(struct opts, color, .def_text = "#102030", .help = "colour"),
    PARAM_POINT(struct opts, focus, .help = "where"),
    PARAM_RECT(struct opts, from, .def_text = "[0, 0, 1, 0.5]", .help = "from"),
    PARAM_DOUBLE(struct opts, later, .flags = PARAM_NOT_YET, .def = 3, .help = "some day"),
    { 0 },
};

TEST(keys_are_compared_without_case_and_dashes)
{
    static const struct { const char *a, *b; bool same; } rows[] = {
        { "fontSize", "font_size", true }, { "font-size", "FONTSIZE", true }, { "font_size_", "font_size", true },
        { "font size", "font_size", false }, { "fontsiz", "font_size", false }, { "", "_", true },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_ROW(rows[i].a, name_equal(str_from(rows[i].a), str_from(rows[i].b)) == rows[i].same);
}

TEST(names_that_are_too_long_to_fold_do_not_match_by_their_beginning)
{
    char a[200], b[200];
    memset(a, 'x', sizeof a);
    memset(b, 'x', sizeof b);
    CHECK(name_equal((struct str){ a, 200 }, (struct str){ b, 200 }));
    CHECK(!name_equal((struct str){ a, 200 }, (struct str){ b, 100 }));
    CHECK(!name_equal((struct str){ a, 63 }, (struct str){ b, 64 }));
}

TEST(a_param_is_found_by_its_name_and_every_alias)
{
    bool is_alias;
    CHECK(param_find(params, STR("Strength"), &is_alias) == &params[0] && !is_alias);
    CHECK(param_find(params, STR("amount"), &is_alias) == &params[0] && is_alias);
    CHECK(param_find(params, STR("powerLevel"), &is_alias) == &params[0] && is_alias);
    CHECK(param_find(params, STR("amount,power"), NULL) == NULL);
    CHECK(param_find(params, STR(""), NULL) == NULL);
}

TEST(rows_are_found_by_name_and_alias)
{
    static const struct row none = { .name = "none", .aliases = "cut" }, wipe = { .name = "wipe-left" };
    static const struct row *const rows[] = { &none, &wipe, NULL };
    CHECK(row_find(rows, STR("cut")) == &none);
    CHECK(row_find(rows, STR("wipeLeft")) == &wipe);
    CHECK(row_find(rows, STR("wipe")) == NULL);
    CHECK(row_find(NULL, STR("wipe")) == NULL);
}

TEST(defaults_are_what_the_table_says)
{
    struct opts o;
    memset(&o, 0xaa, sizeof o);
    params_default(params, &o);
    CHECK_NEAR("strength", 0.4, o.strength, 0);
    CHECK_INT("lines", 2, o.lines);
    CHECK(o.loop);
    CHECK_STR("text", "sans", o.text);
    CHECK_STR("code", "", o.code);
    CHECK_INT("fit", 1, o.fit);
    CHECK_INT("color", 0x102030ff, o.color);
    CHECK(isnan(o.focus.x));
    CHECK_NEAR("from.h", 0.5, o.from.h, 0);
    for (const struct param *p = params; p->name; p++) {
        struct arena a = { 0 };
        struct param_said said;
        struct json *v = param_default_json(p, &a);
        if (v && !(p->flags & PARAM_NOT_YET))
            CHECK_ROW(p->name, param_read(p, v, &o, &a, &said) && !said.warning);
        arena_deinit(&a);
    }
}

static double field(const struct opts *o, const char *name)
{
    const struct param *p = param_find(params, str_from(name), NULL);
    const void *f = (const char *)o + p->offset;
    switch (p->type) {
    case PARAM_INT: return (double)*(const int64_t *)f;
    case PARAM_BOOL: return *(const bool *)f;
    case PARAM_CHOICE: return *(const int *)f;
    case PARAM_COLOR: return *(const uint32_t *)f;
    case PARAM_STR: return (double)((const struct str *)f)->n;
    default: return *(const double *)f;
    }
}

TEST(values_are_read_in_every_allowed_spelling)
{
    static const struct { const char *name, *json; double want; const char *warning; } rows[] = {
        { "strength", "0.7", 0.7, NULL },
        { "strength", "null", 0.4, NULL },
        { "strength", "\"0.7\"", 0.7, "W_NUMBER_STRING" },
        { "strength", "\"50%\"", 0.5, "W_NUMBER_STRING" },
        { "pause", "1.5", 1.5, NULL },
        { "pause", "\"1.5 s\"", 1.5, "W_NUMBER_STRING" },
        { "pause", "\"250 ms\"", 0.25, "W_NUMBER_STRING" },
        { "pause", "\"250ms\"", 0.25, "W_NUMBER_STRING" },
        { "volume", "\"-20dB\"", 0.1, NULL },
        { "volume", "\"-20 DB\"", 0.1, NULL },
        { "volume", "\"0.25\"", 0.25, "W_NUMBER_STRING" },
        { "volume", "\"25%\"", 0.25, "W_NUMBER_STRING" },
        { "volume", "2", 2, NULL },
        { "lines", "3", 3, NULL },
        { "lines", "3.0", 3, NULL },
        { "lines", "\"3\"", 3, "W_NUMBER_STRING" },
        { "loop", "false", 0, NULL },
        { "text", "\"abc\"", 3, NULL },
        { "code", "\"a\\nb\\t\"", 4, NULL },
        { "fit", "\"contain-blur\"", 2, NULL },
        { "fit", "\"containBlur\"", 2, NULL },
        { "color", "\"#fff\"", 0xffffffff, NULL },
        { "color", "\"#A0B0C0\"", 0xa0b0c0ff, NULL },
        { "color", "\"#A0B0C080\"", 0xa0b0c080, NULL },
        { "color", "\"RebeccaPurple\"", 0x663399ff, NULL },
        { "color", "\"transparent\"", 0, NULL },
        { "focus", "[0.25, 1]", 0.25, NULL },
        { "focus", "{\"y\": 0, \"x\": 0.75}", 0.75, NULL },
        { "focus", "\"top-right\"", 1, NULL },
        { "from", "[0.2, 0.3, 0.6, 0.6]", 0.2, NULL },
        { "from", "{\"x\": 0.1, \"y\": 0, \"w\": 0.5, \"height\": 1}", 0.1, NULL },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct opts o;
        struct json *v;
        struct param_said said;
        struct err e;
        params_default(params, &o);
        CHECK_ROW(rows[i].json, json_parse(&a, str_from(rows[i].json), 0, &v, NULL, NULL, NULL, &e));
        CHECK_ROW(rows[i].json, param_read(param_find(params, str_from(rows[i].name), NULL), v, &o, &a, &said));
        CHECK_NEAR(rows[i].json, rows[i].want, field(&o, rows[i].name), 1e-12);
        CHECK_STR(rows[i].json, rows[i].warning ? rows[i].warning : "", str_from(said.warning));
        arena_deinit(&a);
    }
}

TEST(wrong_values_are_refused_with_what_would_be_right)
{
    static const struct { const char *name, *json, *code, *message, *fix; } rows[] = {
        { "strength", "true", "E_TYPE", "expected a number, not true or false", "" },
        { "strength", "\"much\"", "E_TYPE", "\"much\": not a number", "" },
        { "strength", "\"1 dB\"", "E_TYPE", "\"1 dB\": not a number", "" },
        { "strength", "1.5", "E_RANGE", "1.5: out of range, 0 to 1", "1" },
        { "strength", "-1", "E_RANGE", "-1: out of range, 0 to 1", "0" },
        { "pause", "500", "E_RANGE",
          "500: out of range, 0 to 10 seconds; this looks like milliseconds, times are in seconds: 0.5", "0.5" },
        { "pause", "11.5", "E_RANGE", "11.5: out of range, 0 to 10 seconds", "10" },
        { "pause", "-0.5", "E_RANGE", "-0.5: out of range, 0 to 10 seconds", "0" },
        { "pause", "\"a while\"", "E_TYPE", "\"a while\": not seconds, as 1.5", "" },
        { "volume", "-1", "E_RANGE", "-1: out of range, 0 to 16", "0" },
        { "lines", "2.5", "E_TYPE", "2.5: not a whole number", "3" },
        { "lines", "9", "E_RANGE", "9: out of range, 1 to 4", "4" },
        { "lines", "1e300", "E_RANGE", "1e+300: out of range, 1 to 4", "4" },
        { "loop", "\"true\"", "E_TYPE", "\"true\": not true or false", "true" },
        { "loop", "1", "E_TYPE", "expected true or false, not a number", "" },
        { "text", "5", "E_TYPE", "expected a string, not a number", "\"5\"" },
        { "text", "\"a\\nb\"", "E_CONTROL", "\"a\\x0Ab\": control characters are not allowed here, line breaks neither", "" },
        { "code", "\"a\\u001bb\"", "E_CONTROL", "\"a\\x1Bb\": control characters are not allowed here", "" },
        { "fit", "\"covr\"", "E_ENUM", "\"covr\": not known; one of cover, contain, contain-blur", "\"cover\"" },
        { "fit", "7", "E_TYPE", "expected one of a list, not a number", "" },
        { "color", "\"#12\"", "E_TYPE", "\"#12\": not a colour; #RGB, #RRGGBB, #RRGGBBAA or a CSS name", "" },
        { "color", "\"oragne\"", "E_TYPE", "\"oragne\": not a colour; #RGB, #RRGGBB, #RRGGBBAA or a CSS name, nearest: orange", "\"orange\"" },
        { "color", "\"#1234567g\"", "E_TYPE", "\"#1234567g\": not a colour; #RGB, #RRGGBB, #RRGGBBAA or a CSS name", "" },
        { "focus", "[0.5]", "E_TYPE", "expected a point [x, y] of 0..1, not an array", "" },
        { "focus", "[0.5, 1.5]", "E_RANGE", "leaves the frame; x and y are 0 to 1", "" },
        { "from", "[0.5, 0, 0.6, 1]", "E_RANGE",
          "leaves the frame; x + width and y + height are at most 1, width and height at least 0.001", "" },
        { "from", "[0, 0, 0, 1]", "E_RANGE",
          "leaves the frame; x + width and y + height are at most 1, width and height at least 0.001", "" },
        { "from", "[0.3, 0.3, 1e-30, 0.2]", "E_RANGE",
          "leaves the frame; x + width and y + height are at most 1, width and height at least 0.001", "" },
        { "later", "1", "E_NOT_YET", "this version cannot do it yet", "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct opts o, before;
        struct json *v;
        struct param_said said;
        struct err e;
        memset(&o, 0, sizeof o);
        params_default(params, &o);
        before = o;
        CHECK_ROW(rows[i].json, json_parse(&a, str_from(rows[i].json), 0, &v, NULL, NULL, NULL, &e));
        CHECK_ROW(rows[i].json, !param_read(param_find(params, str_from(rows[i].name), NULL), v, &o, &a, &said));
        CHECK_STR(rows[i].json, rows[i].code, str_from(said.error));
        CHECK_STR(rows[i].json, rows[i].message, said.message);
        CHECK_STR(rows[i].json, rows[i].fix, said.fix);
        if (strcmp(rows[i].name, "focus") != 0) /* NaN is not equal to itself */
            CHECK_NEAR(rows[i].json, field(&before, rows[i].name), field(&o, rows[i].name), 0);
        arena_deinit(&a);
    }
}

TEST(a_long_round_duration_is_suspected_of_milliseconds)
{
    struct arena a = { 0 };
    struct { double t; } o = { 0 };
    const struct param p = { .name = "duration", .type = PARAM_SECONDS };
    struct param_said said;
    CHECK(param_read(&p, json_number(&a, 1500), &o, &a, &said));
    CHECK_STR("code", "W_MILLISECONDS", str_from(said.warning));
    CHECK(param_read(&p, json_number(&a, 30), &o, &a, &said) && !said.warning);
    CHECK(!param_read(&p, json_number(&a, 5000), &o, &a, &said));
    CHECK_STR("fix", "5", said.fix);
    arena_deinit(&a);
}

TEST(the_nearest_names_come_best_first)
{
    struct buf b = { 0 };
    struct nearest n = nearest_begin(STR("wipeLft"));
    const char *names[] = { "fade", "wipe-right", "slide-left", "wipe-left", "wipe-up", "zoom" };
    for (size_t i = 0; i < COUNTOF(names); i++)
        nearest_offer(&n, str_from(names[i]));
    CHECK_STR("best", "wipe-left", nearest_print(&n, &b));
    CHECK(str_starts(buf_str(&b), "nearest: wipe-left"));
    CHECK_STR("typo", "wipe-left", nearest_typo(&n));
    buf_clear(&b);
    n = nearest_begin(STR("qqqqq"));
    nearest_offer(&n, STR("fade"));
    CHECK_STR("none", "", nearest_print(&n, &b));
    CHECK_STR("nothing printed", "", buf_str(&b));
    n = nearest_begin(STR("at"));
    nearest_offer(&n, STR("id"));
    CHECK_STR("two short words are not typos of each other", "", nearest_typo(&n));
    buf_deinit(&b);
}

TEST(colours_print_as_they_are_read)
{
    static const uint32_t colors[] = { 0, 0xff, 0xffffffff, 0x12345678, 0xabcdefff };
    for (size_t i = 0; i < COUNTOF(colors); i++) {
        char text[COLOR_TEXT];
        uint32_t back = 1;
        CHECK(color_parse(color_print(text, colors[i]), &back));
        CHECK_INT(text, colors[i], back);
    }
}

TEST(quantities_are_a_number_and_a_unit)
{
    static const struct { const char *text; bool ok; double v; const char *unit; } rows[] = {
        { "16.028 s", true, 16.028, "s" }, { " -18dB ", true, -18, "dB" }, { "1e3", true, 1000, "" },
        { "5em", true, 5, "em" }, { "", false, 0, "" }, { "s", false, 0, "" }, { "1.2.3", false, 0, "" }, { "--1", false, 0, "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        double v;
        struct str unit;
        bool ok = param_quantity(str_from(rows[i].text), &v, &unit);
        CHECK_ROW(rows[i].text, ok == rows[i].ok);
        if (ok) {
            CHECK_NEAR(rows[i].text, rows[i].v, v, 1e-12);
            CHECK_STR(rows[i].text, rows[i].unit, unit);
        }
    }
}
