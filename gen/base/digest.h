/* digest.h - SHA-256 (by OpenSSL) and hex */
#pragma once
#include <stddef.h>
#include "gen/base/buf.h"

enum { DIGEST_HEX = 65 };                       /* 64 digits and a NUL */

struct digest;
struct digest *digest_create(void);
void digest_add(struct digest *d, const void *p, size_t n);
void digest_finish(struct digest *d, char hex[DIGEST_HEX]); /* destroys d */
void digest_destroy(struct digest *d);
void digest_of(const void *p, size_t n, char hex[DIGEST_HEX]);
bool digest_is_hex(struct str s);               /* 64 lower-case hex digits */
