/* blob.c - temp files, and how they become objects: hash, sync, rename, sync the directory, in this order */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>
#include "gen/base/clock.h"
#include "gen/base/mem.h"
#include "gen/store/impl.h"

/* reserved on top, so that the sidecar finds room when the payload is in */
enum { SPARE = 256 * 1024 };

void blob_path(const char *id, const char *ending, char out[PATH_BYTES])
{
    snprintf(out, PATH_BYTES, "blobs/%.2s/%.64s%s", id, id, ending);
}

bool sidecar_read(struct store *s, const char *path, struct arena *a, struct sidecar *out, bool *is_there,
                  struct err *e)
{
    struct buf text = BUF_INIT(2 * (size_t)SIDECAR_MAX);
    *is_there = false;
    int fd = s->io->open(s->io->ctx, s->root, path, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0)
        return errno == ENOENT || err_errno(e, "open '%s/%s'", s->dir, path);
    *is_there = true;
    bool ok = io_read_all(s->io, fd, 2 * (int64_t)SIDECAR_MAX, &text, path, e) &&
              (sidecar_parse(out, buf_str(&text), a, e) || err_wrap(e, "%s/%s", s->dir, path));
    buf_deinit(&text);
    io_close(s->io, &fd);
    return ok;
}

/* ---------- temp files ---------- */

/* A new locked file; its creation happens behind the gate, so nobody can take it for a dead writer's. */
static int create_locked(struct store *s, const char *name, struct err *e)
{
    if (!gate_enter(s, LOCK_SH, e))
        return -1;
    int fd = s->io->open(s->io->ctx, s->root, name, O_RDWR | O_CREAT | O_EXCL, 0600);
    bool ok = fd >= 0 && fchmod(fd, 0600) == 0 && io_lock(s->io, fd, LOCK_EX | LOCK_NB) == 0;
    if (!ok)
        err_errno(e, "make '%s/%s'", s->dir, name);
    if (!ok && fd >= 0) {
        s->io->unlink(s->io->ctx, s->root, name);
        io_close(s->io, &fd);
    }
    gate_leave(s);
    return fd;
}

static bool create_payload(struct store *s, const char *id, struct store_temp *t, struct err *e)
{
    do
        snprintf(t->name, sizeof t->name, "tmp/%.64s.%08x", id, s->next_name++);
    while ((t->fd = create_locked(s, t->name, e)) < 0 && errno == EEXIST);
    return t->fd >= 0;
}

static bool reserve(struct store *s, int fd, int64_t n, struct err *e)
{
    struct statvfs fs;
    int r;
    do
        r = s->io->reserve(s->io->ctx, fd, (off_t)n);
    while (r != 0 && errno == EINTR);
    if (r == 0)
        return true;
    if (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL) { /* this filesystem cannot: look at what is free */
        if (fstatvfs(fd, &fs) != 0 || (uint64_t)fs.f_bavail * fs.f_frsize >= (uint64_t)n)
            return true;
        errno = ENOSPC;
    }
    return err_errno(e, "reserve %.1f MB in '%s'", (double)n / 1e6, s->dir);
}

bool store_temp_open(struct store *s, const char *id, int64_t bytes, struct store_temp *t, struct err *e)
{
    *t = (struct store_temp){ .fd = -1 };
    if (!check_id(id, e) || !create_payload(s, id, t, e))
        return false;
    if (bytes > 0 && !reserve(s, t->fd, bytes + SPARE, e)) {
        store_temp_drop(s, t);
        return false;
    }
    return true;
}

void store_temp_drop(struct store *s, struct store_temp *t)
{
    if (t->fd < 0)
        return;
    s->io->unlink(s->io->ctx, s->root, t->name);
    io_close(s->io, &t->fd);
}

/* A failed sync is final for its file: what the kernel still has in memory goes to a new one, which must hash the same.
 */
