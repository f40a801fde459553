/* keeper.c - threads that take orders and hand them back made
 *
 * One for what only the ledger has to note, one for what moves payloads: a request that is to be sent does not wait until
 * the disk has thirty pictures. The store lets them in one after the other where they share something. */
#include "gen/keeper.h"
#include <pthread.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/store.h"

struct orders {
    struct store_order *first, **end;
};

enum pace { QUICK, SLOW, N_PACES };

struct hand {
    struct keeper_thread *keeper;
    struct orders to_do;
    pthread_cond_t ready;
    pthread_t thread;
};

struct keeper_thread {
    struct store *store;
    pthread_mutex_t lock; /* guards to_do, done and is_closing */
    struct hand hands[N_PACES];
    struct orders done;
    bool is_closing;
    void (*wake)(void *);
    void *ctx;
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

/* The engine asks for a step of an asset when the one before was made, so none can pass another of its own. */
static enum pace pace_of(const struct store_order *o)
{
    return o->kind == STORE_ARM_ORDER || o->kind == STORE_ACCEPTED_ORDER || o->kind == STORE_CLOSE_ORDER ? QUICK : SLOW;
}

static void *work(void *arg)
{
    struct hand *h = arg;
    struct keeper_thread *k = h->keeper;
    pthread_mutex_lock(&k->lock);
    for (;;) {
        while (!k->is_closing && !h->to_do.first)
            pthread_cond_wait(&h->ready, &k->lock);
        struct store_order *first = take_all(&h->to_do);
        if (!first)
            break;
        pthread_mutex_unlock(&k->lock);
        struct store_order *rest = store_keep(k->store, first);
        pthread_mutex_lock(&k->lock);
        append(&k->done, first, rest);
        if (rest) { /* before what has come since */
            struct store_order *newer = take_all(&h->to_do);
            append(&h->to_do, rest, NULL);
            append(&h->to_do, newer, NULL);
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
    k->is_closing = false;
    k->store = s;
    k->wake = wake;
    k->ctx = ctx;
    take_all(&k->done);
    for (int i = 0; i < N_PACES; i++) {
        struct hand *h = &k->hands[i];
        h->keeper = k;
        take_all(&h->to_do);
        pthread_cond_init(&h->ready, NULL);
        if (pthread_create(&h->thread, NULL, work, h) != 0)
            abort(); /* not two threads: like having no memory */
    }
    return k;
}

static void submit(void *ctx, struct store_order *o)
{
    struct keeper_thread *k = ctx;
    pthread_mutex_lock(&k->lock);
    struct hand *h = &k->hands[pace_of(o)];
    append(&h->to_do, o, o->next);
    pthread_cond_signal(&h->ready);
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
    for (int i = 0; i < N_PACES; i++)
        pthread_cond_signal(&k->hands[i].ready);
    pthread_mutex_unlock(&k->lock);
    for (int i = 0; i < N_PACES; i++) {
        pthread_join(k->hands[i].thread, NULL);
        pthread_cond_destroy(&k->hands[i].ready);
    }
    pthread_mutex_destroy(&k->lock);
    free(k);
}
