/* child_private.h - what the two ways of talking to a worker share: child.c (one answer), child_stream.c (many), and where
 * workers come from: child_seed.c */
#pragma once
#include <sys/types.h>
#include "compose/child.h"

struct worker;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CHILD_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CHILD_IS_SANITIZED 1
#endif
#endif
#ifndef CHILD_IS_SANITIZED
#define CHILD_IS_SANITIZED 0
#endif


enum {
    FD_MEDIA = 3,
    FD_DATA,
    FD_ANSWER,
    FD_JOB,
    FD_ASK,
    N_FD,              /* in the child; ASK: a stream's only */
    ANSWER_MAX = 2048, /* answer and head fit one atomic write to a pipe (PIPE_BUF is 4096) */
};

/* What goes through the pipe, then the worker's own answer. Both ends are the same program. */
struct child_head {
    uint32_t ok;
    uint32_t code;
    char msg[sizeof((struct err *)0)->msg];
};

/* A copy of fd with a number that no descriptor of the child has, so that the order of dup2 does not matter. */
int child_fd_above(int fd);
int child_fd_read_only(int fd); /* such a copy of the same file, but for reading only */

/* ---------- child_seed.c ---------- */

/* fds  those that the child gets, by its own numbers; -1: not that one */
bool child_spawn(pid_t *pid, const char *name, const int fds[N_FD], struct err *e);
/* Kills it, which has no effect on one that is ending by itself, and returns its status as of waitpid. */
int child_reap(pid_t pid);

/* ---------- child.c ---------- */

/* The child's life, its descriptors in their places; returns the exit status. */
int child_work(const struct worker *w);
/* Reads until the child closes its end or the time is over. Returns the bytes read; *late tells which. */
size_t child_receive(int fd, unsigned char *p, size_t n, int64_t wall_ms, bool *late);
bool child_explain_death(const char *name, int status, bool late, int64_t wall_ms, struct err *e); /* always false */
bool child_take_head(const unsigned char *raw, const char *name, struct err *e); /* false with the worker's own error */
