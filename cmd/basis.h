/* basis.h - what besides a lesson and its files decides what its film is, as one name */
#pragma once
#include "cmd/app.h"
#include "gen/ports.h"

/* Of the settings (without how much is done at once, money, cache and limits), the options, variables, the
 * descriptions of one's own, which keys are there, and the program itself. Empty when something cannot be looked at.
 * In `a`. */
struct str basis_of(const struct app *app, const struct transport *t, struct arena *a);
