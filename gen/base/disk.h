/* disk.h - room on a file system */
#pragma once
#include <stdint.h>
#include <sys/types.h>
#include "gen/base/err.h"

/* The path itself, or the nearest directory above it that is there ("." for a plain name). Caller frees. */
char *disk_existing(const char *path);

/* What may still be written to the file system on which path lies, or would lie: bytes without those that only root
 * may take. device tells file systems apart. ERR_IO. */
bool disk_free(const char *path, int64_t *bytes, dev_t *device, struct err *e);
