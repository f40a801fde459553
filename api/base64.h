/* base64.h - base64 as services send it, decoded straight to a file */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

/* Decode into fd at `offset`. Tolerated: a "data:...;base64," prefix, white space between characters, missing padding,
 * the URL alphabet ('-', '_'). Refused with ERR_MEDIA: any other character, text after the padding, a length that
 * cannot be, bits left over that are not zero, an empty result, more than max bytes. ERR_IO when writing fails. Source:
 * RFC 4648, sections 4 and 5. */
bool base64_to_fd(struct str text, int fd, int64_t offset, int64_t max, int64_t *n_bytes, struct err *e);

void base64_encode(struct buf *out, const void *p, size_t n); /* with padding, no line breaks */
