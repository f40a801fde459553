/* heap.h - a priority queue: smallest key first, equal keys in the order they came */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap_item {
    int64_t key;
    uint64_t seq;
    void *value;
};

struct heap {                                   /* zero-initialised is empty */
    struct heap_item *v;
    size_t n, cap;
    uint64_t next_seq;
};

void heap_push(struct heap *h, int64_t key, void *value);
void *heap_pop(struct heap *h);                 /* NULL when empty */
const struct heap_item *heap_top(const struct heap *h); /* NULL when empty; valid until the next change */
bool heap_remove(struct heap *h, const void *value); /* false when it is not in there; looks at all */
void heap_deinit(struct heap *h);
