/* param.h - options as rows of a table: one row gives parsing, ranges, defaults, help, schema and manual
 *
 * A struct of options has a table of params; the same table serves an effect, a transition, a block of a lesson or of
 * config.yaml. Rows are made with the PARAM_* macros, which check that the field has the type the row says. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/buf.h"

struct arena;
struct json;
struct effect_time;

/* type, the field's C type, what a message calls it */
#define PARAM_TYPES(X)                                                                    \
    X(DOUBLE, double, "a number")                                                         \
    X(INT, int64_t, "a whole number")                                                     \
    X(BOOL, bool, "true or false")                                                        \
    X(STR, struct str, "a string")                                                        \
    X(CHOICE, int, "one of a list")       /* index into .choices */                       \
    X(COLOR, uint32_t, "a colour")        /* 0xRRGGBBAA from #RGB, #RRGGBB, #RRGGBBAA or a CSS name */ \
    X(SECONDS, double, "seconds")         /* also "1.5 s", "250 ms" (with a warning) */   \
    X(VOLUME, double, "a volume")         /* linear; also "-18dB" */                      \
    X(POINT, struct param_point, "a point [x, y] of 0..1")                                \
    X(RECT, struct param_rect, "a rectangle [x, y, width, height] of 0..1")               \
    X(FOCUS, struct param_rect, "a point [x, y] or a rectangle [x, y, width, height] of 0..1") /* a point: w and h 0 */ \
    X(MOMENT, struct param_moment, "a moment: seconds, or \"mark:name\"")                 \
    X(ITEMS, struct param_items, "a list of texts")

struct param_point { double x, y; };
struct param_rect { double x, y, w, h; };
struct param_moment { double seconds; struct str mark; }; /* mark: its name, then seconds mean nothing; else empty */
struct param_item { struct str text; struct param_moment at; }; /* at.seconds NaN: not said */
struct param_items { const struct param_item *v; size_t n; };

#define X(id, ctype, what) PARAM_##id,
enum param_type { PARAM_TYPES(X) PARAM_N_TYPES };
#undef X

enum {
    PARAM_ADVANCED = 1,    /* left out of short help */
    PARAM_NOT_YET = 2,     /* parsed and checked; setting it is an error that says so */
    PARAM_LINES = 4,       /* STR: line breaks and tabs are allowed, other control characters never are */
    PARAM_NUMBER_TEXT = 8, /* STR: a number will do and is its text: "resolution": 1080 */
    /* STR: one name or several in order, as a list or as "a, b"; kept with commas between them (names_next). With
     * .choices each must be one of those. */
    PARAM_NAMES = 16,
    PARAM_REQUIRED = 32,   /* of a row that is chosen: it must be said, and not be empty */
    PARAM_FILE = 64,       /* STR: a file, relative to the lesson */
};

struct param {
    const char *name;                           /* canonical spelling; NULL ends the table */
    enum param_type type;
    size_t offset;
    double def, min, max;                       /* DOUBLE INT BOOL CHOICE SECONDS VOLUME MOMENT; min == max: no range
                                                   (SECONDS, MOMENT: up to an hour; VOLUME: up to 16) */
    const char *def_text;                       /* STR COLOR POINT RECT FOCUS: the default as it would be written; NULL: unset
                                                   (STR: empty; COLOR: 0; POINT, RECT, FOCUS: NaN in x) */
    const char *const *choices;                 /* CHOICE, names: NULL-ended */
    const char *aliases;                        /* "other,names" or NULL */
    unsigned flags;
    const char *help;                           /* lower case, no full stop */
};

/* The _Generic has no branch for a field of another type than the row says. */
#define PARAM_ROW(T, field, kind, ctype, ...)                                             \
    { .name = #field, .type = PARAM_##kind,                                               \
      .offset = offsetof(T, field) + 0 * _Generic(((T *)0)->field, ctype: 1), __VA_ARGS__ }
