/* sentences.h - where a text may be cut into parts that are spoken one by one, and cutting it under a limit
 *
 * Pure: no provider, no lesson. */
#pragma once
#include "gen/base/arena.h"

/* What lies between a part and the next one. */
enum sentence_pause { PAUSE_WORD, PAUSE_CLAUSE, PAUSE_SENTENCE, PAUSE_PARAGRAPH };

struct sentence_part {
    struct str text;           /* with the white space that follows it */
    enum sentence_pause pause; /* after it */
};

/* Inside something that must not be cut; see below. */
#define SENTENCES_WHOLE UINT32_MAX

/* Cuts `text` (UTF-8) into parts of at most `limit` characters, white space at their ends not counted. Parts lie in the
 * text one behind the other and none is only white space; a text within the limit is one part.
 *
 * sent   [text.n + 1]: how many characters are sent for the text before each byte, never less than before;
 *        SENTENCES_WHOLE: no cut there. NULL: a character each.
 * Returns the number of parts, *parts in `a`. 0 for a text of nothing but white space. A part is over the limit only
 * where `sent` allows no cut.
 *
 * Cuts are made at ends of sentences; a sentence longer than the limit at clauses, then at words, then at characters.
 * Each part is a paid request, so a change in the text should leave the other parts as they are: cuts are chosen from
 * the front, inside the window from two fifths of the limit to the limit (ends of paragraphs first, then the least hash
 * of the characters that follow), so that after a changed part the same cuts are soon found again. Source of the idea:
 * content-defined chunking, Muthitacharoen et al., "A low-bandwidth network file system", SOSP 2001. The last two parts
 * share what is left, so no part is a stub. */
size_t sentences_split(struct arena *a, struct str text, size_t limit, const uint32_t *sent,
                       struct sentence_part **parts);

struct sentence_place {
    uint32_t at;               /* byte where the next word begins */
    enum sentence_pause pause; /* before it */
};
/* All places between two words, in order; in a script without spaces those between two characters. Returns how many. */
size_t sentences_places(struct arena *a, struct str text, struct sentence_place **out);

/* The first and the last sentence, without the space around them; at most `most` characters, cut at words. */
struct str sentences_first(struct str text, size_t most);
struct str sentences_last(struct str text, size_t most);
