/* impl.h - what the files of gen/store share; nobody else includes it but the store's own tests
 *
 * Three kinds of locks, all released by the kernel when a process dies:
 *   locks/gate     shared for a look at an object, exclusive while names change: nobody ever sees half an object
 *   locks/ids      a byte of it for each asset that is being bought, at its id's first 62 bits: no file comes and goes
 *   locks/run-N    held by an open store; its mtime is the run's beginning
 * And one of threads, `lock`: held by whatever touches the gate, the ledger or the sets below, never while a payload is
 * hashed or synced.
 * A file in tmp/ is locked by its writer. An object's last use is its sidecar's mtime, never earlier than the run's
 * beginning even when the clock jumps back, so what a live run has met is newer than that run. */
#pragma once
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include "gen/store.h"
#include "gen/store/crew.h"
#include "gen/store/ids.h"
#include "gen/store/io.h"
#include "gen/store/ledger.h"
#include "gen/store/sidecar.h"

enum { PATH_BYTES = 160 };                      /* of a name inside the store */

struct held_lock {
    char id[65];
};

struct store {
    const struct store_io *io;
    struct log *log;
    char *dir;                                  /* absolute */
    int root, gate, run, ids;                   /* descriptors: the directory, locks/gate, locks/run-N, locks/ids */
    char run_name[PATH_BYTES];
    struct timespec begin;
    struct ledger *ledger;
    struct held_lock *locks;
    size_t n_locks;
    struct crew *crew;                          /* of store_io.each; NULL: not needed yet */
    struct ids verified;                        /* hash was checked in this run */
    unsigned next_name;
    bool is_gate_held;
    pthread_mutex_t lock;                       /* recursive; of all but io, log, dir, root and the descriptors' numbers */
};

struct store *store_open_with(struct str dir, struct log *log, const struct store_io *io, struct err *e);

/* store.c */
void store_enter(struct store *s);              /* takes s->lock; may be nested */
void store_leave(struct store *s);
bool gate_enter(struct store *s, int how, struct err *e); /* LOCK_SH or LOCK_EX; not twice */
void gate_leave(struct store *s);
bool check_id(const char *id, struct err *e);
/* Calls each(ctx, name) for the entries of a directory in the store, without "." and "..". */
bool each_entry(struct store *s, const char *path, bool (*each)(void *ctx, const char *name, struct err *e), void *ctx,
                struct err *e);

/* blob.c */
void blob_path(const char *id, const char *ending, char out[PATH_BYTES]); /* ending "" or ".json" */
int temp_create(struct store *s, const char *name, struct err *e); /* a new locked file, -1 on failure */
bool temp_payload(struct store *s, const char *id, struct store_temp *t, struct err *e); /* under a name of its own */
void blob_touch(struct store *s, const char *path); /* used by this run: gc leaves it */
bool blob_sync_dir(struct store *s, const char *id, struct err *e);
bool blob_quarantine(struct store *s, const char *id, struct err *e); /* gate held exclusively */
bool sidecar_read(struct store *s, const char *path, struct arena *a, struct sidecar *out, bool *is_there,
                  struct err *e);
void blob_fill(struct store *s, const struct sidecar *side, struct arena *a, struct blob *out);

/* draft.c: an object on its way to its name, in the order of these calls. Only draft_describe, draft_renew and
 * draft_publish want s->lock. */
struct draft {
    struct sidecar *side;
    struct store_temp *temp;                    /* the payload; NULL: it is there, only its description changes */
    char name[PATH_BYTES];                      /* of the description's temp file; "": none yet */
    int fd;
};
bool draft_measure(struct store *s, struct draft *d, struct err *e); /* the payload's length and hash, into side */
bool draft_describe(struct store *s, struct draft *d, bool *is_new_dir, struct err *e); /* writes the temp file */
bool draft_must_last(const struct draft *d);    /* then both files are to be synced, and after the names the directory */
/* A failed sync is final for its file: new ones, synced. */
bool draft_renew(struct store *s, struct draft *d, bool is_payload_bad, struct err *e);
bool draft_publish(struct store *s, struct draft *d, struct err *e); /* gate held exclusively */
bool draft_close(struct store *s, struct draft *d, struct err *e);
/* What was bought stays in tmp/, with its description if that was written: the next open finishes it. */
void draft_abandon(struct store *s, struct draft *d);
/* All of it at once, synced only if it must last. */
bool draft_commit(struct store *s, struct draft *d, struct err *e);
bool blob_restate(struct store *s, struct sidecar *side, struct err *e); /* a new sidecar for the payload that is there */

/* sweep.c: gate held exclusively */
bool sweep_temps(struct store *s, struct err *e);
/* removes locks of dead processes; oldest: beginning of the oldest live one */
bool sweep_runs(struct store *s, struct timespec *oldest, struct err *e);

/* buy.c: what a CLOSE order says of its call goes to the ledger */
bool buy_close(struct store *s, const struct store_order *o, struct err *e);

/* find.c */
/* AGAIN: hash even when verified in this run, and an unreadable file is a bad one */
enum { FIND_QUICK = 1, FIND_NO_TOUCH = 2, FIND_AGAIN = 4 };
bool find_object(struct store *s, const char *id, unsigned how, struct arena *a, struct store_entry *out, bool *is_bad,
                 struct err *e);
