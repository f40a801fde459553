/* json_check.h - the grammar of JSON over bytes; only json.c uses it */
#pragma once
#include "gen/base/json.h"

/* A value in document order (parents before their children), as offsets into the text. */
struct json_mark {
    size_t at, end;                             /* of scalars; of arrays and objects end is at + 1 */
    size_t key_at;                              /* inside an object */
};

struct json_checked {
    struct json_mark *marks;                    /* freed by json_checked_deinit */
    size_t n, cap;
    struct { unsigned what; size_t at; } notes[4];
    size_t n_notes;
};

/* Checks text[0..n) and blanks the tolerated forms in place, so that what is left is RFC 8259 at the same offsets.
 * Numbers over 60 bytes are replaced by 0 (cJSON reads no more; json.c takes numbers from its own copy).
 * False: *bad is the offset of the mistake and e says what it is. Duplicate keys are not looked for here. */
bool json_check(char *text, size_t n, unsigned flags, struct json_checked *out, size_t *bad, struct err *e);
void json_checked_deinit(struct json_checked *c);
