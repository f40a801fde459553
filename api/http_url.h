/* http_url.h - addresses taken apart (by libcurl, which will also use them), joined and shown */
#pragma once
#include <stdbool.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

/* What is needed of an address to decide about it. */
struct http_url {
    bool is_https, is_loopback;
    char host[256];
    int port;
};

/* False with ERR_CONFIG: not http or https, user name or password inside, control characters, no host. */
bool http_url_parse(struct str url, struct http_url *out, struct err *e);
bool http_url_join(struct buf *out, struct str base, struct str reference, struct err *e); /* RFC 3986, section 5 */
bool http_same_origin(const struct http_url *a, const struct http_url *b);
/* Scheme, host and path, fit for a message: signed addresses keep their secrets in the query. */
void http_url_show(struct buf *out, struct str url);
