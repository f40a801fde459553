/* file.c - whole files */
#include "gen/base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/fd.h"
#include "gen/base/mem.h"

static bool too_large(const char *name, size_t max, struct err *e)
{
    if (max >= 10 * MIB)
        return err_set(e, ERR_IO, "%s: larger than %zu MiB", name, max / MIB);
    return err_set(e, ERR_IO, "%s: larger than %zu bytes", name, max);
}

bool file_read_fd(int fd, const char *name, size_t max, struct buf *out, struct err *e)
{
    char chunk[16384];
    size_t total = 0;
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(e, "%s: cannot read", name);
        if (n == 0)
            return true;
        if ((size_t)n > max - total || !buf_add(out, chunk, (size_t)n))
            return too_large(name, max, e);
        total += (size_t)n;
    }
}

bool file_read(const char *path, size_t max, struct buf *out, struct err *e)
{
    struct stat st;
    bool ok = false;
    if (strcmp(path, "-") == 0)
        return file_read_fd(STDIN_FILENO, "standard input", max, out, e);
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return err_errno(e, "%s: cannot open", path);
    if (fstat(fd, &st) != 0)
        err_errno(e, "%s: cannot read", path);
    else if (S_ISDIR(st.st_mode))
        err_set(e, ERR_IO, "%s: is a directory", path);
    else if (!S_ISREG(st.st_mode))
        err_set(e, ERR_IO, "%s: not a regular file", path);
    else if ((uint64_t)st.st_size > max)
        too_large(path, max, e);
    else
        ok = file_read_fd(fd, path, max, out, e);
    close(fd);
    return ok;
}

static bool sync_dir_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *dir = slash ? mem_strndup(path, slash == path ? 1 : (size_t)(slash - path)) : mem_strdup(".");
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(dir);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

mode_t file_umask(void)
{
    struct buf status = BUF_INIT(64 * KIB);
    mode_t mask = 022;
    const char *at = NULL;
    if (file_read("/proc/self/status", 64 * KIB, &status, NULL))
        at = strstr(status.p, "\nUmask:");
    if (at) {
        mask = 0;
        for (at += strlen("\nUmask:"); *at == '\t' || *at == ' ';)
            at++;
        for (; *at >= '0' && *at <= '7'; at++)
            mask = (mask << 3 | (mode_t)(*at - '0')) & 0777;
    }
    buf_deinit(&status);
    return mask;
}

bool file_replace(const char *path, struct str bytes, struct err *e)
{
    struct stat st;
    bool is_there = stat(path, &st) == 0, ok = false;
    if (is_there && !S_ISREG(st.st_mode))
        return err_set(e, ERR_IO, "%s: not a regular file", path);
    char *real = is_there ? realpath(path, NULL) : NULL;
    const char *target = real ? real : path;
    struct buf aside = { 0 };
    buf_printf(&aside, "%s.XXXXXX", target);
    int fd = mkostemp(aside.p, O_CLOEXEC);
    if (fd < 0) {
        err_errno(e, "%s: cannot write beside it", path);
        goto out;
    }
    if (!fd_write(fd, bytes.p, bytes.n, NULL) ||
        fchmod(fd, is_there ? st.st_mode & 07777 : 0666 & ~file_umask()) != 0 || fsync(fd) != 0)
        err_errno(e, "%s: cannot write", path);
    else
        ok = true;
    if (close(fd) != 0 && ok)
        ok = err_errno(e, "%s: cannot write", path);
    if (ok && rename(aside.p, target) != 0)
        ok = err_errno(e, "%s: cannot replace", path);
    if (!ok)
        unlink(aside.p);
    else if (!sync_dir_of(target))
        ok = err_errno(e, "%s: cannot sync its directory", path);
out:
    buf_deinit(&aside);
    free(real);
    return ok;
}
