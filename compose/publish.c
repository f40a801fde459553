/* publish.c - files that belong together get their names together */
#include "compose/publish.h"
#include <assert.h>
#include <errno.h>
#include <sys/stat.h>
#include "gen/base/fd.h"

int publish_open(struct publish *p, struct str path, struct err *e)
{
    assert(p->n < PUBLISH_MOST);
    if (!aside_open(&p->files[p->n], path, e)) {
        aside_deinit(&p->files[p->n]);
        return -1;
    }
    return p->files[p->n++].fd;
}

bool publish_bytes(struct publish *p, struct str path, struct str bytes, struct err *e)
{
    int fd = publish_open(p, path, e);
    return fd >= 0 && (fd_write(fd, bytes.p, bytes.n, e) || err_wrap(e, STR_FMT, STR_ARG(path)));
}

static bool is_free(const struct aside *a, struct err *e)
{
    struct stat st;
    if (lstat(a->target.p, &st) != 0 || !S_ISDIR(st.st_mode))
        return true;
    errno = EISDIR;
    return err_errno(e, "%s: cannot write", a->target.p);
}

bool publish_commit(struct publish *p, struct err *e)
{
    for (size_t i = 0; i < p->n; i++)
        if (!is_free(&p->files[i], e) || !aside_seal(&p->files[i], e))
            return false;
    for (size_t i = p->n; i > 0; i--)
        if (!aside_commit(&p->files[i - 1], e))
            return false;
    return true;
}

void publish_deinit(struct publish *p)
{
    for (size_t i = 0; i < p->n; i++)
        aside_deinit(&p->files[i]);
    p->n = 0;
}
