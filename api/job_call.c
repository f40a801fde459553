/* job_call.c - what a job sends: addresses, limits, and where the key may go */
#include <string.h>
#include <unistd.h>
#include "api/job_private.h"
#include "gen/base/fd.h"

enum { REDIRECTS = 3, STALL_MS = 30000, STALL_BYTES = 256, POLL_TOTAL_MS = 30000, DOWNLOAD_TOTAL_MS = 300000,
       MOST_LAST_WORDS = 64 * 1024 };

static int64_t total_ms(const struct job_run *r)
{
    static const int64_t by_kind[DESC_N_KINDS] = { [DESC_IMAGE] = 300000, [DESC_SPEECH] = 120000, [DESC_CHAT] = 120000,
                                                   [DESC_VIDEO] = 300000, [DESC_STOCK] = 30000 };
    if (r->p->desc.limits.total_ms >= 0)
        return r->p->desc.limits.total_ms;
    return r->env->request_ms > 0 ? r->env->request_ms : by_kind[r->p->desc.kind];
}

bool job_takes_body(const struct job_run *r)
{
    return r->p->desc.poll.get.p == NULL && r->p->desc.result.as == RESULT_BODY;
}

static void common(const struct job_run *r, struct http_request *q)
{
    q->connect_ms = r->env->connect_ms;
    q->stall_ms = STALL_MS;
    q->stall_bytes = STALL_BYTES;
    q->own = &r->p->origin;
}

struct http_call *job_call(struct job_run *r, const char *method, struct str url, void *tag, struct err *e)
{
    struct http_request q = { .method = method, .url = url, .total_ms = POLL_TOTAL_MS };
    struct http_call *c = NULL;
    struct arena a = { 0 };
    struct http_url u;
    common(r, &q);
    if (tag)
        job_expect_json(r, &q);
    else
        q.max_bytes = MOST_LAST_WORDS;          /* the job may be gone before they come */
    bool ok = http_url_parse(url, &u, e) && (!r->vars || request_headers(&a, r->p, r->vars, &q.headers, &q.n_headers, e));
    if (ok && provider_key_may_go(r->p, &u, r->p->desc.poll.key))
        request_authorize(&a, r->p, r->vars, &q);
    if (ok)
        c = http_start(r->env->http, &q, tag, e);
    arena_deinit(&a);
    return c;
}

/* Only services that are asked again need to know what for: a request in flight is to cost little. */
static void keep_vars(struct job_run *r, const struct json *vars)
{
    const struct description *d = &r->p->desc;
    const struct json *model = json_get(vars, "model");
    if (model && model->type == JSON_STRING)
        r->model = arena_str(&r->arena, model->string);
    r->price = price_find(&r->p->prices, vars);
    if (d->poll.get.p || d->cancel.path.n || d->result.key || result_template(d).n)
        r->vars = json_copy(&r->arena, vars);
}

static void send_submission(struct job_run *r, struct arena *a, const struct api_request *s, struct str idempotency,
                            struct err *e)
{
    struct http_field *headers = arena_array(a, s->n_headers + 1, sizeof *headers);
    struct http_request q = { .method = s->method,
                              .url = s->url,
                              .headers = headers,
                              .n_headers = s->n_headers,
                              .body = s->body,
                              .type = s->type,
                              .parts = s->parts,
                              .n_parts = s->n_parts,
                              .total_ms = total_ms(r) };
    common(r, &q);
    memcpy(headers, s->headers, s->n_headers * sizeof *headers);
    if (idempotency.n && strcmp(s->method, "GET") != 0)
        headers[q.n_headers++] = (struct http_field){ STR("Idempotency-Key"), idempotency };
    if (job_takes_body(r))
        job_expect_media(r, &q);
    else
        job_expect_json(r, &q);
    if (!r->p->desc.base.n)
        q.redirects = REDIRECTS;                /* a file of somebody's: it may lie elsewhere by now */
    if (provider_key_may_go(r->p, &r->p->origin, false))
        request_authorize(a, r->p, s->vars, &q);
    r->call = http_start(r->env->http, &q, r, e);
}

bool job_submit(struct job_run *r, const struct want *w, struct str idempotency, struct err *e)
{
    struct arena a = { 0 };
    struct api_request s;
    if (request_build(&a, r->p, w, &s, e)) {
        keep_vars(r, s.vars);
        job_enter(r, ST_SUBMIT);
        send_submission(r, &a, &s, idempotency, e);
        if (!r->call)
            err_wrap(e, STR_FMT, STR_ARG(r->p->desc.id));
    }
    arena_deinit(&a);
    return r->call != NULL;
}

void job_poll(struct job_run *r)
{
    struct err e;
    job_enter(r, ST_POLL);
    r->call = job_call(r, "GET", r->remote.poll, r, &e);
    if (!r->call) {
        err_wrap(&e, "the address to ask for the result");
        job_fail(r, &e, false, true);
    }
}

void job_collect(struct job_run *r)
{
    struct err e;
    job_enter(r, ST_COLLECT);
    r->call = job_call(r, "GET", r->remote.collect, r, &e);
    if (!r->call) {
        err_wrap(&e, "the address of the result");
        job_fail(r, &e, false, true);
    }
}

void job_download(struct job_run *r, struct str url)
{
    struct err e;
    struct arena a = { 0 };
    struct http_request q = { .method = "GET", .url = arena_str(&a, url), .total_ms = DOWNLOAD_TOTAL_MS };
    struct http_url u;
    common(r, &q);
    job_expect_media(r, &q);
    q.redirects = REDIRECTS;
    job_enter(r, ST_DOWNLOAD);
    bool ok = fd_empty(r->fd, &e);
    ok = ok && http_url_parse(q.url, &u, &e);
    if (ok && r->p->desc.result.key && provider_key_may_go(r->p, &u, true))
        request_authorize(&a, r->p, r->vars, &q);
    r->call = ok ? http_start(r->env->http, &q, r, &e) : NULL;
    arena_deinit(&a);
    if (!r->call) {
        err_wrap(&e, "the address of the media");
        job_fail(r, &e, false, true);
    }
}
