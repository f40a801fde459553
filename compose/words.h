/* words.h - from where words begin to where they begin and end */
#pragma once
#include "gen/media.h"
#include "compose/envelope.h"
#include "compose/tokens.h"

/* One word for each token, sorted, not overlapping, each at least 10 ms where there is room, all inside [first, last).
 * start  samples from the start of the sound that env was made of; -1: not known, laid between its neighbours by weight
 * first, last  of that sound, what is kept of it; the words' times count from `first`
 * A word ends where the next begins, or sooner when there is silence between them. Caller frees; NULL when n is 0. */
struct word *words_close(const struct token *t, size_t n, const int64_t *start, const struct envelope *env,
                         int64_t first, int64_t last);
