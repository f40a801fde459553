/* engine_queue.c - what is to be sent, in which order: ready, armed (its intent is durable), sent
 *
 * Order: the plan's, depth first by film, within a film pictures before speech and long texts before short. When little
 * remains in the whole batch, what is expected to take longest goes first, so that nothing long is begun last. */
#include "gen/engine_private.h"
#include <stdlib.h>
#include "gen/base/mem.h"

enum { LOCK_RETRY_MS = 500, RESERVE = 1 << 20, TAIL_CAPS = 2, STALL_MS = 200, STALL_MOST = 128 };
enum { GUESS_CLIP_MS = 120000, GUESS_IMAGE_MS = 8000, GUESS_OTHER_MS = 3000, LENGTH_BITS = 20, SECTION_BITS = 12 };

/* Bytes on disk before the request is sent; 0: RESERVE. */
static const int64_t reserves[ASSET_N_KINDS] = { [ASSET_IMAGE] = 4 << 20, [ASSET_VIDEO] = 32 << 20 };

static struct queue *queue_of(struct lane *l)
{
    return (struct queue *)l;
}

/* ---------- order ---------- */

static int64_t expected_ms(const struct node *n)
{
    const struct queue *q = queue_of(n->fetch->lane);
    int64_t guess = n->asset == ASSET_VIDEO ? GUESS_CLIP_MS : n->asset == ASSET_IMAGE ? GUESS_IMAGE_MS : GUESS_OTHER_MS;
    return q->n_answers[n->asset] ? q->answer_ms[n->asset] / q->n_answers[n->asset] : guess;
}

static int64_t order_of(struct engine *g, const struct node *n)
{
    const int64_t longest = (1 << LENGTH_BITS) - 1;
    int64_t length = n->asset == ASSET_IMAGE ? 0 : (int64_t)n->fetch->want.text.n;
    length = length < longest ? length : longest;
    if (g->is_tail)
        return -(expected_ms(n) << LENGTH_BITS) - length;
    return (node_order(n) & ~(int64_t)UINT32_MAX) | (longest - length) << SECTION_BITS |
           ((int64_t)n->section & ((1 << SECTION_BITS) - 1));
}

void engine_enqueue(struct engine *g, struct node *n)
{
    heap_push(&n->fetch->lane->ready, order_of(g, n), n);
}

void engine_note_latency(const struct node *n)
{
    struct queue *q = queue_of(n->fetch->lane);
    q->n_answers[n->asset]++;
    q->answer_ms[n->asset] += n->fetch->ticket.left_ms - n->fetch->started_ms;
}

static void reorder(struct engine *g, struct heap *h)
{
    struct heap old = *h;
    struct node *n;
    *h = (struct heap){ 0 };
    while ((n = heap_pop(&old)))
        heap_push(h, order_of(g, n), n);
    heap_deinit(&old);
}

static void note_tail(struct engine *g)
{
    if (g->is_tail || (int64_t)g->n_unsent >= TAIL_CAPS * g->requests_cap)
        return;
    g->is_tail = true;
    for (size_t i = 0; i < g->n_lanes; i++) {
        reorder(g, &g->queues[i]->lane.ready);
        reorder(g, &g->queues[i]->armed);
    }
}

/* It was sent, or need not be. */
void engine_leave_queue(struct engine *g, struct node *n)
{
    g->n_unsent -= n->fetch->is_to_send;
    n->fetch->is_to_send = false;
}

/* ---------- waiting ---------- */

void engine_back_off(struct engine *g, struct node *n, int64_t wait_ms)
{
    node_enter(n, NODE_BACKOFF);
    heap_push(&g->backoff, engine_now(g) + wait_ms, n);
}

/* ---------- arming ---------- */

/* False: it waits until money that is set aside comes back, or it is over the limit for good. */
static bool afford(struct engine *g, struct node *n)
{
    struct err e;
    bool is_over;
    if (engine_money_reserve(g, n, &is_over, &e))
        return true;
    if (is_over)
        engine_give_up(g, n, &e, false);
    return false;
}

/* Everything before the request itself: money, lock, look, disk, intent. The keeper does all but the first. */
static void arm(struct engine *g, struct queue *q)
{
    struct node *n = heap_pop(&q->lane.ready);
    struct fetch *f = n->fetch;
    if (!afford(g, n))
        return;
    struct store_order *o = engine_order(n, STORE_ARM_ORDER);
    o->asset = n->asset;
    o->provider = f->want.provider;
    o->estimate = f->quote.money;
    o->reserve = reserves[n->asset] ? reserves[n->asset] : RESERVE;
    node_enter(n, NODE_STORING);
    f->armed_after = q->n_started;
    q->n_arming++;
    engine_submit(g, o);
}

static bool may_start(const struct engine *g, const struct lane *l, const struct heap_item *next, int64_t *at)
{
    return lane_may_start(l, ((const struct node *)next->value)->fetch->tokens, engine_now(g), at);
}

