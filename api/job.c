/* job.c - one remote job from its submission to the media in its file, as a machine of states */
#include "api/job.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "api/classify.h"
#include "api/pointer.h"
#include "api/request.h"
#include "api/result.h"
#include "api/secret.h"
#include "api/template.h"
#include "api/timing.h"
#include "gen/base/mem.h"

enum { MOST_BAD_POLLS = 5, REDIRECTS = 3, STALL_MS = 30000, STALL_BYTES = 256, POLL_TOTAL_MS = 30000, DOWNLOAD_TOTAL_MS = 300000,
       REMOTE_VERSION = 1, BAD_POLL_CAP_MS = 30000 };

#define JOB_STATES(X) X(NEW) X(SUBMIT) X(ACCEPTED) X(POLL_WAIT) X(POLL) X(COLLECT) X(DOWNLOAD) X(DONE) X(FAILED)
#define X(s) ST_##s,
enum job_state { JOB_STATES(X) JOB_N_STATES };
#undef X
#define X(s) #s,
static const char *const state_names[] = { JOB_STATES(X) };
#undef X
static const unsigned moves[JOB_N_STATES] = {
    [ST_NEW] = BIT(ST_SUBMIT) | BIT(ST_ACCEPTED),
    [ST_SUBMIT] = BIT(ST_ACCEPTED) | BIT(ST_DONE) | BIT(ST_FAILED),
    [ST_ACCEPTED] = BIT(ST_POLL_WAIT) | BIT(ST_POLL) | BIT(ST_COLLECT) | BIT(ST_DOWNLOAD) | BIT(ST_DONE) | BIT(ST_FAILED),
    [ST_POLL_WAIT] = BIT(ST_POLL) | BIT(ST_FAILED),
    [ST_POLL] = BIT(ST_POLL_WAIT) | BIT(ST_COLLECT) | BIT(ST_DOWNLOAD) | BIT(ST_DONE) | BIT(ST_FAILED),
    [ST_COLLECT] = BIT(ST_DOWNLOAD) | BIT(ST_DONE) | BIT(ST_FAILED),
    [ST_DOWNLOAD] = BIT(ST_DONE) | BIT(ST_FAILED),
};

/* What resuming needs; persisted by the engine between ACCEPTED and the next run. Texts in the run's arena. */
struct remote {
    struct str poll, cancel, collect, result;   /* addresses; empty: none */
};

struct job_run {
    const struct job_env *env;
    const struct provider *p;
    uint64_t id;
    int fd;
    enum asset_kind kind;
    enum job_state state;
    struct arena arena;                         /* of the whole run */
    struct arena answers;                       /* of the latest answer */
    const struct json *vars;
    struct api_request request;
    struct remote remote;
    const struct json *answer;                  /* JSON of the latest answer, or NULL */
    struct http_call *call;
    bool is_resumed, is_finished_remotely;      /* the service says that the result is there */
    int64_t due_ms, deadline_ms;
    int n_bad_polls;
    struct job_event event;
    bool has_event;
    int64_t bytes_in, wait_ms, lane_limit;
    int status;
    struct str request_id;
};

static int64_t now_of(const struct job_run *r)
{
    return clock_now_ms(r->env->clock);
}

static void enter(struct job_run *r, enum job_state to)
{
    assert(moves[r->state] & BIT(to));
    log_debug(r->env->log, STR_FMT " job %llu: %s -> %s", STR_ARG(r->p->desc.id), (unsigned long long)r->id,
              state_names[r->state], state_names[to]);
    r->state = to;
}

/* ---------- events ---------- */

static void emit(struct job_run *r, enum job_event_type type)
{
    assert(!r->has_event);
    r->has_event = true;
    r->event.type = type;
    r->event.id = r->id;
    r->event.status = r->status;
    r->event.retry_after_ms = r->wait_ms;
    r->event.bytes_in = r->bytes_in;
    r->event.lane_limit_known = r->lane_limit > 0;
    r->event.lane_limit = r->lane_limit > 0 ? r->lane_limit : 0;
}

/* The one way to fail: the message names the provider and has no key in it. */
static void fail(struct job_run *r, const struct err *why, bool is_unsent, bool is_remote_over)
{
    r->event = (struct job_event){ .err = *why, .is_unsent = is_unsent, .is_remote_over = is_remote_over };
    err_wrap(&r->event.err, STR_FMT, STR_ARG(r->p->desc.id));
    secret_mask(r->event.err.msg, r->p->key);
    enter(r, ST_FAILED);
    emit(r, JOB_FAILED);
}

