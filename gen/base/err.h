/* err.h - what went wrong: a class for the exit code and a sentence for the person */
#pragma once
#include <stdarg.h>
#include <stdbool.h>

/* class, name, exit code. The exit code of a run is that of its worst class (the largest code). */
#define ERR_CODES(X)                                                                       \
    X(NONE, "ok", 0)                                                                       \
    X(INTERNAL, "internal", 1)   /* a defect of ours, or something not foreseen */         \
    X(USAGE, "usage", 2)         /* wrong command line */                                  \
    X(CONFIG, "config", 3)       /* config.yaml, a provider file, --set */                 \
    X(LESSON, "lesson", 3)       /* the lesson itself is wrong */                          \
    X(NOT_YET, "not-yet", 3)     /* the lesson is right, this version cannot do it */      \
    X(MEDIA, "media", 4)         /* a picture or sound that does not decode or is empty */ \
    X(NET, "network", 5)         /* no connection, timeouts, TLS */                        \
    X(SERVER, "server", 5)       /* the provider's fault, after all retries */             \
    X(RATE, "rate", 5)           /* the provider wants us slower, after all retries */     \
    X(INPUT, "input", 5)         /* the provider refused the request as malformed */       \
    X(POLICY, "policy", 5)       /* the provider refused the content */                    \
    X(LOST, "lost", 5)           /* a remote job vanished */                               \
    X(AUTH, "auth", 6)           /* missing or refused key */                              \
    X(QUOTA, "quota", 6)         /* the account has no money, or the budget is spent */    \
    X(RENDER, "render", 7)       /* encoding or composing failed */                        \
    X(IO, "io", 8)               /* files, disk, permissions */                            \
    X(STORE, "store", 8)         /* the cache or its ledger is unusable */                 \
    X(CANCELLED, "cancelled", 130)

#define X(id, name, exit) ERR_##id,
enum err_code { ERR_CODES(X) ERR_N_CODES };
#undef X

struct err {
    enum err_code code;
    char msg[1000];
};

/* Both always return false, so that failing is one line. `e` may be NULL. A message that is too long ends in "...". */
bool err_set(struct err *e, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool err_vset(struct err *e, enum err_code code, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));
/* Puts "prefix: " before the message that is there. */
bool err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* err_set(ERR_IO) with strerror(errno) appended after ": ". */
bool err_errno(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

const char *err_code_name(enum err_code code);  /* "policy" */
int err_exit_code(enum err_code code);
