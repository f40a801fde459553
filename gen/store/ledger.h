/* ledger.h - what was asked of providers and what it cost: a row for each call, in SQLite
 *
 * WAL and synchronous=FULL: what a function has returned true for survives a crash. An asset's newest call tells its
 * state. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/log.h"
#include "gen/media.h"
#include "gen/store/io.h"

struct ledger;
struct sidecar;
struct sqlite3;

/* state, name in the file */
#define CALL_STATES(X)                                                                    \
    X(NONE, "none")           /* no call for this id */                                   \
    X(SENT, "sent")           /* intent; the request may have gone out */                 \
    X(REMOTE, "remote")       /* the provider took a job */                               \
    X(ANSWERED, "answered")   /* the payload is in the store */                           \
    X(DONE, "done")           /* and was checked */                                       \
    X(FAILED, "failed")       /* nothing was bought */                                    \
    X(REJECTED, "rejected")   /* bought, but the answer was no good */                    \
    X(LOST, "lost")           /* may have been paid, and no answer came or will */        \
    X(DAMAGED, "damaged")     /* bought, its payload was found broken or gone */          \
    X(REMOVED, "removed")     /* bought, its payload was removed to make room */
#define X(id, name) CALL_##id,
enum call_state { CALL_STATES(X) CALL_N_STATES };
#undef X

struct call {
    int64_t number;
    enum call_state state;
    enum asset_kind kind;
    struct str provider, remote, meta;
    char sha256[65];                            /* "" before the answer */
    int64_t bytes, at_ms;
    double estimate, cost;                      /* < 0: unknown */
    char of[65];                                /* asked for again: the id of the first; else "" */
    int64_t roll;                               /* and how often; 0: it is the first */
};

/* Opens or creates the file and brings its schema up to date. False with *is_damaged when it is no usable database (the
 * caller sets it aside), else ERR_STORE. *is_new: it has no rows yet, and never had. */
bool ledger_open(struct ledger **out, const char *path, const struct store_io *io, bool *is_new, bool *is_damaged,
                 struct err *e);
void ledger_close(struct ledger *l);

/* The newest call of an id, CALL_NONE when there is none. Strings live in `a`. */
bool ledger_find(struct ledger *l, const char *id, struct arena *a, struct call *out, struct err *e);

/* Is the newest call that did not fail a lost one? */
bool ledger_has_lost(struct ledger *l, const char *id, bool *has, struct err *e);

/* A new call in SENT. An open one becomes LOST. Refused with ERR_STORE while an answer is there. */
bool ledger_intend(struct ledger *l, const char *id, enum asset_kind kind, struct str provider, double estimate,
                   struct err *e);

/* The newest call goes to state `to`. Only what `with` carries is written: remote, meta, sha256 with bytes, cost; NULL:
 * nothing. why: NULL or the reason. ERR_STORE when the table of moves has no such move. */
bool ledger_move(struct ledger *l, const char *id, enum call_state to, const struct call *with, const struct err *why,
                 struct err *e);

/* Makes the newest call say what the sidecar says; adds one when there is none. */
bool ledger_adopt(struct ledger *l, const struct sidecar *s, struct err *e);

/* The newest call of an id is the roll-th repetition of another id's request. */
bool ledger_note_roll(struct ledger *l, const char *id, const char *of, int64_t roll, struct err *e);
/* The newest repetition of a request that was bought, or whose job was taken; 0: there is none. */
bool ledger_roll(struct ledger *l, const char *of, int64_t *roll, struct err *e);

/* Many adoptions in one commit. */
bool ledger_begin(struct ledger *l, struct err *e);
bool ledger_end(struct ledger *l, bool keep, struct err *e);

bool ledger_totals(struct ledger *l, int64_t *n_calls, int64_t *n_lost, double *spent, struct err *e);
/* Of calls that were answered, by provider, dearest first. */
bool ledger_each_provider(struct ledger *l, void (*each)(void *ctx, struct str provider, int64_t n_calls, double spent),
                          void *ctx, struct err *e);
/* Ids of calls in SENT, for each(ctx, id). */
bool ledger_each_sent(struct ledger *l, void (*each)(void *ctx, const char *id), void *ctx, struct err *e);
bool ledger_check(struct ledger *l, bool *is_sound, struct err *e); /* SQLite's own integrity check */

struct sqlite3 *ledger_database(struct ledger *l); /* for the file that keeps another table in it, gen/store/lanes.c */
int ledger_commit(struct ledger *l);            /* the system's struct store_io.commit */
