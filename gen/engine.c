/* engine.c - the loop and the graph */
#include "gen/engine.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/engine_private.h"
#include "gen/film.h"

enum { EVENTS = 64, TICK_MS = 200, REQUESTS_AUTO = 16 };

int64_t engine_now(const struct engine *g)
{
    return clock_now_ms(g->o->clock);
}

void engine_break(struct engine *g, const struct err *why)
{
    if (g->fatal.code == ERR_NONE)
        g->fatal = *why;
    g->is_stopping = true;
}

/* ---------- the graph ---------- */

void engine_note_worst(struct engine *g, enum err_code code)
{
    if (err_exit_code(code) > err_exit_code(g->result->worst))
        g->result->worst = code;
}

/* Pieces of a film that has failed are still worth having for the next run, but nobody waits for them. */
static int64_t local_order(const struct engine *g, const struct node *n)
{
    const struct node *join = g->plan->films[n->lesson].join;
    return node_order(n) + (n->kind == NODE_RENDER && join->state == NODE_FAILED ? INT64_MAX / 2 : 0);
}

void engine_ready(struct engine *g, struct node *n)
{
    if (n->state != NODE_WAITING)
        return;
    node_enter(n, NODE_READY);
    if (!node_is_fetch(n)) {
        heap_push(&g->local, local_order(g, n), n);
        return;
    }
    if (n->fetch->is_answered) {
        engine_answer_is_there(g, n);
        return;
    }
    if (n->fetch->lane->is_stopped) {
        struct err why = n->fetch->lane->why;
        engine_switch(g, n, &why);
        engine_settle(g, n, &why);
        return;
    }
    engine_enqueue(g, n);
}

static void close_lesson(struct engine *g, size_t i)
{
    struct film *f = &g->plan->films[i];
    struct open_lesson *l = &g->lessons[i];
    const struct node *join = f->join;
    bool is_done = g->o->fetch_only ? join->state != NODE_FAILED : join->state == NODE_DONE;
    l->is_closed = true;
    engine_lesson_leaves(g, i);
    bool is_cached = is_done && join->is_cached;
    g->status_lessons[i].state = is_cached ? LESSON_CACHED : is_done ? LESSON_DONE : LESSON_FAILED;
    *(is_done ? &g->result->n_done : &g->result->n_failed) += 1;
    struct status_event ev = { .type = STATUS_LESSON,
                               .lesson = i,
                               .section = SIZE_MAX,
                               .step = "lesson",
                               .state = is_cached ? "cached"
                                        : is_done ? "done"
                                                  : "failed",
                               .provider = "",
                               .err = is_done ? NULL : join->err,
                               .cost = g->status_lessons[i].spent,
                               .output = g->o->fetch_only ? STR("") : f->out_path,
                               .duration_s = f->result.duration_s,
                               .film = is_done && !g->o->fetch_only ? &f->result : NULL };
    engine_event(g, &ev);
}

void engine_expect(struct engine *g, struct film *f, struct plan_section *ps)
{
    int64_t n = film_section_frames(f, ps);
    g->status_lessons[f->index].frames += n - ps->frames_expected;
    ps->frames_expected = n;
}

/* Speech that has come tells how long each of its sections is. */
static void measure_users(struct engine *g, const struct node *n)
{
    for (size_t i = 0; i < n->n_users; i++) {
        struct node *u = n->users[i];
        if (u->kind == NODE_RENDER && !u->piece->b && u->piece->shot == 0 && u->piece->a->speech == n)
            engine_expect(g, u->piece->film, u->piece->a);
    }
}

/* Its users go on without it, unless the whole run stops. */
static bool is_skipped(const struct node *n)
{
    return n->state == NODE_FAILED && n->is_optional && n->err->code != ERR_CANCELLED;
}

static void count_settled(struct engine *g, const struct node *n)
{
    struct status_lesson *s = &g->status_lessons[n->lesson];
    if (n->state == NODE_FAILED && n->n_waiting == 0 && !is_skipped(n))
        s->n_failed++;
    if (n->state != NODE_DONE)
        return;
    if (n->kind == NODE_RENDER)
        s->n_pieces_done++;
    else if (n->kind != NODE_JOIN)
        s->n_assets_done++;
    if (n->asset == ASSET_SPEECH)
        measure_users(g, n);
}

static void name_part(struct err *why, const struct splice *s, const struct node *part)
{
    for (size_t i = 0; i < s->spec.n_parts; i++)
        if (s->parts[i] == part) {
            err_wrap(why, "part %zu of %zu of the narration", i + 1, s->spec.n_parts);
            return;
        }
}

