/* fake_server.c - a service on loopback that speaks four APIs, sells real media and misbehaves as told */
#include "tests/support/fake_server.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "tests/support/fake_private.h"

static enum fake_route route_of(const char *path)
{
    struct str p = str_from(path);
    if (str_ends(p, "/images/generations"))
        return ROUTE_IMAGE;
    if (str_ends(p, "/chat/completions"))
        return ROUTE_CHAT;
    if (str_ends(p, "/audio/speech"))
        return ROUTE_SPEECH;
    if (str_ends(p, "/with-timestamps"))
        return ROUTE_TIMES;
    if (str_ends(p, "/predictions"))
        return ROUTE_SUBMIT;
    if (str_ends(p, "/cancel"))
        return ROUTE_CANCEL;
    if (strstr(path, "/predictions/"))
        return ROUTE_POLL;
    return str_starts(p, "/media/") ? ROUTE_MEDIA : ROUTE_OTHER;
}

static const char *key_of(struct exchange *x)
{
    static const char *const names[] = { "Authorization", "xi-api-key", "x-key", "x-goog-api-key", "api-key" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        const char *v = MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, names[i]);
        if (v)
            return v;
    }
    return NULL;
}

/* ---------- the ledger ---------- */

static void note_paid(struct exchange *x)
{
    struct fake_server *s = x->server;
    struct buf b = { 0 };
    char id[DIGEST_HEX];
    size_t i = 0;
    buf_printf(&b, "%s\n%s\n", fake_route_name(x->route), x->path);
    buf_adds(&b, buf_str(&x->body));
    digest_of(b.p, b.n, id);
    buf_deinit(&b);
    while (i < s->n_assets && strcmp(s->assets[i].id, id) != 0)
        i++;
    if (i == MOST_ASSETS)
        abort();
    if (i == s->n_assets) {
        memcpy(s->assets[i].id, id, sizeof id);
        snprintf(s->assets[i].name, sizeof s->assets[i].name, "%s|" STR_FMT, fake_route_name(x->route),
                 (int)(x->text.n < 50 ? x->text.n : 50), x->text.p ? x->text.p : "");
        s->n_assets++;
    }
    if (s->script.is_idempotent && s->assets[i].n_paid &&
        MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "Idempotency-Key")) {
        s->n_replayed++;
        return;
    }
    x->is_sold = true;
    s->n_paid++;
    s->n_paid_twice += ++s->assets[i].n_paid == 2;
}

/* ---------- one request ---------- */

static void refuse(struct exchange *x, int status, const char *type, const char *code, const char *message)
{
    x->status = status;
    x->type = "application/json";
    x->headers = NULL;
    x->fault = FAULT_NONE;
    buf_clear(&x->answer);
    buf_printf(&x->answer, "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"code\":\"%s\"}}", message, type, code);
}

static bool is_authorized(struct exchange *x)
{
    const char *key = key_of(x);
    if (!fake_answers[x->route].needs_key)
        return true;
    return key && (x->server->script.key.n == 0 || strstr(key, x->server->script.key.p));
}

static void read_text(struct exchange *x, const struct json **q)
{
    struct json *tree = NULL;
    *q = NULL;
    if (x->body.n && json_parse(&x->arena, buf_str(&x->body), 0, &tree, NULL, NULL, NULL, NULL))
        *q = tree;
    if (!*q || !fake_answers[x->route].text)
        return;
    const struct json *v = json_get(*q, fake_answers[x->route].text);
    if (v && v->type == JSON_ARRAY && v->n)      /* messages: the last one asks */
        v = json_get(json_at(v, v->n - 1), "content");
    if (v && v->type == JSON_OBJECT)
        v = json_get(v, "prompt");
    if (v && v->type == JSON_STRING)
        x->text = v->string;
}

