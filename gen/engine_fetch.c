/* engine_fetch.c - the remote half of the engine: lanes, requests, retries, the ledger's steps */
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "gen/engine_private.h"
#include "gen/retry.h"

enum { START_GROUP = 64, LOCK_RETRY_MS = 500, RESERVE = 1 << 20 };

/* Bytes on disk before the request is sent; 0: RESERVE. */
static const int64_t reserves[ASSET_N_KINDS] = { [ASSET_IMAGE] = 4 << 20, [ASSET_VIDEO] = 32 << 20 };

static void unlock(struct engine *g, struct node *n)
{
    if (n->fetch->is_locked)
        store_unlock(g->o->store, n->id);
    n->fetch->is_locked = false;
}

void engine_let_go(struct engine *g, struct node *n)
{
    store_temp_drop(g->o->store, &n->fetch->temp);
    unlock(g, n);
}

static void back_off(struct engine *g, struct node *n, int64_t wait_ms)
{
    node_enter(n, NODE_BACKOFF);
    heap_push(&g->backoff, engine_now(g) + wait_ms, n);
}

/* may_close: the intent in the ledger. It stays open when the answer may have been paid and lost: the next run says so.
 */
static void give_up(struct engine *g, struct node *n, const struct err *why, bool may_close)
{
    struct err ignored;
    if (may_close && !n->fetch->is_answered && n->fetch->is_locked)
        store_failed(g->o->store, n->id, why, &ignored);
    engine_let_go(g, n);
    engine_money_lost(g, n);                    /* what was not given back before */
    if (may_close)
        engine_switch(g, n, why);
    engine_settle(g, n, why);
}

/* ---------- starting ---------- */

void engine_found(struct engine *g, struct node *n, const struct store_entry *found)
{
    n->blob = found->blob;
    n->is_cached = true;
    unlock(g, n);
    engine_settle(g, n, NULL);
}

/* Another process may have bought the asset between our plan and our lock. True: there is still something to send. */
static bool still_needed(struct engine *g, struct node *n)
{
    struct store_entry found;
    struct err e;
    if (!store_find(g->o->store, n->id, true, &g->arena, &found, &e)) {
        engine_break(g, &e);
        return false;
    }
    if (found.state == STORE_DONE) {
        engine_found(g, n, &found);
        return false;
    }
    if (found.state == STORE_ANSWERED) {
        n->fetch->meta = found.meta;
        n->fetch->is_answered = true;
        engine_check(g, n);
        return false;
    }
    n->fetch->remote = found.state == STORE_REMOTE ? found.remote : (struct str){ 0 };
    return true;
}

static bool open_intent(struct engine *g, struct node *n, struct err *e)
{
    struct fetch *f = n->fetch;
    int64_t reserve = reserves[n->asset] ? reserves[n->asset] : RESERVE;
    return store_temp_open(g->o->store, n->id, reserve, &f->temp, e) &&
           (f->remote.n || store_intend(g->o->store, n->id, n->asset, f->want.provider, f->quote.money, e));
}

/* False: it waits until money that is set aside comes back, or it is over the limit for good. */
static bool afford(struct engine *g, struct node *n)
{
    struct err e;
    bool is_over;
    if (engine_money_reserve(g, n, &is_over, &e))
        return true;
    if (is_over)
        give_up(g, n, &e, false);
    return false;
}

/* Everything before the request itself: lock, look, money, disk, intent. True: it holds a slot and is to be sent. */
static bool prepare(struct engine *g, struct node *n)
{
    struct fetch *f = n->fetch;
    struct err e;
    bool is_busy = false;
    if (!f->is_locked && !store_lock(g->o->store, n->id, &is_busy, &e)) {
        if (is_busy)
            back_off(g, n, LOCK_RETRY_MS);
        else
            engine_break(g, &e);
        return false;
    }
    f->is_locked = true;
    if (!still_needed(g, n) || !afford(g, n))
        return false;
    if (!open_intent(g, n, &e)) {
        engine_break(g, &e);                    /* no disk, no ledger: stop buying first, then explain */
        engine_money_back(g, n);
        return false;
    }
    f->started_ms = engine_now(g);
    lane_started(f->lane, f->tokens, &f->ticket, f->started_ms);
    g->in_flight++;
    return true;
}

