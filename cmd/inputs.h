/* inputs.h - which lesson files were named on the command line */
#pragma once
#include "gen/base/arena.h"
#include "gen/base/err.h"

struct inputs {
    struct str *paths;                          /* NUL-terminated, in the arena */
    size_t n;
};

/* Files stay as they were named and in that order; a directory stands for its *.json, *.jsonl and *.ndjson (those of its
 * own directories only when is_recursive; none that begins with a dot, and no film's *.manifest.json), sorted by bytes; a name with * ? [ that is no
 * file for the files that it fits, or else for the directories. One file named twice counts once. "-" is kept (standard input).
 * ERR_USAGE: nothing was named; ERR_IO: not there, unreadable, a directory without lessons. */
bool inputs_collect(struct arena *a, int argc, char **argv, bool is_recursive, struct inputs *out, struct err *e);
