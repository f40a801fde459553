/* align.h - when each word of a narration is said in a sound that came without times, or with times of its own words */
#pragma once
#include "gen/base/err.h"
#include "gen/media.h"
#include "compose/decode.h"

/* From the provider's times: a JSON array [[start_s, end_s, "text"], ...], or an object that has one as "words". The
 * texts are matched to the narration letter by letter, so "1.2" may come as "one point two" (left to its neighbours),
 * split or joined. False when it is not of that shape or fewer than half of the narration's words are found in it. */
bool align_given(const struct sound *s, struct str text, struct str words_json, struct word **words, size_t *n_words);

/* From the sound itself: pauses found in it are matched to the places where the text asks for them, and words are laid
 * over the speech between pauses by how long they take to say; never over silence. */
void align_measured(const struct sound *s, struct str text, struct word **words, size_t *n_words);
