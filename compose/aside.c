/* aside.c - a file written beside its final name and moved there when it is whole */
#include "compose/aside.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/file.h"

/* "dir/" of a path, or nothing. */
static struct str dir_of(struct str path)
{
    const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
    return (struct str){ path.p, slash ? (size_t)(slash - path.p) + 1 : 0 };
}

static bool name_temp(struct aside *a)
{
    buf_clear(&a->temp);
    return buf_adds(&a->temp, dir_of(buf_str(&a->target))) && buf_addz(&a->temp, ".vidgen-XXXXXX");
}

/* Without a name until it is whole, so that nothing lies about when the program is killed. */
bool aside_open(struct aside *a, struct str target, struct err *e)
{
    struct buf dir = { 0 };
    *a = (struct aside){ .fd = -1 };
    if (!buf_adds(&a->target, target) || !buf_adds(&dir, dir_of(target)) || !buf_addz(&dir, "."))
        return err_set(e, ERR_IO, "a name that is too long");
    a->fd = open(dir.p, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    buf_deinit(&dir);
    if (a->fd < 0 && name_temp(a))              /* file systems without O_TMPFILE */
        a->fd = mkostemp(a->temp.p, O_CLOEXEC);
    if (a->fd >= 0)
        return true;
    err_errno(e, STR_FMT ": cannot write beside it", STR_ARG(target));
    buf_clear(&a->temp);
    return false;
}

static bool sync_dir(struct str target)
{
    struct buf dir = { 0 };
    struct str d = dir_of(target);
    bool ok = buf_adds(&dir, d.n ? d : STR("."));
    int fd = ok ? open(dir.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    buf_deinit(&dir);
    return ok;
}

/* A name can only be given that nobody has, and the target may be there: so it gets one of its own for a moment. */
static bool give_name(struct aside *a)
{
    char self[40];
    if (a->temp.n)
        return true;
    if (!name_temp(a))
        return false;
    int fd = mkostemp(a->temp.p, O_CLOEXEC);    /* finds a free one */
    if (fd < 0)
        return false;
    close(fd);
    unlink(a->temp.p);
    snprintf(self, sizeof self, "/proc/self/fd/%d", a->fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, a->temp.p, AT_SYMLINK_FOLLOW) == 0;
}

bool aside_seal(struct aside *a, struct err *e)
{
    if (a->fd < 0)
        return true;
    bool ok = fchmod(a->fd, 0666 & ~file_umask()) == 0 && fsync(a->fd) == 0 && give_name(a);
    ok = close(a->fd) == 0 && ok;
    a->fd = -1;
    return ok || err_errno(e, "%s: cannot write", a->target.p);
}

bool aside_commit(struct aside *a, struct err *e)
{
    if (!aside_seal(a, e))
        return false;
    if (rename(a->temp.p, a->target.p) != 0)
        return err_errno(e, "%s: cannot write", a->target.p);
    buf_clear(&a->temp);
    return sync_dir(buf_str(&a->target)) || err_errno(e, "%s: cannot sync its directory", a->target.p);
}

void aside_deinit(struct aside *a)
{
    if (a->fd >= 0)
        close(a->fd);
    if (a->temp.n)
        unlink(a->temp.p);
    buf_deinit(&a->temp);
    buf_deinit(&a->target);
    a->fd = -1;
}

int aside_scratch(struct str near, struct err *e)
{
    struct buf name = { 0 };
    struct str d = dir_of(near);
    int fd = -1;
    if (buf_adds(&name, d.n ? d : STR("./"))) {
        fd = open(name.p, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (fd < 0 && buf_addz(&name, ".vidgen-XXXXXX")) { /* file systems without O_TMPFILE */
            fd = mkostemp(name.p, O_CLOEXEC);
            if (fd >= 0)
                unlink(name.p);
        }
    }
    if (fd < 0)
        err_errno(e, "no room for samples beside " STR_FMT, STR_ARG(near));
    buf_deinit(&name);
    return fd;
}
