/* problems.h - what is wrong with a lesson, as text for people and for machines */
#pragma once
#include "gen/lesson/read.h"

/* One line a problem, "path:line:col: error: … [CODE]", then the summary; without problems only "path: no problems".
 * as_json: one object a line with file, line, column, severity, code, path, message, fix; last one with file, errors,
 * warnings. Foreign text is cleaned. */
void problems_print(struct buf *out, struct str path, const struct problems *p, bool as_json);
