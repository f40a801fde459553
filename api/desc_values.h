/* desc_values.h - values of a description's YAML, checked and typed: what the keys are made of */
#pragma once
#include "api/description.h"

struct desc_reader {
    struct arena *a;
    struct str file;
    struct description *d;
    struct err *e;
};

/* A member of a map: its name and what takes its value. */
struct desc_member {
    const char *name;
    bool (*read)(struct desc_reader *r, const struct json *v, void *into);
    size_t offset;                              /* into the struct that `into` is */
};

/* Sets "file:line:col: key: what" and returns false. */
bool desc_wrong(struct desc_reader *r, const struct json *v, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The error that is there, with the value's place before it. */
bool desc_misplaced(struct desc_reader *r, const struct json *v);

/* Every member goes to its reader; an unknown key is an error with the nearest one. */
bool desc_map(struct desc_reader *r, const struct json *v, const struct desc_member *members, size_t n, void *into);

/* Readers for tables of members; `into` points to what the comment says. */
bool desc_str(struct desc_reader *r, const struct json *v, void *into);      /* struct str, not empty */
bool desc_pointer(struct desc_reader *r, const struct json *v, void *into);  /* struct str */
bool desc_bool(struct desc_reader *r, const struct json *v, void *into);     /* bool */
bool desc_count(struct desc_reader *r, const struct json *v, void *into);    /* int64_t from 0 */
bool desc_duration(struct desc_reader *r, const struct json *v, void *into); /* int64_t, ms */
/* struct strs; one or a list; values as text */
bool desc_strs(struct desc_reader *r, const struct json *v, void *into);
bool desc_pointers(struct desc_reader *r, const struct json *v, void *into); /* struct strs */
bool desc_template(struct desc_reader *r, const struct json *v, void *into); /* struct str; variables are known */
/* struct str: a pointer, or a template with ${r:} */
bool desc_address(struct desc_reader *r, const struct json *v, void *into);

bool desc_choice(struct desc_reader *r, const struct json *v, const char *const *names, size_t n, int *out);
bool desc_check_text(struct desc_reader *r, const struct json *v, struct str text, const char *const *extra,
                     bool has_answer);
/* struct usage_source (price_usage.c) */
bool desc_read_usage(struct desc_reader *r, const struct json *v, void *into);
/* struct strs: a program and its arguments, NUL-terminated texts (desc_auth.c) */
bool desc_argv(struct desc_reader *r, const struct json *v, void *into);
/* struct desc_auth (desc_auth.c) */
bool desc_read_auth(struct desc_reader *r, const struct json *v, void *into);
