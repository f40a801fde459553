/* basis.h - what besides a lesson and its files decides what its film is, as one name */
#pragma once
#include "cmd/app.h"
#include "gen/base/digest.h"
#include "gen/lesson/read.h"
#include "gen/ports.h"

/* The descriptions of one's own as they lie on the disk; to be asked before they are read, so that a change meanwhile
 * shows. dir NULL: there are none. id "" when one cannot be looked at. */
void basis_descriptions(const char *dir, char id[DIGEST_HEX]);

/* Of the settings (without how much is done at once, money, cache and limits), the options, the variables as they were
 * read, basis_descriptions' id, which keys are there, and the program itself. Empty when something cannot be looked at.
 * In `a`. */
struct str basis_of(const struct app *app, const struct transport *t, const struct lesson_vars *vars,
                    const char descriptions[DIGEST_HEX], struct arena *a);
