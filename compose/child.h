/* child.h - work on foreign bytes runs in a child process with limits; a crash there is an error here
 *
 * The child is this same program, started afresh as `vidgen --worker NAME`, with three descriptors and nothing else:
 * the media (read), the data (a memory file for bulk results) and the answer (a pipe). It gets no environment but the
 * locale and the places of fonts and voices, no new privileges, no sockets, programs or writing (confine.h), 1 GB of
 * address space, 30 s of CPU, and dies with its parent. */
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

/* What a worker sees. Bulk results are written to `data` (any way: write, ftruncate and mmap). */
struct child {
    struct str job;
    int media, data;
    void *answer;                               /* n_answer zeroed bytes to fill */
    size_t n_answer;
};

/* What cmd/main.c and the tests' main call first when argv[1] is "--worker"; the value is the exit status. */
int worker_main(int argc, char **argv);

/* One kind of work. run fills c->answer and c->data; its error reaches the parent whole. */
struct worker {
    const char *name;                           /* NULL ends a table */
    bool (*run)(struct child *c, struct err *e);
    size_t n_answer;
};
/* worker_main with a table of one's own (tests). */
int child_serve(int argc, char **argv, const struct worker *table);
