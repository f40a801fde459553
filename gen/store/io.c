/* io.c - the system calls of the store, and loops around them */
#include "gen/store/io.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/mem.h"
#include "gen/store/crew.h"
#include "gen/store/ledger.h"

static int sys_open(void *ctx, int dir, const char *path, int flags, mode_t mode)
{
    (void)ctx;
    return openat(dir, path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
}

static ssize_t sys_read(void *ctx, int fd, void *p, size_t n, off_t at)
{
    (void)ctx;
    return pread(fd, p, n, at);
}

static ssize_t sys_write(void *ctx, int fd, const void *p, size_t n, off_t at)
{
    (void)ctx;
    return pwrite(fd, p, n, at);
}

static int sys_reserve(void *ctx, int fd, off_t n)
{
    (void)ctx;
#ifdef FALLOC_FL_KEEP_SIZE
    return fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, n);
#else
    (void)fd, (void)n;
    errno = EOPNOTSUPP;
    return -1;
#endif
}

static int sys_truncate(void *ctx, int fd, off_t n)
{
    (void)ctx;
    return ftruncate(fd, n);
}

static int sys_sync(void *ctx, int fd)
{
    (void)ctx;
    return fsync(fd);
}

static int sys_close(void *ctx, int fd)
{
    (void)ctx;
    return close(fd);
}

static int sys_rename(void *ctx, int dir, const char *from, const char *to)
{
    (void)ctx;
    return renameat(dir, from, dir, to);
}

static int sys_unlink(void *ctx, int dir, const char *path)
{
    (void)ctx;
    return unlinkat(dir, path, 0);
}

static int sys_mkdir(void *ctx, int dir, const char *path)
{
    (void)ctx;
    return mkdirat(dir, path, 0700);
}

static int sys_lock(void *ctx, int fd, int how)
{
    (void)ctx;
    return flock(fd, how);
}

static int sys_claim(void *ctx, int fd, off_t at, bool is_taken)
{
    (void)ctx;
    struct flock f = { .l_type = is_taken ? F_WRLCK : F_UNLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };
    return fcntl(fd, F_OFD_SETLK, &f);
}

static int sys_commit(void *ctx, struct ledger *l)
{
    (void)ctx;
    return ledger_commit(l);
}

static void sys_each(void *ctx, struct crew **crew, size_t n, void (*one)(void *arg, size_t i), void *arg)
{
    (void)ctx;
    crew_each(crew, n, one, arg);
}

const struct store_io store_io_system = {
    .open = sys_open, .read = sys_read, .write = sys_write, .reserve = sys_reserve, .truncate = sys_truncate,
    .sync = sys_sync, .close = sys_close, .rename = sys_rename, .unlink = sys_unlink, .mkdir = sys_mkdir,
    .lock = sys_lock, .claim = sys_claim, .commit = sys_commit, .each = sys_each,
};

bool io_write_all(const struct store_io *io, int fd, struct str bytes, const char *what, struct err *e)
{
    size_t at = 0;
    while (at < bytes.n) {
        ssize_t n = io->write(io->ctx, fd, bytes.p + at, bytes.n - at, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = ENOSPC;
        if (n <= 0)
            return err_errno(e, "write '%s'", what);
        at += (size_t)n;
    }
    return true;
}

/* One read at `at` that is not interrupted. */
static ssize_t read_at(const struct store_io *io, int fd, void *p, size_t n, int64_t at)
{
    ssize_t r;
    do
        r = io->read(io->ctx, fd, p, n, (off_t)at);
    while (r < 0 && errno == EINTR);
    return r;
}

bool io_read_all(const struct store_io *io, int fd, int64_t most, struct buf *out, const char *what, struct err *e)
{
    char chunk[16 * 1024];
    int64_t at = 0;
    for (;;) {
        ssize_t n = read_at(io, fd, chunk, sizeof chunk, at);
        if (n < 0)
            return err_errno(e, "read '%s'", what);
        if (n == 0)
            return true;
        at += n;
        if (at > most || !buf_add(out, chunk, (size_t)n))
            return err_set(e, ERR_STORE, "'%s' is over %lld bytes long", what, (long long)most);
    }
}

enum { CHUNK = 256 * 1024 };

/* Reads n bytes and hands them on: to `to` when it is a descriptor, to `d` when there is one. */
static bool pump(const struct store_io *io, int from, int64_t n, int to, struct digest *d, const char *what,
                 struct err *e)
{
    char *chunk = mem_alloc(CHUNK);
    bool ok = false;
    for (int64_t at = 0; at < n;) {
        size_t want = n - at < CHUNK ? (size_t)(n - at) : CHUNK;
        ssize_t got = read_at(io, from, chunk, want, at);
        if (got == 0)
            errno = EIO; /* it got shorter under our hands */
        if (got <= 0) {
            err_errno(e, "read '%s'", what);
            goto out;
        }
        if (d)
            digest_add(d, chunk, (size_t)got);
        for (ssize_t put = 0; to >= 0 && put < got;) {
            ssize_t w = io->write(io->ctx, to, chunk + put, (size_t)(got - put), (off_t)(at + put));
            if (w < 0 && errno == EINTR)
                continue;
            if (w <= 0) {
                err_errno(e, "write a copy of '%s'", what);
                goto out;
            }
            put += w;
        }
        at += got;
    }
    ok = true;
out:
    free(chunk);
    return ok;
}

bool io_hash(const struct store_io *io, int fd, int64_t n, char hex[DIGEST_HEX], const char *what, struct err *e)
{
    struct digest *d = digest_create();
    if (!pump(io, fd, n, -1, d, what, e)) {
        digest_destroy(d);
        return false;
    }
    digest_finish(d, hex);
    return true;
}

bool io_copy(const struct store_io *io, int from, int to, int64_t n, const char *what, struct err *e)
{
    return pump(io, from, n, to, NULL, what, e);
}

bool io_sync_dir(const struct store_io *io, int dir, const char *path, struct err *e)
{
    int fd = io->open(io->ctx, dir, path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return err_errno(e, "open the directory '%s'", path);
    bool ok = io->sync(io->ctx, fd) == 0;
    /* Some network filesystems cannot sync a directory and need no sync either. */
    if (!ok && !(ok = errno == EINVAL || errno == EROFS || errno == ENOTSUP))
        err_errno(e, "sync the directory '%s'", path);
    io_close(io, &fd);
    return ok;
}

bool io_mkdir(const struct store_io *io, int dir, const char *path, bool *is_new, struct err *e)
{
    bool made = io->mkdir(io->ctx, dir, path) == 0;
    if (is_new)
        *is_new = made;
    if (!made && errno != EEXIST)
        return err_errno(e, "make the directory '%s'", path);
    if (made && fchmodat(dir, path, 0700, 0) != 0)
        return err_errno(e, "set the mode of '%s'", path);
    return true;
}

bool io_make_private(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && ((st.st_mode & 0777) == 0600 || fchmod(fd, 0600) == 0);
}

int io_lock(const struct store_io *io, int fd, int how)
{
    int r;
    do
        r = io->lock(io->ctx, fd, how);
    while (r != 0 && errno == EINTR);
    return r;
}

void io_close(const struct store_io *io, int *fd)
{
    if (*fd >= 0)
        io->close(io->ctx, *fd);
    *fd = -1;
}
