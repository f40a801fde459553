/* selection.h - which sections of a lesson are meant: "3,5-7,intro" */
#pragma once
#include "gen/lesson.h"

/* Numbers from 1, ranges of numbers, and ids, with commas between them; an empty text means all.
 * chosen  room for l->n_sections; set for those that are meant
 * False with ERR_USAGE when a part means no section of this lesson: the message names it, and the ids there are. */
bool selection_of(struct str text, const struct lesson *l, bool *chosen, struct err *e);
