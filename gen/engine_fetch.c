/* engine_fetch.c - the remote half of the engine: answers, failures, checks, and the ledger's steps that follow */
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "gen/engine_private.h"
#include "gen/retry.h"

/* may_close: the intent in the ledger. It stays open when the answer may have been paid and lost: the next run says so.
 */
void engine_give_up(struct engine *g, struct node *n, const struct err *why, bool may_close)
{
    bool has_call = may_close && !n->fetch->is_answered && n->fetch->is_locked;
    engine_leave_queue(g, n);
    if (n->fetch->is_unsent)
        engine_money_back(g, n);
    engine_let_go(g, n, has_call ? why : NULL);
    engine_money_lost(g, n);                    /* what was not given back before */
    if (may_close)
        engine_switch(g, n, why);
    engine_settle(g, n, why);
}

void engine_found(struct engine *g, struct node *n, const struct store_entry *found)
{
    n->blob = found->blob;
    n->is_cached = true;
    engine_leave_queue(g, n);
    engine_let_go(g, n, NULL);
    engine_settle(g, n, NULL);
}

/* ---------- answers ---------- */

/* Before it is tried again: the lock on the id is kept. */
static void close_call(struct engine *g, struct node *n, const struct err *why)
{
    struct store_order *o = engine_order(n, STORE_CLOSE_ORDER);
    o->temp = n->fetch->temp;
    n->fetch->temp.fd = -1;
    o->may_be_paid = n->fetch->may_be_made;
    if (why)
        o->why = *why;
    engine_submit(g, o);
}

/* Only the service itself can say that a job it had let in came to nothing. What could not be asked, found or read may
 * have been made there all the same, and is paid for. */
static bool may_be_made(const struct job_event *ev)
{
    static const bool is_verdict[ERR_N_CODES] = { [ERR_SERVER] = true, [ERR_POLICY] = true, [ERR_INPUT] = true };
    return ev->status == 0 || !is_verdict[ev->err.code];
}

static void failed(struct engine *g, struct node *n, struct job_event *ev)
{
    struct fetch *f = n->fetch;
    bool had_remote = f->remote.n > 0;
    f->has_come = false;
    f->may_be_made = had_remote && may_be_made(ev);
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
        engine_give_up(g, n, &ev->err, may_close);
        return;
    case RETRY_STOP_LANE:
        engine_give_up(g, n, &ev->err, may_close);
        engine_stop_provider(g, f->lane, &ev->err);
        return;
    }
    close_call(g, n, may_close ? &ev->err : NULL);
    g->totals.retries++;
    log_info(g->o->log, "%s/%s %s: %s, attempt %d of %lld, again in %lld ms", g->plan->films[n->lesson].lesson->id.p,
             n->of->id.p, node_step(n), ev->err.msg, f->attempts + 1, (long long)g->o->config->limits.attempts,
             (long long)r.wait_ms);
    engine_tell(g, n, "backoff", &ev->err, r.wait_ms);
    engine_back_off(g, n, r.wait_ms);
}

static void answered(struct engine *g, struct node *n, struct job_event *ev)
{
    struct fetch *f = n->fetch;
    struct store_order *o = engine_order(n, STORE_ANSWERED_ORDER);
    f->meta = arena_str(&g->arena, str_from(ev->meta ? ev->meta : ""));
    engine_money_paid(g, n, ev->cost_known, ev->cost);
    o->asset = n->asset;
    o->provider = f->want.provider;
    o->temp = f->temp;
    o->text = f->meta;
    o->cost = f->cost;
    f->temp.fd = -1;
    engine_has_come(g, n);
    engine_note_latency(n);
    g->result->fetch_ms = g->totals.fetch_ms = engine_now(g) - g->began_ms;
    node_enter(n, NODE_STORING);
    engine_tell(g, n, "answered", NULL, 0);
    engine_submit(g, o);
}

void engine_stored(struct engine *g, struct node *n, struct store_order *o)
{
    struct fetch *f = n->fetch;
    if (!o->ok) {
        engine_break(g, &o->err);
        engine_give_up(g, n, &o->err, false);
        return;
    }
    f->is_answered = true;
    store_blob_copy(&g->arena, &o->found.blob, &n->blob);
    engine_answer_is_there(g, n);
}

