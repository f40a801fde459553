/* http_curl.h - requests in, answers out; libcurl is behind it
 *
 * One `struct http` per process, used by one thread. Nothing here knows providers: a caller gives addresses, headers and
 * limits, and gets a status, headers and bytes. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "api/headers.h"
#include "api/http_url.h"
#include "gen/base/buf.h"
#include "gen/base/err.h"

struct http;
struct http_call;
struct loop;

struct http_field {
    struct str name, value;
};

struct http_sign {
    struct str how;                             /* "aws:amz:REGION:SERVICE" */
    struct str id, secret, token;               /* token: of temporary keys, or empty */
};

/* Gets a 2xx body piece by piece. False with e set ends the call, which then fails with it. */
typedef bool http_take(void *ctx, const char *p, size_t n, struct err *e);

struct http_request {
    const char *method;                         /* "GET" "POST" "PUT" "DELETE" */
    struct str url;
    const struct http_field *headers;           /* not secret */
    size_t n_headers;
    struct http_field secret;     /* header with the key, sent to the host of `url` only; name empty: none */
    const struct http_sign *sign; /* instead of a secret header: AWS Signature 4 over the request; NULL: none */
    const struct http_url *own;   /* the one origin that may be plain http, private or loopback; outlives the call; NULL: none */
    struct str body, type;                      /* type empty: no body */
    const struct http_field *parts;             /* multipart/form-data instead of body */
    size_t n_parts;
    http_take *take;                            /* where a 2xx body goes; NULL: into memory */
    void *take_ctx;
    int64_t max_bytes;                          /* of a 2xx body */
    bool is_media;                              /* it is what limits.media_bytes is for, not limits.answer_bytes */
    int64_t connect_ms, total_ms;               /* total 0: none */
    int64_t stall_ms; /* once the body began: at least stall_bytes in each such span; 0: none */
    int64_t stall_bytes;
    int redirects; /* how many to follow (without the secret); 0: a redirect is an answer */
};

/* Valid until http_free. */
struct http_answer {
    bool ok;                                    /* an answer came whole, of whatever status */
    struct err err; /* not ok: NET, SERVER (too large), MEDIA (too large), CONFIG (address refused), IO */
    int status;
    struct headers headers;
    struct buf body;                            /* what was not taken; the beginning of an error answer */
    int64_t bytes_in;                           /* received, headers not counted */
    bool is_unsent;                             /* nothing of the request can have reached the server */
};

/* loop outlives it. most: calls that will run at once; so many connections are kept warm. */
struct http *http_create(struct loop *loop, int64_t most, struct err *e);
void http_destroy(struct http *h);

/* Begin. The request is copied, but for `own`. NULL with ERR_CONFIG when the address is refused before anything is sent. */
struct http_call *http_start(struct http *h, const struct http_request *q, void *tag, struct err *e);

/* Runs transfers until one finishes, the loop is woken or timeout_ms (-1: none) have passed. What others watch on the
 * loop is served, too. */
void http_run(struct http *h, int64_t timeout_ms);
struct http_call *http_finished(struct http *h); /* the next one that ended, or NULL; the caller frees it */

void *http_tag(const struct http_call *c);
struct http_answer *http_answer(struct http_call *c);
void http_free(struct http *h, struct http_call *c); /* also ends one that still runs */
