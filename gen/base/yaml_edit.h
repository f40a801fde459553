/* yaml_edit.h - one value of a YAML file that a person wrote is set; every other byte stays */
#pragma once
#include "gen/base/buf.h"
#include "gen/base/err.h"

struct yaml_edit {
    const char *block, *key; /* "workers", "requests" */
    const char *value;       /* plain, as it is to stand there: a number or a word */
    /* The keys of the block in their usual order, NULL-ended: where one that is not there yet belongs. */
    const char *const *order;
};

/* Appends the whole text, edited, to out. Comments, order, indents and line ends stay; a comment behind the value keeps
 * its column where there is room; a key that is missing is put behind those before it, a block that is missing before
 * all others. What comes out is read again: it must say what the text said, but for that value. False with ERR_CONFIG:
 * the text cannot be read, or the value is not written so that it could be changed safely (quoted, over several lines);
 * out is unchanged. */
bool yaml_edit(struct str text, const struct yaml_edit *what, struct buf *out, struct err *e);
