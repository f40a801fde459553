/* child.h - work on foreign bytes runs in a child process with limits; a crash there is an error here
 *
 * The child is a copy of this same program, started afresh (child_seed.c), with five descriptors and nothing else: the
 * media (read), the data (a memory file for bulk results), the answer (a pipe), its job and, when it is to answer more
 * than once, the questions. It gets no environment but the locale and the places of fonts and voices, no new
 * privileges, no sockets, programs or writing (confine.h), 1 GB of address space, 30 s of CPU (or what its row says),
 * and dies with its parent. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

enum { CHILD_WALL_MS = 60000 };

/* Run worker `name` to its end.
 * job      the bytes the worker is told; at most 16 MiB
 * media    a descriptor that the child may read; -1: none
 * wall_ms  it is killed after that
 * answer   exactly n_answer bytes of the worker's own struct, the same type on both sides. Ranges are NOT checked here:
 *          the child has read hostile bytes, so whoever asked checks every number.
 * data     mapped read-only, sealed against any later change; caller munmaps n_data bytes. NULL when the worker wrote
 * none. False with the worker's own error, or ERR_MEDIA when it crashed, ran out of its memory or its computing time;
 * ERR_RENDER when it was killed from outside or was not done within wall_ms, which is no fault of the bytes. */
bool child_run(const char *name, struct str job, int media, int64_t wall_ms, void *answer, size_t n_answer,
               const void **data, size_t *n_data, struct err *e);
/* The same with the data in `file`, an empty file without a name, instead of memory: for what may be long. It is mapped
 * as well, so what was read can be let go (MADV_DONTNEED) and comes back when it is touched. */
bool child_run_into(const char *name, struct str job, int media, int64_t wall_ms, void *answer, size_t n_answer,
                    int file, const void **data, size_t *n_data, struct err *e);

/* A worker that answers one question after another, until it is closed. Its bulk results go to n_data bytes of memory
 * that both sides see all the time. */
struct child_stream;
struct child_stream *child_open(const char *name, struct str job, int media, size_t n_data, struct err *e);
/* question  n bytes of the worker's own struct, at most 256
 * wall_ms   it is killed when this answer takes longer; answer and errors as with child_run
 * After an error the worker is gone, and only child_close is left to do. */
bool child_ask(struct child_stream *s, const void *question, size_t n, int64_t wall_ms, void *answer, size_t n_answer,
               struct err *e);
/* The memory: what stands there is the child's and can change at any time, so it may be pixels and nothing more. */
const void *child_data(const struct child_stream *s);
void child_close(struct child_stream *s);       /* NULL is fine */

/* What a worker sees. Bulk results are written to `data` (any way: write, ftruncate and mmap). */
struct child {
    struct str job;
    int media, data, ask;
    void *answer;                               /* n_answer zeroed bytes to fill */
    size_t n_answer;
};

/* Of a worker that was opened: the next question; false when there are no more. Then an answer to each. */
bool child_next(struct child *c, void *question, size_t n);
bool child_reply(struct child *c, struct err *e); /* what c->answer holds now */

struct worker;
/* What cmd/main.c and the tests' main call first when argv[1] is "--worker"; the value is the exit status.
 * more  kinds of work besides those of compose (tests), ended by a NULL name; NULL: none */
int worker_main(int argc, char **argv, const struct worker *more);

/* At the end of the program: no worker is there any more, and the computing time of all counts as this program's. */
void children_end(void);

/* One kind of work. run fills c->answer and c->data; its error reaches the parent whole. */
struct worker {
    const char *name;                           /* NULL ends a table */
    bool (*run)(struct child *c, struct err *e);
    size_t n_answer;
    int cpu_s;                                  /* 0: 30 */
};
