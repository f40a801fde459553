/* pointer.h - JSON pointers (RFC 6901) with one extension: "*" */
#pragma once
#include <stdbool.h>
#include "gen/base/json.h"

/* The value a pointer names, or NULL. "" is the root. The token "*" stands for the first element or member for which
 * the rest of the pointer gives something other than null. Source: RFC 6901, sections 3 and 4. */
const struct json *pointer_get(const struct json *root, struct str pointer);

/* Like pointer_get, but an explicit null is NULL too. */
const struct json *pointer_value(const struct json *root, struct str pointer);

/* Whether the text is a pointer: empty or beginning with '/', '~' only as ~0 and ~1, at most 16 tokens, at most 4
 * stars. */
bool pointer_valid(struct str pointer);

/* The pointer with its last token replaced: "/a/b" and "c" give "/a/c". */
void pointer_sibling(struct buf *out, struct str pointer, const char *token);
