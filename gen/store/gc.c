/* gc.c - looking after the whole cache: statistics, verification, making room */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include "gen/base/digest.h"
#include "gen/base/mem.h"
#include "gen/store/impl.h"

/* One object, or a payload without a sidecar, or a file in quarantine. */
struct object {
    char id[65];
    enum asset_kind kind;
    bool has_side, is_done, is_paid;
    int64_t bytes;                              /* payload and sidecar */
    struct timespec used;
};

struct scan {
    struct store *s;
    char dir[PATH_BYTES];
    struct object *v;
    size_t n, cap;
};

static struct object *add(struct scan *c)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? 2 * c->cap : 256;
        c->v = mem_resize(c->v, c->cap, sizeof *c->v);
    }
    c->v[c->n] = (struct object){ .kind = ASSET_N_KINDS };
    return &c->v[c->n++];
}

/* A payload; a sidecar whose payload is gone is met as "ID.json" and counts too. */
static bool scan_one(void *ctx, const char *name, struct err *e)
{
    struct scan *c = ctx;
    char path[PATH_BYTES];
    struct stat payload, st;
    bool is_side = strlen(name) == 69 && strcmp(name + 64, ".json") == 0;
    if ((!is_side && strlen(name) != 64) || !digest_is_hex((struct str){ name, 64 }) ||
        strncmp(name, c->dir + 6, 2) != 0)
        return true;
    char id[65];
    snprintf(id, sizeof id, "%.64s", name);
    blob_path(id, "", path);
    bool has_payload = fstatat(c->s->root, path, &payload, AT_SYMLINK_NOFOLLOW) == 0;
    if (!has_payload && errno != ENOENT)
        return err_errno(e, "look at '%s/%s'", c->s->dir, path);
    if (is_side == has_payload)
        return true; /* the sidecar of a payload that is met by itself, or a payload that has just gone */
    struct object *o = add(c);
    struct arena a = { 0 };
    struct sidecar side;
    struct err why;
    memcpy(o->id, id, sizeof id);
    if (has_payload) {
        o->bytes = payload.st_size;
        o->used = payload.st_mtim;
    }
    blob_path(id, ".json", path);
    if (fstatat(c->s->root, path, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        o->bytes += st.st_size;
        o->used = st.st_mtim;
    }
    if (sidecar_read(c->s, path, &a, &side, &o->has_side, &why) && o->has_side) {
        o->kind = side.kind;
        o->is_done = side.is_done;
        o->is_paid = side.is_paid;
    }
    arena_deinit(&a);
    return true;
}

static bool scan_dir(void *ctx, const char *name, struct err *e)
{
    struct scan *c = ctx;
    if (strlen(name) != 2)
        return true;
    snprintf(c->dir, sizeof c->dir, "blobs/%.2s", name);
    return each_entry(c->s, c->dir, scan_one, c, e);
}

static bool scan(struct store *s, struct scan *c, struct err *e)
{
    *c = (struct scan){ .s = s };
    return each_entry(s, "blobs", scan_dir, c, e);
}

struct open_calls {
    struct store *s;
    char (*ids)[65];
    size_t n;
};

static void note_open_call(void *ctx, const char *id)
{
    struct open_calls *o = ctx;
    o->ids = mem_resize(o->ids, o->n + 1, sizeof *o->ids);
    memcpy(o->ids[o->n++], id, 65);
}

/* Calls in SENT that nobody is making any more. Those whose answer is there, stored by a run that did not live to note it,
 * are noted now. */
static bool count_stale(struct store *s, int64_t *n, struct err *e)
{
    struct arena a = { 0 };
    struct store_entry found;
    struct open_calls o = { .s = s };
    bool ok = ledger_each_sent(s->ledger, note_open_call, &o, e);
    for (size_t i = 0; ok && i < o.n; i++) {
        bool is_busy, is_bad;
        if (store_lock(s, o.ids[i], &is_busy, e)) {
            ok = find_object(s, o.ids[i], FIND_QUICK | FIND_NO_TOUCH, &a, &found, &is_bad, e);
            store_unlock(s, o.ids[i]);
            *n += ok && found.state == STORE_SENT;
        } else {
            ok = is_busy;
        }
    }
    free(o.ids);
    arena_deinit(&a);
    return ok;
}

bool store_stats(struct store *s, struct store_stats *out, struct err *e)
{
    struct scan c = { 0 };
    *out = (struct store_stats){ 0 };
    store_enter(s);
    int64_t stale = 0;
    bool ok = scan(s, &c, e) && count_stale(s, &stale, e) &&
              ledger_totals(s->ledger, &out->n_calls, &out->n_lost, &out->spent, e);
    store_leave(s);
    out->n_calls -= stale;
    out->n_lost += stale;
    for (size_t i = 0; ok && i < c.n; i++)
        if (c.v[i].kind < ASSET_N_KINDS) {
            out->n_blobs[c.v[i].kind]++;
            out->bytes[c.v[i].kind] += c.v[i].bytes;
        }
    free(c.v);
    return ok;
}

bool store_each_provider(struct store *s, void (*each)(void *ctx, struct str provider, int64_t n_calls, double spent),
                         void *ctx, struct err *e)
{
    store_enter(s);
    bool ok = ledger_each_provider(s->ledger, each, ctx, e);
    store_leave(s);
    return ok;
}

bool store_verify(struct store *s, int64_t *n_checked, int64_t *n_bad, struct err *e)
{
    struct scan c = { 0 };
    bool is_sound = false;
    *n_checked = *n_bad = 0;
    store_enter(s);
    bool ok = ledger_check(s->ledger, &is_sound, e);
    store_leave(s);
    ok = ok && scan(s, &c, e);
    if (ok && !is_sound) {
        log_warn(s->log, "store: the ledger is damaged; the next run sets it aside and rebuilds it from the cache");
        ++*n_bad;
    }
    for (size_t i = 0; ok && i < c.n; i++) {
        struct arena a = { 0 };
        struct store_entry entry;
        bool is_bad = false;
        store_enter(s);
        ok = find_object(s, c.v[i].id, FIND_AGAIN | FIND_NO_TOUCH, &a, &entry, &is_bad, e);
        store_leave(s);
        ++*n_checked;
        *n_bad += is_bad;
        arena_deinit(&a);
    }
    free(c.v);
    return ok;
}

/* ---------- making room ---------- */

static int compare_time(struct timespec a, struct timespec b)
{
    if (a.tv_sec != b.tv_sec)
        return a.tv_sec < b.tv_sec ? -1 : 1;
    return (a.tv_nsec > b.tv_nsec) - (a.tv_nsec < b.tv_nsec);
}

/* Remains first, then what was made here, then what was bought; in each the longest unused first. */
static int rank(const struct object *o)
{
    return o->kind == ASSET_N_KINDS ? 0 : o->is_paid ? 2 : 1;
}

static int compare_objects(const void *a, const void *b)
{
    const struct object *x = a, *y = b;
    int r = rank(x) - rank(y);
    if (!r)
        r = compare_time(x->used, y->used);
    return r ? r : strcmp(x->id, y->id);
}

/* False only on errors; *is_removed stays false when a live run has met the object. */
static bool remove_object(struct store *s, const struct object *o, struct timespec oldest, bool *is_removed,
                          struct err *e)
{
    char path[PATH_BYTES], side[PATH_BYTES];
    struct stat st;
    blob_path(o->id, "", path);
    blob_path(o->id, ".json", side);
    if (!gate_enter(s, LOCK_EX, e))
        return false;
    struct arena a = { 0 };
    struct call call;
    bool ok = ledger_find(s->ledger, o->id, &a, &call, e);
    bool is_bought = ok && (call.state == CALL_DONE || call.state == CALL_ANSWERED);
    arena_deinit(&a);
    if (!ok || (is_bought && !o->is_paid)) /* a bought payload whose sidecar is broken can still be restored */
        goto out;
    if ((fstatat(s->root, side, &st, AT_SYMLINK_NOFOLLOW) != 0 &&
         fstatat(s->root, path, &st, AT_SYMLINK_NOFOLLOW) != 0) ||
        compare_time(st.st_mtim, o->used) != 0 || compare_time(st.st_mtim, oldest) >= 0)
        goto out;
    /* the ledger first: a crash between the two leaves a whole object that is simply found again */
    ok = !is_bought || ledger_move(s->ledger, o->id, CALL_REMOVED, NULL, NULL, e);
    /* the sidecar first: without it the payload does not count */
    if (ok && ((s->io->unlink(s->io->ctx, s->root, side) != 0 && errno != ENOENT) ||
               (s->io->unlink(s->io->ctx, s->root, path) != 0 && errno != ENOENT)))
        ok = err_errno(e, "remove '%s/%s'", s->dir, path);
    *is_removed = ok;
out:
    gate_leave(s);
    return ok;
}

struct old_files {
    struct store *s;
    int64_t n, bytes, total;
    bool is_counting;
};

static bool quarantine_one(void *ctx, const char *name, struct err *e)
{
    struct old_files *q = ctx;
    char path[2 * PATH_BYTES + 100];
    struct stat st;
    snprintf(path, sizeof path, "quarantine/%s", name);
    if (fstatat(q->s->root, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(st.st_mode))
        return true;
    if (q->is_counting) {
        q->total += st.st_size;
        return true;
    }
    if (q->s->io->unlink(q->s->io->ctx, q->s->root, path) != 0 && errno != ENOENT) /* another makes room, too */
        return err_errno(e, "remove '%s/%s'", q->s->dir, path);
    q->n++;
    q->bytes += st.st_size;
    return true;
}

bool store_gc(struct store *s, int64_t max_bytes, bool paid_too, int64_t *n_removed, int64_t *bytes_removed,
              struct err *e)
{
    struct scan c = { 0 };
    struct old_files q = { .s = s, .is_counting = true };
    struct timespec oldest;
    *n_removed = *bytes_removed = 0;
    store_enter(s);
    bool ok = gate_enter(s, LOCK_EX, e) && sweep_runs(s, &oldest, e);
    gate_leave(s);
    store_leave(s);
    ok = ok && scan(s, &c, e) && each_entry(s, "quarantine", quarantine_one, &q, e);
    int64_t total = q.total;
    for (size_t i = 0; i < c.n; i++)
        total += c.v[i].bytes;
    if (ok && total > max_bytes && q.total) {
        q.is_counting = false;
        ok = each_entry(s, "quarantine", quarantine_one, &q, e);
        total -= q.bytes;
        *n_removed += q.n;
        *bytes_removed += q.bytes;
    }
    if (c.n)
        qsort(c.v, c.n, sizeof *c.v, compare_objects);
    for (size_t i = 0; ok && i < c.n && total > max_bytes; i++) {
        const struct object *o = &c.v[i];
        bool is_removed = false;
        if ((o->is_paid && !paid_too) || (o->has_side && o->kind < ASSET_N_KINDS && !o->is_done))
            continue; /* an answer that waits for its check is never in the way */
        store_enter(s);
        ok = remove_object(s, o, oldest, &is_removed, e);
        store_leave(s);
        if (is_removed) {
            total -= o->bytes;
            *bytes_removed += o->bytes;
            ++*n_removed;
        }
    }
    free(c.v);
    return ok;
}
