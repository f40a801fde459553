/* program.h - a program of the user's: started without a shell, watched on the loop, ended with everything it started
 *
 * It runs in a process group of its own, gets the bytes of `input` on standard input and an environment without keys:
 * PATH, HOME, the language and the places of libraries and devices, and what the description names. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "api/description.h"
#include "gen/base/buf.h"
#include "gen/base/clock.h"
#include "gen/base/err.h"

struct loop;
struct program;
struct programs;

/* All that run. loop and clock outlive it. */
struct programs *programs_create(struct loop *loop, const struct clock *clock);
void programs_destroy(struct programs *all); /* none may run any more */
/* Ends all groups at once and waits for nothing; safe in a signal handler. */
void programs_kill(struct programs *all);

struct program_spec {
    const struct strs *argv; /* [0]: found by PATH, or a path; NUL-terminated texts */
    struct str beside;       /* a file: words "./x" and a relative argv[0] begin in its folder */
    const char *dir;         /* where it runs; NULL: where we do */
    struct str input;
    const struct strs *pass;  /* names of variables that it sees besides; may be NULL */
    int64_t limit_ms;         /* SIGTERM then, SIGKILL 2 s later; 0: none */
    size_t out_max;           /* of standard output */
    void (*ended)(void *ctx); /* may be NULL; called from the loop, must not destroy it */
    void *ctx;
};

struct program_end {
    int exit_code; /* -1: a signal ended it */
    int signal;
    bool is_late, is_too_much; /* the limit of time; of standard output */
    struct str out;
    struct str last_words; /* the end of standard error, fit for a message; "" */
};

/* NULL with ERR_CONFIG when there is no such program or it may not be run, ERR_IO. The spec is copied. */
struct program *program_start(struct programs *all, const struct program_spec *s, struct err *e);
/* What it left; NULL while it runs. The loop is woken when it ends. Valid until program_destroy. */
const struct program_end *program_end(const struct program *p);
int64_t program_due_ms(const struct program *p); /* when program_tick wants to be called; INT64_MAX: not */
void program_tick(struct program *p);
void program_destroy(struct program *p); /* kills what still runs of its group; wipes what it said */

/* "python3 run.py": for messages. */
void program_show(struct buf *out, const struct strs *argv);
