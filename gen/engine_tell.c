/* engine_tell.c - what whoever watches is told: events, and totals now and then */
#include <string.h>
#include "gen/engine_private.h"

enum { TICK_LEAST_MS = 50 };

static void refresh_frames(struct engine *g, size_t lesson)
{
    struct status_lesson *s = &g->status_lessons[lesson];
    if (s->state == LESSON_OPEN && !g->o->fetch_only) /* else there are none */
        s->frames_done = engine_frames_done(g, lesson);
}

static void refresh_run(struct engine *g)
{
    g->totals.elapsed_ms = engine_now(g) - g->began_ms;
    g->totals.requests_in_flight = (size_t)g->in_flight;
    g->totals.requests_cap = (size_t)g->requests_cap;
}

static void refresh_totals(struct engine *g)
{
    refresh_run(g);
    for (size_t i = 0; i < g->plan->n_films; i++)
        refresh_frames(g, i);
}

/* An event counts the frames of its own lesson; those of all others are counted once a turn, not once an event. */
void engine_event(struct engine *g, struct status_event *ev)
{
    refresh_run(g);
    if (ev->lesson < g->plan->n_films)
        refresh_frames(g, ev->lesson);
    if (g->o->status && g->o->status->event)
        g->o->status->event(g->o->status->ctx, ev, &g->totals);
}

void engine_tell(struct engine *g, const struct node *n, const char *state, const struct err *why, int64_t wait_ms)
{
    bool is_over = strcmp(state, "done") == 0 || (strcmp(state, "failed") == 0 && n->fetch && n->fetch->is_answered);
    bool is_bought = is_over && n->fetch && n->fetch->started_ms > 0;
    struct status_event ev = {
        .type = strcmp(state, "backoff") == 0 ? STATUS_RETRY : STATUS_NODE,
        .lesson = n->lesson,
        .section = n->of ? n->section : SIZE_MAX,
        .step = node_step(n),
        .state = state,
        .id = n->id,
        .provider = node_provider(n),
        .err = why,
        .wait_ms = wait_ms,
        .attempt = n->fetch ? n->fetch->attempts + n->fetch->refusals : 0,
        .cost = is_bought ? n->fetch->cost : -1,
    };
    engine_event(g, &ev);
}

void engine_tell_switch(struct engine *g, const struct node *n, const char *from, const char *to, const struct err *why)
{
    struct status_event ev = { .type = STATUS_SWITCH,
                               .lesson = n->lesson,
                               .section = n->of ? n->section : SIZE_MAX,
                               .step = asset_kind_name(n->asset),
                               .state = "switched",
                               .provider = to,
                               .instead_of = from,
                               .err = why,
                               .cost = -1 };
    engine_event(g, &ev);
}

/* Counting all films' frames costs more than most turns do, and nobody looks that often. */
void engine_tick(struct engine *g)
{
    if (engine_now(g) - g->ticked_ms < TICK_LEAST_MS)
        return;
    g->ticked_ms = engine_now(g);
    refresh_totals(g);
    if (g->o->status && g->o->status->tick)
        g->o->status->tick(g->o->status->ctx, &g->totals);
}