#define PARAM_DOUBLE(T, field, ...) PARAM_ROW(T, field, DOUBLE, double, __VA_ARGS__)
#define PARAM_INT(T, field, ...) PARAM_ROW(T, field, INT, int64_t, __VA_ARGS__)
#define PARAM_BOOL(T, field, ...) PARAM_ROW(T, field, BOOL, bool, __VA_ARGS__)
#define PARAM_STR(T, field, ...) PARAM_ROW(T, field, STR, struct str, __VA_ARGS__)
#define PARAM_CHOICE(T, field, ...) PARAM_ROW(T, field, CHOICE, int, __VA_ARGS__)
#define PARAM_COLOR(T, field, ...) PARAM_ROW(T, field, COLOR, uint32_t, __VA_ARGS__)
#define PARAM_SECONDS(T, field, ...) PARAM_ROW(T, field, SECONDS, double, __VA_ARGS__)
#define PARAM_VOLUME(T, field, ...) PARAM_ROW(T, field, VOLUME, double, __VA_ARGS__)
#define PARAM_POINT(T, field, ...) PARAM_ROW(T, field, POINT, struct param_point, __VA_ARGS__)
#define PARAM_FOCUS(T, field, ...) PARAM_ROW(T, field, FOCUS, struct param_rect, __VA_ARGS__)
#define PARAM_RECT(T, field, ...) PARAM_ROW(T, field, RECT, struct param_rect, __VA_ARGS__)
#define PARAM_MOMENT(T, field, ...) PARAM_ROW(T, field, MOMENT, struct param_moment, __VA_ARGS__)
#define PARAM_ITEMS(T, field, ...) PARAM_ROW(T, field, ITEMS, struct param_items, __VA_ARGS__)

/* Something that is chosen by name and may have options: an effect, a transition, a theme. */
struct row {
    const char *name, *help;
    const struct param *params;                 /* NULL: none */
    size_t opts_size;
    const struct param *shared;                 /* of an effect: those of struct effect_time; NULL: none */
    const char *aliases;                        /* "cut" or NULL; comma-separated */
    bool is_not_yet;                            /* known, but this version cannot do it */
    bool needs_subject;                         /* of an effect: it must be told where the picture's subject is */
    bool is_plan;                               /* of an effect: stands for others, which gen/planner.h chooses */
};

/* A row that a lesson chose, options filled. opts points into the lesson's arena; NULL when the row has none. */
struct choice {
    const struct row *row;
    const void *opts;
    const struct effect_time *time;             /* of an effect; NULL: as long as the picture is seen */
};

/* The words that gen checks lessons against but that live above it; cmd/ hands them in. NULL-ended arrays. */
struct vocabulary {
    const struct row *const *effects;
    const struct row *const *transitions;
    const struct row *const *themes;            /* of slides */
    const struct row *const *overlays;
};

const struct row *row_find(const struct row *const *rows, struct str name); /* by name or alias, keys folded */

/* Writes every default of the table into opts. */
void params_default(const struct param *params, void *opts);

/* The row with this name or alias, keys folded; NULL: none. is_alias may be NULL. */
const struct param *param_find(const struct param *params, struct str key, bool *is_alias);
void param_default(const struct param *p, void *opts); /* of one row */

/* What reading a value had to say besides the value. Texts live in the arena. */
struct param_said {
    const char *error; /* "E_TYPE" "E_RANGE" "E_ENUM" "E_CONTROL" "E_NOT_YET"; NULL: the value is good */
    const char *warning;                        /* "W_NUMBER_STRING" "W_UNIT" "W_MILLISECONDS"; NULL: none */
    struct str message; /* of the error, else of the warning; begins with the value where that helps */
    struct str fix;                             /* the nearest right value as JSON, or empty */
};

/* Read v into the row's field of opts. null leaves the field alone. Tolerated: numbers as strings ("36", "16.028 s",
 * "250 ms", "50%"), objects {x, y, width, height} for rectangles and points, words as "center" for points. Strings are
 * borrowed from v's tree. False when said->error is set; the field is then left alone. */
bool param_read(const struct param *p, const struct json *v, void *opts, struct arena *a, struct param_said *said);

/* The default as JSON, or NULL when the row has none that could be written. */
struct json *param_default_json(const struct param *p, struct arena *a);
