/* store.h - the cache on disk with its ledger of what was paid: nothing that was answered is ever bought again
 *
 * Layout under the cache directory (mode 0700):
 *   ledger.sqlite   WAL, synchronous=FULL: intents, remote ids, answers, costs
 *   blobs/ab/ID     the payload as it is (a PNG, an MP3 …), ID = SHA-256 of the canonical request
 *   blobs/ab/ID.json  its sidecar: format version, id, kind, content SHA-256, length, media info, words, provider,
 *                   cost; the payload counts as stored only when the sidecar is there
 *   tmp/            files being written, named by our own pattern; what a dead process received whole is finished by
 *                   the next open
 *   quarantine/     objects that failed a check, kept for a look until gc needs the room
 *   locks/          given back by the kernel when a process dies
 *   runs/           a journal of each of the last runs, in no way needed (cmd/journal.h)
 *
 * Each of these functions may be called from any thread; a lock inside lets one at a time touch the ledger and the
 * names. It is never held while a payload is hashed or synced. The steps of a purchase wait for the disk, so in a run
 * the keeper's thread makes them (gen/keeper.h, store_keep below) and the loop's thread the others. Every step follows
 * safety.md section 5: on disk before the next. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/log.h"
#include "gen/media.h"
#include "gen/ports.h"

struct store;
struct lane_memory;

struct store *store_open(struct str dir, struct log *log, struct err *e); /* creates it; ERR_STORE, ERR_IO */
void store_close(struct store *s);

#define STORE_STATES(X)                                                                   \
    X(MISSING)    /* never asked for, or its object was damaged and set aside */          \
    X(SENT)       /* a call may have been paid, and its answer is lost or was of no use */    \
    X(REMOTE)     /* a job was accepted: `remote` resumes it */                           \
    X(ANSWERED)   /* the answer is on disk, not checked yet */                            \
    X(DONE)       /* checked; blob is filled */
#define X(id) STORE_##id,
enum store_state { STORE_STATES(X) };
#undef X

struct store_entry {
    enum store_state state;
    struct blob blob;                           /* DONE; ANSWERED: path and sha256 only */
    struct str remote;                          /* REMOTE */
    struct str meta;                            /* ANSWERED, DONE: the job's meta JSON */
};

/* What is known of an id; strings live in `a`. The content's hash is verified the first time an object is met in a run
 * (unless `quick`: length only); a damaged one goes to quarantine and counts as MISSING. When only the sidecar of a
 * bought payload is damaged, the ledger's hash vouches for the payload and it counts as ANSWERED. Marks the object as
 * used by this run. ERR_IO when it cannot be read. */
bool store_find(struct store *s, const char *id, bool quick, struct arena *a, struct store_entry *out, struct err *e);

/* A lock on the id while it is being bought, so that two processes never buy the same thing. False with *is_busy when
 * another process holds it. */
bool store_lock(struct store *s, const char *id, bool *is_busy, struct err *e);
void store_unlock(struct store *s, const char *id);

/* The newest repetition of a request (`vidgen build --refresh`) that was bought or is being made: that is used from then
 * on. 0: there is none. */
bool store_roll(struct store *s, const char *of, int64_t *roll, struct err *e);

struct store_temp {
    int fd;                                     /* read/write, empty; -1 when closed */
    char name[96];
};
/* A temp file in the store; reserve > 0 bytes are allocated on disk first so that a full disk is met before paying. */
bool store_temp_open(struct store *s, const char *id, int64_t reserve, struct store_temp *t, struct err *e);
void store_temp_drop(struct store *s, struct store_temp *t);

/* ---------- orders: steps of purchases that are made together, so that many wait for the disk as long as one ---------- */

#define STORE_ORDERS(X)                                                                                              \
    X(ARM)        /* lock the id, look whether it is there, reserve disk, write the intent: then it may be sent */   \
    X(ACCEPTED)   /* a job was taken: `text` is its remote id */                                                     \
    X(ANSWERED)   /* `temp` holds the answer, `text` its meta; closes temp. What cannot be stored stays in tmp/ with its  \
                     description where that could be written, and the next open finishes it */                        \
    X(ACCEPT)     /* the answer is good: info, words */                                                              \
    X(REJECT)     /* it is of no use: `why` */                                                                       \
    X(CLOSE)      /* nothing comes: drops temp, and if `why` has a code the call is closed with it. A reason that says   \
                     nothing of the call leaves it open: CANCELLED, and for a job that was accepted also NET, RATE,    \
                     AUTH, QUOTA, IO and STORE */
