/* columns.h - how many columns of a terminal text takes */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "gen/base/buf.h"

int columns_of(uint32_t code_point);            /* 0, 1 or 2 */
size_t columns_count(struct str s);             /* of clean text (no control characters) */
size_t columns_shown(struct str s);             /* the same of text with colours: "\x1b[32m" takes none */
/* Appends s, cut to `most` columns with "..." at the end when it is longer. Returns the columns used. */
size_t columns_add(struct buf *b, struct str s, size_t most);
