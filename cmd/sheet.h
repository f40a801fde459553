/* sheet.h - what `vidgen sheet` makes of a plan whose assets are there */
#pragma once
#include "cmd/app.h"
#include "gen/plan.h"

/* Writes NAME.png for each film whose assets are all there, beside where its video would go, and says so. False at the
 * first that cannot be written. */
bool sheets_write(struct app *app, struct plan *p, int n_threads, struct err *e);
