/* http_setup.c - what libcurl is told of a call, and what it asks back while the call is on its way */
#include "api/http_private.h"
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "api/address.h"
#include "gen/base/mem.h"

enum { ERROR_BODY_KEPT = 64 * 1024, ERROR_BODY_MOST = 16 << 20 };

/* ---------- addresses ---------- */

/* What can be seen in the text; where the connection really goes is decided in open_socket. */
bool http_check_url(struct http_call *c, struct http_url *u, struct err *e)
{
    bool is_public = true;
    if (!http_url_parse(buf_str(&c->url), u, e))
        return false;
    c->is_trusted = c->own && http_same_origin(c->own, u);
    if (c->is_trusted)
        return true;
    if (!u->is_https)
        return err_set(e, ERR_CONFIG, "plain http to %s: only for addresses that config.yaml names as base", u->host);
    if (u->port != 443)
        return err_set(e, ERR_CONFIG, "port %d of %s: only 443, or an address that config.yaml names as base", u->port,
                       u->host);
    if (u->is_loopback || (address_host_is_literal(u->host, &is_public) && !is_public) || !strchr(u->host, '.'))
        return err_set(e, ERR_CONFIG, "%s is not a public host, and config.yaml does not name it as base", u->host);
    return true;
}

/* ---------- callbacks of libcurl ---------- */

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct http_call *c = ctx;
    (void)purpose;
    /* with a proxy of the user's own, the address is the proxy's and says nothing about the host */
    if (!c->is_trusted && !c->http->has_proxy && !address_is_public(&a->addr)) {
        if (getnameinfo(&a->addr, a->addrlen, c->refused, sizeof c->refused, NULL, 0, NI_NUMERICHOST))
            memcpy(c->refused, "?", 2);
        return CURL_SOCKET_BAD;
    }
    http_host_opens(c);
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* libcurl sends a request again by itself when a kept connection breaks before the answer. The first one may have been
 * worked on and charged, so once a byte of it left us a second one is not sent. */
static bool would_repeat(struct http_call *c)
{
    long sent = 0;
    curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &sent);
    c->is_repeated = c->is_connected && c->is_paid && sent > c->sent_before;
    c->is_connected = true;
    c->sent_before = sent;                      /* a proxy was asked for the connection */
    return c->is_repeated;
}

/* A kept connection asks for no socket: one that a trusted call opened into the local network would carry an untrusted
 * one, too. */
static int before_request(void *ctx, char *ip, char *own_ip, int port, int own_port)
{
    struct http_call *c = ctx;
    bool is_public = false;
    (void)own_ip, (void)port;
    http_host_connected(c, own_port);
    if (would_repeat(c))
        return CURL_PREREQFUNC_ABORT;
    if (c->is_trusted || c->http->has_proxy || (address_host_is_literal(ip, &is_public) && is_public))
        return CURL_PREREQFUNC_OK;
    snprintf(c->refused, sizeof c->refused, "%s", ip);
    return CURL_PREREQFUNC_ABORT;
}


