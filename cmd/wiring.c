/* wiring.c - what a run works with */
#include "cmd/wiring.h"
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "api/transport.h"
#include "cmd/basis.h"
#include "cmd/signals.h"
#include "compose/renderer.h"
#include "gen/base/workers.h"
#include "gen/config.h"
#include "gen/keeper.h"
#include "gen/store.h"

enum {
    STOP_GRACE_MS = 5000,
    REQUESTS_AUTO = 16,                         /* as the engine takes it */
    FILES_A_REQUEST = 2,                        /* its connection, its answer */
    FILES_A_THREAD = 8,
    FILES_BASE = 64,                            /* ledger, log, lessons, descriptions, what libraries open */
};

int wiring_threads(const struct config *c)
{
    return c->workers.render > 0 ? (int)c->workers.render : workers_cores();
}

static int64_t files_base(int n_threads)
{
    return FILES_BASE + (int64_t)FILES_A_THREAD * n_threads;
}

int64_t wiring_requests(const struct config *c)
{
    return c->workers.requests > 0 ? c->workers.requests : REQUESTS_AUTO;
}

int64_t wiring_files(const struct config *c, int n_threads)
{
    return files_base(n_threads) + FILES_A_REQUEST * wiring_requests(c);
}

/* As many open files as the requests need; when there cannot be so many, fewer requests. */
static void fit_requests(struct app *app, int n_threads)
{
    int64_t requests = wiring_requests(app->config), base = files_base(n_threads);
    int64_t want = wiring_files(app->config, n_threads);
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= (rlim_t)want)
        return;
    rlim_t before = r.rlim_cur;
    r.rlim_cur = r.rlim_max < (rlim_t)want ? r.rlim_max : (rlim_t)want;
    rlim_t now = setrlimit(RLIMIT_NOFILE, &r) == 0 ? r.rlim_cur : before;
    int64_t fit = now > (rlim_t)base ? (int64_t)(now - (rlim_t)base) / FILES_A_REQUEST : 0;
    fit = fit > 1 ? fit : 1;
    if (now >= (rlim_t)want || requests <= fit)
        return;
    log_warn(app->log, "workers.requests: %lld at once would need %lld open files, and %llu are allowed; going on with "
             "%lld (\"ulimit -Hn\" tells the limit)", (long long)requests, (long long)want, (unsigned long long)now,
             (long long)fit);
    app->config->workers.requests = fit;
}

/* A look makes no cache. */
static bool open_store(struct wiring *w, bool is_look, struct err *e)
{
    char *cache = app_cache_dir(w->app);
    bool is_wanted = !is_look || access(cache, F_OK) == 0;
    if (is_wanted)
        w->store = store_open(str_from(cache), w->app->log, e);
    free(cache);
    return w->store || !is_wanted;
}

static void submit(void *ctx, struct task *t)
{
    workers_submit(ctx, t);
}

static struct task *collect(void *ctx)
{
    return workers_collect(ctx);
}

static int stopped(void *ctx)
{
    (void)ctx;
    return signals_caught();
}

static bool is_hurried(void *ctx)
{
    (void)ctx;
    return signals_again();
}

bool wiring_open(struct wiring *w, struct app *app, bool is_look, struct err *e)
{
    int n_threads = wiring_threads(app->config);
    *w = (struct wiring){ .app = app };
    fit_requests(app, n_threads);
    w->renderer = renderer_create(app->log);
    char *providers = app_providers_dir(app);
    basis_descriptions(providers, w->descriptions);
    w->transport = http_transport_create(app->config, providers, &clock_monotonic, app->log, e);
    free(providers);
    if (!w->transport || !open_store(w, is_look, e))
        return false;
    if (is_look)
        return true;
    w->workers = workers_create(n_threads, w->transport->wake, w->transport->ctx);
    w->pool = (struct pool){ w->workers, n_threads, submit, collect };
    w->keeper_thread = keeper_create(w->store, w->transport->wake, w->transport->ctx);
    w->keeper = keeper_port(w->keeper_thread);
    signals_on_stop(w->transport->wake, w->transport->leave, w->transport->ctx);
    return true;
}

void wiring_close(struct wiring *w)
{
    if (signals_again()) {                      /* nothing is waited for but that jobs hear that they are not wanted */
        if (w->transport) {                     /* workers may still wake it, so it stays */
            http_transport_settle(w->transport);
            w->transport->leave(w->transport->ctx); /* a program that was to print a key */
        }
        _exit(128 + signals_caught());
    }
    signals_on_stop(NULL, NULL, NULL);
    workers_destroy(w->workers);
    keeper_destroy(w->keeper_thread);
    store_close(w->store);
    http_transport_destroy(w->transport);
    renderer_destroy(w->renderer);
    *w = (struct wiring){ 0 };
}

struct engine_opts wiring_engine(struct wiring *w)
{
    const struct config *c = w->app->config;
    return (struct engine_opts){
        .config = c,
        .transport = w->transport,
        .renderer = w->renderer,
        .pool = &w->pool,
        .keeper = &w->keeper,
        .clock = &clock_monotonic,
        .store = w->store,
        .log = w->app->log,
        .jitter = { (uint64_t)clock_wall_ms() },
        .stopped = stopped,
        .is_hurried = is_hurried,
        .stop_grace_ms = STOP_GRACE_MS,
        .retry_lost = w->app->opt.retry_lost,
        .max_cost = c->budget.max_cost,
        .allow_unpriced = c->budget.allow_unpriced,
    };
}
