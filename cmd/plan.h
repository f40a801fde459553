/* plan.h - a plan for a person or a program: what would be bought, by lesson and by provider, and what it costs */
#pragma once
#include "cmd/app.h"
#include "gen/plan.h"

/* Prints it. Returns the exit code: that of the worst lesson that cannot be made, else that of a limit which the plan
 * does not fit. */
int plan_print(struct app *app, const struct plan *p);
