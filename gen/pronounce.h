/* pronounce.h - whole words respelled for speech; captions keep the narration's own spelling */
#pragma once
#include "gen/base/arena.h"
#include "gen/lesson.h"

/* The longest respelling that stands at text[at] as a whole word, or NULL. A word is whole when no letter, digit,
 * accent or '_' goes on from its own letters at either end; case counts. Punctuation and scripts without spaces between
 * words (Han, Kana) are no part of a word. */
const struct pronounce *pronounce_at(struct str text, size_t at, const struct voice_opts *v);

/* The text to speak. Equal to `narration` when nothing matches. */
struct str pronounce_apply(struct str narration, const struct voice_opts *v, struct arena *a);

/* How many characters (or bytes) of the text to speak come before each byte of the narration; SENTENCES_WHOLE inside a
 * word that is respelled (gen/sentences.h). narration.n + 1 numbers in `a`. */
const uint32_t *pronounce_measure(struct str narration, const struct voice_opts *v, bool in_bytes, struct arena *a);
