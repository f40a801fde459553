/* space.h - whether what a plan makes finds room, known before anything is bought */
#pragma once
#include "gen/plan.h"

/* About what a build writes, in bytes: what is bought, drawn and spoken, and pieces of films, into the cache; films
 * beside their places. A film that is there already counts nothing: it is up to date, or mostly so. */
struct space_need {
    double cache, out;
};
struct space_need space_needed(const struct plan *p, const struct config *c, bool has_films);

/* dir: where films go; NULL: none are made. ERR_IO when less than limits.disk_reserve_bytes would be left. */
bool space_check(const struct plan *p, const struct config *c, const char *cache, const char *dir, struct err *e);
