/* json5.h - JSON as people write it by hand, made into JSON
 *
 * Names without quotes get them, 'texts' in single quotes get double ones. Comments and trailing commas stay: reading
 * tolerates them. Lines stay lines, so places in messages are right but for columns. Source: the JSON5 specification 1.0. */
#pragma once
#include "gen/base/buf.h"

void json5_to_json(struct str text, struct buf *out);
