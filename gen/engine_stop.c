/* engine_stop.c - Ctrl-C and a store that broke: what is still waited for, and when the run may end */
#include <signal.h>
#include "gen/engine_private.h"

static int stop_signal(const struct engine *g)
{
    return g->o->stopped ? g->o->stopped(g->o->stopped_ctx) : 0;
}

/* Answers that have come and are only to be read yet; the others are to come. */
static int64_t n_paid(const struct engine *g)
{
    return g->in_flight + g->n_arrived;
}

/* Their ids stay in the ledger: should one not hear of it, the next run has its result. What has come is kept: that
 * takes no time worth saving. */
static void hurry(struct engine *g)
{
    const struct transport *t = g->o->transport;
    g->is_hurried = true;
    for (size_t i = 0; i < g->plan->n_nodes; i++) {
        struct node *n = g->plan->nodes[i];
        if (n->state == NODE_IN_FLIGHT && !n->fetch->ticket.has_left)
            t->cancel(t->ctx, (uint64_t)(uintptr_t)n);
    }
}

void engine_notice_stop(struct engine *g)
{
    if (stop_signal(g) && !g->is_stopping) {
        g->is_stopping = true;
        if (n_paid(g))
            log_warn(g->o->log, "stopping: waiting for %lld answers that are paid for; again to leave at once",
                     (long long)n_paid(g));
    }
    if (g->is_stopping && !g->is_hurried && g->o->is_hurried && g->o->is_hurried(g->o->stopped_ctx))
        hurry(g);
    if (g->is_stopping && g->stopping_since_ms == 0) {
        g->stopping_since_ms = engine_now(g) + (n_paid(g) == 0);
        engine_note_worst(g, g->fatal.code ? g->fatal.code : ERR_CANCELLED);
        engine_drop_queued(g);
    }
}

bool engine_may_end(const struct engine *g)
{
    if (g->n_orders > 0)
        return false;
    if (g->n_unsettled == 0)
        return true;
    if (g->is_hurried)
        return g->n_arrived == 0;
    if (!g->is_stopping || g->n_working > 0)
        return false;
    bool is_patient = stop_signal(g) == SIGINT;
    return n_paid(g) == 0 || (!is_patient && engine_now(g) - g->stopping_since_ms >= g->o->stop_grace_ms);
}
