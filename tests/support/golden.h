/* golden.h - expected pictures as text: one line for each frame, so a change shows in a diff */
#pragma once
#include "compose/frame.h"
#include "gen/base/buf.h"

/* "label index WxH checksum\n" */
void golden_add(struct buf *lines, const char *label, int64_t index, const struct frame *f);
/* Compares with tests/golden/NAME.txt and fails at the first line that differs. GOLDEN=write in the environment writes
 * the file. */
void golden_check(const char *name, const struct buf *lines);
