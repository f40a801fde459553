/* rate.c - tests of api/rate */
#include "api/rate.h"
#include "tests/support/test.h"

static const int64_t now = INT64_C(784111777000); /* 1994-11-06T08:49:37Z, the example of RFC 9110, 5.6.7 */

TEST(http_dates_are_read_in_all_three_forms)
{
    static const struct { const char *text; int64_t want; } rows[] = {
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
        { "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
        { "Sun Nov  6 08:49:37 1994", 784111777 },
        { "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
        { "Thu, 29 Feb 2024 12:00:00 GMT", 1709208000 }, /* date -u -d 2024-02-29T12:00Z +%s */
        { "Sun, 06 Nov 1994 08:49:37", -1 }, { "06 Nov 1994", -1 }, { "", -1 }, { "Sun, 06 Nox 1994 08:49:37 GMT", -1 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_INT(rows[i].text, rows[i].want, rate_http_date(str_from(rows[i].text)));
}

TEST(retry_after_is_seconds_a_fraction_or_a_date)
{
    static const struct { const char *text; int64_t want; } rows[] = {
        { "7", 7000 }, { "0", 0 }, { "0.5", 500 }, { " 12 ", 12000 }, { "1e9", -1 }, { "-1", -1 }, { "soon", -1 }, { "", -1 },
        { "Sun, 06 Nov 1994 08:49:47 GMT", 10000 }, { "Sun, 06 Nov 1994 08:49:00 GMT", 0 },
        { "99999999999999999999", INT64_C(30) * 24 * 3600 * 1000 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_INT(rows[i].text, rows[i].want, rate_retry_after_ms(str_from(rows[i].text), now));
}

TEST(durations_are_those_of_go)
{
    static const struct { const char *text; int64_t want; } rows[] = {
        { "1s", 1000 }, { "12ms", 12 }, { "6m0s", 360000 }, { "1h2m3.5s", 3723500 }, { "0s", 0 }, { "36s", 36000 },
        { "1", -1 }, { "s", -1 }, { "5x", -1 }, { "", -1 }, { "1s ", 1000 }, { "100us", 0 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_INT(rows[i].text, rows[i].want, rate_duration_ms(str_from(rows[i].text)));
}

TEST(a_reset_is_told_apart_by_letters_and_size)
{
    static const struct { const char *text; int64_t at, want; } rows[] = {
        { "6m0s", now, 360000 },
        { "59", now, 59000 },
        { "1800000030", INT64_C(1800000000000), 30000 },
        { "1800000030000", INT64_C(1800000000000), 30000 },
        { "1700000000", INT64_C(1800000000000), 0 },
        { "later", now, -1 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_INT(rows[i].text, rows[i].want, rate_reset_ms(str_from(rows[i].text), rows[i].at));
}

TEST(retry_after_ms_is_milliseconds)
{
    CHECK_INT("plain", 1500, rate_millis_ms(STR("1500")));
    CHECK_INT("fraction", 2, rate_millis_ms(STR("1.6")));
    CHECK_INT("text", -1, rate_millis_ms(STR("x")));
}
