/* mem.h - allocation that cannot fail: out of memory aborts, so callers never test for it */
#pragma once
#include <stddef.h>

void *mem_alloc(size_t n);                      /* zeroed */
void *mem_array(size_t n, size_t size);         /* zeroed, overflow checked */
void *mem_resize(void *p, size_t n, size_t size); /* reallocarray; new bytes are not zeroed */
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t n);     /* copies n bytes and adds a NUL */

#define COUNTOF(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n) (1u << (n))
#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
