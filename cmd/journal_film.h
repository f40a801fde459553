/* journal_film.h - the journal's line about a film: what it shows when, and who made it */
#pragma once
#include "gen/plan.h"

/* {"event":"film","lesson":...,"output":...,"sections":[...]} and a newline. Times are there once they are known. */
void journal_film(struct buf *b, const struct film *f, const struct config *c);
