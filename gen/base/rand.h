/* rand.h - repeatable randomness from a seed; there is no other kind in vidgen */
#pragma once
#include <stdint.h>
#include "gen/base/buf.h"

struct rng {
    uint64_t state;
};

struct rng rng_from_text(struct str text, uint64_t salt); /* FNV-1a of the text, mixed with the salt */
uint64_t rng_next(struct rng *r);               /* splitmix64 (Steele, Lea, Flood 2014) */
double rng_unit(struct rng *r);                 /* [0, 1) */
uint64_t rng_below(struct rng *r, uint64_t n);  /* [0, n), n > 0 */
