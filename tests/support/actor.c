/* actor.c - a service on loopback that answers from a list and remembers what it was asked */
#include "tests/support/actor.h"
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "api/base64.h"
#include "gen/base/mem.h"
#include "tests/support/fake_media.h"

enum { MOST_REQUESTS = 32 };

struct actor {
    struct MHD_Daemon *daemon;
    int port;
    pthread_mutex_t lock;                       /* of everything below */
    const struct json *answers;
    struct actor_request *requests[MOST_REQUESTS];
    size_t n;
};

/* ---------- media ---------- */

static void put_media(struct buf *out, struct str name)
{
    static const unsigned char mp3[] = { 'I', 'D', '3', 4, 0, 0, 0, 0, 0, 0, 0xff, 0xfb, 0x90, 0, 0, 0, 0, 0 };
    static const unsigned char mp4[] = { 0, 0, 0, 24, 'f', 't', 'y', 'p', 'i', 's', 'o', 'm',
                                         0, 0, 2, 0,  'i', 's', 'o', 'm', 'm', 'p', '4', '2' };
    if (str_is(name, "png"))
        fake_png(out, 64, 36, 1);
    else if (str_is(name, "wav") || str_is(name, "pcm"))
        fake_wav(out, STR("a cell"), 1, str_is(name, "pcm"));
    else if (str_is(name, "mp3"))
        buf_add(out, mp3, sizeof mp3);
    else if (str_is(name, "mp4"))
        buf_add(out, mp4, sizeof mp4);
    else
        abort();
}

static void fill(const struct actor *a, struct buf *out, struct str text)
{
    const char *open;
    while (text.n && (open = memmem(text.p, text.n, "${", 2))) {
        const char *close = memchr(open, '}', text.n - (size_t)(open - text.p));
        struct str name = { open + 2, (size_t)(close - open) - 2 };
        buf_add(out, text.p, (size_t)(open - text.p));
        if (str_is(name, "base")) {
            buf_printf(out, "http://127.0.0.1:%d", a->port);
        } else {
            struct buf media = { 0 };
            put_media(&media, name);
            base64_encode(out, media.p, media.n);
            buf_deinit(&media);
        }
        text = (struct str){ close + 1, text.n - (size_t)(close + 1 - text.p) };
    }
    buf_adds(out, text);
}

/* ---------- one request ---------- */

static enum MHD_Result keep_header(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct actor_request *q = ctx;
    (void)kind;
    json_set(&q->arena, q->headers, arena_str(&q->arena, str_from(name)).p, json_string(&q->arena, str_from(value)));
    return MHD_YES;
}

static void *on_uri(void *ctx, const char *uri, struct MHD_Connection *c)
{
    struct actor_request *q = mem_alloc(sizeof *q);
    (void)ctx, (void)c;
    *q = (struct actor_request){ .method = BUF_INIT(64), .target = BUF_INIT(1 << 20), .body = BUF_INIT(1 << 24) };
    q->headers = json_object(&q->arena);
    buf_addz(&q->target, uri);
    return q;
}

static struct MHD_Response *response(struct actor *a, const struct json *answer, unsigned *status)
{
    struct buf body = { 0 }, printed = { 0 };
    const struct json *tree = json_get(answer, "json"), *headers = json_get(answer, "headers");
    struct str media = json_str_or(answer, "media", (struct str){ 0 });
    *status = answer ? (unsigned)json_num_or(answer, "status", 200) : 500;
    if (tree) {
        json_print(&printed, tree, 0);
        fill(a, &body, buf_str(&printed));
    } else if (media.n) {
        put_media(&body, media);
    } else {
        buf_adds(&body, json_str_or(answer, "text", STR("")));
    }
    struct MHD_Response *r =
        MHD_create_response_from_buffer(body.n, body.p ? body.p : (void *)(uintptr_t) "", MHD_RESPMEM_MUST_COPY);
    if (tree)
        MHD_add_response_header(r, "Content-Type", "application/json");
    for (const struct json *m = headers ? headers->child : NULL; m; m = m->next)
        MHD_add_response_header(r, m->key.p, m->string.p);
    buf_deinit(&body);
    buf_deinit(&printed);
    return r;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *n_upload, void **state)
{
    struct actor *a = ctx;
    struct actor_request *q = *state;
    unsigned status;
    (void)url, (void)version;
    if (q->method.n == 0) {
        buf_addz(&q->method, method);
        MHD_get_connection_values(c, MHD_HEADER_KIND, keep_header, q);
        return MHD_YES;
    }
    if (*n_upload) {
        buf_add(&q->body, upload, *n_upload);
        *n_upload = 0;
        return MHD_YES;
    }
    pthread_mutex_lock(&a->lock);
    if (a->n == MOST_REQUESTS)
        abort();
    struct MHD_Response *r = response(a, a->answers ? json_at(a->answers, a->n) : NULL, &status);
    a->requests[a->n++] = q;
    *state = NULL;
    pthread_mutex_unlock(&a->lock);
    enum MHD_Result queued = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return queued;
}

static void request_free(struct actor_request *q)
{
    buf_deinit(&q->method);
    buf_deinit(&q->target);
    buf_deinit(&q->body);
    arena_deinit(&q->arena);
    free(q);
}

static void on_completed(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
    (void)ctx, (void)c, (void)why;
    if (*state)                                 /* broken off before it was whole */
        request_free(*state);
    *state = NULL;
}

/* ---------- life ---------- */

struct actor *actor_start(struct err *e)
{
    struct actor *a = mem_alloc(sizeof *a);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    pthread_mutex_init(&a->lock, NULL);
    a->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL, on_request, a,
                                 MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_URI_LOG_CALLBACK, on_uri, a,
                                 MHD_OPTION_NOTIFY_COMPLETED, on_completed, a, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = a->daemon ? MHD_get_daemon_info(a->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        actor_stop(a);
        err_set(e, ERR_IO, "the actor cannot listen");
        return NULL;
    }
    a->port = info->port;
    return a;
}

static void forget(struct actor *a)
{
    for (size_t i = 0; i < a->n; i++)
        request_free(a->requests[i]);
    a->n = 0;
}

void actor_stop(struct actor *a)
{
    if (a->daemon)
        MHD_stop_daemon(a->daemon);
    forget(a);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

int actor_port(const struct actor *a)
{
    return a->port;
}

void actor_play(struct actor *a, const struct json *answers)
{
    pthread_mutex_lock(&a->lock);
    forget(a);
    a->answers = answers;
    pthread_mutex_unlock(&a->lock);
}

size_t actor_n_requests(const struct actor *a)
{
    return a->n;
}

const struct actor_request *actor_request(const struct actor *a, size_t i)
{
    return a->requests[i];
}

struct str actor_header(const struct actor_request *q, const char *name)
{
    for (const struct json *m = q->headers->child; m; m = m->next)
        if (strcasecmp(m->key.p, name) == 0)
            return m->string;
    return (struct str){ 0 };
}
