/* http_host.c - how many connections a host gets
 *
 * A host that speaks HTTP/1.1 gets one for each call. One that speaks HTTP/2 gets one for about a hundred: left alone,
 * libcurl opens a further one for each call that finds all of them full. Its own bound (CURLMOPT_MAX_HOST_CONNECTIONS)
 * cannot be used, because it holds for HTTP/1.1, too, where it would let only so many calls run, and because what does
 * not fit waits inside libcurl, whose queue is slow. So calls wait here, and a new connection is opened by one of them.
 *
 * Which of the two a host is shows when two calls go over one connection (its local port), or when one opens a socket
 * although the first connection would have had room. Until then no more than a first connection's worth are let go. */
#include <stdlib.h>
#include <string.h>
#include "api/http_private.h"
#include "gen/base/clock.h"
#include "gen/base/mem.h"

enum {
    STREAMS = 100,                              /* the least that RFC 9113, 6.5.2 recommends to allow */
    YOUNG_STREAMS = 16,                         /* until the server can have told how many it takes; more may be refused */
    YOUNG_LEAST_MS = 20,
    YOUNG_MOST_MS = 1000,
    AT_ONCE = 8,                                /* calls that may find out at the same time that there is no room */
    MOST_HOSTS = 64
};

enum how { HOW_UNKNOWN, HOW_ALONE, HOW_SHARED };

struct line {                                   /* a connection with calls on it */
    int port;
    size_t n;
    int64_t young_until_ms;
};

struct http_host {
    struct http_host *next;
    struct http_url url;
    enum how how;
    size_t streams;                             /* that a connection is taken to carry */
    size_t n_calls, n_fresh;                    /* all; connection not known yet */
    struct http_idle idle;                      /* HTTP/1.1 only */
    struct line *lines;
    size_t n_lines, cap;
    struct http_call *held, *last_held;
};

static void free_host(struct http_host *o)
{
    free(o->lines);
    free(o->idle.v);
    free(o);
}

/* Those without calls are remembered, but not for ever: answers may name any number of them. */
static void forget_some(struct http *h)
{
    struct http_host **at = &h->hosts, *o;
    while ((o = *at)) {
        if (o->n_calls > 0) {
            at = &o->next;
            continue;
        }
        *at = o->next;
        h->n_hosts--;
        free_host(o);
    }
}

void http_hosts_deinit(struct http *h)
{
    struct http_host *o;
    while ((o = h->hosts)) {
        h->hosts = o->next;
        free_host(o);
    }
}

static struct http_host *find(struct http *h, const struct http_url *u)
{
    struct http_host **at = &h->hosts, *o;
    while (*at && !http_same_origin(&(*at)->url, u))
        at = &(*at)->next;
    if ((o = *at)) {
        *at = o->next;
    } else {
        if (++h->n_hosts > MOST_HOSTS)
            forget_some(h);
        o = mem_alloc(sizeof *o);
        *o = (struct http_host){ .url = *u, .streams = STREAMS, .how = u->is_https ? HOW_UNKNOWN : HOW_ALONE };
    }
    o->next = h->hosts;
    return h->hosts = o;
}

static struct line *line_of(struct http_host *o, int port)
{
    for (size_t i = 0; i < o->n_lines; i++)
        if (o->lines[i].port == port)
            return &o->lines[i];
    return NULL;
}

/* For how many more calls there is room on the connections that are open. */
static size_t room(const struct http_host *o)
{
    size_t n = 0;
    for (size_t i = 0; i < o->n_lines; i++)
        n += o->streams > o->lines[i].n ? o->streams - o->lines[i].n : 0;
    return n;
}

/* libcurl chooses the connection, so while one is young all calls might go there. */
static bool may_start(const struct http_host *o)
{
    int64_t now = clock_now_ms(&clock_monotonic);
    size_t on_young = 0, n_young = 0;
    if (o->how == HOW_ALONE)
        return true;
    for (size_t i = 0; i < o->n_lines; i++)
        if (now < o->lines[i].young_until_ms) {
            n_young++;
            on_young += o->lines[i].n;
        }
    if (n_young)
        return on_young + o->n_fresh < YOUNG_STREAMS;
    return o->n_fresh == 0 || (o->n_fresh < AT_ONCE && (o->n_lines == 0 || o->n_fresh < room(o)));
}

/* To libcurl. Where no connection waits it need not look through all that are in use. */
static bool start(struct http_call *c, struct err *e)
{
    struct http_host *o = c->host;
    bool is_alone = o->how == HOW_ALONE;
    struct http_part *p = is_alone ? http_part_roomy(c->http, &o->idle, e) : http_part_first(c->http, e);
    if (!p)
        return false;
    bool has_idle = !is_alone || (p->i < o->idle.n && o->idle.v[p->i] > 0);
    if (is_alone && has_idle)
        o->idle.v[p->i]--;
    curl_easy_setopt(c->easy, CURLOPT_FRESH_CONNECT, has_idle ? 0L : 1L);
    c->is_fresh = true;
    o->n_fresh++;
    return http_part_add(p, c, e);
}

