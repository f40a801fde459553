/* loop.h - one place to wait for many descriptors; whoever has one registers it and is called when it is ready
 *
 * Used by one thread; only loop_wake may be called from elsewhere. Timers are the callers': the next one is the timeout
 * of loop_wait. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/err.h"

struct loop;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };         /* an error or hang-up shows as what was asked for: read or write tells */

typedef void loop_ready(void *ctx, int fd, unsigned events);

struct loop *loop_create(struct err *e);        /* ERR_IO */
void loop_destroy(struct loop *l);

/* Watches fd from now on, or changes how. Level-triggered: the callback comes again while fd stays ready. It may watch,
 * unwatch and close whatever it likes. ERR_IO when fd cannot be watched (a plain file). */
bool loop_watch(struct loop *l, int fd, unsigned events, loop_ready *ready, void *ctx, struct err *e);
void loop_unwatch(struct loop *l, int fd);      /* before fd is closed; quiet when it is not watched */

/* Calls back for what is ready, at once or within timeout_ms (-1: however long it takes). One round: it returns after
 * the callbacks. True when loop_wake was called since the last time. */
bool loop_wait(struct loop *l, int64_t timeout_ms);
/* Within a callback: loop_wait returns after it, and the next one goes on with the rest of this round. */
void loop_cut(struct loop *l);
void loop_wake(struct loop *l);                 /* ends the wait; from any thread or signal handler */
