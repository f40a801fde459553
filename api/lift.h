/* lift.h - JSON that comes piece by piece, and media inside it, which go straight into a file
 *
 * A long string of base64 is decoded while it comes. What is left is text: a little of it stays in memory, more goes
 * into the file, too. A string that turns out to be something else (a text, base64 with line breaks in it, base64 that
 * is broken) becomes text again and is left to whoever reads it, so all that came can be given back to the byte. */
#pragma once
#include "api/blocks.h"
#include "gen/base/json.h"

enum {
    LIFT_HEAD = 8192,                           /* shorter strings stay text; a lifted one shows so much of itself */
    LIFT_TEXT = 64 * 1024                       /* that stays in memory */
};

struct lift;

struct lifted {                                 /* media, decoded */
    int64_t offset, n_bytes;                    /* in the file */
};

/* From offset on the file is its own. The pool outlives it. has_media: without it all is text. */
struct lift *lift_create(int fd, int64_t offset, struct block_pool *pool, bool has_media);
void lift_destroy(struct lift *l);

bool lift_add(struct lift *l, const char *p, size_t n, struct err *e); /* ERR_IO */
bool lift_end(struct lift *l, struct err *e);   /* nothing more comes; ERR_IO */

/* ---------- after the end ---------- */

bool lift_is_long(const struct lift *l);        /* its text lies in the file: reading it takes a while */

/* The tree of an object or list, as json_parse with JSON_BOM; NULL: it is no such thing. A lifted string shows its first
 * LIFT_HEAD characters, more than an address or a message may have. */
struct json *lift_parse(struct lift *l, struct arena *a);

/* The media that a string of that tree is the beginning of; NULL: it is whole as it is. */
const struct lifted *lift_find(const struct lift *l, struct str value);

/* Appends what came, to the byte, at most `most` of it. False with ERR_IO. */
bool lift_text(const struct lift *l, size_t most, struct buf *out, struct err *e);