/* How many the lane could start now, as far as it can be told; what it holds back is not worth arming. */
static int64_t room_of(const struct engine *g, const struct lane *l, const struct heap_item *next)
{
    int64_t at;
    if (!may_start(g, l, next, &at))
        return 0;
    return l->window.size > 0 ? l->window.size - l->in_flight : INT64_MAX;
}

static size_t n_prepared(const struct queue *q)
{
    return q->armed.n + q->n_arming;
}

/* How many answers come in STALL_MS, as far as answers have come. */
static int64_t n_in_a_stall(const struct queue *q)
{
    int64_t n = 0, ms = 0;
    for (int kind = 0; kind < ASSET_N_KINDS; kind++) {
        n += q->n_answers[kind];
        ms += q->answer_ms[kind];
    }
    int64_t in_a_stall = n ? q->lane.in_flight * STALL_MS * n / (ms > 0 ? ms : 1) : 0;
    return in_a_stall < STALL_MOST ? in_a_stall : STALL_MOST; /* each holds a file open */
}

/* What ends while an intent is on its way to the disk must find another that is there: so many as lately overtook one,
 * twice over, and as many as end while the disk writes back what came before, which it does now and then. When little is
 * left the order counts more than a slot. (What is armed and not sent when the process is killed is told as lost by the
 * next run.) */
static int64_t n_ahead(const struct engine *g, const struct queue *q)
{
    if (!q)
        return 1;
    int64_t overtaking = (int64_t)(2 * q->overtaken), stall = g->is_tail ? 0 : n_in_a_stall(q);
    int64_t n = 1 + (overtaking > stall ? overtaking : stall);
    return n < g->requests_cap ? n : g->requests_cap;
}

/* The first in the plan's order of all that are ready in queues that may still arm. */
static struct queue *queue_to_arm(const struct engine *g, int64_t slots)
{
    struct queue *best = NULL;
    for (size_t i = 0; i < g->n_lanes; i++) {
        struct queue *q = g->queues[i];
        const struct heap_item *top = heap_top(&q->lane.ready);
        int64_t room = top ? room_of(g, &q->lane, top) : 0;
        if (top && (int64_t)n_prepared(q) < (room < slots ? room : slots) + n_ahead(g, q) &&
            (!best || top->key < heap_top(&best->lane.ready)->key))
            best = q;
    }
    return best;
}

/* For the free slots, and ahead of them for each lane. */
static void arm_more(struct engine *g)
{
    int64_t slots = g->requests_cap - g->in_flight, more = slots;
    struct queue *q;
    for (size_t i = 0; i < g->n_lanes; i++)
        more += n_ahead(g, g->queues[i]) - (int64_t)n_prepared(g->queues[i]);
    while (more-- > 0 && (q = queue_to_arm(g, slots)))
        arm(g, q);
}

static void note_overtaken(struct queue *q, size_t n)
{
    if ((double)n > q->overtaken)
        q->overtaken = (double)n;
    else
        q->overtaken -= (q->overtaken - (double)n) / 16;
}

/* What waited for money goes back into its queue: something may have been given back. */
static void wake_short(struct engine *g)
{
    struct node *n;
    if (!g->has_money_moved)
        return;
    g->has_money_moved = false;
    while ((n = engine_money_next(g)))
        if (n->fetch->lane->is_stopped)
            engine_give_up(g, n, &n->fetch->lane->why, true);
        else
            engine_enqueue(g, n);
}

/* Another process may have bought the asset between our plan and our lock. */
void engine_armed(struct engine *g, struct node *n, struct store_order *o)
{
    struct fetch *f = n->fetch;
    struct queue *q = queue_of(f->lane);
    q->n_arming--;
    note_overtaken(q, q->n_started - f->armed_after);
    if (!o->ok || o->found.state == STORE_DONE || o->found.state == STORE_ANSWERED)
        engine_money_back(g, n);
    if (!o->ok) {
        if (!o->is_busy)
            engine_break(g, &o->err); /* no disk, no ledger: stop buying first, then explain */
        if (o->is_busy && !g->is_stopping)
            engine_back_off(g, n, LOCK_RETRY_MS);
        else
            engine_give_up(g, n, &o->err, false);
        return;
    }
    struct store_entry found = o->found;
    f->temp = o->temp;
    if (found.state == STORE_DONE || found.state == STORE_ANSWERED)
        store_blob_copy(&g->arena, &o->found.blob, &found.blob);
    if (found.state == STORE_DONE) {
        engine_found(g, n, &found);
        return;
    }
    if (found.state == STORE_ANSWERED) {
        f->meta = arena_str(&g->arena, found.meta);
        f->is_answered = true;
        engine_leave_queue(g, n);
        n->blob = found.blob;
        engine_answer_is_there(g, n);
        return;
    }
    f->remote = found.state == STORE_REMOTE ? arena_str(&g->arena, found.remote) : (struct str){ 0 };
    f->is_unsent = true;
    if (g->is_stopping || f->lane->is_stopped || (f->is_unwanted && f->remote.n == 0 && node_is_idle(n))) {
        struct err why = f->lane->why;
        if (!f->lane->is_stopped)
            err_set(&why, ERR_CANCELLED, "stopped before it was asked for");
        engine_give_up(g, n, &why, true);
        return;
    }
    node_enter(n, NODE_READY);
    heap_push(&q->armed, order_of(g, n), n);
}

