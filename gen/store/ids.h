/* ids.h - a set of asset ids */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct ids {
    unsigned char (*slots)[32];                 /* open addressing; all zero: free */
    size_t n, n_slots;
};

bool ids_has(const struct ids *s, const char *id); /* id: 64 hex digits */
void ids_add(struct ids *s, const char *id);
void ids_clear(struct ids *s);                  /* frees; usable again */