/* Marks a node and everything that can no longer be made; a user takes over the first reason it hears. */
static void fail_users(struct engine *g, struct node *n)
{
    for (size_t i = 0; i < n->n_users; i++) {
        struct node *u = n->users[i];
        if (u->state != NODE_WAITING)
            continue;
        struct err why = *n->err;
        if (u->kind == NODE_SPLICE)
            name_part(&why, u->splice, n);
        else if (n->kind != NODE_RENDER && n->of)
            err_wrap(&why, "section \"%s\"", n->of->id.p);
        engine_settle(g, u, &why);
    }
}

/* A user in a lesson whose turn has not come stays where it is: opening the lesson looks for it. */
static void release_users(struct engine *g, struct node *n)
{
    for (size_t i = 0; i < n->n_users; i++) {
        struct node *u = n->users[i];
        if (--u->n_waiting == 0 && u->is_in_run && u->lesson < g->next_lesson)
            engine_ready(g, u);
    }
}

void engine_count(struct engine *g, const struct node *n, int by)
{
    struct status_lesson *s = &g->status_lessons[n->lesson];
    struct open_lesson *l = &g->lessons[n->lesson];
    bool is_left = !node_is_settled(n);
    s->n_assets += (size_t)by;
    s->n_assets_done += n->state == NODE_DONE ? (size_t)by : 0;
    g->n_unsettled += is_left ? (size_t)by : 0;
    l->n_unsettled += is_left ? (size_t)by : 0;
    if (by < 0 && l->n_unsettled == 0 && !l->is_closed)
        close_lesson(g, n->lesson);
}

/* A failure of what nobody needs any more is none. */
static void settle_idle(struct engine *g, struct node *n)
{
    struct open_lesson *l = &g->lessons[n->lesson];
    g->status_lessons[n->lesson].n_assets -= n->is_in_run;
    g->n_unsettled -= n->is_in_run;
    l->n_unsettled -= n->is_in_run;
    if (n->fetch && n->is_in_run && n->fetch->quote.money > 0 && !n->fetch->is_answered)
        g->plan->estimate -= n->fetch->quote.money;
    if (l->n_unsettled == 0 && !l->is_closed)
        close_lesson(g, n->lesson);
}

void engine_settle(struct engine *g, struct node *n, const struct err *why)
{
    struct err refused;
    if (!why && n->refused && !engine_reworded(g, n, &refused))
        why = &refused;
    else if (why && n->refused && why->code != ERR_CANCELLED) {
        err_set(&refused, n->refused->code, "%s; and nobody rewords it: %s", n->refused->msg, why->msg);
        why = &refused;
    }
    if (why) {
        struct err *kept = arena_alloc(&g->arena, sizeof *kept);
        *kept = *why;
        n->err = kept;
    }
    node_enter(n, why ? NODE_FAILED : NODE_DONE);
    g->n_settled++;
    if (node_is_idle(n)) {
        settle_idle(g, n);
        return;
    }
    count_settled(g, n);
    if (why && !is_skipped(n))
        engine_note_worst(g, why->code);
    bool is_echo = why && n->n_waiting > 0;
    if (!is_echo)
        engine_tell(g, n, is_skipped(n) ? "skipped" : why ? "failed" : n->is_cached ? "cached" : "done", why, 0);
    struct open_lesson *l = &g->lessons[n->lesson];
    g->n_unsettled -= n->is_in_run;
    l->n_unsettled -= n->is_in_run;
    if (why && !is_skipped(n))
        fail_users(g, n);
    else
        release_users(g, n);
    if (l->n_unsettled == 0 && !l->is_closed)
        close_lesson(g, n->lesson);
}

/* ---------- the run ---------- */

static void begin_lesson(struct engine *g, size_t i)
{
    struct film *f = &g->plan->films[i];
    struct status_lesson *s = &g->status_lessons[i];
    s->name = f->lesson->id;
    s->n_pieces = f->n_pieces;
    s->n_sections = f->is_planned ? f->n_sections : 0;
    for (size_t k = 0; f->is_planned && k < f->n_sections; k++)
        engine_expect(g, f, &f->sections[k]);
    if (f->opening)
        s->frames += f->opening->slot.n_frames;
    if (f->is_planned)
        return;
    s->state = LESSON_FAILED;
    g->lessons[i].is_closed = true;
    g->result->n_failed++;
    engine_note_worst(g, f->err.code);
    struct status_event ev = { .type = STATUS_LESSON,
                               .lesson = i,
                               .section = SIZE_MAX,
                               .step = "plan",
                               .state = "failed",
                               .provider = "",
                               .err = &f->err,
                               .cost = -1 };
    engine_event(g, &ev);
}

/* Does the run have to settle it? */
static bool is_wanted(const struct engine *g, const struct node *n)
{
    if (!g->plan->films[n->lesson].is_planned || node_is_idle(n))
        return false;
    return !g->o->fetch_only || (n->kind != NODE_RENDER && n->kind != NODE_JOIN);
}