bool engine_unqueue(struct engine *g, struct node *n)
{
    struct lane *l = n->fetch->lane;
    return heap_remove(&l->ready, n) || heap_remove(&queue_of(l)->armed, n) || heap_remove(&g->backoff, n) ||
           heap_remove(&g->short_of_money, n);
}

/* ---------- sending ---------- */

static void send(struct engine *g, struct queue *q)
{
    struct node *n = heap_pop(&q->armed);
    struct fetch *f = n->fetch;
    struct err e;
    if (!engine_money_holds(g, n))
        return;
    const struct job job = { .id = (uint64_t)(uintptr_t)n,
                             .want = &f->want,
                             .fd = f->temp.fd,
                             .remote = f->remote,
                             .key = { n->id, sizeof n->id - 1 } };
    f->started_ms = engine_now(g);
    lane_started(f->lane, f->tokens, &f->ticket, f->started_ms);
    g->in_flight++;
    q->n_started++;
    engine_leave_queue(g, n);
    if (!g->o->transport->start(g->o->transport->ctx, &job, &e)) {
        g->in_flight--;
        lane_finished(f->lane, &f->ticket, LANE_OTHER, -1, false, engine_now(g));
        /* a job that could not be asked for today is still there */
        engine_give_up(g, n, &e, f->remote.n == 0 || e.code == ERR_LOST);
        return;
    }
    f->is_unsent = false;
    g->totals.requests_made++;
    node_enter(n, NODE_IN_FLIGHT);
    engine_tell(g, n, "running", NULL, 0);
}

/* The queue whose first request comes first in the plan's order and may start now. */
static struct queue *best_queue(struct engine *g)
{
    struct queue *best = NULL;
    int64_t at;
    for (size_t i = 0; i < g->n_lanes; i++) {
        struct queue *q = g->queues[i];
        const struct heap_item *top = heap_top(&q->armed);
        if (top && (!best || top->key < heap_top(&best->armed)->key) && may_start(g, &q->lane, top, &at))
            best = q;
    }
    return best;
}

void engine_start_fetches(struct engine *g)
{
    struct queue *q;
    note_tail(g);
    wake_short(g);
    while (!g->is_stopping && g->in_flight < g->requests_cap && (q = best_queue(g)))
        send(g, q);
    if (!g->is_stopping)
        arm_more(g);
}

int64_t engine_next_fetch_ms(const struct engine *g)
{
    int64_t next = INT64_MAX, at;
    const struct heap_item *top = heap_top(&g->backoff);
    if (top)
        next = top->key;
    if (g->in_flight >= g->requests_cap || g->is_stopping)
        return next;
    for (size_t i = 0; i < g->n_lanes; i++) {
        const struct queue *q = g->queues[i];
        const struct heap_item *first = heap_top(&q->armed) ? heap_top(&q->armed) : heap_top(&q->lane.ready);
        if (first && !may_start(g, &q->lane, first, &at) && at < next)
            next = at;
    }
    return next;
}

void engine_wake_backoff(struct engine *g)
{
    const struct heap_item *top;
    while ((top = heap_top(&g->backoff)) && top->key <= engine_now(g)) {
        struct node *n = heap_pop(&g->backoff);
        node_enter(n, NODE_READY);
        engine_enqueue(g, n);
    }
}

/* ---------- stopping ---------- */

void engine_stop_lane(struct engine *g, struct lane *l, const struct err *why)
{
    struct node *n;
    l->is_stopped = g->has_money_moved = true;  /* what waits for money is to hear of it */
    l->why = *why;
    log_error(g->o->log, "%s; nothing more is sent to " STR_FMT, why->msg, STR_ARG(l->name));
    while ((n = heap_pop(&queue_of(l)->armed)) || (n = heap_pop(&l->ready)))
        engine_give_up(g, n, why, true);
    struct heap kept = { 0 };
    while (g->backoff.n) {
        int64_t key = heap_top(&g->backoff)->key;
        n = heap_pop(&g->backoff);
        if (n->fetch->lane == l)
            engine_give_up(g, n, why, true);
        else
            heap_push(&kept, key, n);
    }
    heap_deinit(&g->backoff);
    g->backoff = kept;
}

void engine_drop_queued(struct engine *g)
{
    struct err why;
    struct node *n;
    err_set(&why, ERR_CANCELLED, "stopped before it was asked for");
    for (size_t i = 0; i < g->n_lanes; i++)
        while ((n = heap_pop(&g->queues[i]->armed)) || (n = heap_pop(&g->queues[i]->lane.ready)))
            engine_give_up(g, n, &why, true);
    while ((n = heap_pop(&g->backoff)))
        engine_give_up(g, n, &why, true);
    while ((n = engine_money_next(g)))
        engine_give_up(g, n, &why, false);
}
