/* yaml.h - the subset of YAML that vidgen reads, as the same tree as JSON (libyaml's events inside) */
#pragma once
#include "gen/base/json.h"

/* One or more documents ("---" between them; at most max_docs, else an error). Refused: over 1 MiB, depth over 32, aliases, anchors, tags,
 * merge keys, duplicate keys. Plain scalars: true/false, null/~/empty, decimal numbers; everything else is a string, quoted
 * scalars always are. False with ERR_CONFIG and *at set. */
bool yaml_parse(struct arena *a, struct str text, struct json **docs, size_t max_docs, size_t *n_docs,
                struct json_pos *at, struct err *e);
