/* check_texts.h - texts of a lesson that cannot be shown as they are written */
#pragma once
#include "gen/lesson/read.h"

/* Adds warnings: characters that no installed font has (W_GLYPH), overlays whose words are cut (W_TEXT_CUT) or for
 * which there is no room (W_NO_ROOM). They lie in the lesson's arena and stand in the order of their places. */
void check_texts(struct lesson *l, struct problems *problems);
