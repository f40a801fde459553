/* tokens.h - the words of a narration as its listener counts them: what captions light up one after the other */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "gen/base/buf.h"

/* One word: bytes [at, at + n) of the narration, without the punctuation around it. "1.2", "don't", "p-type", "V_th"
 * are one word each; a Han, Kana or other character of a script that writes no spaces is one by itself. */
struct token {
    uint32_t at, n;
    /* what follows it: 0 nothing, 1 comma-like, 2 sentence end, 3 paragraph */
    uint8_t pause;
    float weight;                               /* how long it takes to say, in syllables or so */
};

/* All words of s. Caller frees. NULL and 0 when there are none. */
struct token *tokens_of(struct str s, size_t *n);
