/* reveal.h - where a narration says what stands in a list: points that appear as they are spoken */
#pragma once
#include <stddef.h>
#include "gen/base/buf.h"

/* at[i] = byte of the narration where texts[i] is said, in the order of the list. A text is looked for after the one
 * before it: all its words in a row, else the place that has most of them. What is not said lies evenly between its
 * neighbours. Deterministic. */
void reveal_places(const struct str *texts, size_t n, struct str narration, size_t *at);
