/* glyphs.h - whether a text can be written with the fonts that are there */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/buf.h"

struct typeset;
/* The first character of a text that has no glyph in `font` nor in a font the system falls back to; 0: there is none. */
uint32_t text_missing_glyph(const struct typeset *t, struct str text, struct str font);

/* Whether every character of a text has a glyph in `font` ("sans", "Inter", ...) or in a font the system falls back to.
 * *missing (may be NULL) is set to the first character without one, 0 when there is none. Takes 10 to 30 ms: once a
 * text. */
bool text_has_glyphs(struct str text, struct str font, uint32_t *missing);
