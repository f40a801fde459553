/* loadserver.c - a modelled service under load: loadserver PORT [name=value ...] (see tests/support/load_model.h)
 *
 * POST or GET: a path with "image" sells a picture, one with "audio" or "speech" a sound. It takes no key and tells at
 * /judge?cap=N&skip=S how it was called, at /log every request, at /forget it begins anew. One thread, so its clock is
 * the only one. */
#include <errno.h>
#include <math.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include "api/base64.h"
#include "gen/base/heap.h"
#include "gen/base/mem.h"
#include "tests/support/fake_media.h"
#include "tests/support/load_judge.h"

enum { DRIPS = 10, MOST_CONNECTIONS = 30000 };

struct attempt {
    uint64_t request;
    int n;
};

struct server {
    struct load_opts opts;
    struct load_state states[LOAD_N_ROUTES];
    struct buf bodies[LOAD_N_ROUTES];
    struct MHD_Daemon *daemon;
    struct heap waiting; /* of exchanges, by microsecond */
    double first_s;      /* of the first request; < 0: none yet */
    struct load_record *log;
    size_t n_log, cap_log;
    struct attempt *attempts; /* open addressing; request 0: free */
    size_t n_attempts, cap_attempts;
    bool is_over;
};

struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    uint64_t request;
    size_t record;
    enum load_route route;
    enum load_fault fault;
    int status, drips;
    bool is_known, is_counted, is_due;
    char hints[4][2][64]; /* headers */
    int n_hints;
    double again_s;
};

static double clock_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double since_first(struct server *s)
{
    double now = clock_s();
    if (s->first_s < 0)
        s->first_s = now;
    return now - s->first_s;
}

/* ---------- what is sold ---------- */

static void make_body(struct server *s, enum load_route r)
{
    struct buf media = { 0 }, text = { 0 };
    int64_t bytes = s->opts.routes[r].bytes;
    if (r == LOAD_IMAGE) {
        int side = (int)sqrt((double)bytes);
        fake_png(&media, side < 16 ? 16 : side, side < 16 ? 16 : side, 7);
    } else {
        fake_wav(&media, STR("one two three four"), 7, false);
        double per_char = (double)media.n / 18;
        while ((double)text.n * per_char < (double)bytes)
            buf_addz(&text, text.n ? " word" : "word");
        buf_clear(&media);
        fake_wav(&media, buf_str(&text), 7, false);
    }
    if (bytes < 4096 && media.n > (size_t)bytes) /* too small for real media: the head of one, for tests of the loop */
        media.n = (size_t)bytes;
    if (s->opts.routes[r].is_json) {
        buf_addz(&s->bodies[r], "{\"created\":1,\"data\":[{\"b64_json\":\"");
        base64_encode(&s->bodies[r], media.p, media.n);
        buf_addz(&s->bodies[r], "\"}]}");
        buf_deinit(&media);
    } else {
        s->bodies[r] = media;
    }
    buf_deinit(&text);
}

/* ---------- the log ---------- */

static size_t note(struct server *s, const struct load_record *r)
{
    if (s->n_log == s->cap_log) {
        s->cap_log = s->cap_log ? s->cap_log * 2 : 4096;
        s->log = mem_resize(s->log, s->cap_log, sizeof *s->log);
    }
    s->log[s->n_log] = *r;
    return s->n_log++;
}

static struct attempt *attempt_slot(struct attempt *v, size_t cap, uint64_t request)
{
    size_t i = request & (cap - 1);
    while (v[i].request && v[i].request != request)
        i = (i + 1) & (cap - 1);
    v[i].request = request;
    return &v[i];
}

static int next_attempt(struct server *s, uint64_t request)
{
    if (2 * s->n_attempts >= s->cap_attempts) {
        size_t cap = s->cap_attempts ? 2 * s->cap_attempts : 4096;
        struct attempt *v = mem_array(cap, sizeof *v);
        for (size_t i = 0; i < s->cap_attempts; i++)
            if (s->attempts[i].request)
                attempt_slot(v, cap, s->attempts[i].request)->n = s->attempts[i].n;
        free(s->attempts);
        s->attempts = v;
        s->cap_attempts = cap;
    }
    struct attempt *a = attempt_slot(s->attempts, s->cap_attempts, request);
    s->n_attempts += a->n == 0;
    return ++a->n;
}

/* The request is over for the service; a 429 never held a place. */
static void leave(struct exchange *x, int status)
{
    struct server *s = x->server;
    if (!x->is_counted)
        return;
    x->is_counted = false;
    s->states[x->route].in_flight -= status != 429;
    s->log[x->record].ended_s = since_first(s);
    s->log[x->record].status = status;
}

/* ---------- one request ---------- */

static void hint(struct exchange *x, const char *name, double value)
{
    snprintf(x->hints[x->n_hints][0], sizeof x->hints[0][0], "%s", name);
    snprintf(x->hints[x->n_hints++][1], sizeof x->hints[0][1], strstr(name, "reset") ? "%.0fms" : "%.0f", ceil(value));
}

