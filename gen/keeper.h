/* keeper.h - the threads that make a run's purchases durable, so that the loop never waits for the disk
 *
 * Group commit without an artificial delay: what arrived while one group was made is the next one. */
#pragma once
#include "gen/base/err.h"
#include "gen/ports.h"

struct store;
struct keeper_thread;

/* wake(ctx) is called from one of the keeper's threads after each group; it must be safe there. */
struct keeper_thread *keeper_create(struct store *s, void (*wake)(void *ctx), void *ctx);
struct keeper keeper_port(struct keeper_thread *k);
void keeper_destroy(struct keeper_thread *k);   /* makes what it still has, then ends; nobody collects it */
