/* engine_money.c - the engine and money: what the plan may cost, what a request sets aside, what it cost in the end */
#include <math.h>
#include "gen/engine_private.h"

static double price_of(const struct node *n)
{
    return n->fetch->quote.money > 0 ? n->fetch->quote.money : 0;
}

static bool is_to_be_bought(const struct plan *p, const struct node *n)
{
    return node_is_fetch(n) && n->state != NODE_DONE && !n->fetch->is_answered && n->fetch->remote.n == 0 &&
           !node_is_idle(n) && p->films[n->lesson].is_planned;
}

/* ---------- before ---------- */

static bool refuse_unpriced(const struct engine *g, const struct node *n, struct err *e)
{
    static const char *const keys[ASSET_N_KINDS] = { [ASSET_IMAGE] = "price_image",
                                                     [ASSET_SPEECH] = "price_1k_chars",
                                                     [ASSET_VIDEO] = "price_second",
                                                     [ASSET_TEXT] =
                                                         "price_1m_input_tokens and price_1m_output_tokens" };
    const char *key = keys[n->asset];
    struct str of = n->fetch->want.provider, model = n->fetch->quote.model;
    return err_set(e, ERR_QUOTA,
                   "there is a limit of %.2f, and %zu calls have no price (" STR_FMT "%s" STR_FMT
                   "): set %s of providers." STR_FMT " in config.yaml, or a row in prices.yaml, or allow it with "
                   "--allow-unpriced; nothing was bought",
                   g->money.limit, g->plan->n_unpriced, STR_ARG(of), model.n ? ", " : "", STR_ARG(model),
                   key ? key : "price_call", STR_ARG(of));
}

/* How many lessons from the first one on the limit is enough for, and what they cost. */
static size_t count_affordable(const struct engine *g, double *cost)
{
    const struct plan *p = g->plan;
    struct arena a = { 0 };
    double *of = arena_array(&a, p->n_films + 1, sizeof *of), sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < p->n_nodes; i++)
        if (is_to_be_bought(p, p->nodes[i]))
            of[p->nodes[i]->lesson] += price_of(p->nodes[i]);
    while (n < p->n_films && budget_fits(&g->money, sum + of[n]))
        sum += of[n++];
    *cost = sum;
    arena_deinit(&a);
    return n;
}

static bool refuse_plan(const struct engine *g, struct err *e)
{
    const struct plan *p = g->plan;
    double cost;
    size_t n = count_affordable(g, &cost);
    if (n == 0)
        return err_set(e, ERR_QUOTA,
                       "the plan would cost about %.2f, the limit is %.2f and not enough for the first lesson; nothing "
                       "was bought",
                       p->estimate, g->money.limit);
    return err_set(
        e, ERR_QUOTA,
        "the plan would cost about %.2f, the limit is %.2f; nothing was bought. The first %zu of %zu lessons, up "
        "to %s, would fit: about %.2f",
        p->estimate, g->money.limit, n, p->n_films, p->films[n - 1].lesson->path.p, cost);
}

/* A call of unknown price could cost anything, so beside a limit there must be none, unless that is allowed. */
bool engine_money_begin(struct engine *g, struct err *e)
{
    const struct plan *p = g->plan;
    g->money = (struct budget){ .limit = g->o->max_cost };
    if (g->money.limit < 0)
        return true;
    for (size_t i = 0; p->n_unpriced && !g->o->allow_unpriced && i < p->n_nodes; i++)
        if (is_to_be_bought(p, p->nodes[i]) && p->nodes[i]->fetch->quote.money < 0)
            return refuse_unpriced(g, p->nodes[i], e);
    return budget_fits(&g->money, p->estimate) || refuse_plan(g, e);
}

/* ---------- during ---------- */

static void note_over(struct engine *g, const struct node *n)
{
    g->totals.n_over_limit++;
    g->totals.over_limit += price_of(n);
}

bool engine_money_reserve(struct engine *g, struct node *n, bool *is_over, struct err *e)
{
    struct fetch *f = n->fetch;
    double price = price_of(n);
    *is_over = false;
    if (f->remote.n || f->is_reserved) /* a job that is bought already */
        return true;
    if (budget_reserve(&g->money, price)) {
        f->reserved = price;
        f->is_reserved = true;
        return true;
    }
    *is_over = !budget_fits(&g->money, price);
    if (!*is_over) {
        heap_push(&g->short_of_money, node_order(n), n);
        return false;
    }
    note_over(g, n);
    return err_set(e, ERR_QUOTA, "not asked for: it costs about %.2f, and of the limit of %.2f about %.2f are spent%s",
                   price, g->money.limit, g->money.spent + g->money.lost,
                   g->money.n_lost ? ", or may be, where an answer was lost" : "");
}

void engine_money_paid(struct engine *g, struct node *n, bool is_told, double cost)
{
    struct fetch *f = n->fetch;
    g->has_money_moved = true;
    double counted = is_told ? cost : price_of(n);
    f->cost = is_told ? cost : f->quote.money;
    if (!f->is_reserved) /* bought by an earlier run */
        return;
    budget_paid(&g->money, f->reserved, counted);
    f->reserved = 0;
    f->is_reserved = false;
    g->totals.spent = g->money.spent;
    g->status_lessons[n->lesson].spent += counted;
}

void engine_money_back(struct engine *g, struct node *n)
{
    g->has_money_moved = true;
    budget_back(&g->money, n->fetch->reserved);
    n->fetch->reserved = 0;
    n->fetch->is_reserved = false;
}

void engine_money_lost(struct engine *g, struct node *n)
{
    g->has_money_moved = true;
    if (n->fetch->reserved > 0)
        budget_lost(&g->money, n->fetch->reserved);
    n->fetch->reserved = 0;
    n->fetch->is_reserved = false;
}

struct node *engine_money_next(struct engine *g)
{
    return heap_pop(&g->short_of_money);
}

/* ---------- after ---------- */

void engine_money_end(struct engine *g)
{
    if (g->totals.n_over_limit)
        log_warn(
            g->o->log,
            "the limit of %.2f was reached: %zu pictures, narrations and the like were not bought, about %.2f; what was "
            "bought is kept, so --max-cost %.2f is enough to go on",
            g->money.limit, g->totals.n_over_limit, g->totals.over_limit, ceil(g->totals.over_limit * 100) / 100);
}
