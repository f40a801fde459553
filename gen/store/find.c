/* find.c - what is known of an asset: the object on disk and the ledger, brought into agreement */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include "gen/store/impl.h"

/* An object as one look behind the gate found it. */
struct look {
    int fd;                                     /* of the payload; -1: none, or not a regular file */
    bool has_payload, has_side;                 /* a name is there */
    struct stat payload, side;
    struct buf text;                            /* of the sidecar */
};

static void look_deinit(struct store *s, struct look *l)
{
    io_close(s->io, &l->fd);
    buf_deinit(&l->text);
}

static bool open_name(struct store *s, const char *path, int *fd, bool *is_there, struct stat *st, struct err *e)
{
    *fd = s->io->open(s->io->ctx, s->root, path, O_RDONLY | O_NONBLOCK, 0);
    *is_there = *fd >= 0 || errno == ELOOP || errno == ENXIO;
    if (*fd < 0 && errno != ENOENT && !*is_there)
        return err_errno(e, "open '%s/%s'", s->dir, path);
    if (*fd >= 0 && fstat(*fd, st) != 0)
        return err_errno(e, "look at '%s/%s'", s->dir, path);
    if (*fd < 0 && *is_there && fstatat(s->root, path, st, AT_SYMLINK_NOFOLLOW) != 0)
        return err_errno(e, "look at '%s/%s'", s->dir, path);
    if (*fd >= 0 && !S_ISREG(st->st_mode))
        io_close(s->io, fd);
    return true;
}

