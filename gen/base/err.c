/* err.c - what went wrong */
#include "gen/base/err.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct { const char *name; int exit; } codes[] = {
#define X(id, name, exit) { name, exit },
    ERR_CODES(X)
#undef X
};

static void mark_cut(struct err *e, int n)
{
    if (n >= (int)sizeof e->msg)
        memcpy(e->msg + sizeof e->msg - 4, "...", 4);
}

bool err_vset(struct err *e, enum err_code code, const char *fmt, va_list ap)
{
    if (!e)
        return false;
    e->code = code;
    mark_cut(e, vsnprintf(e->msg, sizeof e->msg, fmt, ap));
    return false;
}

bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    err_vset(e, code, fmt, ap);
    va_end(ap);
    return false;
}

bool err_wrap(struct err *e, const char *fmt, ...)
{
    if (!e)
        return false;
    struct err inner = *e;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    if (n >= 0 && n < (int)sizeof e->msg)
        n += snprintf(e->msg + n, sizeof e->msg - (size_t)n, ": %s", inner.msg);
    mark_cut(e, n);
    return false;
}

bool err_errno(struct err *e, const char *fmt, ...)
{
    int saved = errno;
    va_list ap;
    va_start(ap, fmt);
    err_vset(e, ERR_IO, fmt, ap);
    va_end(ap);
    if (e) {
        size_t n = strlen(e->msg);
        mark_cut(e, (int)n + snprintf(e->msg + n, sizeof e->msg - n, ": %s", strerror(saved)));
    }
    errno = saved;
    return false;
}

const char *err_code_name(enum err_code code)
{
    return (unsigned)code < ERR_N_CODES ? codes[code].name : "unknown";
}

int err_exit_code(enum err_code code)
{
    return (unsigned)code < ERR_N_CODES ? codes[code].exit : 1;
}
