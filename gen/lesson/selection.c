/* selection.c - which sections of a lesson are meant: "3,5-7,intro" */
#include "gen/lesson/selection.h"
#include "gen/names.h"

/* "5" or "5-7"; from 1. */
static bool read_range(struct str s, size_t *from, size_t *to)
{
    size_t v[2] = { 0, 0 }, n = 0, digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '-' && n == 0 && digits) {
            n = 1;
            digits = 0;
        } else if (s.p[i] >= '0' && s.p[i] <= '9' && digits < 9) {
            v[n] = 10 * v[n] + (size_t)(s.p[i] - '0');
            digits++;
        } else {
            return false;
        }
    }
    *from = v[0];
    *to = n ? v[1] : v[0];
    return digits > 0;
}

static bool choose(struct str part, const struct lesson *l, bool *chosen)
{
    size_t from, to;
    bool any = false;
    for (size_t i = 0; i < l->n_sections; i++)
        if (str_eq(l->sections[i].id, part))
            return chosen[i] = true; /* an id wins over a number */
    if (!read_range(part, &from, &to))
        return false;
    for (size_t i = from ? from : 1; i <= to && i <= l->n_sections; i++)
        any = chosen[i - 1] = true;
    return any;
}

bool selection_of(struct str text, const struct lesson *l, bool *chosen, struct err *e)
{
    for (size_t i = 0; i < l->n_sections; i++)
        chosen[i] = text.n == 0;
    for (struct str rest = text, part; names_next(&rest, &part);)
        if (!choose(part, l, chosen)) {
            struct nearest near = nearest_begin(part);
            char hint[100];
            for (size_t i = 0; i < l->n_sections; i++)
                nearest_offer(&near, l->sections[i].id);
            return err_set(e, ERR_USAGE, "no section is meant by \"" STR_FMT "\": there are %zu, by number or id%s",
                           STR_ARG(part), l->n_sections, nearest_hint(&near, hint, sizeof hint));
        }
    return true;
}
