/* fd.c - whole writes and reads of a descriptor */
#include "gen/base/fd.h"
#include <errno.h>
#include <unistd.h>

bool fd_write(int fd, const void *p, size_t n, struct err *e)
{
    for (const char *c = p; n;) {
        ssize_t w = write(fd, c, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return err_errno(e, "write %zu bytes", n);
        c += w;
        n -= (size_t)w;
    }
    return true;
}

bool fd_write_at(int fd, const void *p, size_t n, int64_t offset, struct err *e)
{
    const char *c = p;
    while (n) {
        ssize_t w = pwrite(fd, c, n, (off_t)offset);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return err_errno(e, "write %zu bytes", n);
        c += w;
        n -= (size_t)w;
        offset += w;
    }
    return true;
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

bool fd_shift_down(int fd, int64_t from, int64_t n, struct err *e)
{
    char chunk[32 * 1024];
    for (int64_t at = 0; at < n;) {
        int64_t left = n - at;
        size_t got = fd_read_at(fd, chunk, left < (int64_t)sizeof chunk ? (size_t)left : sizeof chunk, from + at);
        if (got == 0)
            return err_set(e, ERR_IO, "the file ends at %lld of %lld bytes", (long long)at, (long long)n);
        if (!fd_write_at(fd, chunk, got, at, e))
            return false;
        at += (int64_t)got;
    }
    return ftruncate(fd, (off_t)n) == 0 || err_errno(e, "cut to %lld bytes", (long long)n);
}
