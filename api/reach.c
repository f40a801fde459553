/* reach.c - whether the servers of providers can be reached */
#include "api/reach.h"
#include "api/loop.h"
#include "gen/base/clock.h"

enum { PAGE_MOST = 1 << 20 };

static bool ask(struct http *http, struct reach *r, int64_t limit_ms, struct err *e)
{
    const struct provider *p = r->provider;
    struct http_request q = { .method = "GET",
                              .url = p->base,
                              .own = &p->origin,
                              .max_bytes = PAGE_MOST,
                              .connect_ms = limit_ms,
                              .total_ms = limit_ms };
    return http_start(http, &q, r, e) != NULL;
}

/* An answer that is too long for us came all the same. */
static void told(struct http *http, struct http_call *c, int64_t began_ms)
{
    struct reach *r = http_tag(c);
    struct http_answer *a = http_answer(c);
    r->status = a->status;
    r->ms = clock_now_ms(&clock_monotonic) - began_ms;
    if (r->status == 0)
        r->err = a->err;
    http_free(http, c);
}

bool reach_all(struct reach *v, size_t n, int64_t limit_ms, struct err *e)
{
    struct loop *loop = loop_create(e);
    struct http *http = loop ? http_create(loop, (int64_t)n, e) : NULL;
    int64_t began_ms = clock_now_ms(&clock_monotonic);
    size_t left = 0;
    for (size_t i = 0; http && i < n; i++)
        left += ask(http, &v[i], limit_ms, &v[i].err);
    while (left) {
        http_run(http, -1);
        for (struct http_call *c; (c = http_finished(http)); left--)
            told(http, c, began_ms);
    }
    bool ok = http != NULL;
    http_destroy(http);
    loop_destroy(loop);
    return ok;
}
