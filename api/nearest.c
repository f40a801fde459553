/* nearest.c - the known word that was probably meant */
#include "api/nearest.h"
#include <stdio.h>
#include "gen/base/text.h"

struct nearest nearest_of(struct str word)
{
    return (struct nearest){ .word = word, .distance = 1 + word.n / 3 + (word.n > 2) };
}

void nearest_try(struct nearest *n, struct str candidate)
{
    size_t d = n->word.n > 60 ? n->distance : text_distance(n->word, candidate, n->distance);
    if (d < n->distance) {
        n->distance = d;
        n->best = candidate.p;
        n->best_n = candidate.n;
    }
}

const char *nearest_hint(const struct nearest *n, char *room, size_t size)
{
    room[0] = '\0';
    if (n->best)
        snprintf(room, size, "; did you mean '%.*s'?", (int)n->best_n, n->best);
    return room;
}
