/* sweep.c - what dead processes left in tmp/ and locks/: finished when it was bought and is whole, else removed */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include "gen/base/digest.h"
#include "gen/base/mem.h"
#include "gen/store/impl.h"

struct names {
    char (*v)[PATH_BYTES];
    size_t n, cap;
    const char *dir;
    bool (*is_ours)(const char *name);
};

static bool is_hex8(const char *p)
{
    return strspn(p, "0123456789abcdef") >= 8;
}

/* ID.hhhhhhhh and ID.hhhhhhhh.json */
static bool is_temp(const char *name)
{
    size_t n = strlen(name);
    return (n == 73 || (n == 78 && strcmp(name + 73, ".json") == 0)) && digest_is_hex((struct str){ name, 64 }) &&
           name[64] == '.' && is_hex8(name + 65);
}

/* run-hhhhhhhh */
static bool is_run(const char *name)
{
    return strlen(name) == 12 && strncmp(name, "run-", 4) == 0 && is_hex8(name + 4);
}

/* A run's lock, or the file that versions before locked for an id. */
static bool is_lock(const char *name)
{
    return is_run(name) || digest_is_hex(str_from(name));
}

static bool collect(void *ctx, const char *name, struct err *e)
{
    struct names *names = ctx;
    (void)e;
    if (!names->is_ours(name))
        return true;
    if (names->n == names->cap) {
        names->cap = names->cap ? 2 * names->cap : 64;
        names->v = mem_resize(names->v, names->cap, sizeof *names->v);
    }
    snprintf(names->v[names->n++], PATH_BYTES, "%s/%s", names->dir, name);
    return true;
}

/* Opens and locks. -1 with *is_live when a live process holds it, -1 without when it is not there or not readable. */
static int claim(struct store *s, const char *path, bool *is_live)
{
    *is_live = false;
    int fd = s->io->open(s->io->ctx, s->root, path, O_RDWR | O_NONBLOCK, 0);
    if (fd >= 0 && io_lock(s->io, fd, LOCK_EX | LOCK_NB) != 0) {
        *is_live = true;
        io_close(s->io, &fd);
    }
    return fd;
}

static bool drop(struct store *s, const char *path, struct err *e)
{
    return s->io->unlink(s->io->ctx, s->root, path) == 0 || errno == ENOENT ||
           err_errno(e, "remove '%s/%s'", s->dir, path);
}

static bool is_payload(struct store *s, int fd, const struct sidecar *side)
{
    struct stat st;
    char hex[DIGEST_HEX];
    return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == side->bytes &&
           io_hash(s->io, fd, side->bytes, hex, "temp file", NULL) && strcmp(hex, side->sha256) == 0;
}

/* What an object in blobs/ is already worth: 0 nothing, 1 answered, 2 done. */
static int worth(struct store *s, const char *id)
{
    char path[PATH_BYTES];
    struct arena a = { 0 };
    struct sidecar old;
    struct stat st;
    bool is_there;
    int value = 0;
    blob_path(id, ".json", path);
    if (sidecar_read(s, path, &a, &old, &is_there, NULL) && is_there) {
        blob_path(id, "", path);
        if (fstatat(s->root, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) && st.st_size == old.bytes)
            value = old.is_done ? 2 : 1;
    }
    arena_deinit(&a);
    return value;
}

/* from: the payload's temp name, NULL when it was renamed before its writer died. */
static bool finish(struct store *s, const struct sidecar *side, const char *from, int payload, const char *name, int fd,
                   struct err *e)
{
    char to[PATH_BYTES], to_side[PATH_BYTES], dir[PATH_BYTES];
    blob_path(side->id, "", to);
    blob_path(side->id, ".json", to_side);
    snprintf(dir, sizeof dir, "blobs/%.2s", side->id);
    if (!io_mkdir(s->io, s->root, dir, NULL, e) || !io_sync_dir(s->io, s->root, "blobs", e))
        return false;
    if (s->io->sync(s->io->ctx, fd) != 0 || s->io->sync(s->io->ctx, payload) != 0)
        return err_errno(e, "sync '%s/%s'", s->dir, name);
    if ((from && s->io->rename(s->io->ctx, s->root, from, to) != 0) ||
        s->io->rename(s->io->ctx, s->root, name, to_side) != 0)
        return err_errno(e, "rename '%s/%s'", s->dir, name);
    if (!io_sync_dir(s->io, s->root, dir, e) || !ledger_adopt(s->ledger, side, e))
        return false;
    log_info(s->log, "store: finished %.12s, which an earlier run had received but not stored", side->id);
    return true;
}