/* A rule's own answer, before the usual one is made. */
static void apply_status(struct exchange *x, const struct fake_rule *r)
{
    static const struct { int status; const char *type, *code, *message; } usual[] = {
        { 400, "image_generation_user_error", "moderation_blocked", "refused by the safety system" },
        { 401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided" },
        { 429, "requests", "rate_limit_exceeded", "Rate limit reached" },
        { 500, "server_error", "server_error", "The server had an error" },
        { 503, "service_unavailable_error", "server_is_overloaded", "Overloaded" },
    };
    const char *type = "error", *code = "error", *message = "as told";
    for (size_t i = 0; i < COUNTOF(usual); i++)
        if (usual[i].status == r->status)
            type = usual[i].type, code = usual[i].code, message = usual[i].message;
    refuse(x, r->status, type, code, message);
    x->headers = r->headers;
}

static void apply_fault(struct exchange *x)
{
    static const char html[] =
        "<!DOCTYPE html><html><head><title>502</title></head><body><h1>Bad gateway</h1>sorry</body></html>";
    if (x->fault == FAULT_HTML || x->fault == FAULT_EMPTY || x->fault == FAULT_GARBAGE || x->fault == FAULT_REFUSAL)
        buf_clear(&x->answer);
    if (x->fault == FAULT_HTML) {
        x->type = "audio/mpeg";
        buf_addz(&x->answer, html);
    } else if (x->fault == FAULT_GARBAGE) {
        buf_add(&x->answer, "\x01\x02\x03\x04garbage\0\0\0\0", 15);
    } else if (x->fault == FAULT_REFUSAL) {
        x->type = "application/json";
        buf_addz(
            &x->answer,
            "{\"data\":[],\"error\":{\"message\":\"refused by the safety system\",\"code\":\"moderation_blocked\"}}");
    }
}

/* With the lock held: decides everything about the answer. */
static void prepare(struct exchange *x)
{
    struct fake_server *s = x->server;
    const struct json *q;
    x->status = 200;
    x->type = "application/json";
    read_text(x, &q);
    s->n_requests++;
    s->n_routes[x->route]++;
    s->n_key_leaks += x->route == ROUTE_MEDIA && key_of(x);
    x->latency_ms = s->script.latency_ms[x->route];
    struct fake_rule *r = fake_script_rule(&s->script, x->route, str_from(x->path), buf_str(&x->body));
    if (r && r->latency_ms >= 0)
        x->latency_ms = r->latency_ms;
    if (s->script.cap && s->in_flight > s->script.cap) {
        s->n_violations++;
        refuse(x, 503, "cap", "cap", "more requests in flight than allowed");
        return;
    }
    if (!is_authorized(x)) {
        s->n_unauthorized++;
        refuse(x, 401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided");
        return;
    }
    s->n_faults += r && (r->status || r->fault || r->body.p);
    x->fault = r ? r->fault : FAULT_NONE;
    x->headers = r ? r->headers : NULL;
    x->say = r ? r->say : (struct str){ 0 };
    if (r && r->body.p) {
        x->status = r->status ? r->status : 200;
        buf_adds(&x->answer, r->body);
        return;
    }
    if (r && r->status) {
        apply_status(x, r);
        return;
    }
    fake_answers[x->route].answer(x, q);
    apply_fault(x);
    if (fake_answers[x->route].is_sold && x->fault == FAULT_NONE)
        note_paid(x);
    s->n_spoilt += fake_answers[x->route].is_sold && x->fault == FAULT_TRUNCATED;
}

static void wait_ms(struct fake_server *s, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!s->is_stopping && pthread_cond_timedwait(&s->stopping, &s->lock, &until) != ETIMEDOUT)
        ;
}

/* A body that is handed out piece by piece. */
struct slow_body {
    struct fake_server *server;
    struct buf data;
    bool is_short, is_endless;
};

static ssize_t read_slowly(void *ctx, uint64_t at, char *out, size_t max)
{
    struct slow_body *b = ctx;
    if (b->is_endless) {
        memset(out, 0, max);
        return (ssize_t)max;
    }
    if (b->is_short) {
        size_t half = b->data.n / 2;
        if (at >= half)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        size_t n = half - at < max ? (size_t)(half - at) : max;
        memcpy(out, b->data.p + at, n);
        return (ssize_t)n;
    }
    pthread_mutex_lock(&b->server->lock);
    wait_ms(b->server, 20);
    bool is_over = b->server->is_stopping;
    pthread_mutex_unlock(&b->server->lock);
    if (is_over || at >= b->data.n)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    out[0] = b->data.p[at];
    return 1;
}

static void free_slowly(void *ctx)
{
    struct slow_body *b = ctx;
    buf_deinit(&b->data);
    free(b);
}

static struct MHD_Response *respond(struct exchange *x)
{
    struct MHD_Response *r;
    if (x->fault == FAULT_SHORT || x->fault == FAULT_DRIP || x->fault == FAULT_ENDLESS) {
        struct slow_body *b = mem_alloc(sizeof *b);
        *b = (struct slow_body){ x->server, x->answer, x->fault == FAULT_SHORT, x->fault == FAULT_ENDLESS };
        x->answer = (struct buf){ 0 };
        r = MHD_create_response_from_callback(b->is_endless ? MHD_SIZE_UNKNOWN : b->data.n, 4096, read_slowly, b,
                                              free_slowly);
    } else {
        r = MHD_create_response_from_buffer(x->answer.n, x->answer.p ? x->answer.p : (char *)(uintptr_t) "",
                                            MHD_RESPMEM_MUST_COPY);
    }
    MHD_add_response_header(r, "Content-Type", x->type);
    for (const struct json *h = x->headers ? x->headers->child : NULL; h; h = h->next)
        MHD_add_response_header(r, h->key.p, h->string.p ? h->string.p : "");
    return r;
}

static enum MHD_Result reset_connection(struct exchange *x)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger now = { 1, 0 };
    if (info)
        setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    return MHD_NO;
}