static void done(struct job_run *r, const char *type, int64_t n_bytes)
{
    struct arena a = { 0 };
    struct json *meta = json_object(&a), *words = NULL;
    struct buf b = BUF_INIT(64 * MIB);
    json_set(&a, meta, "type", json_string(&a, str_from(type)));
    json_set(&a, meta, "bytes", json_number(&a, (double)n_bytes));
    json_set(&a, meta, "provider", json_string(&a, r->p->desc.id));
    const struct json *model = r->vars ? json_get(r->vars, "model") : NULL;
    if (model && model->type == JSON_STRING)
        json_set(&a, meta, "model", json_string(&a, model->string));
    if (r->request_id.n)
        json_set(&a, meta, "request_id", json_string(&a, r->request_id));
    if (r->answer && (words = timing_words(&a, &r->p->desc.timing, r->answer)))
        json_set(&a, meta, "words", words);
    json_print(&b, meta, 0);
    r->event = (struct job_event){ .meta = buf_take(&b) };
    secret_mask(r->event.meta, r->p->key);
    arena_deinit(&a);
    enter(r, ST_DONE);
    emit(r, JOB_DONE);
}

/* ---------- calls ---------- */

static int64_t total_ms(const struct job_run *r)
{
    static const int64_t by_kind[DESC_N_KINDS] = { [DESC_IMAGE] = 300000, [DESC_SPEECH] = 120000, [DESC_CHAT] = 120000,
                                                   [DESC_VIDEO] = 300000, [DESC_STOCK] = 30000 };
    if (r->p->desc.limits.total_ms >= 0)
        return r->p->desc.limits.total_ms;
    return r->env->request_ms > 0 ? r->env->request_ms : by_kind[r->p->desc.kind];
}

static void common(const struct job_run *r, struct http_request *q)
{
    q->fd = -1;
    q->max_bytes = r->env->answer_bytes;
    q->connect_ms = r->env->connect_ms;
    q->stall_ms = STALL_MS;
    q->stall_bytes = STALL_BYTES;
}

/* Polls, collects and cancels: JSON both ways, with the headers that every call of this API has. */
static struct http_call *call_api(struct job_run *r, const char *method, struct str url, void *tag, struct err *e)
{
    struct http_request q = { .method = method, .url = url, .total_ms = POLL_TOTAL_MS };
    struct http_url u;
    common(r, &q);
    if (!http_url_parse(url, &u, e))
        return NULL;
    if (r->vars && !request_headers(&r->arena, r->p, r->vars, &q.headers, &q.n_headers, e))
        return NULL;
    if (provider_key_may_go(r->p, &u, r->p->desc.poll.key))
        q.secret = request_secret(&r->arena, r->p, &q.url);
    return http_start(r->env->http, &q, tag, e);
}

static bool start_submit(struct job_run *r, struct str idempotency, struct err *e)
{
    struct api_request *a = &r->request;
    struct http_field *headers = arena_array(&r->arena, a->n_headers + 1, sizeof *headers);
    struct http_request q = { .method = a->method, .url = a->url, .headers = headers, .n_headers = a->n_headers, .body = a->body,
                              .type = a->type, .parts = a->parts, .n_parts = a->n_parts, .total_ms = total_ms(r) };
    common(r, &q);
    memcpy(headers, a->headers, a->n_headers * sizeof *headers);
    if (idempotency.n && strcmp(a->method, "GET") != 0)
        headers[q.n_headers++] = (struct http_field){ STR("Idempotency-Key"), idempotency };
    if (r->p->desc.result.as == RESULT_BODY) {
        q.fd = r->fd;
        q.fd_offset = result_offset(&r->p->desc);
        q.max_bytes = r->env->media_bytes;
    }
    if (provider_key_may_go(r->p, &r->p->origin, false))
        q.secret = request_secret(&r->arena, r->p, &q.url);
    r->call = http_start(r->env->http, &q, r, e);
    return r->call != NULL;
}

static void start_poll(struct job_run *r)
{
    struct err e;
    enter(r, ST_POLL);
    r->call = call_api(r, "GET", r->remote.poll, r, &e);
    if (!r->call) {
        err_wrap(&e, "the address to ask for the result");
        fail(r, &e, false, true);
    }
}

