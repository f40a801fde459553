/* plan_sum.c - what a plan comes to */
#include "gen/plan_sum.h"
#include "gen/base/mem.h"
#include "gen/fetch.h"

static bool is_bought(const struct node *n)
{
    return n->state == NODE_DONE || n->fetch->is_answered || n->fetch->remote.n > 0;
}

static void add_call(struct plan_amount *s, const struct node *n)
{
    const struct quote *q = &n->fetch->quote;
    s->n_calls++;
    s->n_of[n->asset]++;
    s->n_unpriced += q->money < 0;
    s->money += q->money > 0 ? q->money : 0;
    s->chars += q->chars > 0 ? q->chars : 0;
    s->seconds += q->seconds > 0 ? q->seconds : 0;
    s->tokens += q->tokens > 0 ? q->tokens : 0;
}

static struct plan_maker *maker_of(struct plan_sum *sum, const struct fetch *f)
{
    for (size_t i = 0; i < sum->n_makers; i++)
        if (sum->makers[i].provider == f->provider && str_eq(sum->makers[i].model, f->quote.model))
            return &sum->makers[i];
    struct plan_maker *m = &sum->makers[sum->n_makers++];
    *m = (struct plan_maker){ .provider = f->provider, .model = f->quote.model };
    return m;
}

static void add_node(struct plan_sum *sum, const struct node *n)
{
    struct plan_amount *const both[] = { &sum->films[n->lesson], &sum->total };
    for (size_t i = 0; i < COUNTOF(both); i++) {
        both[i]->n_local += !n->fetch && n->kind != NODE_SPLICE;
        both[i]->n_cached += n->fetch ? is_bought(n) : n->kind == NODE_SPLICE && n->state == NODE_DONE;
        if (n->fetch && !is_bought(n))
            add_call(both[i], n);
    }
    if (n->fetch && !is_bought(n))
        add_call(&maker_of(sum, n->fetch)->sum, n);
}

void plan_add_up(const struct plan *p, struct arena *a, struct plan_sum *out)
{
    *out = (struct plan_sum){ 0 };
    out->films = arena_array(a, p->n_films + 1, sizeof *out->films);
    out->makers = arena_array(a, p->n_nodes + 1, sizeof *out->makers);
    for (size_t i = 0; i < p->n_films; i++) {
        if (!p->films[i].is_planned)
            continue;
        out->films[i].n_sections = p->films[i].n_sections;
        out->films[i].n_shared = p->films[i].n_shared;
        out->total.n_sections += p->films[i].n_sections;
        out->total.n_shared += p->films[i].n_shared;
    }
    for (size_t i = 0; i < p->n_nodes; i++) {
        const struct node *n = p->nodes[i];
        if (p->films[n->lesson].is_planned && !node_is_idle(n) && n->kind != NODE_RENDER && n->kind != NODE_JOIN)
            add_node(out, n);
    }
}
