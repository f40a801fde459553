/* transport.c - the transport port over HTTP: jobs, their events, and one place to wait */
#include "api/transport.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "api/blocks.h"
#include "api/job.h"
#include "api/jobs.h"
#include "api/keys.h"
#include "api/loop.h"
#include "api/program.h"
#include "api/request.h"
#include "gen/base/heap.h"
#include "gen/base/mem.h"

/* Bodies that come at the same time share so much memory, as long as each has a page. Larger blocks save little, and the
 * system then looks for large runs of free pages, which a virtual machine may have to ask its host for. */
enum { BLOCKS_BYTES = 16 << 20, LEAST_BLOCK = 4 << 10, MOST_BLOCK = 32 << 10 };
enum { DEFAULT_CONNECT_MS = 10000, CANCEL_GRACE_MS = 2000, MOST_UNREAD = 16 };

struct http_transport {
    struct transport port;
    struct providers providers;
    struct loop *loop;
    struct job_env env;
    struct block_pool blocks;
    struct jobs jobs;
    struct heap arrived;                        /* numbers of jobs whose answers are to be read, in the order they came */
    size_t n_cancels;                           /* cancel requests under way */
    atomic_bool is_woken;
};

/* ---------- the port ---------- */

static const struct provider_info *const *port_providers(void *ctx)
{
    return ((struct http_transport *)ctx)->providers.infos;
}

static const struct provider *provider_of(const struct http_transport *t, struct str id, struct err *e)
{
    const struct provider *p = providers_find(&t->providers, id);
    if (!p)
        err_set(e, ERR_CONFIG, "there is no provider '" STR_FMT "'", STR_ARG(id));
    return p;
}

static bool port_canonical(void *ctx, const struct want *w, struct buf *out, struct err *e)
{
    const struct provider *p = provider_of(ctx, w->provider, e);
    struct arena a = { 0 };
    struct api_request q;
    bool ok = p && request_build(&a, p, w, &q, e);
    if (ok)
        json_print(out, q.canonical, JSON_SORTED);
    arena_deinit(&a);
    return ok;
}

static void port_quote(void *ctx, const struct want *w, struct arena *a, struct quote *out)
{
    struct http_transport *t = ctx;
    const struct provider *p = providers_find(&t->providers, w->provider);
    *out = (struct quote){ .money = -1, .chars = -1, .seconds = -1, .tokens = -1 };
    if (p)
        *out = provider_quote(a, p, w);
}

static bool port_start(void *ctx, const struct job *job, struct err *e)
{
    struct http_transport *t = ctx;
    const struct provider *p = provider_of(t, job->want->provider, e);
    struct job_run *r = p ? job_run_create(&t->env, p, job, e) : NULL;
    if (r)
        jobs_add(&t->jobs, r);
    return r != NULL;
}

static void port_continue(void *ctx, uint64_t id)
{
    struct http_transport *t = ctx;
    struct job_run *r = jobs_find(&t->jobs, id);
    if (!r)
        return;
    job_run_continue(r);
    jobs_note(&t->jobs, r);
}

static void port_cancel(void *ctx, uint64_t id)
{
    struct http_transport *t = ctx;
    struct job_run *r = jobs_find(&t->jobs, id);
    if (r)
        t->n_cancels += job_run_cancel(r);
    jobs_drop(&t->jobs, id);
}

static size_t take_events(struct http_transport *t, struct job_event *out, size_t max)
{
    struct job_run *r;
    size_t n = 0;
    while (n < max && (r = jobs_pop_telling(&t->jobs))) {
        n += job_run_event(r, &out[n]);
        if (job_run_has_arrived(r))
            heap_push(&t->arrived, 0, (void *)(uintptr_t)job_run_id(r));
        else if (job_run_is_over(r))
            jobs_drop(&t->jobs, job_run_id(r));
    }
    return n;
}

static void dispatch(struct http_transport *t)
{
    struct http_call *c;
    while ((c = http_finished(t->env.http))) {
        struct job_run *r = http_tag(c);
        if (r) {
            job_run_answer(r, c);
            jobs_note(&t->jobs, r);
            continue;
        }
        t->n_cancels--;
        http_free(t->env.http, c);
    }
}

/* Reads the first of the answers that were told, unless there is news to be told before: a slot that is free is worth
 * more than an answer that is there. But what is unread lies in files of ours, so it may not become ever more. */
static void read_next(struct http_transport *t)
{
    struct job_run *r = NULL;
    if (t->jobs.telling && t->arrived.n <= MOST_UNREAD)
        return;
    while (!r && t->arrived.n)                  /* others were cancelled meanwhile */
        r = jobs_find(&t->jobs, (uint64_t)(uintptr_t)heap_pop(&t->arrived));
    if (!r)
        return;
    job_run_read(r);
    jobs_note(&t->jobs, r);
}

/* Starts the polls that are due; how long until the next one, -1: none waits. */
static int64_t tick(struct http_transport *t)
{
    int64_t now = clock_now_ms(t->env.clock);
    struct job_run *r;
    keys_tick(t->env.keys);
    while ((r = jobs_pop_due(&t->jobs, now))) {
        job_run_tick(r);
        jobs_note(&t->jobs, r);
    }
    int64_t next = jobs_next_due_ms(&t->jobs), keys = keys_due_ms(t->env.keys);
    next = keys < next ? keys : next;
    return next == INT64_MAX ? -1 : next > now ? next - now : 0;
}

