/* http_private.h - one call from inside, shared by http_curl.c (its life) and http_setup.c (what libcurl is told) */
#pragma once
#include <curl/curl.h>
#include "api/http_curl.h"

enum { MOST_IDLE_HANDLES = 64 };

struct http {
    CURLM *multi;
    CURL *idle[MOST_IDLE_HANDLES];              /* easy handles waiting for their next call */
    size_t n_idle;
    struct http_call *calls;                    /* all that were not freed */
    struct http_call *over, *last_over;         /* ended, not handed out yet */
    bool has_proxy;                             /* the environment names one for https */
};

struct http_call {
    struct http *http;
    struct http_call *next, *prev, *next_over;
    CURL *easy;
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
    int64_t fd_offset, max_bytes, stall_ms, stall_bytes, window_from_ms, window_bytes;
    int redirects;
    bool is_failed_inside;                      /* answer.err was set in a callback */
    struct buf url;
    struct buf copy;                            /* memory of body */
    struct http_request limits;                 /* times only; its texts are gone */
    char curl_error[CURL_ERROR_SIZE];
};

/* What can be seen in the call's address; where the connection really goes is decided when it is opened. ERR_CONFIG. */
bool http_check_url(struct http_call *c, struct http_url *u, struct err *e);
/* All that a handle is told besides headers and body: addresses, TLS, times, where the answer goes. */
void http_set_transfer(struct http_call *c, const struct http_url *u);
bool http_set_headers(struct http_call *c, const struct http_request *q, struct err *e);
void http_set_body(struct http_call *c, const struct http_request *q);
long http_status_of(const struct http_call *c); /* 0: no answer yet */
