/* options.h - the command line: rows of tables become values in a struct
 *
 * Long options take their value as "--name=value" or "--name value", short ones as "-o value" or "-ovalue"; short flags
 * may stand together ("-qf"). Flags can be undone with "--no-name". Options and operands may be mixed; "--" ends the
 * options;
 * "-" alone is an operand. Of a single-valued option given twice the last one counts. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

struct option_list {
    const char **v;                             /* borrowed from argv */
    size_t n;
};

/* type, C type of the field */
#define OPTION_TYPES(X)                                                                                                \
    X(FLAG, bool) X(COUNT, int) X(TEXT, const char *) X(LIST, struct option_list) X(INT, int64_t) X(NUMBER, double)
#define X(id, ctype) OPTION_##id,
enum option_type { OPTION_TYPES(X) OPTION_N_TYPES };
#undef X

struct option_row {
    const char *name;                           /* "output"; NULL ends the table */
    char letter;                                /* 'o'; 0: none */
    enum option_type type;
    size_t offset;
    const char *arg;                            /* "DIR", what help calls the value; NULL for flags */
    double min, max;                            /* INT, NUMBER */
    const char *help;                           /* lower case, no full stop */
};

#define OPTION_KIND_FLAG(T, f) _Generic(((T *)0)->f, bool: OPTION_FLAG)
#define OPTION_KIND_COUNT(T, f) _Generic(((T *)0)->f, int: OPTION_COUNT)
#define OPTION_KIND_TEXT(T, f) _Generic(((T *)0)->f, const char *: OPTION_TEXT)
#define OPTION_KIND_LIST(T, f) _Generic(((T *)0)->f, struct option_list: OPTION_LIST)
#define OPTION_KIND_INT(T, f) _Generic(((T *)0)->f, int64_t: OPTION_INT)
#define OPTION_KIND_NUMBER(T, f) _Generic(((T *)0)->f, double: OPTION_NUMBER)
/* A row whose field has the type that the kind says, or it does not compile. */
#define OPTION(T, kind, field, option_name, ...)                                          \
    { .name = option_name, .type = OPTION_KIND_##kind(T, field), .offset = offsetof(T, field), __VA_ARGS__ }

/* Fills `values` (zero where nothing was given; the caller sets other defaults first) and collects the operands.
 * groups  NULL-ended array of tables
 * False with ERR_USAGE: unknown option with the nearest one, missing or malformed value. The caller frees with
 * options_deinit either way. */
bool options_parse(const struct option_row *const *groups, int argc, char **argv, void *values,
                   struct option_list *operands, struct err *e);
void options_deinit(const struct option_row *const *groups, void *values, struct option_list *operands);

/* The nearest of `names` (NULL-ended) that is worth suggesting for a mistyped word, or NULL. */
const char *nearest_name(const char *typed, const char *const *names);
