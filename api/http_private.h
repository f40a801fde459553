/* http_private.h - one call from inside, shared by http_curl.c (its life), http_setup.c (what libcurl is told),
 * http_wait.c (its sockets on the loop) and http_host.c (how many connections a host gets) */
#pragma once
#include <curl/curl.h>
#include "api/http_curl.h"

enum { MOST_IDLE_HANDLES = 64 };

struct http {
    CURLM *multi;
    struct loop *loop;
    int64_t timer_ms;                           /* when libcurl wants to be called; INT64_MAX: not */
    int64_t stall_check_ms;                     /* when answers under way are looked at; INT64_MAX: none is */
    CURL *idle[MOST_IDLE_HANDLES];              /* easy handles waiting for their next call */
    size_t n_idle;
    struct http_call *calls;                    /* all that were not freed */
    struct http_call *over, *last_over;         /* ended, not handed out yet */
    struct http_host *hosts;                    /* those that calls are under way to, if they speak TLS */
    size_t n_held;                              /* calls that wait for a connection of their host */
    bool has_proxy;                             /* the environment names one for https */
};

struct http_call {
    struct http *http;
    struct http_call *next, *prev, *next_over;
    CURL *easy;
    bool is_added;                              /* easy is libcurl's now */
    struct curl_slist *lines;
    curl_mime *mime;
    void *tag;
    bool is_over, is_told;                      /* finished; handed out by http_finished */
    struct http_answer answer;
    struct str body;                            /* to send; into `copy` */
    size_t sent;
    bool is_trusted, has_own;
    struct http_url own;
    char refused[64];                           /* an address the connection would have gone to */
    int fd;
    int64_t fd_offset, keep_bytes, max_bytes, connect_ms, total_ms;
    int64_t stall_ms, stall_bytes, window_from_ms, window_bytes;
    int redirects;
    bool is_failed_inside;                      /* answer.err was set in a callback */
    bool has_own_connection;                    /* never shared and never reused */
    struct http_host *host;                     /* counts it, or NULL */
    struct http_call *next_held;
    bool is_held, is_fresh;                     /* waits for its host; given to libcurl, connection not known yet */
    int line;                                   /* local port of its connection; 0: not known */
    struct buf url;
    struct buf copy;                            /* memory of body */
    char curl_error[CURL_ERROR_SIZE];
};

/* ---------- http_setup.c ---------- */

/* What can be seen in the call's address; where the connection really goes is decided when it is opened. ERR_CONFIG. */
bool http_check_url(struct http_call *c, struct http_url *u, struct err *e);
/* All that a handle is told besides headers and body: addresses, TLS, times, where the answer goes. */
void http_set_transfer(struct http_call *c, const struct http_url *u);
bool http_set_headers(struct http_call *c, const struct http_request *q, struct err *e);
void http_set_body(struct http_call *c, const struct http_request *q);
long http_status_of(const struct http_call *c); /* 0: no answer yet */

/* ---------- http_curl.c ---------- */

bool http_give_to_curl(struct http_call *c, struct err *e);
void http_finish(struct http_call *c, CURLcode r);

/* ---------- http_host.c ---------- */

/* Counts a call among those to its host; starts it now, or as soon as a connection has room. */
bool http_host_enter(struct http_call *c, const struct http_url *u, struct err *e);
void http_host_leave(struct http_call *c);      /* it ended; quiet when it never entered */
void http_host_opens(struct http_call *c);      /* it opens a socket */
void http_host_connected(struct http_call *c, int line); /* it goes over the connection with this local port */
void http_hosts_start_held(struct http *h);     /* those that may go now */

/* ---------- http_wait.c ---------- */

void http_wait_set(struct http *h);             /* libcurl's sockets and timer come to the loop */
void http_body_begins(struct http_call *c);     /* from now on it must not stall */
