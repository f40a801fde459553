/* heap.c - a binary heap */
#include "gen/base/heap.h"
#include <stdbool.h>
#include <stdlib.h>
#include "gen/base/mem.h"

static bool before(const struct heap_item *a, const struct heap_item *b)
{
    return a->key != b->key ? a->key < b->key : a->seq < b->seq;
}

static void swap(struct heap_item *a, struct heap_item *b)
{
    struct heap_item t = *a;
    *a = *b;
    *b = t;
}

void heap_push(struct heap *h, int64_t key, void *value)
{
    if (h->n == h->cap) {
        h->cap = h->cap ? h->cap * 2 : 32;
        h->v = mem_resize(h->v, h->cap, sizeof *h->v);
    }
    size_t i = h->n++;
    h->v[i] = (struct heap_item){ key, h->next_seq++, value };
    for (; i > 0 && before(&h->v[i], &h->v[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&h->v[i], &h->v[(i - 1) / 2]);
}

void *heap_pop(struct heap *h)
{
    if (h->n == 0)
        return NULL;
    void *value = h->v[0].value;
    h->v[0] = h->v[--h->n];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < h->n; c++)
            if (before(&h->v[c], &h->v[least]))
                least = c;
        if (least == i)
            break;
        swap(&h->v[i], &h->v[least]);
        i = least;
    }
    return value;
}

const struct heap_item *heap_top(const struct heap *h)
{
    return h->n ? &h->v[0] : NULL;
}

void heap_deinit(struct heap *h)
{
    free(h->v);
    *h = (struct heap){ 0 };
}
