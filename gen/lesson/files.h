/* files.h - the files that a lesson names, opened so that they cannot lead anywhere else */
#pragma once
#include "gen/lesson.h"

/* Open a file of the lesson for reading: below the lesson's directory, no symbolic links on the way (openat2; component
 * by component where the kernel has none), a regular file of at most max_bytes (0: any). When the lesson was read with
 * allow_outside, links, "..", and absolute names are followed. The caller closes *fd. ERR_LESSON, ERR_IO. */
bool lesson_open_file(const struct lesson *l, struct str rel, size_t max_bytes, int *fd, struct err *e);

bool path_is_address(struct str name);          /* "https://...", "http://..." */

/* Whether the text of a name stays below the directory it is relative to: not absolute, not empty, ".." never above. */
bool path_stays_below(struct str rel);