bool http_host_enter(struct http_call *c, const struct http_url *u, struct err *e)
{
    struct http_host *o = find(c->http, u);
    c->host = o;
    o->n_calls++;
    if (!o->held && may_start(o))
        return start(c, e);
    c->is_held = true;
    c->http->n_held++;
    if (o->held)
        o->last_held->next_held = c;
    else
        o->held = c;
    o->last_held = c;
    return true;
}

static struct http_call *pop_held(struct http_host *o)
{
    struct http_call *c = o->held;
    o->held = c->next_held;
    c->next_held = NULL;
    c->is_held = false;
    c->http->n_held--;
    return c;
}

static void unlink_held(struct http_call *c)
{
    struct http_host *o = c->host;
    struct http_call **at = &o->held, *before = NULL;
    while (*at != c) {
        before = *at;
        at = &before->next_held;
    }
    *at = c->next_held;
    if (o->last_held == c)
        o->last_held = before;
    c->is_held = false;
    c->http->n_held--;
}

static void leave_line(struct http_call *c)
{
    struct http_host *o = c->host;
    struct line *l = c->line ? line_of(o, c->line) : NULL;
    c->line = 0;
    if (!l)
        return;
    if (--l->n == 0)
        *l = o->lines[--o->n_lines];
}

static void note_idle(struct http_host *o, size_t part)
{
    if (part >= o->idle.n) {
        o->idle.v = mem_resize(o->idle.v, part + 1, sizeof *o->idle.v);
        memset(o->idle.v + o->idle.n, 0, (part + 1 - o->idle.n) * sizeof *o->idle.v);
        o->idle.n = part + 1;
    }
    o->idle.v[part]++;
}

void http_host_leave(struct http_call *c)
{
    struct http_host *o = c->host;
    if (!o)
        return;
    if (c->is_held)
        unlink_held(c);
    o->n_fresh -= c->is_fresh;
    c->is_fresh = false;
    leave_line(c);
    if (c->is_kept && c->part && o->how == HOW_ALONE)
        note_idle(o, c->part->i);
    o->n_calls--;
    c->host = NULL;
    c->is_kept = false;
}

void http_host_opens(struct http_call *c)
{
    struct http_host *o = c->host;
    size_t most = 0;
    if (!o || !c->is_fresh || o->n_lines == 0)
        return;
    for (size_t i = 0; i < o->n_lines; i++)
        most = o->lines[i].n > most ? o->lines[i].n : most;
    if (room(o) < o->n_fresh)
        return;                                 /* all are full, as was thought */
    if (most >= 2)
        o->streams = most;                      /* the server allows no more of them */
    else if (o->how == HOW_UNKNOWN)
        o->how = HOW_ALONE;
}

/* Time for the server's first words on a new connection: two round trips. */
static int64_t youth_ms(const struct http_call *c)
{
    curl_off_t connect_us = 0;
    curl_easy_getinfo(c->easy, CURLINFO_CONNECT_TIME_T, &connect_us);
    int64_t ms = connect_us / 500;
    return ms < YOUNG_LEAST_MS ? YOUNG_LEAST_MS : ms < YOUNG_MOST_MS ? ms : YOUNG_MOST_MS;
}

void http_host_connected(struct http_call *c, int port)
{
    struct http_host *o = c->host;
    if (!o)
        return;
    o->n_fresh -= c->is_fresh;
    c->is_fresh = false;
    leave_line(c);                              /* a second try: the first connection was dead */
    if (o->how == HOW_ALONE)
        return;
    struct line *l = line_of(o, port);
    if (!l) {
        if (o->n_lines == o->cap) {
            o->cap = o->cap ? o->cap * 2 : 8;
            o->lines = mem_resize(o->lines, o->cap, sizeof *o->lines);
        }
        l = &o->lines[o->n_lines++];
        *l = (struct line){ port, 0, clock_now_ms(&clock_monotonic) + youth_ms(c) };
    }
    c->line = port;
    if (++l->n >= 2)
        o->how = HOW_SHARED;
}

/* When the youngest connections have grown up enough for those that are still held. */
static void set_settle_check(struct http *h)
{
    int64_t now = clock_now_ms(&clock_monotonic);
    h->settle_check_ms = INT64_MAX;
    for (struct http_host *o = h->hosts; o && h->n_held; o = o->next)
        for (size_t i = 0; o->held && i < o->n_lines; i++) {
            int64_t until = o->lines[i].young_until_ms;
            if (until > now && until < h->settle_check_ms)
                h->settle_check_ms = until;
        }
}

void http_hosts_start_held(struct http *h)
{
    for (struct http_host *o = h->hosts; o && h->n_held; o = o->next)
        while (o->held && may_start(o)) {
            struct http_call *c = pop_held(o);
            if (start(c, &c->answer.err))
                continue;
            c->is_failed_inside = true;
            http_finish(c, CURLE_FAILED_INIT);
        }
    set_settle_check(h);
}