static void wait_until_due(struct exchange *x, double s)
{
    x->is_due = false;
    MHD_suspend_connection(x->connection);
    heap_push(&x->server->waiting, (int64_t)((clock_s() + s) * 1e6), x);
}

static void arrive(struct exchange *x)
{
    struct server *s = x->server;
    const struct load_route_opts *l = &s->opts.routes[x->route];
    double at_s = since_first(s), again_s = 0, latency_s = load_latency_s(&s->opts, x->route, x->request);
    int64_t left;
    bool may = load_admit(&s->opts, &s->states[x->route], x->route, at_s, &again_s, &left);
    x->status = may ? 200 : 429;
    x->is_counted = true;
    x->record = note(
        s, &(struct load_record){
               .arrived_s = at_s, .ended_s = at_s, .latency_s = latency_s, .request = x->request, .route = x->route });
    if (!may && l->tells_when) {
        hint(x, "Retry-After", again_s);
        hint(x, "Retry-After-Ms", again_s * 1000);
    }
    if (l->tells_left && left >= 0) { /* on refusals, too: nothing, and when there is something again */
        hint(x, "x-ratelimit-remaining-requests", (double)left);
        hint(x, "x-ratelimit-reset-requests", again_s * 1000);
    }
    if (!may)
        return;
    x->fault = load_fault(&s->opts, x->route, x->request, next_attempt(s, x->request));
    wait_until_due(x, latency_s);
}

static ssize_t drip(void *ctx, uint64_t at, char *out, size_t max)
{
    struct exchange *x = ctx;
    const struct buf *b = &x->server->bodies[x->route];
    size_t part = b->n / DRIPS + 1, end = (size_t)(x->drips + 1) * part, n;
    if (at >= end || at >= b->n) {
        x->drips++;
        wait_until_due(x, x->server->opts.routes[x->route].drip_ms * x->server->opts.scale / 1000 / DRIPS);
        return 0;
    }
    n = (end < b->n ? end : b->n) - (size_t)at;
    n = n < max ? n : max;
    memcpy(out, b->p + at, n);
    return (ssize_t)n;
}

static enum MHD_Result reset_connection(struct exchange *x)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger now = { 1, 0 };
    if (info)
        setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    leave(x, 0);
    return MHD_NO;
}

static enum MHD_Result answer(struct exchange *x)
{
    static char refused[] = "{\"error\":{\"type\":\"rate_limit\"}}", broken[] = "{\"error\":\"internal\"}";
    const struct buf *b = &x->server->bodies[x->route];
    bool is_json = x->server->opts.routes[x->route].is_json || x->status != 200;
    struct MHD_Response *r;
    if (x->fault == LOAD_RESET)
        return reset_connection(x);
    if (x->fault == LOAD_500)
        x->status = 500;
    if (x->status != 200)
        r = MHD_create_response_from_buffer(strlen(x->status == 429 ? refused : broken),
                                            x->status == 429 ? refused : broken, MHD_RESPMEM_PERSISTENT);
    else if (x->fault == LOAD_DRIP)
        r = MHD_create_response_from_callback(b->n, 65536, drip, x, NULL);
    else
        r = MHD_create_response_from_buffer(b->n, b->p, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(r, "Content-Type",
                            is_json                  ? "application/json"
                            : x->route == LOAD_IMAGE ? "image/png"
                                                     : "audio/wav");
    for (int i = 0; i < x->n_hints; i++)
        MHD_add_response_header(r, x->hints[i][0], x->hints[i][1]);
    if (x->fault != LOAD_DRIP)
        leave(x, x->status); /* before it leaves: the caller may begin its next one at once */
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)x->status, r);
    MHD_destroy_response(r);
    return queued;
}

/* ---------- questions to the server itself ---------- */

static double argument(struct MHD_Connection *c, const char *name)
{
    const char *v = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, name);
    return v ? strtod(v, NULL) : 0;
}

static void print_log(struct buf *b, const struct server *s)
{
    buf_addz(b, "arrived,ended,latency,request,status,route\n");
    for (size_t i = 0; i < s->n_log; i++)
        buf_printf(b, "%.6f,%.6f,%.6f,%016llx,%d,%s\n", s->log[i].arrived_s, s->log[i].ended_s, s->log[i].latency_s,
                   (unsigned long long)s->log[i].request, s->log[i].status,
                   s->log[i].route == LOAD_IMAGE ? "image" : "speech");
}

