/* read.h - lessons from bytes: every problem of a file in one pass */
#pragma once
#include "gen/lesson.h"

struct config;

/* One problem with its place. code is the short name in brackets, as "E_UNKNOWN_KEY" or "W_COMMENT". */
struct problem {
    bool is_error;
    struct json_pos pos;
    const char *code;
    struct str path;                            /* "sections[2].narration"; empty for the whole file */
    struct str message;                         /* without file, place and code */
    struct str fix;                             /* the nearest right thing, or empty */
};

struct problems {
    struct problem *v;
    size_t n, n_errors, n_warnings;
};

/* --var, --vars; is_used: as long, set for those that a lesson asks for; NULL: nobody wants to know */
struct lesson_vars { const struct str *names, *values; size_t n; bool *is_used; };

struct read_opts {
    const struct vocabulary *words;
    const struct config *config;                /* defaults under the lesson's own values, and the limits */
    struct lesson_vars vars;
    bool strict;                                /* an unknown key is an error */
    bool allow_outside;                         /* files may lie outside the lesson's directory */
    struct json_pos at;                         /* where the text begins in its file; 0: at its beginning */
    size_t number;                              /* which lesson of a file with several, from 1; 0: the only one */
};

/* Read one lesson. `text` is the file's bytes, `path` names it in messages. The problems (errors and warnings, in the
 * order of their places) are allocated in the lesson's arena, also when the lesson is wrong. Returns false when there
 * was any error; the caller calls lesson_destroy either way. */
struct lesson *lesson_read(struct str path, struct str text, const struct read_opts *opts, struct problems *problems);
void lesson_destroy(struct lesson *l);
bool lesson_language_valid(struct str tag);      /* "en", "pt-BR" */
