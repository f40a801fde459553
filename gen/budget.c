/* budget.c - the limit on what a run may spend */
#include "gen/budget.h"

static const double tolerance = 1e-9; /* sums of cents in binary are not exact */

static bool is_within(const struct budget *b, double all)
{
    return b->limit < 0 || all <= b->limit + tolerance;
}

bool budget_fits(const struct budget *b, double money)
{
    return is_within(b, b->spent + b->lost + money);
}

bool budget_reserve(struct budget *b, double money)
{
    if (!is_within(b, b->spent + b->lost + b->reserved + money))
        return false;
    b->reserved += money;
    return true;
}

void budget_raise(struct budget *b, double more)
{
    b->reserved += more;
}

bool budget_holds(const struct budget *b)
{
    return is_within(b, b->spent + b->lost + b->reserved);
}

void budget_back(struct budget *b, double reserved)
{
    b->reserved -= reserved;
}

void budget_lost(struct budget *b, double reserved)
{
    b->reserved -= reserved;
    b->lost += reserved;
    b->n_lost++;
}

void budget_paid(struct budget *b, double reserved, double cost)
{
    b->reserved -= reserved;
    b->spent += cost;
}
