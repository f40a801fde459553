/* fd_io.c - FFmpeg reads and writes a descriptor of ours */
#include "compose/fd_io.h"
#include <errno.h>
#include <libavformat/avio.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/mem.h"

enum { BUFFER = 64 << 10 };

struct fd_io {
    int fd;
    int64_t at;
};

static int fd_read(void *opaque, uint8_t *p, int n)
{
    struct fd_io *f = opaque;
    ssize_t r;
    do
        r = pread(f->fd, p, (size_t)n, f->at);
    while (r < 0 && errno == EINTR);
    if (r < 0)
        return AVERROR(errno);
    f->at += r;
    return r ? (int)r : AVERROR_EOF;
}

static int fd_write(void *opaque, uint8_t *p, int n)
{
    struct fd_io *f = opaque;
    for (int done = 0; done < n;) {
        ssize_t r = pwrite(f->fd, p + done, (size_t)(n - done), f->at);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return AVERROR(errno);
        done += (int)r;
        f->at += r;
    }
    return n;
}

static int64_t fd_seek(void *opaque, int64_t offset, int whence)
{
    struct fd_io *f = opaque;
    struct stat st;
    if (fstat(f->fd, &st) < 0)
        return AVERROR(errno);
    if (whence & AVSEEK_SIZE)
        return st.st_size;
    whence &= ~AVSEEK_FORCE;
    int64_t at = offset + (whence == SEEK_CUR ? f->at : whence == SEEK_END ? st.st_size : 0);
    if (at < 0)
        return AVERROR(EINVAL);
    return f->at = at;
}

struct AVIOContext *fd_io_create(int fd, bool is_output)
{
    struct fd_io *f = mem_alloc(sizeof *f);
    uint8_t *buffer = av_malloc(BUFFER);
    f->fd = fd;
    AVIOContext *io = buffer ? avio_alloc_context(buffer, BUFFER, is_output, f, is_output ? NULL : fd_read,
                                                  is_output ? fd_write : NULL, fd_seek)
                             : NULL;
    if (!io)
        abort();
    return io;
}

void fd_io_destroy(struct AVIOContext *io)
{
    if (!io)
        return;
    free(io->opaque);
    av_freep(&io->buffer);
    avio_context_free(&io);
}
