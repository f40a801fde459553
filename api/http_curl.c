/* http_curl.c - calls from their start to their answer; with the other http_*.c libcurl's home */
#include "api/http_private.h"
#include <stdlib.h>
#include <unistd.h>
#include "gen/base/mem.h"

enum { BUFFERS_BYTES = 3 << 20, LEAST_BUFFER = 2 << 10, MOST_BUFFER = 64 << 10 };

static CURL *take_handle(struct http *h)
{
    if (h->n_idle)
        return h->idle[--h->n_idle];
    CURL *easy = curl_easy_init();
    if (!easy)
        abort();                                /* out of memory */
    curl_easy_setopt(easy, CURLOPT_SHARE, h->shared);
    return easy;
}

static void give_handle(struct http_call *c)
{
    struct http *h = c->http;
    http_host_leave(c);
    if (!c->easy)
        return;
    http_part_remove(c);
    c->is_connected = false;
    curl_easy_reset(c->easy);                   /* forgets the key, keeps connections and caches */
    curl_mime_free(c->mime);
    curl_slist_free_all(c->lines);
    c->mime = NULL;
    c->lines = NULL;
    if (h->n_idle < MOST_IDLE_HANDLES)
        h->idle[h->n_idle++] = c->easy;
    else
        curl_easy_cleanup(c->easy);
    c->easy = NULL;
}

static void push_over(struct http_call *c)
{
    struct http *h = c->http;
    c->is_over = true;
    if (h->last_over)
        h->last_over->next_over = c;
    else
        h->over = c;
    h->last_over = c;
}

static struct http_call *pop_over(struct http *h)
{
    struct http_call *c = h->over;
    if (!c)
        return NULL;
    h->over = c->next_over;
    if (!h->over)
        h->last_over = NULL;
    c->next_over = NULL;
    c->is_told = true;
    return c;
}

/* A call that ended but was dropped before anyone asked for it. */
static void unlink_over(struct http_call *c)
{
    struct http_call *others = NULL, **end = &others, *last = NULL, *o;
    while ((o = pop_over(c->http)))
        if (o != c) {
            o->is_told = false;
            *end = last = o;
            end = &o->next_over;
        }
    c->http->over = others;
    c->http->last_over = last;
}

static bool begin(struct http_call *c, const struct http_request *q, struct err *e)
{
    struct http_url u;
    if (!http_check_url(c, &u, e))
        return false;
    c->easy = take_handle(c->http);
    http_set_transfer(c, &u);
    if (!http_set_headers(c, q, e))
        return false;
    http_set_body(c, q);
    return http_host_enter(c, &u, e);
}

struct http_call *http_start(struct http *h, const struct http_request *q, void *tag, struct err *e)
{
    struct http_call *c = mem_alloc(sizeof *c);
    *c = (struct http_call){ .http = h, .tag = tag, .take = q->take, .take_ctx = q->take_ctx,
                             .max_bytes = q->max_bytes, .is_media = q->is_media, .stall_ms = q->stall_ms,
                             .stall_bytes = q->stall_bytes, .redirects = q->redirects, .connect_ms = q->connect_ms,
                             .total_ms = q->total_ms };
    c->body.max = c->answer.body.max = SIZE_MAX / 2; /* counted by on_body */
    c->own = q->own;
    buf_adds(&c->url, q->url);
    c->next = h->calls;
    if (h->calls)
        h->calls->prev = c;
    h->calls = c;
    if (!begin(c, q, e)) {
        http_free(h, c);
        return NULL;
    }
    return c;
}

/* ---------- finishing ---------- */

static void net_error(struct http_call *c, CURLcode r)
{
    struct http_url u = { .host = "?" };
    const char *why = c->curl_error[0] ? c->curl_error : curl_easy_strerror(r);
    http_url_parse(buf_str(&c->url), &u, NULL);
    if (c->refused[0])
        err_set(&c->answer.err, ERR_CONFIG,
                "%s leads to %s, which is not public, and config.yaml does not name it as base", u.host, c->refused);
    else if (r == CURLE_PEER_FAILED_VERIFICATION)
        err_set(&c->answer.err, ERR_NET, "the certificate of %s is not trusted: %s", u.host, why);
    else if (r == CURLE_PARTIAL_FILE)
        err_set(&c->answer.err, ERR_NET, "%s ended the answer early: %s", u.host, why);
    else if (c->is_repeated)
        err_set(&c->answer.err, ERR_NET, "%s closed the connection before answering", u.host);
    else
        err_set(&c->answer.err, ERR_NET, "%s:%d: %s", u.host, u.port, why);
}

