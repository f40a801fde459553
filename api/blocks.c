/* blocks.c - bytes on their way into a file, gathered so that whole pages are written */
#include "api/blocks.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/fd.h"
#include "gen/base/mem.h"

enum { PAGE = 4096 };

void block_pool_deinit(struct block_pool *p)
{
    while (p->n)
        free(p->spare[--p->n]);
}

void blocks_init(struct blocks *b, int fd, int64_t at, struct block_pool *pool)
{
    *b = (struct blocks){ .fd = fd, .at = at, .pool = pool };
}

static void give_back(struct blocks *b)
{
    if (b->cap && b->cap == b->pool->block_bytes && b->pool->n < BLOCK_SPARES)
        b->pool->spare[b->pool->n++] = b->p;
    else
        free(b->p);
    b->p = NULL;
    b->n = b->cap = 0;
}

void blocks_deinit(struct blocks *b)
{
    give_back(b);
    *b = (struct blocks){ 0 };
}

int64_t blocks_end(const struct blocks *b)
{
    return b->at + (int64_t)b->n;
}

/* The first block ends with a page, so that all others begin with one. */
static size_t limit(const struct blocks *b)
{
    return b->pool->block_bytes - (size_t)(b->at % PAGE);
}

/* A page at first, then a block. */
static void grow(struct blocks *b)
{
    struct block_pool *pool = b->pool;
    size_t cap = b->cap || pool->block_bytes < PAGE ? pool->block_bytes : PAGE;
    unsigned char *p = cap == pool->block_bytes && pool->n ? pool->spare[--pool->n] : mem_alloc(cap);
    if (b->n)
        memcpy(p, b->p, b->n);
    free(b->p);
    b->p = p;
    b->cap = cap;
}

static bool write_out(struct blocks *b, struct err *e)
{
    if (b->n && !fd_write_at(b->fd, b->p, b->n, b->at, e))
        return false;
    b->at += (int64_t)b->n;
    b->n = 0;
    return true;
}

unsigned char *blocks_room(struct blocks *b, size_t *n)
{
    size_t most = limit(b);
    if (b->n == b->cap)
        grow(b);
    *n = (most < b->cap ? most : b->cap) - b->n;
    return b->p + b->n;
}

bool blocks_put(struct blocks *b, size_t n, struct err *e)
{
    b->n += n;
    return b->n < limit(b) || write_out(b, e);
}

bool blocks_add(struct blocks *b, const void *p, size_t n, struct err *e)
{
    const unsigned char *from = p;
    while (n) {
        size_t room;
        unsigned char *to = blocks_room(b, &room);
        room = room < n ? room : n;
        memcpy(to, from, room);
        if (!blocks_put(b, room, e))
            return false;
        from += room;
        n -= room;
    }
    return true;
}

bool blocks_flush(struct blocks *b, struct err *e)
{
    bool ok = write_out(b, e);
    give_back(b);
    return ok;
}
