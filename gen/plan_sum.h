/* plan_sum.h - what a plan comes to: calls, characters and money, by lesson and by who is asked
 *
 * An asset that several sections want is counted where it is wanted first; for the others it is shared. */
#pragma once
#include "gen/plan.h"

struct plan_amount {
    size_t n_sections;
    size_t n_of[ASSET_N_KINDS];    /* calls by what they make */
    size_t n_calls;                /* to be made */
    size_t n_unpriced;             /* of these */
    size_t n_cached;               /* assets that are bought already */
    size_t n_shared;               /* wants that are met by what another section buys */
    size_t n_local;                /* made here: drawn, spoken, the user's own files */
    double chars, seconds, tokens; /* of the calls: to speak, of clips, of chat */
    double money;                  /* of the calls whose price is known */
};

struct plan_maker { /* one model of one provider */
    const struct provider_info *provider;
    struct str model;
    struct plan_amount sum;
};

struct plan_sum {
    struct plan_amount *films; /* in the plan's order */
    struct plan_amount total;
    struct plan_maker *makers; /* in the order they are first asked */
    size_t n_makers;
};

void plan_add_up(const struct plan *p, struct arena *a, struct plan_sum *out);
