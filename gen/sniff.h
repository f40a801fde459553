/* sniff.h - what bytes are, whatever their file's name or a server calls them */
#pragma once
#include <stdbool.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"
#include "gen/media.h"

/* as much of the beginning is worth looking at; less will do for media */
enum { SNIFF_BYTES = 4096 };

/* "png" "jpeg" "webp" "gif" "wav" "mp3" "ogg" "flac" "mp4" "aac" "webm" by magic bytes; "svg", "json" or "html" for
 * texts of that kind; "" for anything else. */
const char *sniff_type(struct str head);
/* Whether a provider's answer of this type is media that vidgen takes for this kind. */
bool sniff_fits(const char *type, enum asset_kind kind);

/* ERR_MEDIA with what the bytes are instead of `wanted` ("a picture (PNG, JPEG, WebP)"): empty, HTML with its title,
 * JSON or text with its beginning, another known format, or unknown bytes in hex. Always false. */
bool sniff_explain(struct str head, const char *wanted, struct err *e);
