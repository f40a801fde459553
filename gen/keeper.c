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
    pthread_mutex_t lock; /* guards all below but thread */
    pthread_cond_t ready;
    struct orders quick, slow, done;            /* to do: what only the ledger has to note, and what moves payloads */
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

/* The engine asks for a step of an asset when the one before was made, so only those of one kind could pass each other.
 */
static bool is_quick(const struct store_order *o)
{
    return o->kind == STORE_ARM_ORDER || o->kind == STORE_ACCEPTED_ORDER || o->kind == STORE_CLOSE_ORDER;
}

/* In turn, where there are both: what waits to be sent does not wait for many payloads, nor these for ever. */
static struct orders *next_queue(struct keeper_thread *k, bool was_quick)
{
    struct orders *first = was_quick ? &k->slow : &k->quick, *second = was_quick ? &k->quick : &k->slow;
    return first->first ? first : second;
}

static void *work(void *arg)
{
    struct keeper_thread *k = arg;
    bool was_quick = false;
    pthread_mutex_lock(&k->lock);
    for (;;) {
        while (!k->is_closing && !k->quick.first && !k->slow.first)
            pthread_cond_wait(&k->ready, &k->lock);
        struct orders *q = next_queue(k, was_quick);
        was_quick = q == &k->quick;
        struct store_order *first = take_all(q);
        if (!first)
            break;
        pthread_mutex_unlock(&k->lock);
        struct store_order *rest = store_keep(k->store, first);
        pthread_mutex_lock(&k->lock);
        append(&k->done, first, rest);
        if (rest) { /* before what has come since */
            struct store_order *newer = take_all(q);
            append(q, rest, NULL);
            append(q, newer, NULL);
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
    take_all(&k->quick);
    take_all(&k->slow);
    take_all(&k->done);
    if (pthread_create(&k->thread, NULL, work, k) != 0)
        abort(); /* not one thread: like having no memory */
    return k;
}

static void submit(void *ctx, struct store_order *o)
{
    struct keeper_thread *k = ctx;
    pthread_mutex_lock(&k->lock);
    append(is_quick(o) ? &k->quick : &k->slow, o, o->next);
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
