/* names.h - how names are compared: "fontSize", "font_size" and "font-size" are one; and which is nearest to a wrong
 * one */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "gen/base/buf.h"

enum { NAME_FOLDED = 64, NEAREST_MOST = 3 };

/* Lower case without '_' and '-', cut to 63 bytes, NUL-terminated. */
struct str name_fold(char out[NAME_FOLDED], struct str name);
bool name_equal(struct str a, struct str b);    /* folded; over-long names are equal only bytewise */

/* Is `given` this name or one of its aliases ("other,names" or NULL)? *is_alias (may be NULL) tells which. */
bool name_matches(const char *name, const char *aliases, struct str given, bool *is_alias);

/* Takes the first of names that are separated by commas off *rest; false when there is none any more. */
bool names_next(struct str *rest, struct str *name);
bool names_has(struct str names, const char *name);

/* The names nearest to a wrong one, best first. Start with nearest_begin, offer every right name, then look. */
struct nearest {
    char given[NAME_FOLDED];
    struct str folded;
    struct { struct str name; size_t distance; } v[NEAREST_MOST];
    size_t n;
};
struct nearest nearest_begin(struct str given);
void nearest_offer(struct nearest *n, struct str name);

/* A mistyped key: edit distance 2 or less, and less than half of the word (else any two short words are alike).
 * Empty when there is none. */
struct str nearest_typo(const struct nearest *n);

/* The same as a hint to put behind a message, "; did you mean 'errors'?", or "". */
const char *nearest_hint(const struct nearest *n, char *room, size_t size);

/* "nearest: wipe-left, wipe-right" with the words that resemble it, or nothing at all when none does. Returns the best
 * or empty. */
struct str nearest_print(const struct nearest *n, struct buf *out);