long http_status_of(const struct http_call *c)
{
    long status = 0;
    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static size_t fail_inside(struct http_call *c)
{
    c->is_failed_inside = true;
    return 0;
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
    struct http_call *c = ctx;
    struct str line = { p, size * n };
    if (str_starts(line, "HTTP/"))              /* 100 Continue and the like come before the real ones */
        headers_clear(&c->answer.headers);
    else if (!headers_add(&c->answer.headers, line)) {
        err_set(&c->answer.err, ERR_SERVER, "header lines of more than 64 KiB");
        return fail_inside(c);
    }
    return size * n;
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
    struct http_call *c = ctx;
    struct http_answer *a = &c->answer;
    long status = http_status_of(c);
    n *= size;
    if (a->bytes_in == 0)
        http_body_begins(c);
    a->bytes_in += (int64_t)n;
    c->window_bytes += (int64_t)n;
    if (status < 200 || status > 299) {         /* an error's text: its beginning is enough */
        size_t room = a->body.n < ERROR_BODY_KEPT ? ERROR_BODY_KEPT - a->body.n : 0;
        buf_add(&a->body, p, n < room ? n : room);
        if (a->bytes_in <= ERROR_BODY_MOST)
            return n;
        err_set(&a->err, ERR_SERVER, "an error answer of more than %d MiB", ERROR_BODY_MOST >> 20);
        return fail_inside(c);
    }
    if (a->bytes_in > c->max_bytes) {
        err_set(&a->err, c->is_media ? ERR_MEDIA : ERR_SERVER,
                "an answer of more than %lld bytes (%s in config.yaml may allow more)", (long long)c->max_bytes,
                c->is_media ? "limits.media_bytes" : "limits.answer_bytes");
        return fail_inside(c);
    }
    if (!c->take)
        return buf_add(&a->body, p, n) ? n : 0;
    return c->take(c->take_ctx, p, n, &a->err) ? n : fail_inside(c);
}

/* ---------- setting up ---------- */

static bool add_line(struct http_call *c, struct http_field f, struct err *e)
{
    struct buf line = { 0 };
    if (!header_name_ok(f.name) || !header_value_ok(f.value))
        return err_set(e, ERR_CONFIG, "header '" STR_FMT "': control characters or an impossible name",
                       STR_ARG(f.name));
    buf_adds(&line, f.name);
    buf_addz(&line, f.value.n ? ": " : ";");    /* libcurl's way to send an empty one */
    buf_adds(&line, f.value);
    c->lines = curl_slist_append(c->lines, buf_str(&line).p);
    explicit_bzero(line.p, line.n);
    buf_deinit(&line);
    return true;
}

bool http_set_headers(struct http_call *c, const struct http_request *q, struct err *e)
{
    for (size_t i = 0; i < q->n_headers; i++)
        if (!add_line(c, q->headers[i], e))
            return false;
    if (q->type.n && !q->n_parts && !add_line(c, (struct http_field){ STR("Content-Type"), q->type }, e))
        return false;
    if (q->secret.name.n && !add_line(c, q->secret, e))
        return false;
    if (q->sign && q->sign->token.n &&
        !add_line(c, (struct http_field){ STR("X-Amz-Security-Token"), q->sign->token }, e))
        return false;
    if (!q->sign)                               /* libcurl 7.88 would sign this line, which is never sent */
        c->lines = curl_slist_append(c->lines, "Expect:"); /* no second of waiting for 100 Continue */
    curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->lines);
    return true;
}

static void set_form(struct http_call *c, const struct http_request *q)
{
    c->mime = curl_mime_init(c->easy);
    for (size_t i = 0; i < q->n_parts; i++) {
        curl_mimepart *part = curl_mime_addpart(c->mime);
        char *name = mem_strndup(q->parts[i].name.p, q->parts[i].name.n);
        curl_mime_name(part, name);
        curl_mime_data(part, q->parts[i].value.n ? q->parts[i].value.p : "", q->parts[i].value.n);
        free(name);
    }
    curl_easy_setopt(c->easy, CURLOPT_MIMEPOST, c->mime);
}

static void set_signed(struct http_call *c, const struct http_sign *sign)
{
    struct buf pair = { 0 };
    char *how = mem_strndup(sign->how.p, sign->how.n);
    buf_printf(&pair, STR_FMT ":" STR_FMT, STR_ARG(sign->id), STR_ARG(sign->secret));
    curl_easy_setopt(c->easy, CURLOPT_AWS_SIGV4, how);
    curl_easy_setopt(c->easy, CURLOPT_USERPWD, buf_str(&pair).p);
    explicit_bzero(pair.p, pair.n);
    buf_deinit(&pair);
    free(how);
}

void http_set_body(struct http_call *c, const struct http_request *q)
{
    c->is_paid = strcmp(q->method, "GET") != 0;
    if (q->sign)
        set_signed(c, q->sign);
    if (q->n_parts) {
        set_form(c, q);
    } else if (strcmp(q->method, "POST") == 0 || q->body.n) {
        buf_adds(&c->body, q->body);
        curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.n);
        curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, buf_str(&c->body).p);
    }
    if (strcmp(q->method, "GET") != 0 && strcmp(q->method, "POST") != 0)
        curl_easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, q->method);
}

void http_set_transfer(struct http_call *c, const struct http_url *u)
{
    CURL *easy = c->easy;
    const char *schemes = u->is_https ? "https" : "http";
    curl_easy_setopt(easy, CURLOPT_URL, buf_str(&c->url).p);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, c);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, c->http->buffer_bytes);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, schemes);
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, schemes);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    if (c->http->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, c->http->ca_file);
    if (c->http->has_ca_file)                   /* beside a directory libcurl reads the file for every connection anew */
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, u->is_https ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, 30L); /* a connection idle for longer is often dead already */
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "vidgen");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->curl_error);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)c->connect_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)c->total_ms);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, c);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, c);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, c);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, c);
    if (u->is_loopback)
        curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* what runs here is not behind a proxy */
}
