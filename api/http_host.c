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
#include "gen/base/mem.h"

enum { STREAMS = 100 };                         /* the least that RFC 9113, 6.5.2 recommends to allow */

enum how { HOW_UNKNOWN, HOW_ALONE, HOW_SHARED };

struct line {                                   /* a connection with calls on it */
    int port;
    size_t n;
};

struct http_host {
    struct http_host *next;
    struct http_url url;
    enum how how;
    size_t streams;                             /* that a connection is taken to carry */
    size_t n_calls, n_fresh, n_going;           /* all; connection not known yet; on a known one */
    struct line *lines;
    size_t n_lines, cap;
    struct http_call *held, *last_held;
};

static struct http_host *find(struct http *h, const struct http_url *u)
{
    struct http_host *o = h->hosts;
    while (o && !http_same_origin(&o->url, u))
        o = o->next;
    if (o)
        return o;
    o = mem_alloc(sizeof *o);
    *o = (struct http_host){ .next = h->hosts, .url = *u, .streams = STREAMS };
    return h->hosts = o;
}

static void drop(struct http *h, struct http_host *o)
{
    struct http_host **at = &h->hosts;
    while (*at != o)
        at = &(*at)->next;
    *at = o->next;
    free(o->lines);
    free(o);
}

static struct line *line_of(struct http_host *o, int port)
{
    for (size_t i = 0; i < o->n_lines; i++)
        if (o->lines[i].port == port)
            return &o->lines[i];
    return NULL;
}

static bool has_room(const struct http_host *o)
{
    size_t lines = o->n_lines ? o->n_lines : 1; /* the first is being opened, or lies idle in libcurl's cache */
    return o->n_going + o->n_fresh < lines * o->streams;
}

static bool may_start(const struct http_host *o)
{
    return o->how == HOW_ALONE || o->n_fresh == 0 || has_room(o);
}

static bool start(struct http_call *c, struct err *e)
{
    c->is_fresh = true;
    c->host->n_fresh++;
    return http_give_to_curl(c, e);
}

bool http_host_enter(struct http_call *c, const struct http_url *u, struct err *e)
{
    struct http_host *o;
    if (!u->is_https || c->has_own_connection)
        return http_give_to_curl(c, e);
    c->host = o = find(c->http, u);
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
    o->n_going--;
    if (--l->n == 0)
        *l = o->lines[--o->n_lines];
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
    c->host = NULL;
    if (--o->n_calls == 0)
        drop(c->http, o);
}

void http_host_opens(struct http_call *c)
{
    struct http_host *o = c->host;
    size_t most = 0;
    if (!o || !c->is_fresh || o->n_lines == 0)
        return;
    for (size_t i = 0; i < o->n_lines; i++)
        most = o->lines[i].n > most ? o->lines[i].n : most;
    if (o->n_going >= o->n_lines * o->streams)
        return;                                 /* all are full, as was thought */
    if (most >= 2)
        o->streams = most;                      /* the server allows no more of them */
    else if (o->how == HOW_UNKNOWN)
        o->how = HOW_ALONE;
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
        *l = (struct line){ port, 0 };
    }
    c->line = port;
    o->n_going++;
    if (++l->n >= 2)
        o->how = HOW_SHARED;
}

void http_hosts_start_held(struct http *h)
{
    struct http_host *next;
    for (struct http_host *o = h->hosts; o && h->n_held; o = next) {
        next = o->next;
        while (o->held && may_start(o)) {
            struct http_call *c = pop_held(o);
            bool is_last = o->n_calls == 1;     /* o goes with it should it fail */
            if (!start(c, &c->answer.err)) {
                c->is_failed_inside = true;
                http_finish(c, CURLE_FAILED_INIT);
            }
            if (is_last)
                break;
        }
    }
}
