/* picture_source.c - pictures come from the files in the store */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "compose/decode.h"
#include "compose/scene.h"
#include "gen/base/mem.h"

static bool file_open(void *ctx, const struct blob *b, struct plate_source *out, void **held, struct err *e)
{
    struct picture *p = mem_alloc(sizeof *p);
    char *path = mem_strndup(b->path.p, b->path.n);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 ? picture_decode(fd, p, e) : err_errno(e, "open '%s'", path);
    (void)ctx;
    if (fd >= 0)
        close(fd);
    free(path);
    if (ok) {
        *out = (struct plate_source){ p->bgra, p->width, p->height, p->stride };
        *held = p;
    } else {
        free(p);
    }
    return ok;
}

static void file_close(void *ctx, void *held)
{
    (void)ctx;
    picture_deinit(held);
    free(held);
}

const struct picture_source picture_source_files = { .open = file_open, .close = file_close };
