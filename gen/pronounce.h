/* pronounce.h - whole words respelled for speech; captions keep the narration's own spelling */
#pragma once
#include "gen/base/arena.h"
#include "gen/lesson.h"

/* The text to speak. A word matches when no letter or digit stands beside it; case counts. Equal to `narration` when
 * nothing matches. */
struct str pronounce_apply(struct str narration, const struct voice_opts *v, struct arena *a);
