/* phrases.h - what a narration is about in a few short phrases, for sections that come with words only */
#pragma once
#include <stddef.h>
#include "gen/base/arena.h"
#include "gen/base/buf.h"

/* The most telling short phrases of a narration, in its order, each a run of its own words; at most `most` of them.
 * Clauses are scored by how often their words come back, by numbers and by names in them; words that carry nothing
 * (and, then, this) are left off the ends; phrases that say the same twice are passed over. Deterministic; no word is
 * ever cut. language  picks the stop words (en de fr es it pt nl; others: none) *out      in the arena; views are of
 * arena strings. Returns how many: 0 for a narration without a word. */
size_t phrases_pick(struct arena *a, struct str narration, struct str language, size_t most, const struct str **out);
