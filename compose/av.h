/* av.h - FFmpeg's errors in our words, and files through descriptors */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "gen/base/err.h"

/* err_set(code) with FFmpeg's text for `r` appended after ": ". Always false. */
bool err_av(struct err *e, enum err_code code, int r, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The whole file, at most `max` bytes, followed by 64 zeros. Caller frees. NULL with ERR_MEDIA or ERR_IO. */
uint8_t *media_read(int fd, size_t max, struct err *e);
