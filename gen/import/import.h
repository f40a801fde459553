/* import.h - lessons out of the files of other programs
 *
 * One file and one row for each program. What has no counterpart here is named, not guessed: every member of the file that
 * nobody took is told with its path. */
#pragma once
#include <stdbool.h>
#include "gen/base/arena.h"
#include "gen/base/buf.h"
#include "gen/base/err.h"
#include "gen/base/json.h"

struct import;

struct importer {
    const char *name, *help;                    /* "editly" */
    /* Fills im->lesson and adds sections. ERR_LESSON when the file is of another kind. */
    bool (*read)(struct import *im, const struct json *in, struct err *e);
};
extern const struct importer *const importers[]; /* NULL-ended */

/* The lesson as a tree in `a`. dropped: one line for each member that was left out, "clips[2].layers[0].position".
 * text may be JSON5 as people write it by hand: names without quotes, single quotes, comments, trailing commas. */
bool import_lesson(const struct importer *from, struct str text, struct arena *a, struct json **out, struct buf *dropped,
                   struct json_pos *at, struct err *e);