static bool renew_payload(struct store *s, const struct sidecar *side, struct store_temp *t, struct err *e)
{
    struct store_temp fresh = { .fd = -1 };
    char hex[DIGEST_HEX];
    if (!create_payload(s, side->id, &fresh, e))
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

/* ---------- sidecars ---------- */

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

/* Only what was bought must outlive a power cut. Anything else that one damages fails its hash and is made again, and a
 * sidecar that is lost beside a bought payload costs a check. */
static bool must_last(const struct sidecar *side)
{
    return side->is_paid && !side->is_done;
}

/* Writes a sidecar under `name` and syncs it; -1 on failure. The descriptor keeps it locked until the renames are done. */
static int write_sidecar(struct store *s, const char *name, struct str text, bool is_synced, struct err *e)
{
    for (int round = 0;; round++) {
        int fd = create_locked(s, name, e);
        if (fd < 0)
            return -1;
        bool written = io_write_all(s->io, fd, text, name, e);
        if (written && (!is_synced || s->io->sync(s->io->ctx, fd) == 0))
            return fd;
        if (written)
            err_errno(e, "sync '%s/%s'", s->dir, name);
        s->io->unlink(s->io->ctx, s->root, name);
        io_close(s->io, &fd);
        if (!written || round == 1)
            return -1;
    }
}

static bool make_blob_dir(struct store *s, const char *id, struct err *e)
{
    char path[PATH_BYTES];
    bool is_new = false;
    snprintf(path, sizeof path, "blobs/%.2s", id);
    return io_mkdir(s->io, s->root, path, &is_new, e) && (!is_new || io_sync_dir(s->io, s->root, "blobs", e));
}

bool blob_sync_dir(struct store *s, const char *id, struct err *e)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "blobs/%.2s", id);
    return io_sync_dir(s->io, s->root, path, e);
}

static bool move(struct store *s, const char *from, const char *to, struct err *e)
{
    return s->io->rename(s->io->ctx, s->root, from, to) == 0 ||
           err_errno(e, "rename '%s/%s' to '%s'", s->dir, from, to);
}

/* Marks the object as used by this run. A refusal means the cache cannot be written, so nobody can remove it either. */
void blob_touch(struct store *s, const char *path)
{
    struct timespec t[2];
    clock_gettime(CLOCK_REALTIME, &t[1]);
    if (t[1].tv_sec < s->begin.tv_sec || (t[1].tv_sec == s->begin.tv_sec && t[1].tv_nsec < s->begin.tv_nsec))
        t[1] = s->begin;
    t[0] = (struct timespec){ .tv_nsec = UTIME_OMIT };
    utimensat(s->root, path, t, AT_SYMLINK_NOFOLLOW);
}

/* The names change behind the gate, so that no reader meets a new payload with an old sidecar. payload NULL: only the
 * sidecar. */
static bool publish(struct store *s, const struct sidecar *side, const char *payload, const char *sidecar, struct err *e)
{
    const char *id = side->id;
    char to[PATH_BYTES], to_side[PATH_BYTES];
    blob_path(id, "", to);
    blob_path(id, ".json", to_side);
    if (!gate_enter(s, LOCK_EX, e))
        return false;
    bool ok = (!payload || move(s, payload, to, e)) && move(s, sidecar, to_side, e);
    if (ok)
        blob_touch(s, to_side);
    gate_leave(s);
    return ok && (!must_last(side) || blob_sync_dir(s, id, e));
}

static bool close_checked(struct store *s, int *fd, const char *name, struct err *e)
{
    int was = *fd;
    *fd = -1;
    return was < 0 || s->io->close(s->io->ctx, was) == 0 || errno == EINTR ||
           err_errno(e, "close '%s/%s'", s->dir, name);
}

/* What was bought stays in tmp/ when something fails, with its sidecar if that was written: the next open finishes it.
 */
static void abandon(struct store *s, const struct sidecar *side, struct store_temp *t)
{
    if (side->is_paid)
        io_close(s->io, &t->fd);
    else
        store_temp_drop(s, t);
}

