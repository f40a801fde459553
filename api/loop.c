/* loop.c - one place to wait for many descriptors: epoll, and an eventfd to be woken by */
#include "api/loop.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "gen/base/mem.h"

enum { ROUND = 256 };

struct watch {
    loop_ready *ready;                          /* NULL: not watched */
    void *ctx;
    unsigned events;
    uint32_t epoch;                             /* tells it from an earlier watch of the same number */
};

struct loop {
    int epoll, waker;
    struct watch *v;                            /* by descriptor */
    size_t n;
    uint32_t epoch;
    struct epoll_event round[ROUND];            /* what was ready; from next_event on it was not told yet */
    int n_events, next_event;
    bool is_cut;
};

static uint32_t mask_of(unsigned events)
{
    return (events & LOOP_READ ? EPOLLIN : 0u) | (events & LOOP_WRITE ? EPOLLOUT : 0u);
}

struct loop *loop_create(struct err *e)
{
    struct loop *l = mem_alloc(sizeof *l);
    struct epoll_event woken = { .events = EPOLLIN };
    l->waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    woken.data.u64 = (uint32_t)l->waker;
    if (l->waker >= 0 && l->epoll >= 0 && epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->waker, &woken) == 0)
        return l;
    err_errno(e, "start a loop");
    loop_destroy(l);
    return NULL;
}

void loop_destroy(struct loop *l)
{
    if (!l)
        return;
    if (l->epoll >= 0)
        close(l->epoll);
    if (l->waker >= 0)
        close(l->waker);
    free(l->v);
    free(l);
}

static struct watch *slot(struct loop *l, int fd)
{
    size_t at = (size_t)fd, n = l->n ? l->n : 64;
    while (n <= at)
        n *= 2;
    if (n > l->n) {
        l->v = mem_resize(l->v, n, sizeof *l->v);
        memset(l->v + l->n, 0, (n - l->n) * sizeof *l->v);
        l->n = n;
    }
    return &l->v[at];
}

bool loop_watch(struct loop *l, int fd, unsigned events, loop_ready *ready, void *ctx, struct err *e)
{
    if (fd < 0)
        return err_set(e, ERR_IO, "watch no descriptor");
    struct watch *w = slot(l, fd);
    bool is_new = !w->ready;
    struct watch next = { ready, ctx, events, is_new ? ++l->epoch : w->epoch };
    struct epoll_event ev = { .events = mask_of(events) };
    ev.data.u64 = (uint64_t)next.epoch << 32 | (uint32_t)fd;
    bool ok = true;
    if (is_new || w->events != events)
        ok = epoll_ctl(l->epoll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &ev) == 0;
    if (!ok && errno == ENOENT)                 /* was closed without a word and opened again */
        ok = epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) == 0;
    if (!ok)
        return err_errno(e, "watch descriptor %d", fd);
    *w = next;
    return true;
}

void loop_unwatch(struct loop *l, int fd)
{
    if (fd < 0 || (size_t)fd >= l->n || !l->v[fd].ready)
        return;
    epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
    l->v[fd] = (struct watch){ 0 };
}

/* An earlier callback of the same round may have closed the descriptor, and another may have got its number. */
static void call_back(struct loop *l, const struct epoll_event *ev)
{
    int fd = (int)(uint32_t)ev->data.u64;
    unsigned events = (ev->events & EPOLLIN ? LOOP_READ : 0u) | (ev->events & EPOLLOUT ? LOOP_WRITE : 0u);
    if ((size_t)fd >= l->n || !l->v[fd].ready || l->v[fd].epoch != ev->data.u64 >> 32)
        return;
    if (ev->events & (EPOLLERR | EPOLLHUP))
        events |= l->v[fd].events;
    l->v[fd].ready(l->v[fd].ctx, fd, events);
}

bool loop_wait(struct loop *l, int64_t timeout_ms)
{
    bool is_woken = false;
    if (l->next_event >= l->n_events) {
        int ms = timeout_ms < 0 ? -1 : timeout_ms > INT_MAX ? INT_MAX : (int)timeout_ms;
        l->n_events = epoll_wait(l->epoll, l->round, ROUND, ms);
        l->next_event = 0;
    }
    for (l->is_cut = false; l->next_event < l->n_events && !l->is_cut;) {
        struct epoll_event ev = l->round[l->next_event++];
        uint64_t count;
        if (ev.data.u64 == (uint32_t)l->waker)
            is_woken = read(l->waker, &count, sizeof count) == (ssize_t)sizeof count || is_woken;
        else
            call_back(l, &ev);
    }
    return is_woken;
}

void loop_cut(struct loop *l)
{
    l->is_cut = true;
}

void loop_wake(struct loop *l)
{
    const uint64_t one = 1;
    int saved = errno;
    ssize_t n = write(l->waker, &one, sizeof one); /* full: it is awake as it is */
    (void)n;
    errno = saved;
}
