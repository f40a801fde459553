/* timing.h - the word times a speech service sends, in one form */
#pragma once
#include "api/description.h"

/* [[start_s, end_s, "word"], ...] from parallel arrays of characters (grouped at white space; an ideograph is a word of
 * its own) or from a list of items. NULL when the answer has none or they make no sense (lengths differ, times fall,
 * not finite): times are a gift, their absence is no error. */
struct json *timing_words(struct arena *a, const struct desc_timing *t, const struct json *answer);
