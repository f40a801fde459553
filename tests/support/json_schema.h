/* json_schema.h - whether JSON is what a schema says: the words of JSON Schema that vidgen's own schemas use */
#pragma once
#include "gen/base/json.h"

/* type, const, enum, minimum, properties, required, additionalProperties (false), items, oneOf and $ref to #/$defs; a word
 * that is none of them, title, description, $schema and $defs fails the test, so nothing is passed over.
 * False: `why` says where and what. */
bool schema_accepts(const struct json *root, const struct json *value, struct buf *why);
