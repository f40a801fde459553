/* workers.c - a pool of threads */
#include "gen/base/workers.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "gen/base/mem.h"

struct queue {
    struct task *first, **end;
};

struct workers {
    pthread_mutex_t lock;                       /* guards all below */
    pthread_cond_t ready;
    struct queue todo, done;
    bool is_closing;
    void (*wake)(void *);
    void *ctx;
    int n_threads;
    pthread_t threads[];
};

static void queue_put(struct queue *q, struct task *t)
{
    t->next = NULL;
    *q->end = t;
    q->end = &t->next;
}

static struct task *queue_get(struct queue *q)
{
    struct task *t = q->first;
    if (t && !(q->first = t->next))
        q->end = &q->first;
    return t;
}

/* The loop's thread goes first when all cores are busy: an answer that has arrived, or a slot that is free, does not
 * wait for a frame. (On Linux niceness belongs to the thread; children inherit it.) */
static void step_back(void)
{
    enum { NICENESS = 5 };
    setpriority(PRIO_PROCESS, (id_t)gettid(), getpriority(PRIO_PROCESS, 0) + NICENESS);
}

static void *work(void *arg)
{
    struct workers *w = arg;
    step_back();
    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct task *t = NULL;
        while (!w->is_closing && !(t = queue_get(&w->todo)))
            pthread_cond_wait(&w->ready, &w->lock);
        if (!t)
            break;
        pthread_mutex_unlock(&w->lock);
        t->run(t);
        pthread_mutex_lock(&w->lock);
        queue_put(&w->done, t);
        w->wake(w->ctx);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

int workers_cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0 ? CPU_COUNT(&set) : 1;
}

struct workers *workers_create(int n_threads, void (*wake)(void *), void *ctx)
{
    struct workers *w = mem_alloc(sizeof *w + (size_t)n_threads * sizeof w->threads[0]);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->ready, NULL);
    w->todo.end = &w->todo.first;
    w->done.end = &w->done.first;
    w->wake = wake;
    w->ctx = ctx;
    for (; w->n_threads < n_threads; w->n_threads++)
        if (pthread_create(&w->threads[w->n_threads], NULL, work, w) != 0)
            break;
    if (w->n_threads == 0)
        abort();                                /* not one thread: like having no memory */
    return w;
}

void workers_submit(struct workers *w, struct task *t)
{
    pthread_mutex_lock(&w->lock);
    queue_put(&w->todo, t);
    pthread_cond_signal(&w->ready);
    pthread_mutex_unlock(&w->lock);
}

struct task *workers_collect(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    struct task *t = queue_get(&w->done);
    pthread_mutex_unlock(&w->lock);
    return t;
}

void workers_destroy(struct workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->is_closing = true;
    pthread_cond_broadcast(&w->ready);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->n_threads; i++)
        pthread_join(w->threads[i], NULL);
    pthread_cond_destroy(&w->ready);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
