/* effects.h - effects that come from elsewhere than a lesson, read by the tables that read lessons */
#pragma once
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/json.h"
#include "gen/param.h"

/* A list of objects with "type" and options becomes choices in the arena; views into `list` are kept. Whatever a lesson
 * could not say is refused, unknown options too, nothing is mended: ERR_LESSON with the first thing that is wrong. */
bool effects_read(struct arena *a, const struct json *list, const struct row *const *rows, const struct choice **out,
                  size_t *n, struct err *e);
