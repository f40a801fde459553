/* watch.h - waiting until something is saved in one of several directories */
#pragma once
#include <stdbool.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

struct watch;

struct watch *watch_create(struct err *e);      /* ERR_IO */
void watch_destroy(struct watch *w);

/* From now on. What is saved under a name that lessons, settings and media have counts; names that begin with a dot or
 * end as an editor's copy never do, nor does a film's manifest. only_text: lessons and settings alone, for a directory that videos are written
 * into. A directory that is named again is watched once; one that is not there is left out. */
void watch_directory(struct watch *w, const char *path, bool only_text);
size_t watch_count(const struct watch *w);      /* of directories */

/* Until something was saved since the watch began, and then nothing for a moment: an editor writes more than one file.
 * False when a signal to stop has come. */
bool watch_wait(struct watch *w);

bool watch_means(struct str name, bool only_text); /* does a change of this file count? */
