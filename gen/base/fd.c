/* fd.c - whole writes and reads of a descriptor */
#include "gen/base/fd.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* at < 0: from where fd stands */
static bool write_all(int fd, const char *p, size_t n, int64_t at, struct err *e)
{
    while (n) {
        ssize_t w = at < 0 ? write(fd, p, n) : pwrite(fd, p, n, (off_t)at);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return err_errno(e, "write %zu bytes", n);
        p += w;
        n -= (size_t)w;
        at += at < 0 ? 0 : w;
    }
    return true;
}

bool fd_write(int fd, const void *p, size_t n, struct err *e)
{
    return write_all(fd, p, n, -1, e);
}

bool fd_write_at(int fd, const void *p, size_t n, int64_t offset, struct err *e)
{
    return write_all(fd, p, n, offset, e);
}

size_t fd_read_at(int fd, void *p, size_t n, int64_t offset)
{
    char *c = p;
    size_t got = 0;
    while (got < n) {
        ssize_t r = pread(fd, c + got, n - got, (off_t)(offset + (int64_t)got));
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            break;
        got += (size_t)r;
    }
    return got;
}

bool fd_shift_down(int fd, int64_t from, int64_t to, int64_t n, struct err *e)
{
    char chunk[32 * 1024];
    for (int64_t at = 0; at < n;) {
        int64_t left = n - at;
        size_t got = fd_read_at(fd, chunk, left < (int64_t)sizeof chunk ? (size_t)left : sizeof chunk, from + at);
        if (got == 0)
            return err_set(e, ERR_IO, "the file ends at %lld of %lld bytes", (long long)at, (long long)n);
        if (!fd_write_at(fd, chunk, got, to + at, e))
            return false;
        at += (int64_t)got;
    }
    return ftruncate(fd, to + n) == 0 || err_errno(e, "cut to %lld bytes", (long long)to + n);
}

/* ftruncate would give the reserved blocks back even where nothing is to be cut. */
bool fd_empty(int fd, struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && st.st_size == 0)
        return true;
    return ftruncate(fd, 0) == 0 || err_errno(e, "empty a file");
}
