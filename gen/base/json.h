/* json.h - trees of data with places: what JSON and YAML files and API answers become
 *
 * One tree type for all of them, so that "line 14, column 7" is known for each value and one set of getters serves
 * lessons, config.yaml, provider descriptions and answers. Reading is strict (json.c checks the bytes itself, then lets
 * cJSON decode them); yaml.c makes the same tree from libyaml's events. Nodes live in an arena and are never freed
 * alone.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/buf.h"
#include "gen/base/err.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_pos {
    unsigned line, col;                         /* from 1; columns count code points; 0: made in memory */
};

struct json {
    enum json_type type;
    bool boolean;
    double number;                              /* always finite */
    struct str string;                          /* decoded, NUL-terminated; of a number: its text as written */
    struct str key;                             /* the member's name as written, inside an object */
    struct json_pos pos, key_pos;
    struct json *child, *next;                  /* first child, next sibling */
    size_t n;                                   /* children */
    struct json *last;                          /* for json_push */
};

/* Tolerated spellings of lesson-format.md; each one met is noted once. Strict RFC 8259 with flags 0. */
enum { JSON_BOM = 1, JSON_FENCE = 2, JSON_COMMENTS = 4, JSON_TRAILING_COMMA = 8, JSON_LENIENT = 15,
       JSON_DUPLICATES = 16 };                  /* equal keys are left in the tree for the caller to report */

struct json_note {
    unsigned what;                              /* one of the flags */
    struct json_pos pos;                        /* where it was first met */
};

/* Parse a whole document. text need not be NUL-terminated and is copied.
 * notes   NULL, or room for 4; *n_notes counts them
 * at      NULL, or set to the place of a syntax error
 * False with ERR_LESSON and a message without file or line ("expected ',' or '}'"): grammar, UTF-8, depth over 64,
 * duplicate keys, lone surrogates, U+0000, a number that is not finite, text after the end, over 500000 values. */
bool json_parse(struct arena *a, struct str text, unsigned flags, struct json **out,
                struct json_note *notes, size_t *n_notes, struct json_pos *at, struct err *e);

const struct json *json_get(const struct json *object, const char *key); /* exact; NULL when absent or not an object */
const struct json *json_at(const struct json *array, size_t i);
const char *json_type_name(enum json_type t);   /* "a string", for messages */
struct str json_str_or(const struct json *object, const char *key, struct str fallback);
double json_num_or(const struct json *object, const char *key, double fallback);
bool json_bool_or(const struct json *object, const char *key, bool fallback);

/* Building. Strings are copied into the arena. */
struct json *json_null(struct arena *a);
struct json *json_bool(struct arena *a, bool v);
struct json *json_number(struct arena *a, double v);
struct json *json_string(struct arena *a, struct str v);
struct json *json_array(struct arena *a);
struct json *json_object(struct arena *a);
void json_push(struct json *array, struct json *item); /* also a new member of an object, its key already set */
void json_set(struct arena *a, struct json *object, const char *key, struct json *value); /* replaces an equal key */
struct json *json_copy(struct arena *a, const struct json *v);

/* Printing. Numbers: integers up to 2^53 without a point, else the shortest form that reads back equal. */
enum {
    JSON_PRETTY = 1,
    JSON_SORTED = 2,
    JSON_FIT = 4
}; /* two spaces; keys in byte order (canonical form); with PRETTY: what is shallow
and fits into 100 columns stays on one line */
void json_print(struct buf *b, const struct json *v, unsigned flags);
void json_print_string(struct buf *b, struct str s); /* quoted and escaped */
