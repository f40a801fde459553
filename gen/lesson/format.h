/* format.h - lessons in their canonical spelling */
#pragma once
#include "gen/base/err.h"
#include "gen/param.h"

struct json_pos;

/* Rewrite a lesson: canonical names of keys and values in the order of the tables, two spaces, small things on one
 * line. Comments, code fences and trailing commas go; unknown and ignored keys stay, after the known ones; what the
 * lesson means stays the same. Formatting what was formatted changes nothing. False with ERR_LESSON when the text is
 * not JSON or a key stands twice; *at is the place then. */
bool lesson_format(struct str text, const struct vocabulary *words, struct buf *out, struct json_pos *at,
                   struct err *e);