static void start_collect(struct job_run *r)
{
    struct err e;
    enter(r, ST_COLLECT);
    r->call = call_api(r, "GET", r->remote.collect, r, &e);
    if (!r->call) {
        err_wrap(&e, "the address of the result");
        fail(r, &e, false, true);
    }
}

static void start_download(struct job_run *r, struct str url)
{
    struct err e;
    struct http_request q = { .method = "GET", .url = arena_str(&r->arena, url), .total_ms = DOWNLOAD_TOTAL_MS };
    struct http_url u;
    common(r, &q);
    q.fd = r->fd;
    q.fd_offset = result_offset(&r->p->desc);
    q.max_bytes = r->env->media_bytes;
    q.redirects = REDIRECTS;
    enter(r, ST_DOWNLOAD);
    bool ok = ftruncate(r->fd, 0) == 0 || err_errno(&e, "empty the file");
    ok = ok && http_url_parse(q.url, &u, &e);
    if (ok && r->p->desc.result.key && provider_key_may_go(r->p, &u, true))
        q.secret = request_secret(&r->arena, r->p, &q.url);
    r->call = ok ? http_start(r->env->http, &q, r, &e) : NULL;
    if (!r->call) {
        err_wrap(&e, "the address of the media");
        fail(r, &e, false, true);
    }
}

/* ---------- looking at answers ---------- */

static struct result_in result_in_of(const struct job_run *r, const struct http_answer *a)
{
    return (struct result_in){ .desc = &r->p->desc, .kind = r->kind, .fd = r->fd, .max_bytes = r->env->media_bytes,
                               .headers = &a->headers };
}

static void note_answer(struct job_run *r, struct http_answer *a)
{
    static const char *const ids[] = { "x-request-id", "request-id", "x-amzn-requestid", "x-goog-request-id" };
    r->bytes_in += a->bytes_in;
    /* half of a good answer is no answer: nobody knows that it was not paid for */
    r->status = a->ok || a->status < 200 || a->status > 299 ? a->status : 0;
    r->wait_ms = classify_wait_ms(&r->p->desc, a->status, &a->headers, r->answer, clock_wall_ms());
    int64_t limit = classify_limit(&r->p->desc, &a->headers);
    if (limit > 0)
        r->lane_limit = limit;
    for (size_t i = 0; i < COUNTOF(ids) && r->request_id.n == 0; i++) {
        struct str id = headers_get(&a->headers, ids[i]);
        if (id.n && id.n < 200)
            r->request_id = arena_str(&r->arena, id);
    }
}

/* Reads the answer's JSON, if that is what it is. Media that went into the file are looked at only as far as an error is long. */
static struct str read_answer(struct job_run *r, struct http_answer *a, struct buf *room)
{
    struct result_in in = result_in_of(r, a);
    struct json *tree = NULL;
    struct str text = a->n_file ? result_head(&in, result_offset(&r->p->desc), room) : buf_str(&a->body);
    struct str seen = str_trim(text);
    arena_deinit(&r->answers);
    r->answer = NULL;
    if (seen.n && (seen.p[0] == '{' || seen.p[0] == '[') &&
        json_parse(&r->answers, seen, JSON_BOM, &tree, NULL, NULL, NULL, NULL))
        r->answer = tree;
    return text;
}

/* Sets e to "HTTP 429: what the server says". */
static void say_refusal(struct job_run *r, const struct http_answer *a, enum err_code code, struct str raw, struct err *e)
{
    struct buf message = { 0 };
    struct str to = headers_get(&a->headers, "Location");
    if (a->status >= 300 && a->status <= 399 && to.n) {
        http_url_show(&message, to);
        err_set(e, code, "HTTP %d to %s, which is not followed; if that is right, name it as base in config.yaml", a->status,
                buf_str(&message).p);
    } else {
        classify_message(&r->p->desc, r->answer, raw, &message);
        const char *hint = code == ERR_AUTH && r->p->key.n == 0 ? " (no key was sent)" : "";
        err_set(e, code, "HTTP %d%s%s%s", a->status, hint, message.n ? ": " : "", buf_str(&message).p);
    }
    buf_deinit(&message);
}

