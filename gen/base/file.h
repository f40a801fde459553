/* file.h - whole files: read with a ceiling, replaced at once or not at all */
#pragma once
#include <stdbool.h>
#include <sys/types.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

/* Appends the file's bytes to out. "-" is standard input. Regular files only (a pipe that was named never blocks us).
 * max  most bytes; more is an error, met before reading when the file's size tells
 * False with ERR_IO and a message that names the path and the reason. */
bool file_read(const char *path, size_t max, struct buf *out, struct err *e);
bool file_read_fd(int fd, const char *name, size_t max, struct buf *out,
                  struct err *e); /* from where fd stands to its end */

/* Writes aside in the same directory, syncs, renames: under its name the file is whole or absent. An existing file's
 * mode is kept, a new one gets 0666 less the umask. A symbolic link is followed, not replaced. */
bool file_replace(const char *path, struct str bytes, struct err *e);

/* The process's umask, read without changing it for a moment as umask(2) must: other threads make files meanwhile. */
mode_t file_umask(void);
