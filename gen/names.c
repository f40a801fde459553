/* names.c - folding, aliases and nearest names */
#include "gen/names.h"
#include <stdio.h>
#include <string.h>
#include "gen/base/text.h"

struct str name_fold(char out[NAME_FOLDED], struct str name)
{
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < NAME_FOLDED - 1; i++) {
        char c = name.p[i];
        if (c == '_' || c == '-')
            continue;
        out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    out[n] = '\0';
    return (struct str){ out, n };
}

bool name_equal(struct str a, struct str b)
{
    char x[NAME_FOLDED], y[NAME_FOLDED];
    if (a.n >= NAME_FOLDED || b.n >= NAME_FOLDED)
        return str_eq(a, b);
    return str_eq(name_fold(x, a), name_fold(y, b));
}

bool name_matches(const char *name, const char *aliases, struct str given, bool *is_alias)
{
    if (is_alias)
        *is_alias = false;
    if (name_equal(str_from(name), given))
        return true;
    for (const char *p = aliases; p && *p;) {
        size_t n = strcspn(p, ",");
        if (name_equal((struct str){ p, n }, given)) {
            if (is_alias)
                *is_alias = true;
            return true;
        }
        p += n + (p[n] == ',');
    }
    return false;
}

bool names_next(struct str *rest, struct str *name)
{
    *name = (struct str){ 0 };
    while (rest->n && !name->n) {
        const char *comma = memchr(rest->p, ',', rest->n);
        size_t n = comma ? (size_t)(comma - rest->p) : rest->n, taken = n + (comma != NULL);
        *name = str_trim((struct str){ rest->p, n });
        *rest = (struct str){ rest->p + taken, rest->n - taken };
    }
    return name->n > 0;
}

bool names_has(struct str names, const char *name)
{
    struct str one;
    while (names_next(&names, &one))
        if (name_equal(one, str_from(name)))
            return true;
    return false;
}

struct nearest nearest_begin(struct str given)
{
    struct nearest n = { 0 };
    n.folded.n = given.n < NAME_FOLDED ? name_fold(n.given, given).n : 0;
    return n;
}

void nearest_offer(struct nearest *n, struct str name)
{
    char text[NAME_FOLDED];
    struct str folded = name_fold(text, name);
    size_t longest = folded.n > n->folded.n ? folded.n : n->folded.n;
    size_t d = text_distance((struct str){ n->given, n->folded.n }, folded, longest);
    if (n->folded.n == 0 || d >= longest)
        return;
    size_t at = n->n;
    while (at > 0 && n->v[at - 1].distance > d)
        at--;
    if (at == NEAREST_MOST)
        return;
    if (n->n < NEAREST_MOST)
        n->n++;
    memmove(&n->v[at + 1], &n->v[at], (n->n - 1 - at) * sizeof n->v[0]);
    n->v[at].name = name;
    n->v[at].distance = d;
}

struct str nearest_typo(const struct nearest *n)
{
    if (n->n > 0 && n->v[0].distance <= 2 && n->v[0].distance * 2 < n->folded.n)
        return n->v[0].name;
    return (struct str){ 0 };
}

const char *nearest_hint(const struct nearest *n, char *room, size_t size)
{
    struct str typo = nearest_typo(n);
    room[0] = '\0';
    if (typo.n)
        snprintf(room, size, "; did you mean '" STR_FMT "'?", STR_ARG(typo));
    return room;
}

struct str nearest_print(const struct nearest *n, struct buf *out)
{
    size_t most = n->folded.n * 2 / 3;
    if (n->n == 0 || n->v[0].distance > n->folded.n / 2)
        return (struct str){ 0 };
    buf_addz(out, "nearest: ");
    for (size_t i = 0; i < n->n && n->v[i].distance <= most && n->v[i].distance <= n->v[0].distance + 3; i++)
        buf_printf(out, "%s" STR_FMT, i ? ", " : "", STR_ARG(n->v[i].name));
    return n->v[0].name;
}
