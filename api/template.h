/* template.h - texts and trees with ${variables} of a provider description, filled in
 *
 * ${name}       the variable's value; a string that is exactly one variable becomes the value with its type
 * ${name?}      may be unset (absent, null or an empty text): alone in a member or item it drops that, inside a text it
 * is empty; an inner map that loses every member that way is dropped too
 * ${name|xml}   escaped for XML
 * ${r:/a/b}     a value from the answer to the submitted request
 * $with         as a key: the map is only there when this variable is set ("${schema?}"); the key itself never is
 * $merge        as a key: the members of its value (an object, usually "${input}") are spliced in and win over others
 *
 * Values are put in as they are: what looks like a variable inside a value stays text. */
#pragma once
#include <stdbool.h>
#include "gen/base/json.h"

struct template_in {
    const struct json *vars;                    /* an object */
    const struct json *answer;                  /* for ${r:...}; NULL: none */
};

enum template_form {
    TEMPLATE_TEXT, /* as it is */
    TEMPLATE_URL,  /* percent-encoded; '/' stays in the path, and no segment may be ".", ".." or empty */
};

/* False with ERR_INPUT: a variable without '?' is unset, a list or map inside a text, a value that cannot be in an
 * address. */
bool template_text(struct buf *out, struct str text, enum template_form form, const struct template_in *in,
                   struct err *e);

/* Fills a tree. *out is NULL when all of it was one optional variable that is unset. */
bool template_tree(struct arena *a, const struct json *tree, const struct template_in *in, struct json **out,
                   struct err *e);

/* Whether the syntax is right and every variable is a member of `names` (or one of the extra names, NULL-ended);
 * answers may be used only when has_answer. False with ERR_CONFIG and the nearest name. */
bool template_check_text(struct str text, const struct json *names, const char *const *extra, bool has_answer,
                         struct err *e);
bool template_check_tree(const struct json *tree, const struct json *names, const char *const *extra, bool has_answer,
                         const struct json **at, struct err *e);
bool template_has_vars(struct str text);

void percent_encode(struct buf *out, struct str text, bool keep_slash); /* RFC 3986: all but unreserved characters */
void xml_escape(struct buf *out, struct str text);
