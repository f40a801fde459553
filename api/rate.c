/* rate.c - how long a server wants to be left alone */
#include "api/rate.h"
#include <string.h>
#include "gen/base/mem.h"

static const int64_t most_ms = INT64_C(30) * 24 * 3600 * 1000;

/* Reads a non-negative decimal number off the front; false when there is none. Beyond 10^15 it stays there. */
static bool take_number(struct str *s, double *out)
{
    double v = 0, place = 0.1;
    size_t i = 0, digits = 0;
    for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++, digits++)
        v = v < 1e15 ? v * 10 + (s->p[i] - '0') : v;
    if (i < s->n && s->p[i] == '.')
        for (i++; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++, digits++, place /= 10)
            v += place * (s->p[i] - '0');
    if (digits == 0)
        return false;
    *s = (struct str){ s->p + i, s->n - i };
    *out = v;
    return true;
}

static int64_t clamp_ms(double ms)
{
    return ms <= 0 ? 0 : ms >= (double)most_ms ? most_ms : (int64_t)(ms + 0.5);
}

static bool whole_number(struct str text, double *v)
{
    return take_number(&text, v) && text.n == 0;
}

int64_t rate_duration_ms(struct str text)
{
    /* longer names first: "ms" before "m" */
    static const struct { const char *name; double ms;
    } units[] = {
        { "ns", 1e-6 },  { "us", 1e-3 }, { "\xc2\xb5s", 1e-3 }, { "ms", 1 },
        { "h", 3600e3 }, { "m", 60e3 },  { "s", 1e3 },
    };
    double total = 0;
    text = str_trim(text);
    if (text.n == 0)
        return -1;
    while (text.n) {
        double v;
        size_t u = 0;
        if (!take_number(&text, &v))
            return -1;
        while (u < COUNTOF(units) && !str_starts(text, units[u].name))
            u++;
        if (u == COUNTOF(units))
            return -1;
        total += v * units[u].ms;
        text.p += strlen(units[u].name);
        text.n -= strlen(units[u].name);
    }
    return clamp_ms(total);
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. Source: H. Hinnant, "chrono-compatible low-level date
 * algorithms". */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct date { int year, month, day, hour, minute, second; };

static bool take_int(struct str *s, size_t min_digits, size_t max_digits, int *out)
{
    int v = 0;
    size_t i = 0;
    for (; i < s->n && i < max_digits && s->p[i] >= '0' && s->p[i] <= '9'; i++)
        v = v * 10 + (s->p[i] - '0');
    if (i < min_digits)
        return false;
    *s = (struct str){ s->p + i, s->n - i };
    *out = v;
    return true;
}

static bool take_text(struct str *s, const char *z)
{
    if (!str_starts(*s, z))
        return false;
    *s = (struct str){ s->p + strlen(z), s->n - strlen(z) };
    return true;
}

static bool take_month(struct str *s, int *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (s->n < 3)
        return false;
    for (int i = 0; i < 12; i++)
        if (memcmp(s->p, names + i * 3, 3) == 0) {
            *month = i + 1;
            *s = (struct str){ s->p + 3, s->n - 3 };
            return true;
        }
    return false;
}

static bool take_time(struct str *s, struct date *d)
{
    return take_int(s, 2, 2, &d->hour) && take_text(s, ":") && take_int(s, 2, 2, &d->minute) && take_text(s, ":") &&
           take_int(s, 2, 2, &d->second);
}

/* "06 Nov 1994 08:49:37 GMT" */
static bool read_imf(struct str s, struct date *d)
{
    return take_int(&s, 2, 2, &d->day) && take_text(&s, " ") && take_month(&s, &d->month) && take_text(&s, " ") &&
           take_int(&s, 4, 4, &d->year) && take_text(&s, " ") && take_time(&s, d) && str_is(s, " GMT");
}

/* "06-Nov-94 08:49:37 GMT" */
static bool read_rfc850(struct str s, struct date *d)
{
    bool ok = take_int(&s, 2, 2, &d->day) && take_text(&s, "-") && take_month(&s, &d->month) && take_text(&s, "-") &&
              take_int(&s, 2, 2, &d->year) && take_text(&s, " ") && take_time(&s, d) && str_is(s, " GMT");
    d->year += d->year < 70 ? 2000 : 1900;
    return ok;
}

/* "Nov  6 08:49:37 1994" */
static bool read_asctime(struct str s, struct date *d)
{
    if (!take_month(&s, &d->month) || !take_text(&s, " "))
        return false;
    (void)take_text(&s, " ");
    return take_int(&s, 1, 2, &d->day) && take_text(&s, " ") && take_time(&s, d) && take_text(&s, " ") &&
           take_int(&s, 4, 4, &d->year) && s.n == 0;
}

int64_t rate_http_date(struct str text)
{
    struct date d = { 0 };
    text = str_trim(text);
    const char *comma = text.n ? memchr(text.p, ',', text.n) : NULL;
    bool ok;
    if (comma) {
        struct str rest = str_trim((struct str){ comma + 1, text.n - (size_t)(comma + 1 - text.p) });
        ok = read_imf(rest, &d) || read_rfc850(rest, &d);
    } else {
        ok = text.n > 4 && text.p[3] == ' ' && read_asctime((struct str){ text.p + 4, text.n - 4 }, &d);
    }
    if (!ok || d.day < 1 || d.day > 31 || d.hour > 23 || d.minute > 59 || d.second > 60)
        return -1;
    return days_from_civil(d.year, d.month, d.day) * 86400 + d.hour * 3600 + d.minute * 60 + d.second;
}

int64_t rate_retry_after_ms(struct str text, int64_t now_ms)
{
    double v;
    text = str_trim(text);
    if (whole_number(text, &v))
        return clamp_ms(v * 1000);
    int64_t at = rate_http_date(text);
    return at < 0 ? -1 : clamp_ms((double)(at * 1000 - now_ms));
}

int64_t rate_millis_ms(struct str text)
{
    double v;
    return whole_number(str_trim(text), &v) ? clamp_ms(v) : -1;
}

int64_t rate_reset_ms(struct str text, int64_t now_ms)
{
    double v;
    text = str_trim(text);
    if (!whole_number(text, &v)) {
        int64_t ms = rate_duration_ms(text);
        return ms >= 0 ? ms : rate_retry_after_ms(text, now_ms);
    }
    if (v >= 1e12)
        return clamp_ms(v - (double)now_ms);
    if (v >= 1e9)
        return clamp_ms(v * 1000 - (double)now_ms);
    return clamp_ms(v * 1000);
}
