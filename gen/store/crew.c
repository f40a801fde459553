/* crew.c - threads that wait for the disk side by side, kept from one group to the next */
#include "gen/store/crew.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include "gen/base/mem.h"

enum { MOST = 7 };                              /* beside the one that calls */

struct crew {
    pthread_mutex_t lock;                       /* guards all below but next */
    pthread_cond_t asked, done;
    pthread_t threads[MOST];
    size_t n_threads;
    size_t n_asked, n_busy;                     /* who is to help, and does */
    bool is_in_use, is_closing;
    void (*one)(void *arg, size_t i);
    void *arg;
    size_t n;
    atomic_size_t next;
};

static void work(struct crew *c)
{
    size_t i;
    while ((i = atomic_fetch_add(&c->next, 1)) < c->n)
        c->one(c->arg, i);
}

static void *help(void *ctx)
{
    struct crew *c = ctx;
    pthread_mutex_lock(&c->lock);
    for (;;) {
        while (!c->n_asked && !c->is_closing)
            pthread_cond_wait(&c->asked, &c->lock);
        if (c->is_closing)
            break;
        c->n_asked--;
        c->n_busy++;
        pthread_mutex_unlock(&c->lock);
        work(c);
        pthread_mutex_lock(&c->lock);
        if (--c->n_busy == 0)
            pthread_cond_signal(&c->done);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

static struct crew *create(void)
{
    struct crew *c = mem_alloc(sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->asked, NULL);
    pthread_cond_init(&c->done, NULL);
    return c;
}

/* The second of two files is synced nearly for nothing. */
static size_t helpers_for(size_t n)
{
    size_t n_helpers = n > 2 ? (n - 1) / 2 : 0;
    return n_helpers < MOST ? n_helpers : MOST;
}

static void ask(struct crew *c, size_t n_helpers)
{
    while (c->n_threads < n_helpers && pthread_create(&c->threads[c->n_threads], NULL, help, c) == 0)
        c->n_threads++;
    c->n_asked = n_helpers < c->n_threads ? n_helpers : c->n_threads;
    pthread_cond_broadcast(&c->asked);
}

void crew_each(struct crew **crew, size_t n, void (*one)(void *arg, size_t i), void *arg)
{
    size_t n_helpers = helpers_for(n);
    struct crew *c = *crew;
    if (n_helpers && !c)
        c = *crew = create();
    bool is_ours = false;
    if (n_helpers) {
        pthread_mutex_lock(&c->lock);
        is_ours = !c->is_in_use;
        if (is_ours) {
            c->is_in_use = true;
            c->one = one;
            c->arg = arg;
            c->n = n;
            atomic_store(&c->next, 0);
            ask(c, n_helpers);
        }
        pthread_mutex_unlock(&c->lock);
    }
    if (!is_ours) {
        for (size_t i = 0; i < n; i++)
            one(arg, i);
        return;
    }
    work(c);
    pthread_mutex_lock(&c->lock);
    c->n_asked = 0;                             /* all of it is taken */
    while (c->n_busy)
        pthread_cond_wait(&c->done, &c->lock);
    c->is_in_use = false;
    pthread_mutex_unlock(&c->lock);
}

void crew_destroy(struct crew *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->is_closing = true;
    pthread_cond_broadcast(&c->asked);
    pthread_mutex_unlock(&c->lock);
    while (c->n_threads)
        pthread_join(c->threads[--c->n_threads], NULL);
    pthread_cond_destroy(&c->asked);
    pthread_cond_destroy(&c->done);
    pthread_mutex_destroy(&c->lock);
    free(c);
}
