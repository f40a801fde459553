/* shapes.h - the other shapes that a lesson is wanted in */
#pragma once
#include "gen/lesson.h"

/* The lesson as it is in output.also[i]: all is the same but the frame, whose shorter side stays as long, and the names.
 * Lives in l's arena, as long as l; it is not destroyed by itself. */
const struct lesson *lesson_shaped(struct lesson *l, size_t i);
