/* speak.h - the built-in voice: text becomes speech by espeak-ng, with the time of each word */
#pragma once
#include "gen/media.h"
#include "gen/ports.h"

/* Speak s->text into fd as WAV (mono, 16 bit, SAMPLE_RATE), from offset 0; the same bytes every time.
 * voice  empty or "default": the language's; else a language ("en-gb"), a variant ("+f3") or both ("en-gb+f3")
 * words  of the narration, malloc'd, caller frees; sorted, not overlapping, inside the sound
 * False with ERR_LESSON for a voice or language that espeak-ng does not have, ERR_MEDIA when nothing was spoken. */
bool speak(const struct speak_spec *s, int fd, struct media_info *info, struct word **words, size_t *n_words,
           struct err *e);

const char *speak_version(void);                /* "1.51" */