#define X(id) STORE_##id##_ORDER,
enum store_order_kind { STORE_ORDERS(X) STORE_N_ORDERS };
#undef X

struct store_order {
    enum store_order_kind kind;
    const char *id;
    enum asset_kind asset;                      /* ARM, ANSWERED */
    struct str provider;                        /* ARM, ANSWERED */
    const char *of;                             /* ARM, ANSWERED: asked for again; the first one's id. NULL: it is the first */
    int64_t roll;                               /* and how often */
    double estimate;                            /* ARM; < 0: unknown */
    int64_t reserve;                            /* ARM: bytes */
    struct str text;
    double cost;                                /* ANSWERED; < 0: not told */
    const struct media_info *info;
    const struct word *words;
    size_t n_words;
    struct err why;
    bool is_unsent;                             /* CLOSE: nothing went out, so it is closed whatever the reason */
    bool may_be_paid;                           /* CLOSE: it is over, and what was paid for did not come */
    bool is_last;                               /* the lock on the id is given back afterwards, whatever happened */
    /* in and out */
    bool is_locked;                             /* this store holds the id's lock */
    struct store_temp temp;                     /* fd -1: none. ARM opens it, the others close it */
    /* out */
    bool ok;
    struct err err;                             /* !ok */
    bool is_busy;                               /* ARM: another process holds the id; tell again later */
    /* ARM: DONE and ANSWERED need no purchase (no temp then), REMOTE is resumed; ANSWERED, ACCEPT: the object. Lives
     * until store_order_deinit. */
    struct store_entry found;
    struct arena arena;
    struct store_order *next;
};

/* A second intent (ARM) while one is open closes the first as lost.
 *
 * Makes the first orders of a list as one group, as if one after the other, but all that may be is synced at once:
 * payloads and sidecars, then names, then directories, then one commit of the ledger. Each has its own outcome; an order
 * that is ok is durable when this returns. Returns the first order that was not made: a group is small, and two orders
 * for one id are never in the same. Texts, id, info and words are borrowed. */
struct store_order *store_keep(struct store *s, struct store_order *first);
void store_order_deinit(struct store_order *o);
void store_blob_copy(struct arena *a, const struct blob *from, struct blob *out); /* its texts and words into `a` */

/* Something made here (slide, local speech, user's file, piece): no ledger, temp file to blob in one step. */
bool store_put(struct store *s, const char *id, enum asset_kind kind, struct store_temp *t,
               const struct media_info *info, const struct word *words, size_t n_words, struct arena *a,
               struct blob *out, struct err *e);

/* What a run learned of a provider's account (gen/lane.h), for the next one. Not worth an error: after a few days, or
 * when it cannot be read, nothing is known. */
struct lane_memory store_lane(struct store *s, struct str account);
void store_keep_lane(struct store *s, struct str account, const struct lane_memory *m);

/* What the newest call for an id cost: as it told, else as was thought; < 0: not known, or nothing was bought. */
double store_cost(struct store *s, const char *id);

/* For `vidgen cache`. n_calls: answered, or under way. n_lost: assets whose last call has no answer, and nobody is waiting
 * for one. */
struct store_stats { int64_t n_blobs[ASSET_N_KINDS], bytes[ASSET_N_KINDS]; int64_t n_calls, n_lost; double spent; };
bool store_stats(struct store *s, struct store_stats *out, struct err *e);
/* What was answered and paid at each provider, dearest first. */
bool store_each_provider(struct store *s, void (*each)(void *ctx, struct str provider, int64_t n_calls, double spent),
                         void *ctx, struct err *e);
bool store_verify(struct store *s, int64_t *n_checked, int64_t *n_bad, struct err *e);
/* Removes drawn and rendered objects first, then bought ones not used for the longest time (only when paid_too), until
 * max_bytes are left; never one in use (by any live process), never an answer that waits for its check. Quarantined
 * files go before anything else. */
bool store_gc(struct store *s, int64_t max_bytes, bool paid_too, int64_t *n_removed, int64_t *bytes_removed,
              struct err *e);
