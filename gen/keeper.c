/* keeper.c - a thread that takes orders and hands them back made */
#include "gen/keeper.h"
#include <pthread.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/store.h"

struct orders {
    struct store_order *first, **end;
};

struct keeper_thread {
    struct store *store;
    pthread_mutex_t lock;                       /* guards all below but thread */
    pthread_cond_t ready;
    struct orders todo, done;
    bool is_closing;
    void (*wake)(void *);
    void *ctx;
    pthread_t thread;
};

/* A chain from `first` up to the one before `end`. */
static void append(struct orders *q, struct store_order *first, const struct store_order *end)
{
    *q->end = first;
    while (*q->end != end)
        q->end = &(*q->end)->next;
    *q->end = NULL;
}

static struct store_order *take_all(struct orders *q)
{
    struct store_order *first = q->first;
    q->first = NULL;
    q->end = &q->first;
    return first;
}

static void *work(void *arg)
{
    struct keeper_thread *k = arg;
    pthread_mutex_lock(&k->lock);
    for (;;) {
        while (!k->is_closing && !k->todo.first)
            pthread_cond_wait(&k->ready, &k->lock);
        struct store_order *first = take_all(&k->todo);
        if (!first)
            break;
        pthread_mutex_unlock(&k->lock);
        struct store_order *rest = store_keep(k->store, first);
        pthread_mutex_lock(&k->lock);
        append(&k->done, first, rest);
        if (rest) {                             /* before what has come since */
            struct store_order *newer = take_all(&k->todo);
            append(&k->todo, rest, NULL);
            append(&k->todo, newer, NULL);
        }
        k->wake(k->ctx);
    }
    pthread_mutex_unlock(&k->lock);
    return NULL;
}

struct keeper_thread *keeper_create(struct store *s, void (*wake)(void *), void *ctx)
{
    struct keeper_thread *k = mem_alloc(sizeof *k);
    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->ready, NULL);
    k->store = s;
    k->wake = wake;
    k->ctx = ctx;
    take_all(&k->todo);
    take_all(&k->done);
    if (pthread_create(&k->thread, NULL, work, k) != 0)
        abort();                                /* not one thread: like having no memory */
    return k;
}

static void submit(void *ctx, struct store_order *o)
{
    struct keeper_thread *k = ctx;
    pthread_mutex_lock(&k->lock);
    append(&k->todo, o, o->next);
    pthread_cond_signal(&k->ready);
    pthread_mutex_unlock(&k->lock);
}

static struct store_order *collect(void *ctx)
{
    struct keeper_thread *k = ctx;
    pthread_mutex_lock(&k->lock);
    struct store_order *first = take_all(&k->done);
    pthread_mutex_unlock(&k->lock);
    return first;
}

struct keeper keeper_port(struct keeper_thread *k)
{
    return (struct keeper){ k, submit, collect };
}

void keeper_destroy(struct keeper_thread *k)
{
    if (!k)
        return;
    pthread_mutex_lock(&k->lock);
    k->is_closing = true;
    pthread_cond_signal(&k->ready);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->ready);
    pthread_mutex_destroy(&k->lock);
    free(k);
}