static enum MHD_Result serve(struct exchange *x)
{
    struct fake_server *s = x->server;
    pthread_mutex_lock(&s->lock);
    s->in_flight++;
    s->max_in_flight = s->in_flight > s->max_in_flight ? s->in_flight : s->max_in_flight;
    prepare(x);
    if (x->fault == FAULT_HANG)
        wait_ms(s, 3600 * 1000);
    else if (x->latency_ms > 0)
        wait_ms(s, x->latency_ms);
    s->in_flight--; /* before the answer leaves: the client may begin its next one at once */
    pthread_mutex_unlock(&s->lock);
    if (x->fault == FAULT_RESET || x->fault == FAULT_HANG)
        return reset_connection(x);
    struct MHD_Response *r = respond(x);
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)x->status, r);
    MHD_destroy_response(r);
    return queued;
}

static enum MHD_Result serve_own(struct exchange *x)
{
    struct err e = { 0 };
    x->type = "application/json";
    x->status = 200;
    if (strcmp(x->path, "/__script") == 0) {
        buf_addc(&x->body, '\n');
        if (!fake_server_script(x->server, x->body.p, &e)) {
            x->status = 400;
            buf_addz(&x->answer, e.msg);
        }
    } else {
        char *stats = fake_server_stats(x->server);
        buf_addz(&x->answer, stats);
        free(stats);
    }
    struct MHD_Response *r = respond(x);
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)x->status, r);
    MHD_destroy_response(r);
    return queued;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *n_upload, void **state)
{
    struct exchange *x = *state;
    (void)version;
    if (!x) {
        *state = x = mem_alloc(sizeof *x);
        *x = (struct exchange){ .server = ctx, .connection = c, .path = url, .method = method };
        return MHD_YES;
    }
    if (*n_upload) {
        buf_add(&x->body, upload, *n_upload);
        *n_upload = 0;
        return MHD_YES;
    }
    x->path = url;
    x->route = route_of(url);
    return str_starts(str_from(url), "/__") ? serve_own(x) : serve(x);
}

static void on_completed(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *state;
    struct fake_server *s = ctx;
    (void)c;
    if (!x)
        return;
    pthread_mutex_lock(&s->lock);
    s->n_delivered += x->is_sold && why == MHD_REQUEST_TERMINATED_COMPLETED_OK;
    s->n_undelivered += x->is_sold && why != MHD_REQUEST_TERMINATED_COMPLETED_OK;
    pthread_mutex_unlock(&s->lock);
    buf_deinit(&x->body);
    buf_deinit(&x->answer);
    arena_deinit(&x->arena);
    free(x);
    *state = NULL;
}

static void on_connection(void *ctx, struct MHD_Connection *c, void **state, enum MHD_ConnectionNotificationCode what)
{
    struct fake_server *s = ctx;
    (void)c, (void)state;
    pthread_mutex_lock(&s->lock);
    s->n_connections += what == MHD_CONNECTION_NOTIFY_STARTED;
    s->n_open += what == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1;
    pthread_mutex_unlock(&s->lock);
}

/* ---------- life ---------- */

