/* fd.h - whole writes and reads of a descriptor */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/err.h"

bool fd_write(int fd, const void *p, size_t n, struct err *e); /* from where fd stands; ERR_IO */
bool fd_write_at(int fd, const void *p, size_t n, int64_t offset, struct err *e); /* ERR_IO */
size_t fd_read_at(int fd, void *p, size_t n, int64_t offset); /* as many as there are, at most n */

/* Moves n bytes from `from` down to `to` and cuts the file behind them. */
bool fd_shift_down(int fd, int64_t from, int64_t to, int64_t n, struct err *e);
bool fd_empty(int fd, struct err *e);           /* an empty one keeps the disk that was reserved for it; ERR_IO */
