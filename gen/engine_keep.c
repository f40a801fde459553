/* engine_keep.c - the engine's orders to the keeper, and what follows when they are made */
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/engine_private.h"

struct errand {
    struct store_order order; /* first: the keeper hands this back */
    struct node *node;
    struct media_info info;
    struct word *words; /* malloc'd */
};

struct store_order *engine_order(struct node *n, enum store_order_kind kind)
{
    struct errand *a = mem_alloc(sizeof *a);
    a->node = n;
    a->order.kind = kind;
    a->order.id = n->id;
    a->order.cost = -1;
    a->order.is_locked = n->fetch->is_locked;
    a->order.of = n->fetch->of;
    a->order.roll = n->fetch->roll;
    a->order.temp.fd = -1;
    return &a->order;
}

void engine_submit(struct engine *g, struct store_order *o)
{
    g->n_orders++;
    g->o->keeper->submit(g->o->keeper->ctx, o);
}

void engine_order_accept(struct engine *g, struct node *n, const struct media_info *info, const struct word *words,
                         size_t n_words)
{
    struct errand *a = (struct errand *)engine_order(n, STORE_ACCEPT_ORDER);
    a->info = *info;
    a->words = mem_array(n_words ? n_words : 1, sizeof *words);
    if (n_words)
        memcpy(a->words, words, n_words * sizeof *words);
    a->order.info = &a->info;
    a->order.words = a->words;
    a->order.n_words = n_words;
    a->order.is_last = true;
    engine_submit(g, &a->order);
}

void engine_let_go(struct engine *g, struct node *n, const struct err *why)
{
    struct fetch *f = n->fetch;
    if (!f->is_locked && f->temp.fd < 0)
        return;
    struct store_order *o = engine_order(n, STORE_CLOSE_ORDER);
    o->temp = f->temp;
    f->temp.fd = -1;
    if (why)
        o->why = *why;
    o->is_unsent = f->is_unsent;
    o->may_be_paid = f->may_be_made && !f->is_unsent;
    f->is_unsent = false;
    f->is_locked = false;
    o->is_last = true;
    engine_submit(g, o);
}

/* Nobody waits for these. A call that could not be closed is told as lost by the next run. */
static void closed(struct engine *g, struct node *n, struct store_order *o)
{
    (void)g, (void)n, (void)o;
}

static void (*const outcomes[STORE_N_ORDERS])(struct engine *, struct node *, struct store_order *) = {
    [STORE_ARM_ORDER] = engine_armed,       [STORE_ACCEPTED_ORDER] = engine_accepted,
    [STORE_ANSWERED_ORDER] = engine_stored, [STORE_ACCEPT_ORDER] = engine_usable,
    [STORE_REJECT_ORDER] = engine_refused,  [STORE_CLOSE_ORDER] = closed,
};

void engine_collect_orders(struct engine *g)
{
    struct store_order *next, *o = g->o->keeper->collect(g->o->keeper->ctx);
    for (; o; o = next) {
        struct errand *a = (struct errand *)o;
        next = o->next;
        g->n_orders--;
        if (o->kind != STORE_CLOSE_ORDER)
            a->node->fetch->is_locked = o->is_locked;
        outcomes[o->kind](g, a->node, o);
        store_order_deinit(o);
        free(a->words);
        free(a);
    }
}
