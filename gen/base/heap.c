/* heap.c - a binary heap */
#include "gen/base/heap.h"
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

static void sift_up(struct heap *h, size_t i)
{
    for (; i > 0 && before(&h->v[i], &h->v[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&h->v[i], &h->v[(i - 1) / 2]);
}

static void sift_down(struct heap *h, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < h->n; c++)
            if (before(&h->v[c], &h->v[least]))
                least = c;
        if (least == i)
            return;
        swap(&h->v[i], &h->v[least]);
        i = least;
    }
}

void heap_push(struct heap *h, int64_t key, void *value)
{
    if (h->n == h->cap) {
        h->cap = h->cap ? h->cap * 2 : 32;
        h->v = mem_resize(h->v, h->cap, sizeof *h->v);
    }
    size_t i = h->n++;
    h->v[i] = (struct heap_item){ key, h->next_seq++, value };
    sift_up(h, i);
}

void *heap_pop(struct heap *h)
{
    if (h->n == 0)
        return NULL;
    void *value = h->v[0].value;
    h->v[0] = h->v[--h->n];
    sift_down(h, 0);
    return value;
}

bool heap_remove(struct heap *h, const void *value)
{
    for (size_t i = 0; i < h->n; i++) {
        if (h->v[i].value != value)
            continue;
        h->v[i] = h->v[--h->n];
        if (i < h->n) {
            sift_up(h, i);
            sift_down(h, i);
        }
        return true;
    }
    return false;
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
