/* workers.h - a pool of threads that runs tasks and hands them back to the loop's thread */
#pragma once
#include "gen/base/err.h"

/* A task is owned by the loop except between workers_submit and workers_collect. run() may use only what the task
 * holds; it reports through ok and err. */
struct task {
    void (*run)(struct task *t);
    bool ok;
    struct err err;
    struct task *next;                          /* the pool's own */
};

struct workers;
/* wake(ctx) is called from a worker's thread after each finished task; it must be safe there. */
int workers_cores(void);                        /* those that this process may run on; at least 1 */
struct workers *workers_create(int n_threads, void (*wake)(void *ctx), void *ctx);
void workers_submit(struct workers *w, struct task *t);
struct task *workers_collect(struct workers *w); /* a finished task or NULL; never blocks */
void workers_destroy(struct workers *w);        /* runs nothing that has not begun, waits for what has */
