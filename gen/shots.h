/* shots.h - when each of a section's pictures is seen */
#pragma once
#include "gen/plan.h"

/* Of picture i of n: about what is said while it is seen, guessed from the text alone. Parts end with sentences, or
 * clauses or words where an even share asks for it; together they are the narration. */
struct str shots_words(struct str narration, size_t i, size_t n);

/* Fills first_frame and n_frames of ps->shots, from the slot and all else of the visual.
 *
 * A picture comes where the lesson says: after so many seconds of the section's slot, at a mark (with the word that
 * follows it), or when the one before has had its seconds. The others share evenly what is left between those, each cut
 * moved to the nearest end of a sentence, of a clause, or of a word; nearest is by time, and an end of a sentence may
 * be further off (shots.c has the weights). Without words the share is even. A transition is centred on its cut, and no
 * longer than the pictures beside it allow: no more than two are ever seen. Every picture has a frame in the body. */
void shots_cut(struct plan_section *ps, const struct video_opts *v);