static size_t port_wait(void *ctx, int64_t timeout_ms, struct job_event *out, size_t max)
{
    struct http_transport *t = ctx;
    int64_t until = clock_now_ms(&clock_monotonic) + timeout_ms;
    for (bool is_first = true;; is_first = false) {
        int64_t poll_in = tick(t), left = until - clock_now_ms(&clock_monotonic);
        size_t n = take_events(t, out, max);
        bool is_woken = atomic_exchange(&t->is_woken, false);
        if (n || is_woken || max == 0 || (timeout_ms >= 0 && left <= 0 && !is_first))
            return n;
        left = timeout_ms < 0 ? -1 : left > 0 ? left : 0;
        left = left < 0 || (poll_in >= 0 && poll_in < left) ? poll_in : left;
        http_run(t->env.http, t->arrived.n ? 0 : left); /* what was started is sent now, before anything is read */
        dispatch(t);
        read_next(t);
    }
}

static void port_wake(void *ctx)
{
    struct http_transport *t = ctx;
    atomic_store(&t->is_woken, true);
    loop_wake(t->loop);
}

static void port_leave(void *ctx)
{
    programs_kill(((struct http_transport *)ctx)->env.programs);
}

/* ---------- life ---------- */

/* A program that is a provider has ended. */
static void on_changed(void *ctx, struct job_run *r)
{
    struct http_transport *t = ctx;
    jobs_note(&t->jobs, r);
}

/* A program has told the key that this job waits for, or has failed. */
static void on_key(void *ctx, uint64_t id)
{
    struct http_transport *t = ctx;
    struct job_run *r = jobs_find(&t->jobs, id);
    if (!r)
        return;
    job_run_key_is_there(r);
    jobs_note(&t->jobs, r);
}

static size_t block_bytes(int64_t most_calls)
{
    size_t n = MOST_BLOCK;
    while (n > LEAST_BLOCK && (int64_t)n * most_calls > BLOCKS_BYTES)
        n /= 2;
    return n;
}

static bool start_http(struct http_transport *t, int64_t most, struct err *e)
{
    t->loop = loop_create(e);
    t->env.http = t->loop ? http_create(t->loop, most, e) : NULL;
    t->env.programs = t->loop ? programs_create(t->loop, t->env.clock) : NULL;
    t->env.changed = on_changed;
    t->env.changed_ctx = t;
    t->env.keys = t->loop ? keys_create(&t->providers, t->env.programs, t->env.clock, t->env.log, on_key, t) : NULL;
    return t->env.http != NULL;
}

static void warn_about_keys(const struct http_transport *t)
{
    for (size_t i = 0; i < t->providers.n; i++) {
        const struct provider *p = t->providers.v[i];
        if (p->key.n && p->desc.base.n && !p->origin.is_https && !p->origin.is_loopback)
            log_warn(t->env.log, STR_FMT ": its base is plain http, so the key in $" STR_FMT " stays here",
                     STR_ARG(p->desc.id), STR_ARG(p->info.key_env));
    }
}

struct transport *http_transport_create(const struct config *config, const char *providers_dir,
                                        const struct clock *clock, struct log *log, struct err *e)
{
    struct http_transport *t = mem_alloc(sizeof *t);
    const struct limits_opts *l = &config->limits;
    t->env = (struct job_env){ .clock = clock,
                               .log = log,
                               .connect_ms = l->connect_ms > 0 ? l->connect_ms : DEFAULT_CONNECT_MS,
                               .request_ms = l->request_ms,
                               .blocks = &t->blocks,
                               .answer_bytes = l->answer_bytes > 0 ? l->answer_bytes : (int64_t)(64 * MIB),
                               .media_bytes = l->media_bytes > 0 ? l->media_bytes : (int64_t)(512 * MIB) };
    t->blocks.block_bytes = block_bytes(config->workers.requests);
    t->port = (struct transport){ t,           port_providers, port_canonical, port_quote, port_start,
                                  port_continue, port_cancel, port_wait, port_wake, port_leave };
    if (!providers_load(&t->providers, config, providers_dir, e) || !start_http(t, config->workers.requests, e)) {
        http_transport_destroy(&t->port);
        return NULL;
    }
    warn_about_keys(t);
    return &t->port;
}

void http_transport_settle(struct transport *port)
{
    struct http_transport *t = port->ctx;
    jobs_deinit(&t->jobs);
    heap_deinit(&t->arrived);
    int64_t until = clock_now_ms(&clock_monotonic) + CANCEL_GRACE_MS, left;
    while (t->n_cancels && (left = until - clock_now_ms(&clock_monotonic)) > 0) {
        http_run(t->env.http, left);
        dispatch(t);
    }
}

void http_transport_destroy(struct transport *port)
{
    struct http_transport *t = port ? port->ctx : NULL;
    if (!t)
        return;
    http_transport_settle(port);
    http_destroy(t->env.http);
    keys_destroy(t->env.keys);
    programs_destroy(t->env.programs);
    loop_destroy(t->loop);
    block_pool_deinit(&t->blocks);
    providers_deinit(&t->providers);
    free(t);
}