/* What waited for money goes back into its queue: something may have been given back. */
static void wake_short(struct engine *g)
{
    struct node *n;
    while ((n = engine_money_next(g)))
        if (n->fetch->lane->is_stopped)
            give_up(g, n, &n->fetch->lane->why, true);
        else
            heap_push(&n->fetch->lane->ready, node_order(n), n);
}

static void unsent(struct engine *g, struct node *n, const struct err *why, bool is_known_unpaid)
{
    g->in_flight--;
    lane_finished(n->fetch->lane, &n->fetch->ticket, LANE_OTHER, -1, false, engine_now(g));
    if (n->fetch->remote.n == 0)
        engine_money_back(g, n);
    give_up(g, n, why, is_known_unpaid);
    wake_short(g);
}

static void send(struct engine *g, struct node *n)
{
    struct fetch *f = n->fetch;
    struct err e;
    const struct job job = { .id = (uint64_t)(uintptr_t)n, .want = &f->want, .fd = f->temp.fd, .remote = f->remote,
                             .key = { n->id, sizeof n->id - 1 } };
    if (!g->o->transport->start(g->o->transport->ctx, &job, &e)) {
        /* a job that could not be asked for today is still there */
        unsent(g, n, &e, f->remote.n == 0 || e.code == ERR_LOST);
        return;
    }
    g->totals.requests_made++;
    node_enter(n, NODE_IN_FLIGHT);
    engine_tell(g, n, "running", NULL, 0);
}

/* As many as may start now, at most `most`. */
static size_t prepare_group(struct engine *g, struct node **group, size_t most)
{
    struct lane *l;
    size_t n = 0;
    while (n < most && !g->is_stopping && g->in_flight < g->requests_cap && (l = engine_best_lane(g))) {
        struct node *next = heap_pop(&l->ready);
        if (prepare(g, next))
            group[n++] = next;
    }
    return n;
}

void engine_start_fetches(struct engine *g)
{
    struct node *group[START_GROUP];
    size_t n = START_GROUP;
    struct err e;
    while (n == START_GROUP && !g->is_stopping && g->in_flight < g->requests_cap && engine_best_lane(g)) {
        if (!store_intents_begin(g->o->store, &e)) {
            engine_break(g, &e);
            return;
        }
        n = prepare_group(g, group, START_GROUP);
        bool is_durable = store_intents_end(g->o->store, &e);
        if (!is_durable)
            engine_break(g, &e);
        for (size_t i = 0; i < n; i++)
            if (g->fatal.code == ERR_NONE)
                send(g, group[i]);
            else
                unsent(g, group[i], &g->fatal, is_durable);
    }
}

int64_t engine_next_fetch_ms(const struct engine *g)
{
    const struct heap_item *top = heap_top(&g->backoff);
    int64_t next = top ? top->key : INT64_MAX;
    if (g->in_flight >= g->requests_cap || g->is_stopping)
        return next;
    int64_t at = engine_next_lane_ms(g);
    return at < next ? at : next;
}

void engine_wake_backoff(struct engine *g)
{
    const struct heap_item *top;
    while ((top = heap_top(&g->backoff)) && top->key <= engine_now(g)) {
        struct node *n = heap_pop(&g->backoff);
        node_enter(n, NODE_READY);
        heap_push(&n->fetch->lane->ready, node_order(n), n);
    }
}

/* ---------- answers ---------- */

static void stop_lane(struct engine *g, struct lane *l, const struct err *why)
{
    struct node *n;
    l->is_stopped = true;
    l->why = *why;
    log_error(g->o->log, "%s; nothing more is sent to " STR_FMT, why->msg, STR_ARG(l->name));
    while ((n = heap_pop(&l->ready)))
        give_up(g, n, why, true);
    struct heap kept = { 0 };
    while (g->backoff.n) {
        int64_t key = heap_top(&g->backoff)->key;
        n = heap_pop(&g->backoff);
        if (n->fetch->lane == l)
            give_up(g, n, why, true);
        else
            heap_push(&kept, key, n);
    }
    heap_deinit(&g->backoff);
    g->backoff = kept;
}