/* True when the answer is whole and fine. Otherwise e says what it is. */
static bool is_fine(struct job_run *r, struct http_answer *a, enum classify_step step, struct err *e, bool *is_rule)
{
    struct buf room = BUF_INIT(256 * KIB);
    *is_rule = false;
    if (!a->ok) {
        note_answer(r, a);
        *e = a->err;
        return false;
    }
    struct str raw = read_answer(r, a, &room);
    struct verdict v = classify(&r->p->desc, step, a->status, &a->headers, r->answer);
    note_answer(r, a);
    *is_rule = v.is_rule;
    if (v.code != ERR_NONE)
        say_refusal(r, a, v.code, raw, e);
    buf_deinit(&room);
    return v.code == ERR_NONE;
}

/* ---------- the result ---------- */

static void no_result(struct job_run *r)
{
    struct err e;
    struct buf message = { 0 };
    classify_message(&r->p->desc, r->answer, STR(""), &message);
    err_set(&e, r->is_resumed ? ERR_LOST : ERR_SERVER, "the answer has no result at " STR_FMT "%s%s",
            STR_ARG(r->p->desc.result.at.v[0]), message.n ? ": " : "", buf_str(&message).p);
    buf_deinit(&message);
    fail(r, &e, false, true);
}

static void accept(struct job_run *r);

/* The answer at hand is the one with the result. */
static void take_result(struct job_run *r, const struct http_answer *a)
{
    struct result_in in = result_in_of(r, a);
    struct str value, pointer;
    const char *type = "";
    int64_t n = 0;
    struct err e;
    if (!result_find(&r->p->desc, r->answer, &value, &pointer)) {
        no_result(r);
    } else if (!result_is_url(&r->p->desc, value)) {
        if (result_put_json(&in, r->answer, value, pointer, &type, &n, &e))
            done(r, type, n);
        else
            fail(r, &e, false, true);
    } else if (r->state == ST_SUBMIT) {         /* paid for: the address is made durable before it is used */
        r->remote.result = arena_str(&r->arena, value);
        accept(r);
    } else {
        start_download(r, value);
    }
}

/* ---------- remote jobs ---------- */

/* An address of the description: a pointer into the answer, or a template. *out is empty when the answer has none. */
static bool address(struct job_run *r, struct str from, struct str *out, struct err *e)
{
    struct template_in in = { .vars = r->vars, .answer = r->answer };
    struct buf b = { 0 };
    bool ok = true;
    *out = (struct str){ 0 };
    if (from.n == 0)
        return true;
    if (!template_has_vars(from)) {
        const struct json *v = pointer_value(r->answer, from);
        if (v && v->type == JSON_STRING)
            ok = http_url_join(&b, r->p->base, v->string, e);
    } else {
        if (from.p[0] == '/')
            buf_adds(&b, r->p->base);
        ok = template_text(&b, from, TEMPLATE_URL, &in, e);
    }
    struct http_url u;
    if (ok && b.n) {
        ok = http_url_parse(buf_str(&b), &u, e) &&
             (u.is_https || u.is_loopback || http_same_origin(&u, &r->p->origin) ||
              err_set(e, ERR_CONFIG, "plain http to %s", u.host));
        *out = arena_str(&r->arena, buf_str(&b));
    }
    buf_deinit(&b);
    return ok || err_wrap(e, "the address in its answer");
}

/* The service's own word for how the job stands: printed value at status.at, "null" when missing. */
enum remote_state { REMOTE_OK, REMOTE_WAIT, REMOTE_FAIL, REMOTE_UNKNOWN };

static bool is_among(const struct strs *list, struct str v)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], v))
            return true;
    return false;
}

static enum remote_state remote_state(const struct job_run *r)
{
    const struct desc_status *s = &r->p->desc.status;
    const struct json *v = r->answer ? pointer_value(r->answer, s->at) : NULL;
    struct buf b = { 0 };
    if (!v)
        buf_addz(&b, "null");
    else if (v->type == JSON_STRING)
        buf_adds(&b, v->string);
    else
        json_print(&b, v, 0);
    struct str word = buf_str(&b);
    /* a word nobody told us about is most likely a new way to say "wait"; the deadline bounds it */
    enum remote_state state = is_among(&s->ok, word) ? REMOTE_OK : is_among(&s->fail, word) ? REMOTE_FAIL :
                              is_among(&s->wait, word) || v ? REMOTE_WAIT : REMOTE_UNKNOWN;
    buf_deinit(&b);
    return state;
}

