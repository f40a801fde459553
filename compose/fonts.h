/* fonts.h - which fonts there are: slides and captions look as they do because of them */
#pragma once
#include <stdbool.h>
#include "gen/base/buf.h"
#include "gen/base/digest.h"

/* SHA-256 over the installed fonts (names of files, faces, versions; not where they lie) and over those that stand for
 * sans, serif and monospace. */
void fonts_digest(char hex[DIGEST_HEX]);

/* Is a family of that name installed? Generic names ("sans", "monospace") always are. */
bool fonts_has_family(struct str family);
/* The family that is used where this one is asked for ("sans"). Caller frees; NULL: there is no font at all. */
char *fonts_family(const char *asked);
bool fonts_are_there(void);                     /* at least one */
bool fonts_can_write(const char *language);     /* some font has the letters of "ja", "ar", "und-zsye" (emoji) */
