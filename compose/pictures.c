/* pictures.c - the pictures and clips that scenes are made of come from the store, decoded in a child process */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "compose/decode.h"
#include "compose/scene.h"
#include "gen/base/mem.h"

static bool open_file(void *ctx, const struct blob *b, struct plate_source *out, void **held, struct err *e)
{
    (void)ctx;
    struct picture *p = mem_alloc(sizeof *p);
    int fd = open(b->path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 ? picture_decode(fd, p, e) : err_errno(e, "open a picture");
    if (fd >= 0)
        close(fd);
    if (!ok) {
        free(p);
        return false;
    }
    *out = (struct plate_source){ .bgra = p->bgra, .w = p->width, .h = p->height, .stride = p->stride };
    *held = p;
    return true;
}

static void close_file(void *ctx, void *held)
{
    (void)ctx;
    if (held)
        picture_deinit(held);
    free(held);
}

static struct clip *open_clip(void *ctx, const struct blob *b, const struct clip_spec *spec, struct err *e)
{
    (void)ctx;
    int fd = open(b->path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        err_errno(e, "open a clip");
        return NULL;
    }
    struct clip *c = clip_open(fd, spec, e);
    close(fd);
    return c;
}

const struct picture_source picture_source_files = { .open = open_file, .close = close_file, .open_clip = open_clip };
