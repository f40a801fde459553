/* param_text.c - values written as text */
#include "gen/param_text.h"
#include <math.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/number.h"
#include "gen/names.h"

bool param_quantity(struct str s, double *number, struct str *unit)
{
    s = str_trim(s);
    size_t n = 0;
    while (n < s.n && s.p[n] && strchr("+-.0123456789", s.p[n]))
        n++;
    /* an exponent, but not the e of a word */
    if (n > 0 && n + 1 < s.n && (s.p[n] | 32) == 'e' && s.p[n + 1] && strchr("+-0123456789", s.p[n + 1]))
        for (n += 2; n < s.n && s.p[n] >= '0' && s.p[n] <= '9';)
            n++;
    if (!number_parse((struct str){ s.p, n }, number))
        return false;
    *unit = str_trim((struct str){ s.p + n, s.n - n });
    return true;
}

bool param_seconds(struct str s, double *out, bool *has_unit)
{
    static const struct { const char *unit; double seconds; } units[] = {
        { "", 1 }, { "s", 1 }, { "sec", 1 }, { "secs", 1 }, { "second", 1 }, { "seconds", 1 },
        { "ms", 1e-3 }, { "milliseconds", 1e-3 }, { "m", 60 }, { "min", 60 }, { "minutes", 60 },
    };
    double v;
    struct str unit;
    if (!param_quantity(s, &v, &unit))
        return false;
    for (size_t i = 0; i < COUNTOF(units); i++)
        if (name_equal(unit, str_from(units[i].unit))) {
            *out = units[i].seconds == 1e-3 ? v / 1000 : v * units[i].seconds;
            *has_unit = unit.n > 0;
            return true;
        }
    return false;
}

bool param_volume(struct str s, double *out, bool *is_db)
{
    double v;
    struct str unit;
    if (!param_quantity(s, &v, &unit))
        return false;
    *is_db = name_equal(unit, STR("db"));
    if (*is_db)
        *out = pow(10, v / 20);
    else if (unit.n == 0)
        *out = v;
    else if (str_is(unit, "%"))
        *out = v / 100;
    else
        return false;
    return isfinite(*out);
}

bool param_numbers(struct str s, double *v, size_t n)
{
    s = str_trim(s);
    if (str_starts(s, "[") && str_ends(s, "]") && s.n >= 2)
        s = (struct str){ s.p + 1, s.n - 2 };
    for (size_t i = 0; i < n; i++) {
        const char *comma = s.n ? memchr(s.p, ',', s.n) : NULL;
        if ((i + 1 < n) != (comma != NULL))
            return false;
        size_t len = comma ? (size_t)(comma - s.p) : s.n;
        if (!number_parse(str_trim((struct str){ s.p, len }), &v[i]))
            return false;
        s = comma ? (struct str){ comma + 1, s.n - len - 1 } : (struct str){ 0 };
    }
    return true;
}
