/* base64_groups.h - whole groups of four base64 characters in a row, many at once where the processor can */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { BASE64_SPARE = 8 };

/* Characters that the two alphabets do not share. */
enum { BASE64_PLUS = 1, BASE64_SLASH = 2, BASE64_URL = 4 /* '-' and '_' */ };

/* Decodes groups of four characters to three bytes each until one holds a character of neither alphabet, or fewer than
 * four are left, or `room` bytes are full; returns how many groups. Up to BASE64_SPARE bytes behind what is decoded may
 * be overwritten, within room. Kinds that are met are added to *kinds. The same bytes with SIMD and without. Source: RFC
 * 4648, tables 1 and 2. */
size_t base64_groups(unsigned char *out, size_t room, const unsigned char *text, size_t n, bool allow_simd,
                     unsigned *kinds);
int base64_value(unsigned char c); /* 0 to 63; -1: of neither alphabet */
unsigned base64_kind(unsigned char c);
