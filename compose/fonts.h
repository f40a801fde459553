/* fonts.h - which fonts there are: slides and captions look as they do because of them */
#pragma once
#include "gen/base/digest.h"

/* SHA-256 over the installed fonts (names of files, faces, versions; not where they lie) and over those that stand for
 * sans, serif and monospace. */
void fonts_digest(char hex[DIGEST_HEX]);
