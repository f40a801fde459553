/* check_texts.h - what of a lesson cannot be shown as it is written */
#pragma once
#include "gen/lesson/read.h"

/* Adds errors for characters that no installed font has (E_GLYPH) and for texts where there is no font (E_FONT), and
 * warnings: families that are not installed (W_FONT), overlays whose words are cut (W_TEXT_CUT) or for which there is no room (W_NO_ROOM), in the lesson's own shape or in another that it is wanted in,
 * words that are too faint (W_FAINT), and what begins after its section's end (W_LATE). They lie in the lesson's arena and
 * stand in the order of their places. */
void check_texts(struct lesson *l, struct problems *problems);
