/* keeper.c - tests of the keeper's thread: everything comes back, durable, while others use the store */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "gen/base/digest.h"
#include "gen/keeper.h"
#include "tests/support/shelf.h"
#include "tests/support/test.h"

enum { N = 60 };

struct bell { /* what the loop's transport does: wait until somebody wakes it */
    pthread_mutex_t lock;
    pthread_cond_t rung;
    int n;
};

static void ring(void *ctx)
{
    struct bell *b = ctx;
    pthread_mutex_lock(&b->lock);
    b->n++;
    pthread_cond_signal(&b->rung);
    pthread_mutex_unlock(&b->lock);
}

static void await_bell(struct bell *b)
{
    pthread_mutex_lock(&b->lock);
    while (b->n == 0)
        pthread_cond_wait(&b->rung, &b->lock);
    b->n = 0;
    pthread_mutex_unlock(&b->lock);
}

struct purchase {
    struct store_order order; /* first */
    char id[DIGEST_HEX];
    int n_steps;
};

static void begin(struct purchase *p, enum store_order_kind kind)
{
    struct store_temp temp = p->order.temp;
    bool is_locked = p->order.is_locked;
    store_order_deinit(&p->order);
    p->order = (struct store_order){ .kind = kind,
                                     .id = p->id,
                                     .asset = ASSET_SPEECH,
                                     .provider = STR("p"),
                                     .estimate = 0.5,
                                     .text = STR(meta_text),
                                     .cost = -1,
                                     .info = &png,
                                     .temp = temp,
                                     .is_locked = is_locked };
}

/* The step after the one that was made; false: that was the last. */
static bool go_on(struct purchase *p, struct keeper *k)
{
    static const enum store_order_kind steps[] = { STORE_ARM_ORDER, STORE_ANSWERED_ORDER, STORE_ACCEPT_ORDER };
    if (p->n_steps == 1)
        CHECK(pwrite(p->order.temp.fd, payload, sizeof payload, 0) == (ssize_t)sizeof payload);
    if (p->n_steps == (int)COUNTOF(steps))
        return false;
    begin(p, steps[p->n_steps++]);
    p->order.is_last = p->n_steps == (int)COUNTOF(steps);
    k->submit(k->ctx, &p->order);
    return true;
}

/* N purchases of different things, each with its first step at the keeper. Caller frees. */
static struct purchase *begin_all(const char *word, struct keeper *k)
{
    struct purchase *all = mem_array(N, sizeof *all);
    char name[32];
    for (int i = 0; i < N; i++) {
        snprintf(name, sizeof name, "%s %d", word, i);
        memcpy(all[i].id, shelf_id(name), sizeof all[i].id);
        all[i].order.temp.fd = -1;
        go_on(&all[i], k);
    }
    return all;
}

TEST(whatever_the_keeper_is_given_comes_back_made_while_the_loop_uses_the_store)
{
    char *dir = test_tmpdir(), name[32];
    struct bell bell = { .lock = PTHREAD_MUTEX_INITIALIZER, .rung = PTHREAD_COND_INITIALIZER };
    struct store *s = shelf_open(dir, NULL);
    struct keeper_thread *thread = keeper_create(s, ring, &bell);
    struct keeper k = keeper_port(thread);
    struct purchase *all = begin_all("bought", &k);
    int n_open = N, n_put = 0;
    while (n_open) {
        await_bell(&bell);
        struct store_order *next, *o = k.collect(k.ctx);
        for (; o; o = next) {
            next = o->next;
            CHECK_ROW(o->err.msg, o->ok);
            n_open -= !go_on((struct purchase *)o, &k);
        }
        snprintf(name, sizeof name, "made %d", n_put++);
        shelf_put_ok(s, shelf_id(name), ASSET_PIECE, payload, sizeof payload);
        CHECK_INT(name, STORE_DONE, shelf_state(s, shelf_id(name)));
    }
    keeper_destroy(thread);
    for (int i = 0; i < N; i++) {
        CHECK_INT(all[i].id, STORE_DONE, shelf_state(s, all[i].id));
        CHECK_ROW(all[i].id, !all[i].order.is_locked);
        store_order_deinit(&all[i].order);
    }
    store_close(s);
    free(all);
    CHECK_INT("tmp", 0, shelf_count(dir, "tmp"));
}

TEST(a_keeper_that_is_sent_away_makes_what_it_was_given)
{
    char *dir = test_tmpdir();
    struct bell bell = { .lock = PTHREAD_MUTEX_INITIALIZER, .rung = PTHREAD_COND_INITIALIZER };
    struct store *s = shelf_open(dir, NULL);
    struct keeper_thread *thread = keeper_create(s, ring, &bell);
    struct keeper k = keeper_port(thread);
    struct purchase *all = begin_all("late", &k);
    keeper_destroy(thread);
    for (int i = 0; i < N; i++) {
        CHECK_INT(all[i].id, STORE_SENT, shelf_state(s, all[i].id));
        store_temp_drop(s, &all[i].order.temp);
        store_order_deinit(&all[i].order);
    }
    store_close(s);
    free(all);
}
