/* text.h - UTF-8 and the one way foreign text reaches a person */
#pragma once
#include <stdint.h>
#include "gen/base/buf.h"

struct arena;

/* Decodes one code point at s.p (s.n > 0). Returns its length in bytes, or 0 when the bytes are not
 * well-formed UTF-8 (Unicode 15, table 3-7: no overlongs, no surrogates, at most U+10FFFF). */
size_t text_decode(struct str s, uint32_t *cp);
bool text_encode(struct buf *b, uint32_t cp);   /* false for a surrogate or over U+10FFFF */
bool text_valid(struct str s, size_t *bad);     /* offset of the first bad byte when false */
size_t text_length(struct str s);               /* code points; bad bytes count one each */
struct str text_cut(struct str s, size_t bytes); /* at most `bytes`, at a code point's boundary */

/* Appends s fit for a terminal or a log: C0, DEL, C1, bidi controls and bad bytes become \xNN or \u{NNNN};
 * cut to about max bytes with "..." (0: no limit). */
void text_clean(struct buf *b, struct str s, size_t max);

/* The same in double quotes, cut to 60 bytes: foreign text inside a message. */
struct str text_quoted(struct arena *a, struct str s);

/* Edit distance (Levenshtein) of two short ASCII words, with `limit` as "that or more". */
size_t text_distance(struct str a, struct str b, size_t limit);

void text_duration(struct buf *b, int64_t ms);  /* appends "0:07", "12:03", "1:02:03", rounded; below zero as "0:00" */
