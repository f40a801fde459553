/* signals.c - being asked to stop: once gently, twice at once, three times without a word */
#include "cmd/signals.h"
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>
#include "gen/base/mem.h"

/* The only state at file scope in the program: a handler has no other way to be told anything. */
static atomic_int caught;
static atomic_bool again;
static _Atomic(void (*)(void *)) wake_fn;
static _Atomic(void (*)(void *)) leave_fn;
static _Atomic(void *) wake_ctx;

static void on_signal(int number)
{
    int saved = errno, none = 0;
    void (*wake)(void *) = atomic_load(&wake_fn);
    if (!atomic_compare_exchange_strong(&caught, &none, number) && (!wake || atomic_exchange(&again, true))) {
        void (*leave)(void *) = atomic_load(&leave_fn);
        if (leave)
            leave(atomic_load(&wake_ctx));
        _exit(128 + number);
    }
    if (wake)
        wake(atomic_load(&wake_ctx));
    errno = saved;
}

void signals_install(void)
{
    static const int stop[] = { SIGINT, SIGTERM, SIGHUP };
    static const int ignore[] = { SIGPIPE, SIGXFSZ };
    for (size_t i = 0; i < COUNTOF(stop); i++) {
        struct sigaction old, act = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
        sigfillset(&act.sa_mask);
        if (sigaction(stop[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(stop[i], &act, NULL);
    }
    for (size_t i = 0; i < COUNTOF(ignore); i++) {
        struct sigaction act = { .sa_handler = SIG_IGN };
        sigaction(ignore[i], &act, NULL);
    }
}

void signals_on_stop(void (*wake)(void *), void (*leave)(void *), void *ctx)
{
    atomic_store(&wake_fn, NULL);
    atomic_store(&leave_fn, NULL);
    atomic_store(&wake_ctx, ctx);
    atomic_store(&wake_fn, wake);
    atomic_store(&leave_fn, leave);
    if (wake && signals_caught())
        wake(ctx);
}

bool signals_again(void)
{
    return atomic_load(&again);
}

int signals_caught(void)
{
    return atomic_load(&caught);
}
