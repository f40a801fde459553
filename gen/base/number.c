/* number.c - decimal numbers as text */
#include "gen/base/number.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 1000 };

/* glibc hands out its static "C" locale here: nothing is allocated and nothing can fail. */
static locale_t c_locale(void)
{
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static bool is_decimal(struct str s)
{
    size_t i = 0, n_digits = 0;
    if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
        i++;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        n_digits++;
    if (i < s.n && s.p[i] == '.')
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
            n_digits++;
    if (n_digits == 0)
        return false;
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        i++;
        if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
            i++;
        size_t from = i;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
            i++;
        if (i == from)
            return false;
    }
    return i == s.n;
}

bool number_parse(struct str s, double *out)
{
    char text[LONGEST + 1];
    if (s.n == 0 || s.n > LONGEST || !is_decimal(s))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    locale_t c = c_locale();
    double v = strtod_l(text, NULL, c);
    freelocale(c);
    if (!isfinite(v))
        return false;
    *out = v;
    return true;
}

struct str number_print(char text[NUMBER_TEXT], double v)
{
    locale_t c = c_locale(), before = uselocale(c);
    if (v == trunc(v) && fabs(v) <= 9007199254740992.0)
        snprintf(text, NUMBER_TEXT, "%.0f", v == 0 ? 0.0 : v); /* no minus before 0 */
    else
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, NUMBER_TEXT, "%.*g", digits, v);
            if (strtod(text, NULL) == v)
                break;
        }
    uselocale(before);
    freelocale(c);
    return str_from(text);
}