static bool look_at(struct store *s, const char *id, unsigned how, struct look *l, struct err *e)
{
    char path[PATH_BYTES];
    int fd = -1;
    *l = (struct look){ .fd = -1, .text = BUF_INIT(2 * (size_t)SIDECAR_MAX) };
    if (!gate_enter(s, LOCK_SH, e))
        return false;
    blob_path(id, "", path);
    bool ok = open_name(s, path, &l->fd, &l->has_payload, &l->payload, e);
    blob_path(id, ".json", path);
    ok = ok && open_name(s, path, &fd, &l->has_side, &l->side, e);
    if (ok && fd >= 0 && l->side.st_size <= 2 * (off_t)SIDECAR_MAX) {
        struct err why;
        if (!io_read_all(s->io, fd, 2 * (int64_t)SIDECAR_MAX, &l->text, path, &why)) {
            buf_clear(&l->text);
            ok = (how & FIND_AGAIN) || err_set(e, ERR_IO, "%s", why.msg);
        }
    }
    if (ok && fd >= 0 && l->has_payload && !(how & FIND_NO_TOUCH)) {
        blob_touch(s, path);
        fstat(fd, &l->side);
    }
    io_close(s->io, &fd);
    gate_leave(s);
    return ok;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Puts away what the look found, unless another process has replaced it since. */
static bool put_away(struct store *s, const char *id, const struct look *l, bool *is_done, struct err *e)
{
    char path[PATH_BYTES];
    struct stat now;
    if (!gate_enter(s, LOCK_EX, e))
        return false;
    blob_path(id, "", path);
    *is_done =
        !l->has_payload || (fstatat(s->root, path, &now, AT_SYMLINK_NOFOLLOW) == 0 && is_same(&now, &l->payload));
    blob_path(id, ".json", path);
    *is_done = *is_done && (fstatat(s->root, path, &now, AT_SYMLINK_NOFOLLOW) != 0) == !l->has_side &&
               (!l->has_side || now.st_ino == l->side.st_ino);
    bool ok = !*is_done || blob_quarantine(s, id, e);
    gate_leave(s);
    return ok;
}

/* *matches: the payload has this length and, unless it may be believed, this hash. */
static bool verify(struct store *s, const char *id, const struct look *l, int64_t bytes, const char *sha256,
                   unsigned how, bool *matches, struct err *e)
{
    char hex[DIGEST_HEX], path[PATH_BYTES];
    struct err why;
    blob_path(id, "", path);
    *matches = l->fd >= 0 && l->payload.st_size == bytes;
    if (!*matches || (!(how & FIND_AGAIN) && ((how & FIND_QUICK) || ids_has(&s->verified, id))))
        return true;
    if (!io_hash(s->io, l->fd, bytes, hex, path, &why)) {
        *matches = false;
        return (how & FIND_AGAIN) ||
               err_set(e, ERR_IO, "%s: `vidgen cache verify` sets unreadable files aside", why.msg);
    }
    *matches = strcmp(hex, sha256) == 0;
    if (*matches)
        ids_add(&s->verified, id);
    return true;
}

/* A whole object: the ledger follows what its sidecar says. */
static bool settle_good(struct store *s, struct sidecar *side, const struct call *call, struct arena *a,
                        struct store_entry *out, struct err *e)
{
    if (side->is_paid && call->state != CALL_DONE && !(call->state == CALL_ANSWERED && !side->is_done)) {
        /* stored by a run that did not live to note it */
        if (!blob_sync_dir(s, side->id, e) || !ledger_adopt(s->ledger, side, e))
            return false;
    }
    out->state = side->is_done ? STORE_DONE : STORE_ANSWERED;
    out->meta = side->meta;
    blob_fill(s, side, a, &out->blob);
    return true;
}

/* The sidecar is gone or broken, but the payload is the one the ledger knows: it only has to be checked again. */
static bool restore(struct store *s, const char *id, const struct call *call, struct arena *a, struct store_entry *out,
                    struct err *e)
{
    struct sidecar side = { .kind = call->kind,
                            .is_paid = true,
                            .bytes = call->bytes,
                            .at_ms = call->at_ms,
                            .cost = call->cost,
                            .provider = call->provider,
                            .meta = call->meta };
    memcpy(side.id, id, sizeof side.id);
    memcpy(side.sha256, call->sha256, sizeof side.sha256);
    memcpy(side.of, call->of, sizeof side.of);
    side.roll = call->roll;
    log_warn(s->log, "store: %s %.12s: its description is damaged; restored from the ledger",
             asset_kind_name(call->kind), id);
    if (!blob_restate(s, &side, e))
        return false;
    out->state = STORE_ANSWERED;
    out->meta = arena_str(a, call->meta);
    blob_fill(s, &side, a, &out->blob);
    return true;
}

/* Nothing usable is there: what the ledger says remains. */
static bool settle_missing(struct store *s, const char *id, const struct call *call, bool was_damaged, struct arena *a,
                           struct store_entry *out, struct err *e)
{
    if (call->state == CALL_ANSWERED || call->state == CALL_DONE) {
        struct err why;
        err_set(&why, ERR_STORE, was_damaged ? "the file was damaged" : "the file is gone");
        log_warn(s->log, "store: %s %.12s was bought from '" STR_FMT "', but %s; it has to be bought again",
                 asset_kind_name(call->kind), id, STR_ARG(call->provider), why.msg);
        if (!ledger_move(s->ledger, id, CALL_DAMAGED, NULL, &why, e))
            return false;
    }
    if (call->state == CALL_REMOTE)
        out->remote = arena_str(a, call->remote);
    bool is_lost = call->state == CALL_SENT || call->state == CALL_LOST;
    if (call->state == CALL_FAILED && !ledger_has_lost(s->ledger, id, &is_lost, e)) /* nothing came of it, nor of one before */
        return false;
    out->state = is_lost ? STORE_SENT : call->state == CALL_REMOTE ? STORE_REMOTE : STORE_MISSING;
    return true;
}

/* One try; *again when the object changed while we looked. */
static bool find_once(struct store *s, const char *id, unsigned how, struct arena *a, struct store_entry *out,
                      bool *is_bad, bool *again, struct err *e)
{
    struct look l;
    struct call call;
    struct sidecar side;
    struct arena scratch = { 0 };
    bool ok = false, matches = false, is_away = true;
    *out = (struct store_entry){ .state = STORE_MISSING };
    *is_bad = *again = false;
    if (!look_at(s, id, how, &l, e) || !ledger_find(s->ledger, id, &scratch, &call, e))
        goto out;
    bool has_sidecar = l.has_side && sidecar_parse(&side, buf_str(&l.text), a, NULL) && strcmp(side.id, id) == 0;
    if (has_sidecar && !verify(s, id, &l, side.bytes, side.sha256, how, &matches, e))
        goto out;
    if (matches && call.state != CALL_REJECTED) {
        ok = settle_good(s, &side, &call, a, out, e);
        goto out;
    }
    if (!has_sidecar && l.has_payload && call.sha256[0] && (call.state == CALL_ANSWERED || call.state == CALL_DONE)) {
        if (!verify(s, id, &l, call.bytes, call.sha256, FIND_AGAIN, &matches, e))
            goto out;
        *is_bad = true;
        if (matches) {
            ok = restore(s, id, &call, a, out, e);
            goto out;
        }
    }
    /* A payload alone never counted as stored: it is left for the next writer or for gc, unless it was the ledger's. */
    if (l.has_side || (l.has_payload && *is_bad)) {
        *is_bad = true;
        if (!put_away(s, id, &l, &is_away, e))
            goto out;
        if (!is_away) {
            *again = true;
            ok = true;
            goto out;
        }
        if (call.state != CALL_REJECTED)
            log_warn(s->log, "store: %.12s is damaged and was put into %s/quarantine", id, s->dir);
    }
    ok = settle_missing(s, id, &call, *is_bad, a, out, e);
out:
    look_deinit(s, &l);
    arena_deinit(&scratch);
    return ok;
}

bool find_object(struct store *s, const char *id, unsigned how, struct arena *a, struct store_entry *out, bool *is_bad,
                 struct err *e)
{
    bool again = true;
    if (!check_id(id, e))
        return false;
    for (int round = 0; again && round < 5; round++)
        if (!find_once(s, id, how, a, out, is_bad, &again, e))
            return false;
    return !again || err_set(e, ERR_STORE, "%.12s in '%s' changes all the time", id, s->dir);
}

bool store_roll(struct store *s, const char *of, int64_t *roll, struct err *e)
{
    *roll = 0;
    if (!check_id(of, e))
        return false;
    store_enter(s);
    bool ok = ledger_roll(s->ledger, of, roll, e);
    store_leave(s);
    return ok;
}

bool store_find(struct store *s, const char *id, bool quick, struct arena *a, struct store_entry *out, struct err *e)
{
    bool is_bad;
    store_enter(s);
    bool ok = find_object(s, id, quick ? FIND_QUICK : 0, a, out, &is_bad, e);
    store_leave(s);
    return ok;
}

double store_cost(struct store *s, const char *id)
{
    struct arena a = { 0 };
    struct call call;
    store_enter(s);
    double cost = -1;
    if (ledger_find(s->ledger, id, &a, &call, NULL) && (call.state == CALL_DONE || call.state == CALL_ANSWERED))
        cost = call.cost >= 0 ? call.cost : call.estimate;
    store_leave(s);
    arena_deinit(&a);
    return cost;
}
