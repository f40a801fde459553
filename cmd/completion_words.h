/* completion_words.h - what a shell may complete that no table of the program knows: sections, providers, words of lessons */
#pragma once
#include "cmd/app.h"

/* "sections": ids, of the lessons among the operands; "image", "speech", "video", "chat": providers of that kind, each on
 * a line; "effects", "transitions", "overlays", "themes". False when there is no such list. What cannot be read has no
 * words: a shell that completes says nothing. */
bool completion_words(struct app *app, int argc, char **argv);
/* The list for an option's value; NULL: files, directories or anything. */
const char *completion_list_of(const struct option_row *o);
