/* engine_switched.c - what went to another provider is told at once, warned of once and counted for the end */
#include <string.h>
#include "gen/base/mem.h"
#include "gen/engine_private.h"

void engine_note_switch(struct engine *g, const struct node *n, enum asset_kind kind, const char *from, const char *to,
                        const struct err *why)
{
    struct status_switch *s = g->switches;
    size_t i = 0;
    while (i < g->n_switches && !(s[i].kind == kind && strcmp(s[i].from, from) == 0 && strcmp(s[i].to, to) == 0))
        i++;
    if (i == g->n_switches) {
        g->switches = s = mem_resize(s, ++g->n_switches, sizeof *s);
        s[i] = (struct status_switch){ .from = from, .to = to, .kind = kind, .why = *why };
    }
    s[i].n++;
    g->totals.switches = s;
    g->totals.n_switches = g->n_switches;
    engine_tell_switch(g, n, from, to, why);
}

/* How many are still to follow: all of them, when nothing more is sent to that provider. */
static size_t count_following(const struct engine *g, const struct status_switch *s)
{
    size_t n = 0;
    for (size_t i = 0; i < g->plan->n_nodes; i++) {
        const struct node *x = g->plan->nodes[i];
        n += x->is_in_run && x->fetch && x->fetch->lane->is_stopped && x->asset == s->kind && !node_is_settled(x) &&
             strcmp(node_provider(x), s->from) == 0;
    }
    return n;
}

void engine_warn_switches(struct engine *g)
{
    for (size_t i = 0; i < g->n_switches; i++) {
        struct status_switch *s = &g->switches[i];
        if (s->is_told)
            continue;
        const char *what = s->kind == ASSET_IMAGE ? "picture" : s->kind == ASSET_VIDEO ? "clip" : "narration";
        size_t n = s->n + count_following(g, s);
        log_warn(g->o->log, "%s; %zu %s%s to %s", s->why.msg, n, what, n == 1 ? " goes" : "s go", s->to);
        s->is_told = true;
    }
}
