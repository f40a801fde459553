/* audit_tell.c - how what was found in a finished film is told */
#include "compose/audit_tell.h"
#include <math.h>

const char *const audit_remedy = "the film was not kept; build it again with --force, which draws and mixes all of it anew";

struct minutes { int m; double s; };

static struct minutes minutes_of(double t)
{
    double tenths = floor(fmax(t, 0) * 10 + 0.5);
    int m = (int)(tenths / 600);
    return (struct minutes){ m, (tenths - 600.0 * m) / 10 };
}

void audit_tell_span(struct err *what, double from_s, double to_s)
{
    struct minutes a = minutes_of(from_s), b = minutes_of(to_s);
    err_set(what, ERR_RENDER, "from %d:%04.1f to %d:%04.1f", a.m, a.s, b.m, b.s);
}

bool audit_name_section(const struct join_spec *s, size_t section, struct err *e)
{
    const struct section *sec = s->sections[section].section;
    return err_wrap(e, "section %zu (\"" STR_FMT "\")", section + 1, STR_ARG(sec->id.n ? sec->id : sec->title));
}

size_t audit_section_at(const struct join_spec *s, int64_t frame)
{
    size_t i = 0;
    while (i + 1 < s->n_sections && s->sections[i + 1].first_frame <= frame)
        i++;
    return i;
}