bool fake_server_script(struct fake_server *s, const char *script, struct err *e)
{
    struct fake_script fresh;
    if (!fake_script_read(&fresh, str_from(script ? script : "{}"), e)) {
        fake_script_deinit(&fresh);
        return false;
    }
    pthread_mutex_lock(&s->lock);
    if (s->n_old == MOST_SCRIPTS)
        abort();
    s->old[s->n_old++] = s->script;
    s->script = fresh;
    pthread_mutex_unlock(&s->lock);
    return true;
}

struct fake_server *fake_server_start(int port, const char *script, struct err *e)
{
    struct fake_server *s = mem_alloc(sizeof *s);
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->stopping, NULL);
    s->assets = mem_array(MOST_ASSETS, sizeof *s->assets);
    s->predictions = mem_array(MOST_PREDICTIONS, sizeof *s->predictions);
    if (!fake_server_script(s, script, e)) {
        fake_server_stop(s);
        return NULL;
    }
    s->daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, (uint16_t)port,
                         NULL, NULL, on_request, s, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_NOTIFY_COMPLETED,
                         on_completed, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_CONNECTION_LIMIT, 4000u, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = s->daemon ? MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        err_set(e, ERR_IO, "the fake server cannot listen on port %d", port);
        fake_server_stop(s);
        return NULL;
    }
    s->port = info->port;
    return s;
}

void fake_server_stop(struct fake_server *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->is_stopping = true;
    pthread_cond_broadcast(&s->stopping);
    pthread_mutex_unlock(&s->lock);
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    for (size_t i = 0; i < s->n_predictions; i++)
        buf_deinit(&s->predictions[i].prompt);
    for (size_t i = 0; i < s->n_old; i++)
        fake_script_deinit(&s->old[i]);
    fake_script_deinit(&s->script);
    pthread_cond_destroy(&s->stopping);
    pthread_mutex_destroy(&s->lock);
    free(s->assets);
    free(s->predictions);
    free(s);
}

int fake_server_port(const struct fake_server *s)
{
    return s->port;
}

static struct json *stats_tree(struct fake_server *s, struct arena *a)
{
    const struct { const char *name; int64_t value; } rows[] = {
        { "requests", s->n_requests }, { "paid", s->n_paid }, { "paid_twice", s->n_paid_twice },
        { "max_in_flight", s->max_in_flight }, { "violations", s->n_violations }, { "faults", s->n_faults },
        { "unauthorized", s->n_unauthorized }, { "key_leaks", s->n_key_leaks }, { "cancelled", s->n_cancelled },
        { "connections", s->n_connections }, { "open", s->n_open }, { "spoilt", s->n_spoilt }, { "replayed", s->n_replayed }, { "delivered", s->n_delivered },
        { "undelivered", s->n_undelivered },
    };
    struct json *o = json_object(a), *by_route = json_object(a), *assets = json_object(a);
    for (size_t i = 0; i < COUNTOF(rows); i++)
        json_set(a, o, rows[i].name, json_number(a, (double)rows[i].value));
    for (int i = 0; i < N_ROUTES; i++)
        json_set(a, by_route, fake_route_name((enum fake_route)i), json_number(a, (double)s->n_routes[i]));
    for (size_t i = 0; i < s->n_assets; i++)
        json_set(a, assets, s->assets[i].name, json_number(a, (double)s->assets[i].n_paid));
    json_set(a, o, "routes", by_route);
    json_set(a, o, "assets", assets);
    return o;
}

char *fake_server_stats(struct fake_server *s)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    pthread_mutex_lock(&s->lock);
    json_print(&b, stats_tree(s, &a), JSON_PRETTY);
    pthread_mutex_unlock(&s->lock);
    buf_addc(&b, '\n');
    arena_deinit(&a);
    return buf_take(&b);
}

int64_t fake_server_stat(struct fake_server *s, const char *name)
{
    struct arena a = { 0 };
    const char *slash = strchr(name, '/');
    pthread_mutex_lock(&s->lock);
    const struct json *o = stats_tree(s, &a);
    double v = slash ? json_num_or(json_get(o, "routes"), slash + 1, -1) : json_num_or(o, name, -1);
    pthread_mutex_unlock(&s->lock);
    arena_deinit(&a);
    return (int64_t)v;
}
