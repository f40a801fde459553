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
    g->totals.n_threads = g->o->pool->n_threads;
    g->totals.n_working = g->n_working;
    g->totals.estimate = g->plan->estimate;
    g->totals.limit = g->money.limit;
    g->totals.committed = g->money.spent + g->money.lost + g->money.reserved;
    g->totals.stage = engine_stage;
    g->totals.stage_ctx = g;
}

static void refresh_totals(struct engine *g)
{
    refresh_run(g);
    for (size_t i = 0; i < g->plan->n_films; i++)
        refresh_frames(g, i);
    engine_tell_lanes(g);
}

/* An event counts the frames of its own lesson; those of all others are counted once a turn, not once an event. */
void engine_event(struct engine *g, struct status_event *ev)
{
    refresh_run(g);
    if (ev->lesson < g->plan->n_films)
        refresh_frames(g, ev->lesson);
    if (ev->type == STATUS_BEGIN || ev->type == STATUS_END)
        engine_tell_lanes(g);
    if (g->o->status && g->o->status->event)
        g->o->status->event(g->o->status->ctx, ev, &g->totals);
}

/* How long the request took, or the worker's step; what came from the store took nothing. */
static void tell_times(const struct node *n, const char *state, struct status_event *ev)
{
    bool has_ended = strcmp(state, "running") != 0 && !n->is_cached, is_answer = strcmp(state, "done") == 0;
    const struct fetch *f = n->fetch;
    ev->took_ms = ev->check_ms = -1;
    if (f && f->lane) {
        ev->lane = f->lane->name.p;
        ev->tokens = f->tokens;
        if (has_ended && f->ticket.has_left)
            ev->took_ms = f->ticket.left_ms - f->ticket.started_ms;
        if (is_answer && has_ended)
            ev->check_ms = n->worked_ms;
    } else if (has_ended && is_answer) {
        ev->took_ms = n->worked_ms;
    }
    if (n->piece && is_answer)
        ev->frames = n->piece->spec.n_frames;
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
    tell_times(n, state, &ev);
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