bool blob_commit(struct store *s, struct sidecar *side, struct store_temp *t, struct err *e)
{
    struct buf text = BUF_INIT(2 * (size_t)SIDECAR_MAX);
    char name[PATH_BYTES] = "";
    struct stat st;
    int fd = -1;
    bool ok = false;
    if (t->fd < 0 || fstat(t->fd, &st) != 0) {
        err_set(e, ERR_INTERNAL, "%.12s: the temp file is not open", side->id);
        goto out;
    }
    side->bytes = st.st_size;
    /* gives back what was reserved beyond; a refusal costs only space */
    s->io->truncate(s->io->ctx, t->fd, st.st_size);
    if (!io_hash(s->io, t->fd, side->bytes, side->sha256, t->name, e) || !print_sidecar(s, side, &text, e))
        goto out;
    /* The sidecar first: from here on, the next open can finish what we do not. */
    snprintf(name, sizeof name, "%s.json", t->name);
    if ((fd = write_sidecar(s, name, buf_str(&text), must_last(side), e)) < 0)
        goto out;
    if (must_last(side) && s->io->sync(s->io->ctx, t->fd) != 0) {
        if (!renew_payload(s, side, t, e))
            goto out;
        s->io->unlink(s->io->ctx, s->root, name);
        io_close(s->io, &fd);
        snprintf(name, sizeof name, "%s.json", t->name);
        if ((fd = write_sidecar(s, name, buf_str(&text), must_last(side), e)) < 0)
            goto out;
    }
    if (!make_blob_dir(s, side->id, e) || !publish(s, side, t->name, name, e))
        goto out;
    ok = close_checked(s, &fd, name, e);
    ok = close_checked(s, &t->fd, t->name, e) && ok;
out:
    if (!ok && !side->is_paid && name[0])
        s->io->unlink(s->io->ctx, s->root, name);
    if (!ok)
        abandon(s, side, t);
    io_close(s->io, &fd);
    buf_deinit(&text);
    return ok;
}

bool blob_restate(struct store *s, struct sidecar *side, struct err *e)
{
    struct buf text = BUF_INIT(2 * (size_t)SIDECAR_MAX);
    char name[PATH_BYTES];
    bool ok = false;
    int fd = -1;
    if (!print_sidecar(s, side, &text, e))
        goto out;
    snprintf(name, sizeof name, "tmp/%.64s.%08x.json", side->id, s->next_name++);
    if ((fd = write_sidecar(s, name, buf_str(&text), must_last(side), e)) < 0)
        goto out;
    ok = publish(s, side, NULL, name, e) && close_checked(s, &fd, name, e);
    if (!ok)
        s->io->unlink(s->io->ctx, s->root, name);
out:
    io_close(s->io, &fd);
    buf_deinit(&text);
    return ok;
}

/* ---------- quarantine ---------- */

bool blob_quarantine(struct store *s, const char *id, struct err *e)
{
    static const char *const endings[] = { "", ".json" };
    char from[PATH_BYTES], to[PATH_BYTES];
    unsigned number = s->next_name++;
    int64_t now = clock_wall_ms() / 1000;
    for (size_t i = 0; i < COUNTOF(endings); i++) {
        blob_path(id, endings[i], from);
        snprintf(to, sizeof to, "quarantine/%.64s.%lld.%08x%s", id, (long long)now, number, endings[i]);
        if (s->io->rename(s->io->ctx, s->root, from, to) != 0 && errno != ENOENT)
            return err_errno(e, "set aside '%s/%s'", s->dir, from);
    }
    return blob_sync_dir(s, id, e);
}

void blob_fill(struct store *s, const struct sidecar *side, struct arena *a, struct blob *out)
{
    char path[PATH_BYTES];
    blob_path(side->id, "", path);
    *out = (struct blob){ .path = arena_printf(a, "%s/%s", s->dir, path),
                          .info = side->info,
                          .words = side->words,
                          .n_words = side->n_words };
    memcpy(out->id, side->id, sizeof out->id);
    memcpy(out->sha256, side->sha256, sizeof out->sha256);
}
