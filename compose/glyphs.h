/* glyphs.h - whether a text can be written with the fonts that are there */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/buf.h"

/* Whether every character of a text has a glyph in `font` ("sans", "Inter", ...) or in a font the system falls back to.
 * *missing (may be NULL) is set to the first character without one, 0 when there is none. Takes 10 to 30 ms: once a
 * text. */
bool text_has_glyphs(struct str text, struct str font, uint32_t *missing);
