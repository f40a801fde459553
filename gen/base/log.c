/* log.c - lines for someone watching */
#include "gen/base/log.h"
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include "gen/base/buf.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { LINE_MAX_BYTES = 2000 };

struct log {
    pthread_mutex_t lock;
    enum log_level most;
    void (*sink)(void *, enum log_level, const char *);
    void *ctx;
};

struct log *log_create(enum log_level most, void (*sink)(void *, enum log_level, const char *), void *ctx)
{
    struct log *l = mem_alloc(sizeof *l);
    pthread_mutex_init(&l->lock, NULL);
    l->most = most;
    l->sink = sink;
    l->ctx = ctx;
    return l;
}

void log_destroy(struct log *l)
{
    if (!l)
        return;
    pthread_mutex_destroy(&l->lock);
    free(l);
}

bool log_wants(const struct log *l, enum log_level level)
{
    return l && level <= l->most;
}

void log_at(struct log *l, enum log_level level, const char *fmt, ...)
{
    if (!log_wants(l, level))
        return;
    struct buf raw = { 0 }, clean = { 0 };
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(&raw, fmt, ap);
    va_end(ap);
    text_clean(&clean, buf_str(&raw), LINE_MAX_BYTES);
    pthread_mutex_lock(&l->lock);
    l->sink(l->ctx, level, buf_str(&clean).p);
    pthread_mutex_unlock(&l->lock);
    buf_deinit(&raw);
    buf_deinit(&clean);
}
