/* headers.h - the header lines of an answer */
#pragma once
#include <stdbool.h>
#include "gen/base/buf.h"

/* Zero-initialised is empty; at most 64 KiB are kept. */
struct headers {
    struct buf lines;                           /* "name: value\n" each */
};

/* false when the ceiling is met; what is not a header is left out */
bool headers_add(struct headers *h, struct str line);
struct str headers_get(const struct headers *h, const char *name); /* first of that name, any case; empty when absent */
void headers_clear(struct headers *h);
void headers_deinit(struct headers *h);

/* Whether a value may be sent as a header: nothing below 0x20 but tab, no DEL. */
bool header_value_ok(struct str value);
bool header_name_ok(struct str name);           /* token of RFC 9110, section 5.6.2 */
