/* runs.h - the journals of past runs in the cache: CACHE/runs/20261121T080000.250Z-1234.jsonl, the newest of them */
#pragma once
#include "gen/base/arena.h"
#include "gen/base/err.h"

enum { RUNS_KEPT = 50, RUNS_KEPT_BYTES = 256 << 20 };

/* A name for a run that begins now: names sort as their times do; lives in `a`. */
struct str runs_name(struct arena *a, int64_t wall_ms, long pid);

/* Makes CACHE/runs where it is missing. ERR_IO. */
bool runs_make(const char *cache, struct err *e);

/* Names without ".jsonl", oldest first, in `a`; 0 when there are none. */
size_t runs_list(const char *cache, struct arena *a, struct str **out);

/* Removes the oldest until no more than `most` of them and RUNS_KEPT_BYTES are left. Returns how many went. */
size_t runs_trim(const char *cache, size_t most);

/* Does it name a file, not one of the runs that are kept? */
bool runs_is_file(struct str which);

/* Where the journal of one run lies, in `a`. `which` is a run's name, the beginning of one run's name, the path of a
 * file, or empty for the newest. ERR_USAGE when nothing or more than one fits. */
bool runs_find(const char *cache, struct str which, struct arena *a, struct str *path, struct err *e);