static void remote_failed(struct job_run *r)
{
    struct err e;
    struct buf message = { 0 };
    classify_message(&r->p->desc, r->answer, STR(""), &message);
    err_set(&e, ERR_SERVER, "the job failed there%s%s", message.n ? ": " : "", buf_str(&message).p);
    buf_deinit(&message);
    fail(r, &e, false, true);
}

static void emit_accepted(struct job_run *r)
{
    const struct { const char *name; struct str value; } rows[] = {
        { "poll", r->remote.poll }, { "cancel", r->remote.cancel }, { "collect", r->remote.collect }, { "result", r->remote.result },
    };
    struct arena a = { 0 };
    struct json *o = json_object(&a);
    struct buf b = { 0 };
    json_set(&a, o, "v", json_number(&a, REMOTE_VERSION));
    json_set(&a, o, "provider", json_string(&a, r->p->desc.id));
    for (size_t i = 0; i < COUNTOF(rows); i++)
        if (rows[i].value.n)
            json_set(&a, o, rows[i].name, json_string(&a, rows[i].value));
    json_print(&b, o, 0);
    r->event = (struct job_event){ .remote = buf_take(&b) };
    arena_deinit(&a);
    emit(r, JOB_ACCEPTED);
}

static void accept(struct job_run *r)
{
    enter(r, ST_ACCEPTED);
    r->deadline_ms = now_of(r) + (r->p->desc.poll.get.p ? r->p->desc.poll.timeout_ms : 0);
    emit_accepted(r);
}

static void wait_for_poll(struct job_run *r, int64_t ms)
{
    struct err e;
    enter(r, ST_POLL_WAIT);
    r->due_ms = now_of(r) + ms;
    if (r->due_ms <= r->deadline_ms)
        return;
    err_set(&e, ERR_SERVER, "not ready after %lld s; the job goes on there, and a later run asks again",
            (long long)(r->p->desc.poll.timeout_ms / 1000));
    fail(r, &e, false, false);
}

static void result_is_ready(struct job_run *r, const struct http_answer *a)
{
    struct err e;
    struct str collect;
    if (r->p->desc.poll.collect.n == 0) {
        take_result(r, a);
        return;
    }
    if (!address(r, r->p->desc.poll.collect, &collect, &e)) {
        fail(r, &e, false, true);
        return;
    }
    if (collect.n)
        r->remote.collect = collect;
    if (r->remote.collect.n)
        start_collect(r);
    else
        no_result(r);
}

/* ---------- an answer in each state ---------- */

static void submitted_to_queue(struct job_run *r, const struct http_answer *a)
{
    const struct description *d = &r->p->desc;
    enum remote_state state = remote_state(r);
    struct err e;
    if (state == REMOTE_FAIL) {
        remote_failed(r);
        return;
    }
    if (!address(r, d->poll.get, &r->remote.poll, &e) || !address(r, d->cancel.path, &r->remote.cancel, &e) ||
        !address(r, d->poll.collect, &r->remote.collect, &e)) {
        fail(r, &e, false, true);
        return;
    }
    r->is_finished_remotely = state == REMOTE_OK;
    if (r->remote.poll.n) {
        accept(r);
    } else if (state == REMOTE_OK) {
        take_result(r, a);
    } else {
        struct buf message = { 0 };
        classify_message(d, r->answer, STR(""), &message);
        err_set(&e, ERR_SERVER, "the answer says neither the result nor where to ask for it%s%s", message.n ? ": " : "",
                buf_str(&message).p);
        buf_deinit(&message);
        fail(r, &e, false, true);
    }
}

static void after_submit(struct job_run *r, struct http_answer *a)
{
    struct err e;
    bool is_rule;
    if (!is_fine(r, a, STEP_SUBMIT, &e, &is_rule)) {
        fail(r, &e, !a->ok && a->is_unsent, true);
    } else if (r->p->desc.poll.get.p) {
        submitted_to_queue(r, a);
    } else if (r->p->desc.result.as == RESULT_BODY) {
        struct result_in in = result_in_of(r, a);
        const char *type = "";
        int64_t n = 0;
        if (result_put_streamed(&in, a->n_file, &type, &n, &e))
            done(r, type, n);
        else
            fail(r, &e, false, true);
    } else if (!r->answer) {
        struct buf message = { 0 };
        classify_message(&r->p->desc, NULL, buf_str(&a->body), &message);
        err_set(&e, ERR_SERVER, "answered with something that is not JSON: %s", buf_str(&message).p);
        buf_deinit(&message);
        fail(r, &e, false, true);
    } else {
        take_result(r, a);
    }
}

