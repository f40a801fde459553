/* stills.h - small pictures of films' sections for pages, kept in the cache so that a film is looked at once
 *
 * CACHE/runs/stills/ holds a file for each film, named by its path, good as long as the film has the size and time it
 * had. `vidgen cache gc` removes them. */
#pragma once
#include "compose/glimpse.h"

/* As glimpses_take; from the cache when they are there. Where there is no cache they are made each time. */
bool stills_take(const char *cache, const char *film, struct glimpse *v, size_t n, int width, int allowance,
                 struct arena *a, struct err *e);
void stills_drop(const char *cache);            /* all of them */
