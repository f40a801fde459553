/* reference.h - the keys and words of lessons as Markdown, from the tables that read lessons */
#pragma once
#include "gen/param.h"

/* Every block with its keys, what they hold, defaults and help; then all other spellings. */
void lesson_reference(struct buf *out);
/* Effects, transitions and themes with their options, and the rules by which effects are planned. */
void lesson_catalogue(struct buf *out, const struct vocabulary *words);