static bool is_passing(enum err_code code)
{
    return code == ERR_NET || code == ERR_SERVER || code == ERR_RATE;
}

/* A poll that failed says nothing about the job. */
static void bad_poll(struct job_run *r, const struct err *why, bool is_rule)
{
    if (is_rule || !is_passing(why->code) || ++r->n_bad_polls > MOST_BAD_POLLS) {
        fail(r, why, false, is_rule || !is_passing(why->code));
        return;
    }
    int64_t ms = r->p->desc.poll.every_ms << r->n_bad_polls;
    ms = ms > BAD_POLL_CAP_MS ? BAD_POLL_CAP_MS : ms;
    struct err shown = *why;
    secret_mask(shown.msg, r->p->key);
    log_info(r->env->log, STR_FMT " job %llu: asking for the result failed (%s), again in %lld ms", STR_ARG(r->p->desc.id),
             (unsigned long long)r->id, shown.msg, (long long)(r->wait_ms > ms ? r->wait_ms : ms));
    wait_for_poll(r, r->wait_ms > ms ? r->wait_ms : ms);
}

static void after_poll(struct job_run *r, struct http_answer *a)
{
    struct err e;
    bool is_rule;
    if (!is_fine(r, a, STEP_POLL, &e, &is_rule)) {
        bad_poll(r, &e, is_rule);
        return;
    }
    switch (remote_state(r)) {
    case REMOTE_OK:
        r->n_bad_polls = 0;
        result_is_ready(r, a);
        break;
    case REMOTE_WAIT:
        r->n_bad_polls = 0;
        wait_for_poll(r, r->p->desc.poll.every_ms);
        break;
    case REMOTE_FAIL:
        remote_failed(r);
        break;
    case REMOTE_UNKNOWN:
        err_set(&e, ERR_SERVER, "an answer without " STR_FMT, STR_ARG(r->p->desc.status.at));
        bad_poll(r, &e, false);
    }
}

static void after_collect(struct job_run *r, struct http_answer *a)
{
    struct err e;
    bool is_rule;
    if (is_fine(r, a, STEP_POLL, &e, &is_rule))
        take_result(r, a);
    else
        fail(r, &e, false, is_rule || !is_passing(e.code));
}

/* A signed address runs out. Where the job can be asked again it hands out a fresh one, else the result is lost. */
static void after_download(struct job_run *r, struct http_answer *a)
{
    struct result_in in = result_in_of(r, a);
    struct err e;
    bool is_rule;
    const char *type = "";
    int64_t n = 0;
    const struct json *answer = r->answer;      /* with the word times: the download's own answer must not replace it */
    if (a->ok && a->status >= 200 && a->status <= 299) {
        note_answer(r, a);
        if (result_put_streamed(&in, a->n_file, &type, &n, &e)) {
            r->answer = answer;
            done(r, type, n);
        } else {
            fail(r, &e, false, false);
        }
        return;
    }
    is_fine(r, a, STEP_DOWNLOAD, &e, &is_rule);
    err_wrap(&e, "download");
    if (e.code == ERR_LOST && r->remote.poll.n)
        e.code = ERR_SERVER;
    fail(r, &e, false, e.code == ERR_LOST || e.code == ERR_CONFIG);
}

/* ---------- outside ---------- */

void job_run_answer(struct job_run *r, struct http_call *c)
{
    static void (*const after[JOB_N_STATES])(struct job_run *, struct http_answer *) = {
        [ST_SUBMIT] = after_submit, [ST_POLL] = after_poll, [ST_COLLECT] = after_collect, [ST_DOWNLOAD] = after_download,
    };
    assert(c == r->call && after[r->state]);
    r->call = NULL;
    after[r->state](r, http_answer(c));
    http_free(r->env->http, c);
}

/* From ACCEPTED on: straight to the result where it is known. The submit answer still lies in r->answer. */
static void go_on(struct job_run *r)
{
    struct headers none = { 0 };
    struct http_answer a = { .headers = none };
    if (r->remote.result.n)
        start_download(r, r->remote.result);
    else if (r->is_finished_remotely && !r->is_resumed)
        result_is_ready(r, &a);
    else if (r->is_resumed)
        start_poll(r);
    else
        wait_for_poll(r, r->p->desc.poll.every_ms);
}

