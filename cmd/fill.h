/* fill.h - a page's text with {{names}} filled from data, and the ways foreign text gets into a page
 *
 * {{name}}               the value as text, escaped
 * {{&name}}              the value as it is: only for what was made here to stand in a page
 * {{#name}}...{{/name}}  for each item of an array; for an object with its names; else once, when there is something:
 *                        no text "", no false, no null
 * {{^name}}...{{/name}}  when there is nothing
 *
 * A name that an item lacks is looked for in what is around it; "." is the item itself. The texts are the program's own
 * (embedded), so a mistake in one is an assertion. */
#pragma once
#include "gen/base/json.h"

void fill(struct buf *out, struct str text, const struct json *data);

/* HTML text and attributes in quotes: & < > " ' become references, control characters go away. */
void html_escape(struct buf *out, struct str s);
/* JSON that is to stand in a <script> element: no "<" stays, so nothing in it can end the element. */
void script_escape(struct buf *out, struct str json);
/* A relative address that leads from a directory to a file, both absolute; each byte that is not a letter, digit or one of "-._~/" as
 * %XX, so that no part can be taken for a scheme. */
void url_relative(struct buf *out, struct str dir, struct str file);
