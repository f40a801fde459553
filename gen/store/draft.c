/* draft.c - how a payload and its description become an object: hash, describe, sync, rename, sync the directory */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include "gen/base/mem.h"
#include "gen/store/impl.h"

bool draft_must_last(const struct draft *d)
{
    /* Only what was bought must outlive a power cut. Anything else that one damages fails its hash and is made again,
     * and a sidecar that is lost beside a bought payload costs a check. */
    return d->side->is_paid && !d->side->is_done;
}

bool draft_measure(struct store *s, struct draft *d, struct err *e)
{
    struct store_temp *t = d->temp;
    struct stat st;
    if (t->fd < 0 || fstat(t->fd, &st) != 0)
        return err_set(e, ERR_INTERNAL, "%.12s: the temp file is not open", d->side->id);
    d->side->bytes = st.st_size;
    if (st.st_blocks * 512 > st.st_size + 4096)
        s->io->truncate(s->io->ctx, t->fd, st.st_size); /* what was reserved beyond; a refusal costs only space */
    return io_hash(s->io, t->fd, d->side->bytes, d->side->sha256, t->name, e);
}

/* ---------- the description ---------- */

/* The sidecar's text, read back before it is believed: meta comes from a server, and whatever is wrong with it must not
 * cost the object. */
static bool print_sidecar(struct store *s, struct sidecar *side, struct buf *text, struct err *e)
{
    for (int round = 0; round < 2; round++) {
        struct arena a = { 0 };
        struct sidecar back;
        buf_clear(text);
        sidecar_print(text, side);
        bool ok = sidecar_parse(&back, buf_str(text), &a, e) && strcmp(back.id, side->id) == 0;
        arena_deinit(&a);
        if (ok)
            return true;
        if (side->meta.n)
            log_warn(s->log, "store: %.12s: what came with the answer cannot be kept (%s)", side->id, e ? e->msg : "");
        side->meta = STR("");
        side->provider = STR("");
    }
    return err_wrap(e, "sidecar of %.12s", side->id);
}

static void drop_description(struct store *s, struct draft *d)
{
    if (d->name[0])
        s->io->unlink(s->io->ctx, s->root, d->name);
    io_close(s->io, &d->fd);
    d->name[0] = '\0';
}

/* Beside its payload, whose name it bears: a later run can finish what this one does not. */
static bool write_description(struct store *s, struct draft *d, struct err *e)
{
    struct buf text = BUF_INIT(2 * (size_t)SIDECAR_MAX);
    bool ok = print_sidecar(s, d->side, &text, e);
    if (ok) {
        if (d->temp)
            snprintf(d->name, sizeof d->name, "%s.json", d->temp->name);
        else
            snprintf(d->name, sizeof d->name, "tmp/%.64s.%08x.json", d->side->id, s->next_name++);
        ok = (d->fd = temp_create(s, d->name, e)) >= 0;
        if (!ok)
            d->name[0] = '\0';
        ok = ok && io_write_all(s->io, d->fd, buf_str(&text), d->name, e);
    }
    if (!ok)
        drop_description(s, d); /* half of it says nothing */
    buf_deinit(&text);
    return ok;
}

static bool make_blob_dir(struct store *s, const char *id, bool *is_new, struct err *e)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "blobs/%.2s", id);
    return io_mkdir(s->io, s->root, path, is_new, e);
}

bool draft_describe(struct store *s, struct draft *d, bool *is_new_dir, struct err *e)
{
    *is_new_dir = false;
    return write_description(s, d, e) && (!d->temp || make_blob_dir(s, d->side->id, is_new_dir, e));
}

/* ---------- files whose sync failed ---------- */

/* What the kernel still has in memory goes to a new file, which must hash the same. */
static bool renew_payload(struct store *s, const struct sidecar *side, struct store_temp *t, struct err *e)
{
    struct store_temp fresh = { .fd = -1 };
    char hex[DIGEST_HEX];
    if (!temp_payload(s, side->id, &fresh, e))
        return false;
    if (!io_copy(s->io, t->fd, fresh.fd, side->bytes, t->name, e) ||
        !io_hash(s->io, fresh.fd, side->bytes, hex, fresh.name, e))
        goto failed;
    if (strcmp(hex, side->sha256) != 0) {
        err_set(e, ERR_IO, "'%s/%s': the disk lost what was written to it", s->dir, t->name);
        goto failed;
    }
    if (s->io->sync(s->io->ctx, fresh.fd) != 0) {
        err_errno(e, "sync '%s/%s'", s->dir, fresh.name);
        goto failed;
    }
    store_temp_drop(s, t);
    *t = fresh;
    return true;
failed:
    store_temp_drop(s, &fresh);
    return false;
}

