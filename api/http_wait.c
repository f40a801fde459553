/* http_wait.c - libcurl's sockets and timer on the loop, and answers that stand still */
#include "api/http_private.h"
#include "api/loop.h"
#include "gen/base/clock.h"

enum { STALL_LOOK_MS = 100 };                   /* answers under way are not looked at more often */
enum { ROUND_MS = 1 }; /* once an answer is whole, others are not read for longer before it is told: its slot is free */

static int64_t now_ms(void)
{
    return clock_now_ms(&clock_monotonic);
}

static void ready(void *ctx, int fd, unsigned events)
{
    struct http_part *p = ctx;
    int running;
    p->may_have_ended = true;
    if (p->http->round_from_ms == 0)
        p->http->round_from_ms = now_ms();
    curl_multi_socket_action(p->multi, fd, (events & LOOP_READ ? CURL_CSELECT_IN : 0) |
                                               (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0), &running);
    if ((size_t)running < p->n_calls && now_ms() - p->http->round_from_ms >= ROUND_MS)
        loop_cut(p->http->loop);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *unused)
{
    static const unsigned events[] = { [CURL_POLL_IN] = LOOP_READ, [CURL_POLL_OUT] = LOOP_WRITE,
                                       [CURL_POLL_INOUT] = LOOP_READ | LOOP_WRITE };
    struct http_part *p = ctx;
    (void)easy, (void)unused;
    if (what == CURL_POLL_REMOVE)
        loop_unwatch(p->http->loop, fd);
    else if (what >= CURL_POLL_IN && what <= CURL_POLL_INOUT)
        return loop_watch(p->http->loop, fd, events[what], ready, p, NULL) ? 0 : -1;
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *ctx)
{
    struct http_part *p = ctx;
    (void)multi;
    p->timer_ms = ms < 0 ? INT64_MAX : now_ms() + ms;
    return 0;
}

void http_wait_set(struct http_part *p)
{
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
}

/* ---------- answers that stand still ---------- */

/* CURLOPT_LOW_SPEED_LIMIT would also count the silent minutes before the first byte, in which a picture is made. */
void http_body_begins(struct http_call *c)
{
    struct http *h = c->http;
    c->window_from_ms = now_ms();
    c->window_bytes = 0;
    if (c->stall_ms > 0 && c->window_from_ms + c->stall_ms < h->stall_check_ms)
        h->stall_check_ms = c->window_from_ms + c->stall_ms;
}

static bool is_stalled(struct http_call *c, int64_t now)
{
    if (c->window_bytes < c->stall_bytes)
        return err_set(&c->answer.err, ERR_NET, "the answer stalled: %lld bytes in %lld ms", (long long)c->window_bytes,
                       (long long)(now - c->window_from_ms)),
               true;
    c->window_from_ms = now;
    c->window_bytes = 0;
    return false;
}

static void end_stalled(struct http *h, int64_t now)
{
    struct http_call *next;
    int64_t check = INT64_MAX;
    for (struct http_call *c = h->calls; c; c = next) {
        next = c->next;
        if (c->is_over || c->stall_ms <= 0 || c->answer.bytes_in == 0)
            continue;
        if (now - c->window_from_ms >= c->stall_ms && is_stalled(c, now)) {
            c->is_failed_inside = true;
            http_finish(c, CURLE_OPERATION_TIMEDOUT);
            continue;
        }
        int64_t due = c->window_from_ms + c->stall_ms;
        due = due > now + STALL_LOOK_MS ? due : now + STALL_LOOK_MS;
        check = due < check ? due : check;
    }
    h->stall_check_ms = check;
}

/* ---------- running ---------- */

static void take_ended(struct http_part *p)
{
    CURLMsg *m;
    int left;
    p->may_have_ended = false;
    while ((m = curl_multi_info_read(p->multi, &left)))
        if (m->msg == CURLMSG_DONE) {
            char *c = NULL;
            CURLcode r = m->data.result;
            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &c);
            http_finish((struct http_call *)(void *)c, r);
        }
}

static void take_all_ended(struct http *h)
{
    for (size_t i = 0; i < h->n_parts; i++)
        if (h->parts[i]->may_have_ended)
            take_ended(h->parts[i]);
    if (h->n_held)
        http_hosts_start_held(h);
}

/* What is due by the clock. How long until the next, at most `most` (-1: no limit). */
static int64_t run_timers(struct http *h, int64_t now, int64_t most)
{
    int running;
    for (size_t i = 0; i < h->n_parts; i++) {
        struct http_part *p = h->parts[i];
        if (p->timer_ms > now)
            continue;
        p->timer_ms = INT64_MAX;                /* it sets the next one while it runs */
        p->may_have_ended = true;
        curl_multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    if (h->stall_check_ms <= now)
        end_stalled(h, now);
    take_all_ended(h);                          /* starts those that were held, too */
    int64_t next = h->stall_check_ms;
    if (h->n_held && h->settle_check_ms < next)
        next = h->settle_check_ms;
    for (size_t i = 0; i < h->n_parts; i++)
        next = h->parts[i]->timer_ms < next ? h->parts[i]->timer_ms : next;
    if (next == INT64_MAX)
        return most;
    next = next > now ? next - now : 0;
    return most < 0 || next < most ? next : most;
}

void http_run(struct http *h, int64_t timeout_ms)
{
    int64_t now = now_ms(), until = timeout_ms < 0 ? INT64_MAX : now + timeout_ms;
    for (bool is_woken = false; !is_woken;) {
        int64_t wait = run_timers(h, now, timeout_ms < 0 ? -1 : until - now);
        h->round_from_ms = 0;
        is_woken = loop_wait(h->loop, h->over ? 0 : wait);
        take_all_ended(h);
        now = now_ms();
        if (h->over || now >= until)
            return;
    }
}
