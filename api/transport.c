/* transport.c - the transport port over HTTP: jobs, their events, and one place to wait */
#include "api/transport.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "api/job.h"
#include "api/loop.h"
#include "api/request.h"
#include "gen/base/mem.h"

enum { DEFAULT_CONNECT_MS = 10000, CANCEL_GRACE_MS = 2000 };

struct jobs {
    struct job_run **v;
    size_t n, cap;
};

struct http_transport {
    struct transport port;
    struct providers providers;
    struct loop *loop;
    struct job_env env;
    struct jobs jobs;
    size_t n_cancels;                           /* cancel requests under way */
    atomic_bool is_woken;
};

/* ---------- the list of jobs ---------- */

static void jobs_add(struct jobs *j, struct job_run *r)
{
    if (j->n == j->cap) {
        j->cap = j->cap ? j->cap * 2 : 64;
        j->v = mem_resize(j->v, j->cap, sizeof(struct job_run *));
    }
    j->v[j->n++] = r;
}

static void jobs_drop(struct jobs *j, size_t i)
{
    job_run_destroy(j->v[i]);
    memmove(j->v + i, j->v + i + 1, (--j->n - i) * sizeof(struct job_run *)); /* keeps the order of starting */
}

static bool jobs_find(const struct jobs *j, uint64_t id, size_t *i)
{
    for (*i = 0; *i < j->n; ++*i)
        if (job_run_id(j->v[*i]) == id)
            return true;
    return false;
}

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
    size_t i;
    if (jobs_find(&t->jobs, id, &i))
        job_run_continue(t->jobs.v[i]);
}

static void port_cancel(void *ctx, uint64_t id)
{
    struct http_transport *t = ctx;
    size_t i;
    if (!jobs_find(&t->jobs, id, &i))
        return;
    t->n_cancels += job_run_cancel(t->jobs.v[i]);
    jobs_drop(&t->jobs, i);
}

static size_t take_events(struct http_transport *t, struct job_event *out, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < t->jobs.n && n < max;) {
        bool has = job_run_event(t->jobs.v[i], &out[n]);
        n += has;
        if (has && job_run_is_over(t->jobs.v[i]))
            jobs_drop(&t->jobs, i);
        else
            i++;
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
            continue;
        }
        t->n_cancels--;
        http_free(t->env.http, c);
    }
}

/* Starts the polls that are due; how long until the next one, -1: none waits. */
static int64_t tick(struct http_transport *t)
{
    int64_t now = clock_now_ms(t->env.clock), next = INT64_MAX;
    for (size_t i = 0; i < t->jobs.n; i++) {
        if (job_run_due_ms(t->jobs.v[i]) <= now)
            job_run_tick(t->jobs.v[i]);
        int64_t due = job_run_due_ms(t->jobs.v[i]);
        next = due < next ? due : next;
    }
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
        http_run(t->env.http, left < 0 || (poll_in >= 0 && poll_in < left) ? poll_in : left);
        dispatch(t);
    }
}

static void port_wake(void *ctx)
{
    struct http_transport *t = ctx;
    atomic_store(&t->is_woken, true);
    loop_wake(t->loop);
}

/* ---------- life ---------- */

static bool start_http(struct http_transport *t, int64_t most, struct err *e)
{
    t->loop = loop_create(e);
    t->env.http = t->loop ? http_create(t->loop, most, e) : NULL;
    return t->env.http != NULL;
}

static void warn_about_keys(const struct http_transport *t)
{
    for (size_t i = 0; i < t->providers.n; i++) {
        const struct provider *p = t->providers.v[i];
        if (p->key.n && !p->origin.is_https && !p->origin.is_loopback)
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
                               .answer_bytes = l->answer_bytes > 0 ? l->answer_bytes : (int64_t)(64 * MIB),
                               .media_bytes = l->media_bytes > 0 ? l->media_bytes : (int64_t)(512 * MIB) };
    t->port = (struct transport){ t,           port_providers, port_canonical, port_quote, port_start,
                                  port_continue, port_cancel, port_wait, port_wake };
    if (!providers_load(&t->providers, config, providers_dir, e) || !start_http(t, config->workers.requests, e)) {
        http_transport_destroy(&t->port);
        return NULL;
    }
    warn_about_keys(t);
    return &t->port;
}

void http_transport_destroy(struct transport *port)
{
    struct http_transport *t = port ? port->ctx : NULL;
    if (!t)
        return;
    while (t->jobs.n)
        jobs_drop(&t->jobs, t->jobs.n - 1);
    int64_t until = clock_now_ms(&clock_monotonic) + CANCEL_GRACE_MS, left;
    while (t->n_cancels && (left = until - clock_now_ms(&clock_monotonic)) > 0) {
        http_run(t->env.http, left);
        dispatch(t);
    }
    http_destroy(t->env.http);
    loop_destroy(t->loop);
    providers_deinit(&t->providers);
    free(t->jobs.v);
    free(t);
}