void job_run_continue(struct job_run *r)
{
    if (r->state == ST_ACCEPTED)
        go_on(r);
}

static bool read_remote(struct job_run *r, struct str text, struct err *e)
{
    const struct { const char *name; struct str *value; } rows[] = {
        { "poll", &r->remote.poll }, { "cancel", &r->remote.cancel }, { "collect", &r->remote.collect }, { "result", &r->remote.result },
    };
    struct json *o = NULL;
    struct http_url u;
    if (!json_parse(&r->arena, text, 0, &o, NULL, NULL, NULL, e) ||
        !str_eq(json_str_or(o, "provider", (struct str){ 0 }), r->p->desc.id))
        return err_set(e, ERR_LOST, STR_FMT ": what was kept of the job cannot be read", STR_ARG(r->p->desc.id));
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        *rows[i].value = json_str_or(o, rows[i].name, (struct str){ 0 });
        if (rows[i].value->n && !http_url_parse(*rows[i].value, &u, e))
            return err_wrap(e, STR_FMT ": what was kept of the job", STR_ARG(r->p->desc.id));
    }
    return r->remote.poll.n || r->remote.result.n ||
           err_set(e, ERR_LOST, STR_FMT ": what was kept of the job has no address", STR_ARG(r->p->desc.id));
}

static bool begin(struct job_run *r, const struct job *job, struct err *e)
{
    const struct provider *p = r->p;
    if (!p->info.has_key)
        return err_set(e, ERR_AUTH, STR_FMT ": no key; set $" STR_FMT, STR_ARG(p->desc.id), STR_ARG(p->info.key_env));
    if (!request_build(&r->arena, p, job->want, &r->request, e))
        return false;
    r->vars = request_vars(&r->arena, p, job->want);
    if (ftruncate(r->fd, 0) != 0)
        return err_errno(e, STR_FMT ": empty the file", STR_ARG(p->desc.id));
    if (job->remote.n == 0) {
        enter(r, ST_SUBMIT);
        return start_submit(r, job->key, e) || err_wrap(e, STR_FMT, STR_ARG(p->desc.id));
    }
    if (!read_remote(r, job->remote, e))
        return false;
    r->is_resumed = true;
    r->deadline_ms = now_of(r) + p->desc.poll.timeout_ms;
    enter(r, ST_ACCEPTED);
    go_on(r);
    return true;
}

struct job_run *job_run_create(const struct job_env *env, const struct provider *p, const struct job *job, struct err *e)
{
    struct job_run *r = mem_alloc(sizeof *r);
    *r = (struct job_run){ .env = env, .p = p, .id = job->id, .fd = job->fd, .kind = job->want->kind, .wait_ms = -1,
                           .lane_limit = -1 };
    if (begin(r, job, e))
        return r;
    secret_mask(e->msg, p->key);
    job_run_destroy(r);
    return NULL;
}

void job_run_destroy(struct job_run *r)
{
    if (!r)
        return;
    http_free(r->env->http, r->call);
    free(r->event.remote);
    free(r->event.meta);
    arena_deinit(&r->answers);
    arena_deinit(&r->arena);
    free(r);
}

uint64_t job_run_id(const struct job_run *r)
{
    return r->id;
}

bool job_run_cancel(struct job_run *r)
{
    struct err e;
    if (r->remote.cancel.n == 0 || job_run_is_over(r))
        return false;
    if (call_api(r, r->p->desc.cancel.method, r->remote.cancel, NULL, &e))
        return true;
    secret_mask(e.msg, r->p->key);
    log_info(r->env->log, STR_FMT ": the job could not be cancelled: %s", STR_ARG(r->p->desc.id), e.msg);
    return false;
}

int64_t job_run_due_ms(const struct job_run *r)
{
    return r->state == ST_POLL_WAIT && !r->has_event ? r->due_ms : INT64_MAX;
}

void job_run_tick(struct job_run *r)
{
    if (r->state == ST_POLL_WAIT && now_of(r) >= r->due_ms)
        start_poll(r);
}

bool job_run_event(struct job_run *r, struct job_event *out)
{
    if (!r->has_event)
        return false;
    *out = r->event;
    r->event = (struct job_event){ 0 };
    r->has_event = false;
    return true;
}

bool job_run_is_over(const struct job_run *r)
{
    return r->state == ST_DONE || r->state == ST_FAILED;
}
