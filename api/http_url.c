/* http_url.c - addresses taken apart, joined and shown */
#include "api/http_url.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <curl/curl.h>
#include "api/address.h"
#include "gen/base/mem.h"

static bool has_odd_character(struct str url)
{
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= 0x20 || (unsigned char)url.p[i] == 0x7f)
            return true;
    return false;
}

static bool take_parts(CURLU *u, struct http_url *out, struct err *e)
{
    char *scheme = NULL, *host = NULL, *port = NULL, *user = NULL, *password = NULL;
    bool ok = false;
    if (curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) || curl_url_get(u, CURLUPART_HOST, &host, 0) ||
        curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT)) {
        err_set(e, ERR_CONFIG, "an address without scheme or host");
        goto out;
    }
    if (!curl_url_get(u, CURLUPART_USER, &user, 0) || !curl_url_get(u, CURLUPART_PASSWORD, &password, 0)) {
        err_set(e, ERR_CONFIG, "an address with a user name or password in it");
        goto out;
    }
    if (strcasecmp(scheme, "https") != 0 && strcasecmp(scheme, "http") != 0) {
        err_set(e, ERR_CONFIG, "only https is spoken, not '%.20s'", scheme);
        goto out;
    }
    if (strlen(host) >= sizeof out->host) {
        err_set(e, ERR_CONFIG, "a host name of more than %zu characters", sizeof out->host - 1);
        goto out;
    }
    *out = (struct http_url){ .is_https = strcasecmp(scheme, "https") == 0, .port = (int)strtol(port, NULL, 10) };
    for (size_t i = 0; host[i]; i++)
        out->host[i] = host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] + 32) : host[i];
    out->is_loopback = address_host_is_loopback(out->host);
    ok = true;
out:
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(user);
    curl_free(password);
    return ok;
}

bool http_url_parse(struct str url, struct http_url *out, struct err *e)
{
    char *z = mem_strndup(url.p ? url.p : "", url.n);
    CURLU *u = curl_url();
    bool ok = false;
    if (url.n == 0 || url.n > 8000 || has_odd_character(url) || strlen(z) != url.n)
        err_set(e, ERR_CONFIG, "an address that is empty, too long or has control characters");
    else if (!u || curl_url_set(u, CURLUPART_URL, z, CURLU_NON_SUPPORT_SCHEME))
        err_set(e, ERR_CONFIG, "not an address");
    else
        ok = take_parts(u, out, e);
    curl_url_cleanup(u);
    free(z);
    return ok;
}

bool http_url_join(struct buf *out, struct str base, struct str reference, struct err *e)
{
    char *b = mem_strndup(base.p, base.n), *r = mem_strndup(reference.p ? reference.p : "", reference.n),
         *joined = NULL;
    CURLU *u = curl_url();
    bool ok = u && !has_odd_character(reference) && !curl_url_set(u, CURLUPART_URL, b, 0) &&
              !curl_url_set(u, CURLUPART_URL, r, CURLU_NON_SUPPORT_SCHEME) &&
              !curl_url_get(u, CURLUPART_URL, &joined, 0);
    if (ok)
        buf_addz(out, joined);
    else
        err_set(e, ERR_CONFIG, "not an address");
    curl_free(joined);
    curl_url_cleanup(u);
    free(b);
    free(r);
    return ok;
}

bool http_same_origin(const struct http_url *a, const struct http_url *b)
{
    return a->is_https == b->is_https && a->port == b->port && strcmp(a->host, b->host) == 0;
}

void http_url_show(struct buf *out, struct str url)
{
    size_t n = 0;
    while (n < url.n && n < 300 && url.p[n] != '?' && url.p[n] != '#')
        n++;
    buf_add(out, url.p, n);
    if (n < url.n)
        buf_addz(out, "?...");
}
