/* http_part.c - calls in groups of some hundreds, a multi handle for each
 *
 * libcurl 7.88 walks over all connections of a multi handle when a call begins (is one of them free?) and when it is
 * removed (was it a bare connection?). With 1000 connections that is half of what a call costs, with 10000 nearly all
 * of it. */
#include <stdlib.h>
#include "api/http_private.h"
#include "gen/base/mem.h"

enum { MOST_CALLS = 256, SPARE_CONNECTIONS = 64 };

static struct http_part *add_part(struct http *h, struct err *e)
{
    struct http_part *p = mem_alloc(sizeof *p);
    *p = (struct http_part){ .http = h, .multi = curl_multi_init(), .i = h->n_parts, .timer_ms = INT64_MAX };
    if (!p->multi) {
        free(p);
        err_set(e, ERR_INTERNAL, "libcurl does not start");
        return NULL;
    }
    /* warm connections stay open for the calls that follow */
    curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, (long)MOST_CALLS + SPARE_CONNECTIONS);
    http_wait_set(p);
    h->parts = mem_resize(h->parts, h->n_parts + 1, sizeof(struct http_part *));
    h->parts[h->n_parts++] = p;
    return p;
}

struct http_part *http_part_first(struct http *h, struct err *e)
{
    return h->n_parts ? h->parts[0] : add_part(h, e);
}

struct http_part *http_part_roomy(struct http *h, struct http_idle *idle, struct err *e)
{
    for (size_t i = 0; i < h->n_parts && i < idle->n; i++)
        if (idle->v[i] > 0)
            return h->parts[i];
    for (size_t i = 0; i < h->n_parts; i++)
        if (h->parts[i]->n_calls < MOST_CALLS)
            return h->parts[i];
    return add_part(h, e);
}

bool http_part_add(struct http_part *p, struct http_call *c, struct err *e)
{
    CURLMcode r = curl_multi_add_handle(p->multi, c->easy);
    if (r != CURLM_OK)
        return err_set(e, ERR_INTERNAL, "libcurl: %s", curl_multi_strerror(r));
    c->part = p;
    p->n_calls++;
    return true;
}

void http_part_remove(struct http_call *c)
{
    if (!c->part)
        return;
    curl_multi_remove_handle(c->part->multi, c->easy);
    c->part->n_calls--;
    c->part = NULL;
}

void http_parts_deinit(struct http *h)
{
    for (size_t i = 0; i < h->n_parts; i++) {
        curl_multi_cleanup(h->parts[i]->multi);
        free(h->parts[i]);
    }
    free(h->parts);
    h->parts = NULL;
    h->n_parts = 0;
}
