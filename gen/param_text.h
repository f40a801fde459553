/* param_text.h - values written as text: numbers with units, volumes, lists of numbers */
#pragma once
#include <stdbool.h>
#include "gen/base/buf.h"

/* A number with a unit: "36", "16.028 s", "50%", "-18dB". The unit is what follows, trimmed. False when there is no
 * number. */
bool param_quantity(struct str s, double *number, struct str *unit);
/* Seconds in "1.5", "1.5 s", "250 ms", "2 min"; *has_unit tells whether a unit stood there. */
bool param_seconds(struct str s, double *out, bool *has_unit);
/* Linear volume in "0.5", "50%", "-18dB"; *is_db tells the last. */
bool param_volume(struct str s, double *out, bool *is_db);
/* Exactly n numbers in "[0, 0, 1, 1]", brackets optional. */
bool param_numbers(struct str s, double *v, size_t n);
