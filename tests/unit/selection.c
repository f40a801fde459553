/* selection.c - tests of how sections are named */
#include "gen/lesson/selection.h"
#include "tests/support/test.h"

TEST(sections_are_meant_by_number_by_range_and_by_id)
{
    static const struct { const char *text, *want; } rows[] = {
        { "", "123456" },     { "3", "3" },          { "2-4", "234" },  { "5-99", "56" },
        { "intro", "1" },     { "intro,6", "16" },   { " 2 , 4 ", "24" }, { "4-4,4", "4" },
        { "2-b", "5" }, /* an id that begins like a range */
        { "7", "usage: no section is meant by \"7\": there are 6, by number or id" },
        { "1,outrro", "usage: no section is meant by \"outrro\": there are 6, by number or id; did you mean 'outro'?" },
        { "0", "usage: no section is meant by \"0\": there are 6, by number or id" },
        { "4-2", "usage: no section is meant by \"4-2\": there are 6, by number or id" },
    };
    struct section s[6] = { { .id = STR("intro") }, { .id = STR("b") },   { .id = STR("c") },
                            { .id = STR("d") },     { .id = STR("2-b") }, { .id = STR("outro") } };
    const struct lesson l = { .sections = s, .n_sections = COUNTOF(s) };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        bool chosen[COUNTOF(s)];
        struct buf b = { 0 };
        struct err e = { 0 };
        if (!selection_of(str_from(rows[i].text), &l, chosen, &e))
            buf_printf(&b, "%s: %s", err_code_name(e.code), e.msg);
        for (size_t k = 0; e.code == ERR_NONE && k < COUNTOF(s); k++)
            if (chosen[k])
                buf_printf(&b, "%zu", k + 1);
        CHECK_STR(rows[i].text, rows[i].want, buf_str(&b));
        buf_deinit(&b);
    }
}
