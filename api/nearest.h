/* nearest.h - the known word that was probably meant */
#pragma once
#include "gen/base/buf.h"

struct nearest {
    struct str word;
    const char *best;                           /* NULL: nothing is near */
    size_t best_n, distance;
};

struct nearest nearest_of(struct str word);
void nearest_try(struct nearest *n, struct str candidate);
/* "; did you mean 'errors'?" or "" */
const char *nearest_hint(const struct nearest *n, char *room, size_t size);
