/* arena.h - memory for everything that lives as long as a run; freed at once, never piecemeal */
#pragma once
#include <stddef.h>
#include "gen/base/buf.h"

struct arena_block;
struct arena {
    struct arena_block *head;
    size_t used;                                /* in the head block */
};

void *arena_alloc(struct arena *a, size_t n);   /* zeroed, aligned for anything */
void *arena_array(struct arena *a, size_t n, size_t size);
struct str arena_str(struct arena *a, struct str s); /* a copy, NUL-terminated */
struct str arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void arena_deinit(struct arena *a);
