/* blob.c - where objects lie, and the temp files that become them */
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
int temp_create(struct store *s, const char *name, struct err *e)
{
    bool is_ours = !s->is_gate_held;            /* a group of files is made behind one gate */
    if (is_ours && !gate_enter(s, LOCK_SH, e))
        return -1;
    int fd = s->io->open(s->io->ctx, s->root, name, O_RDWR | O_CREAT | O_EXCL, 0600);
    bool ok = fd >= 0 && io_make_private(fd) && io_lock(s->io, fd, LOCK_EX | LOCK_NB) == 0;
    if (!ok)
        err_errno(e, "make '%s/%s'", s->dir, name);
    if (!ok && fd >= 0) {
        s->io->unlink(s->io->ctx, s->root, name);
        io_close(s->io, &fd);
    }
    if (is_ours)
        gate_leave(s);
    return fd;
}

bool temp_payload(struct store *s, const char *id, struct store_temp *t, struct err *e)
{
    do
        snprintf(t->name, sizeof t->name, "tmp/%.64s.%08x", id, s->next_name++);
    while ((t->fd = temp_create(s, t->name, e)) < 0 && errno == EEXIST);
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
    if (!check_id(id, e))
        return false;
    store_enter(s);
    bool ok = temp_payload(s, id, t, e);
    store_leave(s);
    if (ok && bytes > 0 && !reserve(s, t->fd, bytes + SPARE, e)) {
        store_temp_drop(s, t);
        return false;
    }
    return ok;
}

void store_temp_drop(struct store *s, struct store_temp *t)
{
    if (t->fd < 0)
        return;
    s->io->unlink(s->io->ctx, s->root, t->name);
    io_close(s->io, &t->fd);
}

/* A refusal means the cache cannot be written, so nobody can remove the object either. */
void blob_touch(struct store *s, const char *path)
{
    struct timespec t[2];
    clock_gettime(CLOCK_REALTIME, &t[1]);
    if (t[1].tv_sec < s->begin.tv_sec || (t[1].tv_sec == s->begin.tv_sec && t[1].tv_nsec < s->begin.tv_nsec))
        t[1] = s->begin;
    t[0] = (struct timespec){ .tv_nsec = UTIME_OMIT };
    utimensat(s->root, path, t, AT_SYMLINK_NOFOLLOW);
}

bool blob_sync_dir(struct store *s, const char *id, struct err *e)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "blobs/%.2s", id);
    return io_sync_dir(s->io, s->root, path, e);
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