static void failed(struct engine *g, struct node *n, struct job_event *ev)
{
    struct fetch *f = n->fetch;
    struct err ignored;
    bool had_remote = f->remote.n > 0;
    if (ev->err.code == ERR_LOST || ev->is_remote_over)
        f->remote = (struct str){ 0 };
    const struct failure why = { .code = ev->err.code, .told_ms = ev->retry_after_ms, .attempts = f->attempts,
                                 .refusals = f->refusals, .is_unsent = ev->is_unsent, .has_answer = ev->status != 0,
                                 .has_remote = f->remote.n > 0,
                                 .last_ms = f->wait_ms,
                                 .refused_ms = f->refusals ? engine_now(g) - f->refused_since_ms : 0,
                                 .lane_refused_ms = lane_refused_ms(f->lane, engine_now(g)) };
    /* A remote job that goes on keeps its row in the ledger: the next run resumes it. One that is over must not be
     * resumed again. */
    bool may_close = f->remote.n == 0 && (had_remote || ev->is_unsent || ev->status != 0);
    /* A refusal costs nothing; an answer that never came may; a job that goes on there does. */
    bool is_refusal = ev->is_unsent || (ev->status != 0 && (ev->status < 200 || ev->status > 299));
    if (f->remote.n == 0 && is_refusal && !had_remote)
        engine_money_back(g, n);
    else if (f->remote.n == 0)
        engine_money_lost(g, n);
    const struct limits_opts *limits = &g->o->config->limits;
    struct retry r =
        retry_decide(&why, (int)limits->attempts, limits->refused_ms, g->o->retry_lost, &g->jitter);
    if (ev->err.code == ERR_IO)                 /* our own disk: stop buying first, then explain */
        engine_break(g, &ev->err);
    if (r.why) {
        struct err reason = ev->err;
        err_set(&ev->err, reason.code, "%s; %s", reason.msg, r.why);
    }
    if ((g->is_stopping || f->lane->is_stopped || node_is_idle(n)) && (r.action == RETRY_AGAIN || r.action == RETRY_PAUSE))
        r.action = RETRY_FAIL;
    store_temp_drop(g->o->store, &f->temp);
    switch (r.action) {
    case RETRY_PAUSE:
        if (f->refusals++ == 0)
            f->refused_since_ms = engine_now(g);
        if (f->lane->not_before_ms > engine_now(g))
            r.wait_ms = f->lane->not_before_ms - engine_now(g);
        break;
    case RETRY_AGAIN:
        f->attempts++;
        f->wait_ms = r.wait_ms;
        break;
    case RETRY_FAIL:
        give_up(g, n, &ev->err, may_close);
        return;
    case RETRY_STOP_LANE:
        give_up(g, n, &ev->err, may_close);
        if (!f->lane->is_stopped)
            stop_lane(g, f->lane, &ev->err);
        return;
    }
    if (may_close)
        store_failed(g->o->store, n->id, &ev->err, &ignored);
    g->totals.retries++;
    log_info(g->o->log, "%s/%s %s: %s, attempt %d of %lld, again in %lld ms", g->plan->films[n->lesson].lesson->id.p,
             n->of->id.p, node_step(n), ev->err.msg, f->attempts + 1, (long long)g->o->config->limits.attempts,
             (long long)r.wait_ms);
    engine_tell(g, n, "backoff", &ev->err, r.wait_ms);
    back_off(g, n, r.wait_ms);
}

