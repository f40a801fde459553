/* repeats.c - failures that were told already: counted, and told once more at the end with how many there were */
#include "cmd/repeats.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

enum { MOST = 100, NAMED = 3 };

struct repeat {
    char *step, *reason, *first;
    char *names[NAMED];                         /* of those that came after the first */
    size_t n;                                   /* of them */
};

static struct repeat *find(const struct repeats *r, const char *step, struct str reason)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->v[i].step, step) == 0 && str_is(reason, r->v[i].reason))
            return &r->v[i];
    return NULL;
}

bool repeats_is_new(struct repeats *r, struct str who, const char *step, struct str reason)
{
    struct repeat *known = find(r, step, reason);
    if (known) {
        if (known->n < NAMED)
            known->names[known->n] = mem_strndup(who.p, who.n);
        known->n++;
        return false;
    }
    if (r->n == MOST)
        return true;
    r->v = mem_resize(r->v, r->n + 1, sizeof *r->v);
    r->v[r->n++] = (struct repeat){ .step = mem_strdup(step), .reason = mem_strndup(reason.p, reason.n),
                                    .first = mem_strndup(who.p, who.n) };
    return true;
}

void repeats_tell(const struct repeats *r, struct buf *out)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct repeat *one = &r->v[i];
        if (one->n == 0)
            continue;
        buf_printf(out, "%s %s: %zu more failed for the same reason (", one->first, one->step, one->n);
        for (size_t k = 0; k < one->n && k < NAMED; k++)
            buf_printf(out, "%s%s", k ? ", " : "", one->names[k]);
        if (one->n > NAMED)
            buf_printf(out, " and %zu others", one->n - NAMED);
        buf_printf(out, "): %s\n", one->reason);
    }
}

void repeats_deinit(struct repeats *r)
{
    for (size_t i = 0; i < r->n; i++) {
        for (size_t k = 0; k < NAMED; k++)
            free(r->v[i].names[k]);
        free(r->v[i].step);
        free(r->v[i].reason);
        free(r->v[i].first);
    }
    free(r->v);
    *r = (struct repeats){ 0 };
}