static void accepted(struct engine *g, struct node *n, struct job_event *ev)
{
    struct store_order *o = engine_order(n, STORE_ACCEPTED_ORDER);
    o->text = n->fetch->remote = arena_str(&g->arena, str_from(ev->remote));
    engine_submit(g, o);
}

void engine_accepted(struct engine *g, struct node *n, struct store_order *o)
{
    if (!o->ok)
        engine_break(g, &o->err);
    g->o->transport->job_continue(g->o->transport->ctx, (uint64_t)(uintptr_t)n);
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

/* Its answer has come: another takes its place while this one is read. */
static void arrived(struct engine *g, struct node *n)
{
    g->in_flight--;
    g->n_arrived++;
    lane_left(n->fetch->lane, &n->fetch->ticket, engine_now(g));
    engine_has_come(g, n);
}

/* The answer says only where the media are: they are still to come. */
static void goes_on(struct engine *g, struct fetch *f)
{
    if (!f->ticket.has_left)
        return;
    g->n_arrived--;
    g->in_flight++;
    f->has_come = false;
    lane_returned(f->lane, &f->ticket);
}

static void finished(struct engine *g, struct fetch *f, const struct job_event *ev)
{
    *(f->ticket.has_left ? &g->n_arrived : &g->in_flight) -= 1;
    lane_finished(f->lane, &f->ticket, outcome(f, ev), ev->retry_after_ms, ev->is_used_up, engine_now(g));
}

void engine_job_event(struct engine *g, struct job_event *ev)
{
    struct node *n = (struct node *)(uintptr_t)ev->id;
    assert(n->state == NODE_IN_FLIGHT);
    struct fetch *f = n->fetch;
    if (ev->lane_limit_known)
        lane_told(f->lane, ev->lane_limit, ev->lane_in_flight);
    if (ev->type == JOB_ARRIVED) {
        arrived(g, n);
        return;
    }
    if (ev->type == JOB_ACCEPTED) {
        goes_on(g, f);
        if (ev->is_used_up)
            lane_hold(f->lane, &f->ticket, ev->retry_after_ms, engine_now(g));
        accepted(g, n, ev);
    } else {
        finished(g, f, ev);
        if (ev->type == JOB_DONE)
            answered(g, n, ev);
        else
            failed(g, n, ev);
    }
    free(ev->remote);
    free(ev->meta);
}

/* ---------- checks ---------- */

void engine_answer_is_there(struct engine *g, struct node *n)
{
    if (!g->o->is_unchecked || n->refused) { /* what a model says is needed at once */
        engine_check(g, n);
        return;
    }
    n->is_cached = n->fetch->started_ms == 0;
    g->totals.n_unchecked++;
    engine_leave_queue(g, n);
    engine_let_go(g, n, NULL);
    engine_settle(g, n, NULL);
}

static void fail_check(struct engine *g, struct node *n, const struct err *why)
{
    struct err told;
    bool is_bad = why->code == ERR_MEDIA;
    err_set(&told, why->code, STR_FMT " answered, but the answer %s: %s%s", STR_ARG(n->fetch->want.provider),
            is_bad ? "is of no use" : "could not be checked; it is kept, run again", why->msg,
            is_bad ? "; it lies in the cache's quarantine, and the next run asks again" : "");
    engine_let_go(g, n, NULL);
    engine_settle(g, n, &told);
}

void engine_checked(struct engine *g, struct node *n, const struct media_info *info, struct word *words, size_t n_words,
                    const struct err *why)
{
    if (why && why->code != ERR_MEDIA) { /* the check could not be made, and what was paid for stays */
        fail_check(g, n, why);
        return;
    }
    node_enter(n, NODE_STORING);
    if (!why) {
        assert(info);
        engine_order_accept(g, n, info, words, n_words);
        return;
    }
    struct store_order *o = engine_order(n, STORE_REJECT_ORDER);
    o->why = *why;
    engine_submit(g, o);
}

void engine_refused(struct engine *g, struct node *n, struct store_order *o)
{
    if (!o->ok)
        engine_break(g, &o->err);
    fail_check(g, n, &o->why);
}

void engine_usable(struct engine *g, struct node *n, struct store_order *o)
{
    if (!o->ok)
        engine_break(g, &o->err);
    else
        store_blob_copy(&g->arena, &o->found.blob, &n->blob);
    engine_settle(g, n, o->ok ? NULL : &o->err);
}
