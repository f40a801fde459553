/* budget.h - the limit on what a run may spend, kept while requests are out
 *
 * A request may start when what was spent, what may have been paid without an answer, what is set aside for requests on
 * their way and its own price stay within the limit together. A service that in the end takes more than the price said
 * can pass the limit with what is on its way at that moment; of that, as much more is set aside from then on. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct budget {
    double limit; /* < 0: none */
    double spent, lost, reserved;
    size_t n_lost;
};

bool budget_reserve(struct budget *b, double money); /* false: not now; see budget_fits */
/* Would it fit if all that is set aside came back? */
bool budget_fits(const struct budget *b, double money);
void budget_raise(struct budget *b, double more); /* what is on its way costs more than was thought */
bool budget_holds(const struct budget *b);      /* all of it, what is set aside included, is within the limit */
void budget_back(struct budget *b, double reserved); /* nothing was paid */
void budget_lost(struct budget *b, double reserved); /* nobody knows */
void budget_paid(struct budget *b, double reserved, double cost);
