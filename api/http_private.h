/* http_private.h - one call from inside, shared by http_curl.c (its life), http_setup.c (what libcurl is told),
 * http_wait.c (its sockets on the loop), http_host.c (how many connections a host gets) and http_part.c (which calls
 * share a multi handle) */
#pragma once
#include <curl/curl.h>
#include "api/http_curl.h"

enum { MOST_IDLE_HANDLES = 64 };

/* A multi handle. There are several, because libcurl looks through all connections of one for each call. */
struct http_part {
    struct http *http;
    CURLM *multi;
    size_t i;                                   /* its place among the parts */
    size_t n_calls;
    int64_t timer_ms;                           /* when libcurl wants to be called; INT64_MAX: not */
    bool may_have_ended;                        /* something happened since the last look for calls that ended */
};

/* How many connections of a host were left open in each part, at most: the server may have closed some. */
struct http_idle {
    unsigned *v;
    size_t n;
};

struct http {
    struct loop *loop;
    struct http_part **parts;                   /* the first one is for hosts that may speak HTTP/2 */
    size_t n_parts;
    CURLSH *shared;                             /* addresses of hosts and TLS sessions, of all parts */
    long buffer_bytes;                          /* of a call, for what it receives */
    int64_t stall_check_ms;                     /* when answers under way are looked at; INT64_MAX: none is */
    int64_t round_from_ms;                      /* when the first of the sockets that were ready was served; 0: none was */
    int64_t settle_check_ms;                    /* when a young connection may carry more; INT64_MAX: none is young */
    CURL *idle[MOST_IDLE_HANDLES];              /* easy handles waiting for their next call */
    size_t n_idle;
    struct http_call *calls;                    /* all that were not freed */
    struct http_call *over, *last_over;         /* ended, not handed out yet */
    struct http_host *hosts;                    /* the last used first */
    size_t n_hosts;
    size_t n_held;                              /* calls that wait for a connection of their host */
    const char *ca_file;                        /* the user's authorities instead of the system's; NULL: not */
    bool has_ca_file;                           /* all authorities stand in one file */
    bool has_proxy;                             /* the environment names one for https */
};

struct http_call {
    struct http *http;
    struct http_call *next, *prev, *next_over;
    CURL *easy;
    struct http_part *part;                     /* easy is libcurl's now; NULL: it is not */
    struct curl_slist *lines;
    curl_mime *mime;
    void *tag;
    bool is_over, is_told;                      /* finished; handed out by http_finished */
    struct http_answer answer;
    struct buf body;                            /* to send */
    bool is_paid;                               /* not a GET: must not reach the server twice */
    bool is_connected, is_repeated;             /* has a connection; was about to be sent again */
    long sent_before;                           /* bytes when the connection was there */
    bool is_trusted;
    const struct http_url *own;                 /* the caller's */
    char refused[64];                           /* an address the connection would have gone to */
    http_take *take;
    void *take_ctx;
    int64_t max_bytes, connect_ms, total_ms;
    int64_t stall_ms, stall_bytes, window_from_ms, window_bytes;
    int redirects;
    bool is_media;
    bool is_failed_inside;                      /* answer.err was set in a callback */
    bool is_kept;                               /* ended well, so that its connection may serve another */
    struct http_host *host;                     /* counts it, or NULL */
    struct http_call *next_held;
    bool is_held, is_fresh;                     /* waits for its host; given to libcurl, connection not known yet */
    int line;                                   /* local port of its connection; 0: not known */
    struct buf url;
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

void http_finish(struct http_call *c, CURLcode r);

/* ---------- http_host.c ---------- */

/* Counts a call among those to its host; starts it now, or as soon as a connection has room. */
bool http_host_enter(struct http_call *c, const struct http_url *u, struct err *e);
void http_host_leave(struct http_call *c);      /* it ended; quiet when it never entered */
void http_hosts_deinit(struct http *h);
void http_host_opens(struct http_call *c);      /* it opens a socket */
void http_host_connected(struct http_call *c, int line); /* it goes over the connection with this local port */
void http_hosts_start_held(struct http *h);     /* those that may go now */

/* ---------- http_part.c ---------- */

struct http_part *http_part_first(struct http *h, struct err *e);
/* One where a connection waits, else one with room for another call. */
struct http_part *http_part_roomy(struct http *h, struct http_idle *idle, struct err *e);
bool http_part_add(struct http_part *p, struct http_call *c, struct err *e);
void http_part_remove(struct http_call *c);     /* quiet when it is in none */
void http_parts_deinit(struct http *h);

/* ---------- http_wait.c ---------- */

void http_wait_set(struct http_part *p);        /* libcurl's sockets and timer come to the loop */
void http_body_begins(struct http_call *c);     /* from now on it must not stall */