static void begin_nodes(struct engine *g)
{
    for (size_t i = 0; i < g->plan->n_nodes; i++) {
        struct node *n = g->plan->nodes[i];
        n->is_in_run = is_wanted(g, n);
        if (node_is_idle(n))
            continue;
        if (node_is_fetch(n))
            engine_choose_lane(g, n->fetch);
        if (n->kind != NODE_RENDER && n->kind != NODE_JOIN)
            g->status_lessons[n->lesson].n_assets++;
        if (n->state == NODE_DONE)
            g->status_lessons[n->lesson].n_assets_done++;
        else if (n->is_in_run) {
            if (node_is_fetch(n) && !n->fetch->is_answered) {
                n->fetch->is_to_send = true;
                g->n_unsent++;
            }
            g->n_unsettled++;
            g->lessons[n->lesson].n_unsettled++;
        }
    }
}

static size_t cap_or_all(int64_t configured, size_t all)
{
    return configured > 0 ? (size_t)configured : all;
}

static void begin(struct engine *g)
{
    const struct workers_opts *w = &g->o->config->workers;
    size_t n = g->plan->n_films;
    g->began_ms = engine_now(g);
    g->jitter = g->o->jitter;
    g->requests_cap = w->requests > 0 ? w->requests : REQUESTS_AUTO;
    g->cap_lessons = cap_or_all(w->videos, n);
    g->cap_sections = cap_or_all(w->sections, SIZE_MAX);
    g->lessons = arena_array(&g->arena, n, sizeof *g->lessons);
    g->status_lessons = arena_array(&g->arena, n, sizeof *g->status_lessons);
    g->totals.lessons = g->status_lessons;
    g->totals.n_lessons = n;
    begin_nodes(g);
    struct status_event ev = { .type = STATUS_BEGIN,
                               .section = SIZE_MAX,
                               .step = "plan",
                               .state = "done",
                               .provider = "",
                               .cost = g->plan->estimate };
    engine_event(g, &ev);
    for (size_t i = 0; i < n; i++)
        begin_lesson(g, i);
    for (size_t i = 0; i < n; i++) /* nothing to do at all: everything was in the store, and only fetching is asked */
        if (g->plan->films[i].is_planned && g->lessons[i].n_unsettled == 0)
            close_lesson(g, i);
}

static int64_t next_timeout(const struct engine *g)
{
    int64_t at = engine_next_fetch_ms(g), now = engine_now(g);
    if (at <= now)
        return 0;
    return at - now < TICK_MS ? at - now : TICK_MS;
}

static void turn(struct engine *g)
{
    struct job_event events[EVENTS];
    size_t unsettled = g->n_unsettled;
    engine_notice_stop(g);
    engine_open_lessons(g);
    engine_wake_backoff(g);
    engine_start_fetches(g);
    engine_start_work(g);
    if (g->n_unsettled == 0 && g->n_orders == 0)
        return;
    const struct transport *t = g->o->transport;
    /* what was settled without waiting (cache hits) may let something else begin */
    size_t n = t->wait(t->ctx, g->n_unsettled != unsettled ? 0 : next_timeout(g), events, EVENTS);
    for (size_t i = 0; i < n; i++)
        engine_job_event(g, &events[i]);
    engine_collect_work(g);
    engine_collect_orders(g);
    engine_open_sections(g);
    engine_warn_switches(g);
    engine_tick(g);
}

static void end(struct engine *g)
{
    g->result->requests = g->totals.requests_made;
    g->result->retries = g->totals.retries;
    g->result->n_unchecked = g->totals.n_unchecked;
    g->result->spent = g->totals.spent;
    g->result->elapsed_ms = engine_now(g) - g->began_ms;
    for (size_t i = 0; i < g->plan->n_films; i++)
        if (!g->lessons[i].is_closed)
            g->result->n_failed++;
    engine_warn_switches(g);
    engine_money_end(g);
    struct status_event ev = { .type = STATUS_END, .section = SIZE_MAX, .step = "run", .state = "done", .provider = "",
                               .err = g->fatal.code ? &g->fatal : NULL, .cost = g->totals.spent };
    engine_event(g, &ev);
    engine_end_lanes(g);
    heap_deinit(&g->backoff);
    heap_deinit(&g->short_of_money);
    heap_deinit(&g->local);
    free(g->switches);
}

bool engine_run(struct plan *p, const struct engine_opts *o, struct engine_result *out, struct err *e)
{
    struct engine g = { .plan = p, .o = o, .result = out };
    *out = (struct engine_result){ 0 };
    if (!engine_money_begin(&g, e))
        return false;
    begin(&g);
    while (!engine_may_end(&g))
        turn(&g);
    end(&g);
    /* Blobs live on in the plan: the arena of this run goes with it. */
    p->run = g.arena;
    if (g.fatal.code != ERR_NONE) {
        *e = g.fatal;
        return false;
    }
    return true;
}
