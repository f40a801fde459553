/* buf.h - strings: a borrowed view and an owned, growing buffer with a ceiling */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed view. Not NUL-terminated unless it came from an arena or a buf. */
struct str {
    const char *p;
    size_t n;
};

#define STR(lit) ((struct str){ (lit), sizeof(lit) - 1 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

struct str str_from(const char *z);             /* NULL gives an empty view */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *z);
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
struct str str_trim(struct str s);              /* ASCII white space */
int str_cmp(struct str a, struct str b);        /* bytewise */

/* Owned bytes, always followed by a NUL once anything was added. Zero-initialised is an empty
 * buffer with the default ceiling (64 MiB). Functions return false and leave the contents alone when
 * the result would pass the ceiling. */
struct buf {
    char *p;
    size_t n, cap, max;
};

#define BUF_INIT(ceiling) { .max = (ceiling) }

bool buf_add(struct buf *b, const void *p, size_t n);
bool buf_addz(struct buf *b, const char *z);
bool buf_adds(struct buf *b, struct str s);
bool buf_addc(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
struct str buf_str(const struct buf *b);        /* borrowed until the next change; "" when empty */
void buf_clear(struct buf *b);                  /* keeps the memory */
void buf_deinit(struct buf *b);
char *buf_take(struct buf *b);                  /* caller frees; never NULL */
