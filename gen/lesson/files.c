/* files.c - opening files that a lesson names */
#include "gen/lesson/files.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { LONGEST_PATH = 4000, OPEN_FLAGS = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY };

bool path_stays_below(struct str rel)
{
    size_t depth = 0;
    if (rel.n == 0 || rel.p[0] == '/')
        return false;
    for (size_t i = 0; i <= rel.n;) {
        const char *slash = i < rel.n ? memchr(rel.p + i, '/', rel.n - i) : NULL;
        size_t end = slash ? (size_t)(slash - rel.p) : rel.n;
        struct str part = { rel.p + i, end - i };
        if (str_is(part, "..")) {
            if (depth-- == 0)
                return false;
        } else if (part.n && !str_is(part, "."))
            depth++;
        i = end + 1;
    }
    return depth > 0;
}

/* For kernels without openat2: every component by itself, none a link. ".." is not followed at all. */
static int open_by_parts(int dir, char *path)
{
    int at = dir;
    char *part = path;
    for (;;) {
        char *slash = strchr(part, '/');
        if (slash)
            *slash = '\0';
        if (strcmp(part, "..") == 0) {
            errno = EXDEV;
            break;
        }
        int next = -1;
        if (*part == '\0' || strcmp(part, ".") == 0)
            next = fcntl(at, F_DUPFD_CLOEXEC, 0);
        else
            next = openat(at, part, slash ? O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC : OPEN_FLAGS | O_NOFOLLOW);
        int why = errno;
        if (at != dir)
            close(at);
        errno = why;
        if (next < 0 || !slash)
            return next;
        at = next;
        part = slash + 1;
    }
    int why = errno;
    if (at != dir)
        close(at);
    errno = why;
    return -1;
}

static int open_below(int dir, char *path)
{
    struct open_how how = { .flags = OPEN_FLAGS,
                            .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
    int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        return open_by_parts(dir, path);
    return fd;
}

static const char *reason(int error)
{
    switch (error) {
    case ELOOP: return "symbolic links are not followed";
    case EXDEV: return "it leaves the lesson's directory";
    case ENOENT: return "no such file";
    default: return strerror(error);
    }
}

bool lesson_open_file(const struct lesson *l, struct str rel, size_t max_bytes, int *fd, struct err *e)
{
    struct buf path = { 0 }, dir_path = { 0 }, name = { 0 };
    int dir = -1, file = -1;
    struct stat st;
    bool ok = false;
    text_clean(&name, rel, 200);
    if (rel.n == 0 || rel.n > LONGEST_PATH || memchr(rel.p, '\0', rel.n)) {
        err_set(e, ERR_LESSON, "'" STR_FMT "': not the name of a file", STR_ARG(buf_str(&name)));
        goto out;
    }
    if (!l->allow_outside && !path_stays_below(rel)) {
        err_set(e, ERR_LESSON, "'" STR_FMT "' leaves the lesson's directory", STR_ARG(buf_str(&name)));
        goto out;
    }
    buf_adds(&path, rel);
    buf_adds(&dir_path, l->dir.n ? l->dir : STR("."));
    if ((dir = open(dir_path.p, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0) {
        err_errno(e, "open the directory of '" STR_FMT "'", STR_ARG(l->path));
        goto out;
    }
    file = l->allow_outside ? openat(dir, path.p, OPEN_FLAGS) : open_below(dir, path.p);
    if (file < 0 || fstat(file, &st) != 0) {
        int why = errno;
        err_set(e, why == ENOENT || why == ELOOP || why == EXDEV ? ERR_LESSON : ERR_IO, "'" STR_FMT "': %s",
                STR_ARG(buf_str(&name)), reason(why));
        goto out;
    }
    if (!S_ISREG(st.st_mode)) {
        err_set(e, ERR_LESSON, "'" STR_FMT "': not a file", STR_ARG(buf_str(&name)));
        goto out;
    }
    if (max_bytes && (uintmax_t)st.st_size > max_bytes) {
        err_set(e, ERR_LESSON, "'" STR_FMT "': %lld bytes, at most %zu", STR_ARG(buf_str(&name)), (long long)st.st_size,
                max_bytes);
        goto out;
    }
    *fd = file;
    file = -1;
    ok = true;
out:
    if (file >= 0)
        close(file);
    if (dir >= 0)
        close(dir);
    buf_deinit(&name);
    buf_deinit(&dir_path);
    buf_deinit(&path);
    return ok;
}