/* A sidecar in tmp/ whose writer is dead. */
static bool settle_sidecar(struct store *s, const char *name, struct err *e)
{
    char stem[PATH_BYTES], blob[PATH_BYTES];
    struct arena a = { 0 };
    struct sidecar side;
    bool is_live = false, is_payload_live = false, is_there, ok = true, is_finished = false;
    int payload = -1, fd = claim(s, name, &is_live);
    if (is_live)
        return true;
    snprintf(stem, sizeof stem, "%.*s", (int)(strlen(name) - 5), name);
    bool is_good = fd >= 0 && sidecar_read(s, name, &a, &side, &is_there, NULL) && is_there && side.is_paid &&
                   strncmp(side.id, name + 4, 64) == 0;
    if (is_good) {
        int old = worth(s, side.id);
        blob_path(side.id, "", blob);
        payload = claim(s, stem, &is_payload_live);
        if (is_payload_live)
            goto out;
        bool is_renamed = payload < 0;
        if (is_renamed)
            payload = s->io->open(s->io->ctx, s->root, blob, O_RDONLY | O_NONBLOCK, 0);
        /* better than what is there: an answer where nothing is, a check where only an answer is */
        if ((old == 0 || (is_renamed && old == 1 && side.is_done)) && is_payload(s, payload, &side)) {
            ok = finish(s, &side, is_renamed ? NULL : stem, payload, name, fd, e);
            is_finished = true;
        }
    }
    if (!is_finished)
        ok = drop(s, name, e);
out:
    io_close(s->io, &payload);
    io_close(s->io, &fd);
    arena_deinit(&a);
    return ok;
}

static bool settle_payload(struct store *s, const char *name, struct err *e)
{
    bool is_live;
    int fd = claim(s, name, &is_live);
    bool ok = is_live || fd < 0 || drop(s, name, e);
    io_close(s->io, &fd);
    return ok;
}

bool sweep_temps(struct store *s, struct err *e)
{
    struct names names = { .dir = "tmp", .is_ours = is_temp };
    bool ok = each_entry(s, "tmp", collect, &names, e);
    for (size_t i = 0; ok && i < names.n; i++)
        if (str_ends(str_from(names.v[i]), ".json"))
            ok = settle_sidecar(s, names.v[i], e);
    for (size_t i = 0; ok && i < names.n; i++)
        if (!str_ends(str_from(names.v[i]), ".json"))
            ok = settle_payload(s, names.v[i], e);
    free(names.v);
    return ok;
}

static bool is_earlier(struct timespec a, struct timespec b)
{
    return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

bool sweep_runs(struct store *s, struct timespec *oldest, struct err *e)
{
    struct names names = { .dir = "locks", .is_ours = is_lock };
    struct timespec least = s->begin;
    struct stat st;
    bool ok = each_entry(s, "locks", collect, &names, e);
    for (size_t i = 0; ok && i < names.n; i++) {
        bool is_live;
        int fd = claim(s, names.v[i], &is_live);
        if (is_live && is_run(strrchr(names.v[i], '/') + 1) &&
            fstatat(s->root, names.v[i], &st, AT_SYMLINK_NOFOLLOW) == 0 && is_earlier(st.st_mtim, least))
            least = st.st_mtim;
        if (fd >= 0)
            ok = drop(s, names.v[i], e);
        io_close(s->io, &fd);
    }
    free(names.v);
    if (oldest)
        *oldest = least;
    return ok;
}
