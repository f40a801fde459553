/* classify.c - what an answer means */
#include "api/classify.h"
#include <stdio.h>
#include <string.h>
#include "api/pointer.h"
#include "api/rate.h"
#include "gen/base/mem.h"
#include "gen/base/number.h"
#include "gen/base/text.h"

enum { MESSAGE_MOST = 300 };

static const struct { int from, to; enum err_code code; } by_status[] = {
    { 200, 299, ERR_NONE },   { 300, 399, ERR_CONFIG }, { 401, 401, ERR_AUTH },   { 402, 402, ERR_QUOTA },
    { 403, 403, ERR_AUTH },   { 408, 409, ERR_SERVER }, { 425, 425, ERR_SERVER }, { 429, 429, ERR_RATE },
    { 400, 499, ERR_INPUT },  { 500, 599, ERR_SERVER },
};

static enum err_code code_of(enum classify_step step, int status)
{
    bool is_gone = status == 404 || status == 410, is_shut = status == 401 || status == 403;
    if ((step != STEP_SUBMIT && is_gone) ||
        (step == STEP_DOWNLOAD && is_shut)) /* a signed address that ran out answers 403 */
        return ERR_LOST;
    for (size_t i = 0; i < COUNTOF(by_status); i++)
        if (status >= by_status[i].from && status <= by_status[i].to)
            return by_status[i].code;
    return ERR_SERVER;
}

static bool is_success(int status)
{
    return status >= 200 && status <= 299;
}

static bool status_matches(const struct desc_rule *r, int status)
{
    char text[16];
    snprintf(text, sizeof text, "%d", status);
    for (size_t i = 0; i < r->status.n; i++)
        if (str_is(r->status.v[i], text) || (str_is(r->status.v[i], "200") && is_success(status)))
            return true;
    return r->status.n == 0;
}

static bool text_matches(const struct desc_rule *r, struct str v)
{
    for (size_t i = 0; i < r->is.n; i++)
        if (str_eq(r->is.v[i], v))
            return true;
    for (size_t i = 0; i < r->has.n; i++)
        if (v.n && memmem(v.p, v.n, r->has.v[i].p, r->has.v[i].n))
            return true;
    return r->is.n == 0 && r->has.n == 0;
}

/* A value as text; maps and lists as JSON. The buf is only used when the value is not a string. */
static struct str value_text(const struct json *v, struct buf *b)
{
    if (v->type == JSON_STRING)
        return v->string;
    json_print(b, v, 0);
    return buf_str(b);
}

static bool rule_matches(const struct desc_rule *r, int status, const struct headers *headers, const struct json *body)
{
    if (!status_matches(r, status))
        return false;
    if (r->header.p) {
        struct str v = headers_get(headers, r->header.p);
        return v.n && text_matches(r, v);
    }
    if (!r->at.p)
        return true;
    const struct json *v = body ? pointer_value(body, r->at) : NULL;
    struct buf b = { 0 };
    bool ok = v && text_matches(r, value_text(v, &b));
    buf_deinit(&b);
    return ok;
}

struct verdict classify(const struct description *d, enum classify_step step, int status, const struct headers *headers,
                        const struct json *body)
{
    for (size_t i = 0; i < d->n_rules && step != STEP_DOWNLOAD; i++)
        if (rule_matches(&d->rules[i], status, headers, body))
            return (struct verdict){ d->rules[i].code, true };
    enum err_code code = code_of(step, status);
    struct str retry = headers_get(headers, "x-should-retry");
    if (str_is(retry, "false") && code == ERR_RATE)
        code = ERR_QUOTA;                       /* waiting will not help */
    else if (str_is(retry, "false") && code == ERR_SERVER)
        code = ERR_INPUT;
    else if (str_is(retry, "true") && code == ERR_INPUT)
        code = ERR_SERVER;
    return (struct verdict){ code, false };
}

static bool add_text(struct buf *out, struct str s)
{
    s = str_trim(s);
    text_clean(out, s, MESSAGE_MOST);
    return s.n > 0;
}

static bool add_at(struct buf *out, const struct json *body, struct str pointer)
{
    const struct json *v = pointer_value(body, pointer);
    struct buf b = { 0 };
    bool ok = v && add_text(out, value_text(v, &b));
    buf_deinit(&b);
    return ok;
}

/* The words of an HTML page: tags are left out, white space is folded. */
static void add_html(struct buf *out, struct str raw)
{
    struct buf words = { 0 };
    bool in_tag = false;
    for (size_t i = 0; i < raw.n && words.n < 2 * MESSAGE_MOST; i++) {
        char c = raw.p[i];
        bool is_space = c == ' ' || (c >= '\t' && c <= '\r') || c == '>';
        if (c == '<')
            in_tag = true;
        if (!in_tag && !is_space)
            buf_addc(&words, c);
        if (c == '>')
            in_tag = false;
        if (!in_tag && is_space && words.n && words.p[words.n - 1] != ' ')
            buf_addc(&words, ' ');
    }
    add_text(out, buf_str(&words));
    buf_deinit(&words);
}

void classify_message(const struct description *d, const struct json *body, struct str raw, struct buf *out)
{
    static const char *const usual[] = { "/error/message", "/message", "/detail/message", "/detail/*/msg", "/detail",
                                         "/error", "/errors/0", "/0/error/message" };
    for (size_t i = 0; body && i < d->message.n; i++)
        if (add_at(out, body, d->message.v[i]))
            return;
    for (size_t i = 0; body && i < COUNTOF(usual); i++)
        if (add_at(out, body, str_from(usual[i])))
            return;
    raw = str_trim(raw);
    if (raw.n && raw.p[0] == '<')
        add_html(out, raw);
    else if (!body)
        add_text(out, raw);
}

bool classify_is_used_up(const struct description *d, const struct headers *headers)
{
    struct str left = d->rate.remaining.n ? headers_get(headers, d->rate.remaining.p) : (struct str){ 0 };
    double v = 0;
    return left.n && number_parse(left, &v) && v <= 0;
}

int64_t classify_wait_ms(const struct description *d, int status, const struct headers *headers,
                         const struct json *body, int64_t now_ms)
{
    bool is_error = !is_success(status), is_refused = status == 429 || status == 503;
    int64_t ms = is_error ? rate_millis_ms(headers_get(headers, "retry-after-ms")) : -1;
    if (ms < 0 && is_error)
        ms = rate_retry_after_ms(headers_get(headers, "Retry-After"), now_ms);
    if (ms < 0 && is_error && body && d->rate.delay.p) {
        const struct json *v = pointer_value(body, d->rate.delay);
        ms = v && (v->type == JSON_STRING || v->type == JSON_NUMBER) ? rate_reset_ms(v->string, now_ms) : -1;
    }
    if (ms < 0 && d->rate.reset.n && (classify_is_used_up(d, headers) || (is_refused && !d->rate.remaining.n)))
        ms = rate_reset_ms(headers_get(headers, d->rate.reset.p), now_ms);
    return ms;
}

/* A header's whole number, or -1. */
static int64_t count_of(const struct headers *headers, struct str name, double least)
{
    double v = 0;
    bool ok = number_parse(headers_get(headers, name.p), &v) && v >= least && v <= 1e6;
    return ok ? (int64_t)v : -1;
}

int64_t classify_limit(const struct description *d, const struct headers *headers, int64_t *in_flight)
{
    *in_flight = -1;
    if (!d->rate.limit.n || !d->rate.in_flight.n)
        return -1;
    *in_flight = count_of(headers, d->rate.in_flight, 0);
    return count_of(headers, d->rate.limit, 1);
}
