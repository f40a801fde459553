/* av.c - FFmpeg's errors in our words, and files through descriptors */
#include "compose/av.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libavutil/error.h>
#include "gen/base/mem.h"

bool err_av(struct err *e, enum err_code code, int r, const char *fmt, ...)
{
    va_list ap;
    char text[AV_ERROR_MAX_STRING_SIZE] = "";
    if (!e)
        return false;
    va_start(ap, fmt);
    err_vset(e, code, fmt, ap);
    va_end(ap);
    size_t n = strlen(e->msg);
    av_strerror(r, text, sizeof text);
    snprintf(e->msg + n, sizeof e->msg - n, ": %s", text);
    return false;
}

uint8_t *media_read(int fd, size_t max, struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
        err_set(e, ERR_IO, "not a regular file");
        return NULL;
    }
    if ((uint64_t)st.st_size > max) {
        err_set(e, ERR_MEDIA, "%lld bytes are too many, limit %zu", (long long)st.st_size, max);
        return NULL;
    }
    size_t n = (size_t)st.st_size, got = 0;
    uint8_t *p = mem_alloc(n + 64);
    while (got < n) {
        ssize_t r = pread(fd, p + got, n - got, (off_t)got);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            break;
        got += (size_t)r;
    }
    if (got == n)
        return p;
    free(p);
    err_set(e, ERR_IO, "the file ended after %zu of %zu bytes", got, n);
    return NULL;
}