static void answered(struct engine *g, struct node *n, struct job_event *ev)
{
    struct fetch *f = n->fetch;
    struct err e;
    f->meta = arena_str(&g->arena, str_from(ev->meta ? ev->meta : ""));
    engine_money_paid(g, n, ev->cost_known, ev->cost);
    if (!store_answered(g->o->store, n->id, &f->temp, f->meta, f->cost, &e)) {
        engine_break(g, &e);
        give_up(g, n, &e, false);
        return;
    }
    f->is_answered = true;
    g->result->fetch_ms = g->totals.fetch_ms = engine_now(g) - g->began_ms;
    engine_check(g, n);
}

static void accepted(struct engine *g, struct node *n, struct job_event *ev)
{
    struct err e;
    n->fetch->remote = arena_str(&g->arena, str_from(ev->remote));
    if (!store_accepted(g->o->store, n->id, n->fetch->remote, &e))
        engine_break(g, &e);
    g->o->transport->job_continue(g->o->transport->ctx, ev->id);
}

static enum lane_outcome outcome(const struct fetch *f, const struct job_event *ev)
{
    static const enum lane_outcome by_code[ERR_N_CODES] = {
        [ERR_RATE] = LANE_REFUSED, [ERR_SERVER] = LANE_TROUBLE, [ERR_NET] = LANE_TROUBLE
    };
    if (ev->type == JOB_DONE)
        return LANE_CLEAN;
    bool is_poll = ev->err.code == ERR_RATE && f->remote.n > 0; /* the job itself had been let in */
    return by_code[ev->err.code] && !is_poll ? by_code[ev->err.code] : LANE_OTHER;
}

void engine_job_event(struct engine *g, struct job_event *ev)
{
    struct node *n = (struct node *)(uintptr_t)ev->id;
    assert(n->state == NODE_IN_FLIGHT);
    struct fetch *f = n->fetch;
    if (ev->lane_limit_known)
        lane_told(f->lane, ev->lane_limit, ev->lane_in_flight);
    if (ev->type == JOB_ACCEPTED) {
        if (ev->is_used_up)
            lane_hold(f->lane, &f->ticket, ev->retry_after_ms, engine_now(g));
    } else {
        g->in_flight--;
        lane_finished(f->lane, &f->ticket, outcome(f, ev), ev->retry_after_ms, ev->is_used_up, engine_now(g));
    }
    if (ev->type == JOB_ACCEPTED)
        accepted(g, n, ev);
    else if (ev->type == JOB_DONE)
        answered(g, n, ev);
    else
        failed(g, n, ev);
    if (ev->type != JOB_ACCEPTED)
        wake_short(g);
    free(ev->remote);
    free(ev->meta);
}

void engine_checked(struct engine *g, struct node *n, const struct media_info *info, struct word *words, size_t n_words,
                    const struct err *why)
{
    struct err e;
    if (why) {
        struct err told = *why;
        /* else the check could not be made, and what was paid for stays: the next run checks it */
        bool is_bad = why->code == ERR_MEDIA;
        if (is_bad && !store_reject(g->o->store, n->id, why, &e))
            engine_break(g, &e);
        err_wrap(&told, STR_FMT " answered, but the answer %s", STR_ARG(n->fetch->want.provider),
                 is_bad ? "is of no use" : "could not be checked; it is kept, run again");
        unlock(g, n);
        engine_settle(g, n, &told);
        return;
    }
    assert(info);
    if (!store_accept(g->o->store, n->id, info, words, n_words, &g->arena, &n->blob, &e)) {
        engine_break(g, &e);
        unlock(g, n);
        engine_settle(g, n, &e);
        return;
    }
    unlock(g, n);
    engine_settle(g, n, NULL);
}

void engine_drop_queued(struct engine *g)
{
    struct err why;
    struct node *n;
    err_set(&why, ERR_CANCELLED, "stopped before it was asked for");
    for (size_t i = 0; i < g->n_lanes; i++)
        while ((n = heap_pop(&g->lanes[i].ready)))
            give_up(g, n, &why, true);
    while ((n = heap_pop(&g->backoff)))
        give_up(g, n, &why, true);
    while ((n = engine_money_next(g)))
        give_up(g, n, &why, false);
}
