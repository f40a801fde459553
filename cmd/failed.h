/* failed.h - which lessons were left without their film by the last run */
#pragma once
#include "cmd/app.h"
#include "cmd/lessons.h"

/* Keeps of the good lessons those that failed in the newest run of this command that knows of them, by the journals in
 * the cache (cmd/runs.h). Of a run that was stopped or killed before it had told how each of its lessons ended, all that
 * it did not finish. A lesson that no run knows of has not failed. Returns how many it left out. */
size_t failed_keep(const struct app *app, const char *cache, struct lessons *l);
