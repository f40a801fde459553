/* letters.h - what kind of character: where words, sentences and clauses of a text end */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* ALONE: of a script without spaces between words (Han, Kana): a word by itself */
enum letter { LETTER_SPACE, LETTER_NEWLINE, LETTER_PUNCT, LETTER_LETTER, LETTER_DIGIT, LETTER_SIGN, LETTER_ALONE };

enum letter letter_kind(uint32_t cp);
/* What a speaker does at it: 0 nothing, 1 a comma's pause, 2 a sentence's. A full stop may also be a point (3.3) or an
 * abbreviation's (e.g.): that is for the caller to see. */
unsigned letter_pause(uint32_t cp);
bool letter_is_word(uint32_t cp); /* a letter or digit of a script that writes words with spaces between */
bool letter_joins(uint32_t cp);   /* shown with the character before it: accents, variants, joiners */
