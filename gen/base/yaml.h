/* yaml.h - the subset of YAML that vidgen reads, as the same tree as JSON (libyaml's events inside) */
#pragma once
#include "gen/base/json.h"

/* One or more documents ("---" between them; at most max_docs, else an error; none when the text is only comments).
 * Refused: over 1 MiB, depth over 32, over 2000 values in one block, aliases, anchors, tags, directives, merge keys,
 * duplicate or empty keys, control characters, bytes that are not UTF-8. Plain scalars: true/false, null/~/empty,
 * decimal numbers as in JSON; everything else is a string, quoted scalars always are. False with ERR_CONFIG, a message
 * without a place, and *at set. */
bool yaml_parse(struct arena *a, struct str text, struct json **docs, size_t max_docs, size_t *n_docs,
                struct json_pos *at, struct err *e);