/* A further hop of a download: fresh handle, no key, address checked again. */
static bool follow(struct http_call *c)
{
    struct http_answer *a = &c->answer;
    struct str to = headers_get(&a->headers, "Location");
    struct http_request q = { .method = "GET" };
    struct buf next = { 0 };
    if (c->redirects == 0 || a->status < 301 || a->status > 308 || to.n == 0)
        return false;
    c->redirects--;
    bool ok = http_url_join(&next, buf_str(&c->url), to, &a->err);
    give_handle(c);
    headers_clear(&a->headers);
    buf_clear(&a->body);
    a->bytes_in = 0;
    buf_clear(&c->url);
    buf_adds(&c->url, buf_str(&next));
    buf_deinit(&next);
    if (!ok || !begin(c, &q, &a->err))
        push_over(c);
    return true;
}

void http_finish(struct http_call *c, CURLcode r)
{
    struct http_answer *a = &c->answer;
    long request_size = 0;
    a->status = (int)http_status_of(c);
    curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &request_size);
    a->is_unsent = request_size == 0 && a->bytes_in == 0;
    a->ok = r == CURLE_OK && !c->is_failed_inside;
    c->is_kept = a->ok && c->is_connected;
    if (a->ok && follow(c)) {
        a->ok = false;
        return;
    }
    if (!a->ok && !c->is_failed_inside)
        net_error(c, r);
    give_handle(c);
    push_over(c);
}

struct http_call *http_finished(struct http *h)
{
    return pop_over(h);
}

void *http_tag(const struct http_call *c)
{
    return c->tag;
}

struct http_answer *http_answer(struct http_call *c)
{
    return &c->answer;
}

void http_free(struct http *h, struct http_call *c)
{
    if (!c)
        return;
    if (c->is_over && !c->is_told)
        unlink_over(c);
    if (c->prev)
        c->prev->next = c->next;
    else
        h->calls = c->next;
    if (c->next)
        c->next->prev = c->prev;
    give_handle(c);
    headers_deinit(&c->answer.headers);
    buf_deinit(&c->answer.body);
    buf_deinit(&c->url);
    buf_deinit(&c->body);
    free(c);
}

static bool env_names_proxy(void)
{
    static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        const char *v = getenv(names[i]);
        if (v && v[0])
            return true;
    }
    return false;
}

/* The user's own authorities, as other programs take them; NULL: those of the system. */
static const char *own_ca_file(void)
{
    const char *path = getenv("SSL_CERT_FILE");
    return path && path[0] ? path : NULL;
}

/* The file of authorities that libcurl was built to read. */
static bool has_ca_file(void)
{
    char *path = NULL;
    CURL *easy = curl_easy_init();
    bool has = easy && curl_easy_getinfo(easy, CURLINFO_CAINFO, &path) == CURLE_OK && path && access(path, R_OK) == 0;
    curl_easy_cleanup(easy);
    return has;
}

/* Few calls get large buffers, so that media need few reads; many get small ones. */
static long buffer_bytes(int64_t most_calls)
{
    int64_t n = most_calls > 0 ? BUFFERS_BYTES / most_calls : MOST_BUFFER;
    return (long)(n < LEAST_BUFFER ? LEAST_BUFFER : n < MOST_BUFFER ? n : MOST_BUFFER);
}

struct http *http_create(struct loop *loop, int64_t most, struct err *e)
{
    struct http *h = mem_alloc(sizeof *h);
    h->loop = loop;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    h->shared = curl_share_init();
    h->has_proxy = env_names_proxy();
    h->ca_file = own_ca_file();
    h->has_ca_file = h->ca_file || has_ca_file();
    h->stall_check_ms = h->settle_check_ms = INT64_MAX;
    h->buffer_bytes = buffer_bytes(most);
    if (!h->shared || !http_part_first(h, e)) {
        http_destroy(h);
        return NULL;
    }
    curl_share_setopt(h->shared, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(h->shared, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return h;
}

void http_destroy(struct http *h)
{
    if (!h)
        return;
    while (h->calls)
        http_free(h, h->calls);                 /* NOLINT: it is taken off the list before it is freed */
    http_hosts_deinit(h);
    for (size_t i = 0; i < h->n_idle; i++)
        curl_easy_cleanup(h->idle[i]);
    http_parts_deinit(h);
    if (h->shared)
        curl_share_cleanup(h->shared);
    free(h);
    curl_global_cleanup();
}