static enum MHD_Result tell(struct server *s, struct MHD_Connection *c, const char *url)
{
    struct buf b = { 0 };
    struct load_verdict v;
    if (strcmp(url, "/judge") == 0) {
        load_judge(&s->opts, s->log, s->n_log, (int64_t)argument(c, "cap"), argument(c, "skip"), &v);
        load_verdict_print(&b, &v);
    } else if (strcmp(url, "/log") == 0) {
        print_log(&b, s);
    } else if (strcmp(url, "/forget") == 0) {
        s->n_log = 0;
        s->first_s = -1;
        memset(s->states, 0, sizeof s->states);
    }
    struct MHD_Response *r =
        MHD_create_response_from_buffer(b.n, b.p ? b.p : (char *)(uintptr_t) "", MHD_RESPMEM_MUST_COPY);
    enum MHD_Result queued = MHD_queue_response(c, b.n ? 200 : 204, r);
    MHD_destroy_response(r);
    buf_deinit(&b);
    return queued;
}

/* ---------- life ---------- */

static uint64_t mix(uint64_t h, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 0x100000001b3u; /* FNV-1a */
    return h;
}

static bool route_of(const char *url, enum load_route *r)
{
    *r = strstr(url, "image") ? LOAD_IMAGE : LOAD_SPEECH;
    return *r == LOAD_IMAGE || strstr(url, "audio") || strstr(url, "speech");
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *n_upload, void **state)
{
    struct server *s = ctx;
    struct exchange *x = *state;
    (void)version, (void)method;
    if (!x) {
        *state = x = mem_alloc(sizeof *x);
        *x = (struct exchange){ .server = s, .connection = c, .request = mix(0xcbf29ce484222325u, url, strlen(url)) };
        x->is_known = route_of(url, &x->route);
        return MHD_YES;
    }
    if (*n_upload) {
        x->request = mix(x->request, upload, *n_upload);
        *n_upload = 0;
        return MHD_YES;
    }
    if (!x->is_known)
        return tell(s, c, url);
    if (!x->is_counted && !x->is_due)
        arrive(x);
    return x->status == 429 || x->is_due ? answer(x) : MHD_YES;
}

static void on_completed(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *state;
    (void)ctx, (void)c;
    if (!x)
        return;
    leave(x, why == MHD_REQUEST_TERMINATED_COMPLETED_OK ? x->status : 0);
    free(x);
    *state = NULL;
}

/* Goes on with what is due; false: nothing was. *next_us: until the next one. */
static bool resume_due(struct server *s, int64_t *next_us)
{
    const struct heap_item *top;
    int64_t now = (int64_t)(clock_s() * 1e6);
    bool any = false;
    for (; (top = heap_top(&s->waiting)) && top->key <= now; any = true) {
        struct exchange *x = heap_pop(&s->waiting);
        x->is_due = true;
        MHD_resume_connection(x->connection);
    }
    *next_us = top ? top->key - now : INT64_MAX;
    return any;
}

static void serve(struct server *s)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd p = { .fd = info->epoll_fd, .events = POLLIN };
    sigset_t pending;
    while (sigpending(&pending) == 0 && !sigismember(&pending, SIGTERM) && !sigismember(&pending, SIGINT)) {
        unsigned long long most_ms;
        int64_t due_us;
        do
            MHD_run(s->daemon);
        while (resume_due(s, &due_us));
        if (MHD_get_timeout(s->daemon, &most_ms) == MHD_YES && (int64_t)most_ms * 1000 < due_us)
            due_us = (int64_t)most_ms * 1000;
        due_us = due_us < 0 ? 0 : due_us > 500000 ? 500000 : due_us;
        const struct timespec t = { due_us / 1000000, due_us % 1000000 * 1000 };
        ppoll(&p, 1, &t, NULL);
    }
}

static bool begin(struct server *s, int argc, char **argv, struct err *e)
{
    load_opts_init(&s->opts);
    for (int i = 2; i < argc; i++)
        if (!load_opts_set(&s->opts, argv[i], e))
            return false;
    for (int r = 0; r < LOAD_N_ROUTES; r++)
        make_body(s, (enum load_route)r);
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)strtol(argv[1], NULL, 10)),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    s->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, ntohs(at.sin_port), NULL,
                                 NULL, on_request, s, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_NOTIFY_COMPLETED,
                                 on_completed, s, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_CONNECTION_LIMIT,
                                 (unsigned)MOST_CONNECTIONS, MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u, MHD_OPTION_END);
    return s->daemon || err_set(e, ERR_IO, "cannot listen on port %s", argv[1]);
}

int main(int argc, char **argv)
{
    struct server s = { .first_s = -1 };
    struct err e = { 0 };
    struct rlimit files;
    sigset_t ending;
    if (argc < 2) {
        fputs("usage: loadserver PORT [name=value ...]\n", stderr);
        return 2;
    }
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    sigprocmask(SIG_BLOCK, &ending, NULL);
    signal(SIGPIPE, SIG_IGN);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (!begin(&s, argc, argv, &e)) {
        fprintf(stderr, "loadserver: %s\n", e.msg);
        return 1;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s.daemon, MHD_DAEMON_INFO_BIND_PORT);
    printf("%d\n", info->port);
    fflush(stdout);
    serve(&s);
    return 0;
}
