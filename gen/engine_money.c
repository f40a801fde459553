/* engine_money.c - the engine and money: what the plan may cost, what a request sets aside, what it cost in the end */
#include <math.h>
#include <string.h>
#include "gen/engine_private.h"

/* Of one provider's model: what its answers cost at most, when they told it. */
struct dearest {
    const struct provider_info *provider;
    struct str model;
    double factor; /* of what was thought */
    double most;   /* where nothing was thought */
};

static bool is_of(const struct dearest *d, const struct fetch *f)
{
    return d->provider == f->provider && str_eq(d->model, f->quote.model);
}

/* What it may cost: what was thought, or what such a one has cost in this run if that was more. */
static double price_of(const struct engine *g, const struct node *n)
{
    double thought = n->fetch->quote.money > 0 ? n->fetch->quote.money : 0;
    for (size_t i = 0; i < g->n_dearest; i++)
        if (is_of(&g->dearest[i], n->fetch))
            return thought > 0 ? thought * g->dearest[i].factor : g->dearest[i].most;
    return thought;
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
            of[p->nodes[i]->lesson] += price_of(g, p->nodes[i]);
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
    g->totals.over_limit += price_of(g, n);
}

/* It waits until something that is set aside comes back; false when that cannot be enough. */
static bool may_wait(struct engine *g, struct node *n, double price, struct err *e)
{
    if (budget_fits(&g->money, price)) {
        heap_push(&g->short_of_money, node_order(n), n);
        return true;
    }
    note_over(g, n);
    return err_set(e, ERR_QUOTA, "not asked for: it costs about %.2f, and of the limit of %.2f about %.2f are spent%s",
                   price, g->money.limit, g->money.spent + g->money.lost,
                   g->money.n_lost ? ", or may be, where an answer was lost" : "");
}

bool engine_money_reserve(struct engine *g, struct node *n, bool *is_over, struct err *e)
{
    struct fetch *f = n->fetch;
    double price = price_of(g, n);
    *is_over = false;
    if (f->remote.n || f->is_reserved) /* a job that is bought already */
        return true;
    if (budget_reserve(&g->money, price)) {
        f->reserved = price;
        f->is_reserved = true;
        return true;
    }
    *is_over = !may_wait(g, n, price, e);
    return false;
}

bool engine_money_holds(struct engine *g, struct node *n)
{
    struct err e;
    if (!n->fetch->is_reserved || budget_holds(&g->money))
        return true;
    engine_money_back(g, n);
    bool is_over = !may_wait(g, n, price_of(g, n), &e);
    if (!is_over)
        err_set(&e, ERR_QUOTA, "others cost more than was thought");
    engine_let_go(g, n, &e);                    /* nothing went out */
    if (is_over)
        engine_give_up(g, n, &e, false);
    return false;
}

/* More is set aside for those that are out already. */
static void raise_reserved(struct engine *g, const struct dearest *d)
{
    for (size_t i = 0; i < g->plan->n_nodes; i++) {
        struct node *n = g->plan->nodes[i];
        double more = node_is_fetch(n) && n->fetch->is_reserved && is_of(d, n->fetch) ?
                          price_of(g, n) - n->fetch->reserved : 0;
        if (more <= 0)
            continue;
        budget_raise(&g->money, more);
        n->fetch->reserved += more;
    }
}

/* An answer that was dearer than thought says what the next of its kind may cost. */
static void note_dear(struct engine *g, const struct node *n, double cost)
{
    const struct fetch *f = n->fetch;
    struct dearest *d = g->dearest;
    if (cost <= price_of(g, n) * (1 + 1e-9))
        return;
    while (d < g->dearest + g->n_dearest && !is_of(d, f))
        d++;
    if (d == g->dearest + g->n_dearest) {
        struct dearest *all = arena_array(&g->arena, g->n_dearest + 1, sizeof *all);
        if (g->n_dearest)
            memcpy(all, g->dearest, g->n_dearest * sizeof *all);
        g->dearest = all;
        d = &all[g->n_dearest++];
        *d = (struct dearest){ .provider = f->provider, .model = f->quote.model, .factor = 1 };
    }
    if (f->quote.money > 0)
        d->factor = cost / f->quote.money;
    else
        d->most = cost;
    raise_reserved(g, d);
}

void engine_money_paid(struct engine *g, struct node *n, bool is_told, double cost)
{
    struct fetch *f = n->fetch;
    g->has_money_moved = true;
    double counted = is_told ? cost : f->quote.money > 0 ? f->quote.money : 0;
    f->cost = is_told ? cost : f->quote.money;
    if (!f->is_reserved) /* bought by an earlier run */
        return;
    budget_paid(&g->money, f->reserved, counted);
    f->reserved = 0;
    f->is_reserved = false;
    g->totals.spent = g->money.spent;
    g->status_lessons[n->lesson].spent += counted;
    if (is_told && g->money.limit >= 0)
        note_dear(g, n, cost);
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