bool draft_renew(struct store *s, struct draft *d, bool is_payload_bad, struct err *e)
{
    if (is_payload_bad && !renew_payload(s, d->side, d->temp, e))
        return false;
    drop_description(s, d);
    if (!write_description(s, d, e))
        return false;
    return s->io->sync(s->io->ctx, d->fd) == 0 || err_errno(e, "sync '%s/%s'", s->dir, d->name);
}

/* ---------- names ---------- */

static bool move(struct store *s, const char *from, const char *to, struct err *e)
{
    return s->io->rename(s->io->ctx, s->root, from, to) == 0 ||
           err_errno(e, "rename '%s/%s' to '%s'", s->dir, from, to);
}

/* A new file's time is that of its run, unless the clock was set back since the run began. */
static bool is_clock_behind(const struct store *s)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec < s->begin.tv_sec || (now.tv_sec == s->begin.tv_sec && now.tv_nsec < s->begin.tv_nsec);
}

/* The names change behind the gate, so that no reader meets a new payload with an old sidecar. */
bool draft_publish(struct store *s, struct draft *d, struct err *e)
{
    char to[PATH_BYTES], to_side[PATH_BYTES];
    blob_path(d->side->id, "", to);
    blob_path(d->side->id, ".json", to_side);
    bool ok = (!d->temp || move(s, d->temp->name, to, e)) && move(s, d->name, to_side, e);
    if (ok && is_clock_behind(s))
        blob_touch(s, to_side);
    return ok;
}

static bool close_checked(struct store *s, int *fd, const char *name, struct err *e)
{
    int was = *fd;
    *fd = -1;
    return was < 0 || s->io->close(s->io->ctx, was) == 0 || errno == EINTR ||
           err_errno(e, "close '%s/%s'", s->dir, name);
}

bool draft_close(struct store *s, struct draft *d, struct err *e)
{
    bool ok = close_checked(s, &d->fd, d->name, e);
    return (!d->temp || close_checked(s, &d->temp->fd, d->temp->name, e)) && ok;
}

void draft_abandon(struct store *s, struct draft *d)
{
    if (d->side->is_paid && d->temp) {
        io_close(s->io, &d->fd);
        io_close(s->io, &d->temp->fd);
        return;
    }
    drop_description(s, d);
    if (d->temp)
        store_temp_drop(s, d->temp);
}

/* ---------- all of it ---------- */

static bool sync_files(struct store *s, struct draft *d, struct err *e)
{
    if (s->io->sync(s->io->ctx, d->fd) != 0 && !draft_renew(s, d, false, e))
        return false;
    return !d->temp || s->io->sync(s->io->ctx, d->temp->fd) == 0 || draft_renew(s, d, true, e);
}

static bool publish_alone(struct store *s, struct draft *d, struct err *e)
{
    if (!gate_enter(s, LOCK_EX, e))
        return false;
    bool ok = draft_publish(s, d, e);
    gate_leave(s);
    return ok;
}

bool draft_commit(struct store *s, struct draft *d, struct err *e)
{
    bool must_last = draft_must_last(d), is_new_dir = false;
    d->fd = -1;
    if (d->temp && !draft_measure(s, d, e)) {
        draft_abandon(s, d);
        return false;
    }
    store_enter(s);
    bool ok = draft_describe(s, d, &is_new_dir, e) && (!must_last || sync_files(s, d, e)) && publish_alone(s, d, e) &&
              (!is_new_dir || io_sync_dir(s->io, s->root, "blobs", e)) &&
              (!must_last || blob_sync_dir(s, d->side->id, e));
    ok = ok && draft_close(s, d, e);
    if (!ok)
        draft_abandon(s, d);
    store_leave(s);
    return ok;
}

bool blob_restate(struct store *s, struct sidecar *side, struct err *e)
{
    struct draft d = { .side = side };
    return draft_commit(s, &d, e);
}
