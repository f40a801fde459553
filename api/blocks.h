/* blocks.h - bytes on their way into a file, gathered so that whole pages are written
 *
 * A write that ends in the middle of a page costs the system more than its bytes do. Short bodies take a page of memory
 * while they come, others a block of it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/err.h"

enum { BLOCK_SPARES = 8 };

/* Blocks that are not in use stay here for the next body: memory fresh from the system costs as much as the writing. */
struct block_pool {
    size_t block_bytes;                         /* whole pages */
    unsigned char *spare[BLOCK_SPARES];
    size_t n;
};

void block_pool_deinit(struct block_pool *p);   /* all blocks are back */

struct blocks {                                 /* zero-initialised needs no deinit */
    struct block_pool *pool;
    int fd;
    int64_t at;                                 /* where in the file the gathered bytes begin */
    unsigned char *p;
    size_t n, cap;
};

/* Bytes go to fd from `at` on. The pool outlives it. */
void blocks_init(struct blocks *b, int fd, int64_t at, struct block_pool *pool);
void blocks_deinit(struct blocks *b);           /* what was not flushed is lost */

bool blocks_add(struct blocks *b, const void *p, size_t n, struct err *e); /* ERR_IO */
bool blocks_flush(struct blocks *b, struct err *e); /* writes what is gathered and gives the memory back; ERR_IO */
int64_t blocks_end(const struct blocks *b);     /* where in the file the next byte goes */

/* Where bytes may be put in place, at least one; then blocks_put counts the first n of them. */
unsigned char *blocks_room(struct blocks *b, size_t *n);
bool blocks_put(struct blocks *b, size_t n, struct err *e); /* ERR_IO */
