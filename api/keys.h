/* keys.h - keys that a program prints (auth.command): asked for when first needed, kept in memory for their time */
#pragma once
#include "api/provider.h"
#include "gen/base/clock.h"
#include "gen/base/log.h"

struct keys;
struct programs;

enum key_state { KEY_THERE, KEY_PENDING, KEY_FAILED };

/* ready: called for each job that was told KEY_PENDING, when it should ask again. All else outlives it. */
struct keys *keys_create(const struct providers *all, struct programs *programs, const struct clock *clock,
                         struct log *log, void (*ready)(void *ctx, uint64_t job), void *ctx);
void keys_destroy(struct keys *k); /* ends what runs, wipes the keys */

/* KEY_THERE when p->key can be used or no program is needed for it; *number tells which key it is. PENDING: it was
 * asked for. FAILED with ERR_AUTH: the program failed once, and is not asked again in this run. */
enum key_state keys_get(struct keys *k, const struct provider *p, uint64_t job, unsigned *number, struct err *e);

/* The service took the key. */
void keys_worked(struct keys *k, const struct provider *p, unsigned number);
/* The service refused it: it is forgotten. True when it had worked before, or another is there by now: then trying
 * again with a new one makes sense. */
bool keys_refused(struct keys *k, const struct provider *p, unsigned number);

void keys_tick(struct keys *k);
int64_t keys_due_ms(const struct keys *k); /* when keys_tick wants to be called; INT64_MAX: not */
