/* sniff.h - what a file is, by its first bytes */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/err.h"
#include "gen/base/buf.h"

enum { SNIFF_BYTES = 4096 };

/* "png" "jpeg" "webp" "svg" | "mp3" "wav" "ogg" "flac" "m4a" "aac" "webm", or NULL */
const char *sniff_picture(struct str head);
const char *sniff_sound(struct str head);

/* ERR_MEDIA with what the bytes are instead of `wanted` ("a picture (PNG, JPEG, WebP)"): empty, HTML with its title, JSON or
 * text with its beginning, another known format, or unknown bytes in hex. Always false. */
bool sniff_explain(struct str head, const char *wanted, struct err *e);
