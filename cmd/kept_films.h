/* kept_films.h - what films that are up to date show when: a run that does not look at them knows it from the one that made them
 *
 * CACHE/runs/films/ holds a file for each video, named by its path: the path, then the journal's line about it. */
#pragma once
#include "gen/base/buf.h"

/* Not worth an error: a page about a later run then has no storyboard of it. line ends in a newline. */
void kept_film_put(const char *cache, struct str output, struct str line);
/* Appends the line to out, with this number in the run; false when there is none. */
bool kept_film_get(const char *cache, struct str output, size_t index, struct buf *out);
void kept_films_sweep(const char *cache);       /* those whose video is gone */
