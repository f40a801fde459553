/* http.c - tests of api/http_curl: connections, long answers, answers that stand still */
#include "api/http_curl.h"
#include <stdio.h>
#include <stdlib.h>
#include "api/loop.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

static bool has(struct str in, const char *text)
{
    return memmem(in.p, in.n, text, strlen(text)) != NULL;
}

/* Descriptions with every way a body is sent. */
static void add_senders(struct rig *r)
{
    char text[600];
    int port = fake_server_port(r->server);
    snprintf(text, sizeof text, "id: form\nextends: openai-image\nbase: \"http://127.0.0.1:%d/v1\"\n"
             "request: {post: /images/generations, form: {prompt: \"${prompt}\"}}\n", port);
    rig_provider(r, "form.yaml", text);
    snprintf(text, sizeof text, "id: signed\nkind: image\nbase: \"http://127.0.0.1:%d/v1\"\n"
             "auth: {sigv4: \"aws:amz:us-east-1:polly\", env: [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY]}\n"
             "request: {post: /images/generations, json: {prompt: \"${prompt}\"}}\nresult: {at: /data/0/b64_json, as: base64}\n", port);
    rig_provider(r, "signed.yaml", text);
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI-example", 1);
}

static void restart(struct rig *r)
{
    struct err e = { 0 };
    http_transport_destroy(r->transport);
    r->transport = http_transport_create(r->config, r->providers, &clock_monotonic, r->logger, &e);
    CHECK_ROW(e.msg, r->transport != NULL);
}

TEST(a_request_whose_kept_connection_breaks_is_not_sent_a_second_time)
{
    static const char *const providers[] = { "openai-speech", "openai-image", "form", "signed" };
    struct rig r;
    rig_open(&r, NULL, NULL);
    add_senders(&r);
    for (size_t i = 0; i < COUNTOF(providers); i++) {
        struct err e = { 0 };
        restart(&r);
        CHECK(fake_server_script(r.server, "{}", &e));
        struct job_event ev = rig_run(&r, providers[i], "a cell");
        CHECK_STR(providers[i], "", str_from(ev.err.msg)); /* its connection waits for the next */
        rig_event_deinit(&ev);
        int64_t before = fake_server_stat(r.server, "requests");
        CHECK(fake_server_script(r.server, "{\"rules\":[{\"fault\":\"reset\"}]}", &e));
        ev = rig_run(&r, providers[i], "another cell");
        CHECK_INT(providers[i], ERR_NET, ev.err.code);
        CHECK_ROW(ev.err.msg, has(str_from(ev.err.msg), "127.0.0.1 closed the connection before answering"));
        CHECK_ROW(providers[i], !ev.is_unsent);
        CHECK_INT(providers[i], 1, fake_server_stat(r.server, "requests") - before);
        rig_event_deinit(&ev);
    }
    rig_close(&r);
}

TEST(a_poll_whose_kept_connection_breaks_is_asked_again_at_once)
{
    struct rig r;
    rig_open(&r, "{\"polls\":2,\"rules\":[{\"route\":\"poll\",\"skip\":1,\"times\":1,\"fault\":\"reset\"}]}", NULL);
    struct job_event ev = rig_run(&r, "replicate", "a cell");
    CHECK_STR("error", "", str_from(ev.err.msg));
    CHECK(!has(buf_str(&r.log), "asking for the result failed"));
    rig_event_deinit(&ev);
    rig_close(&r);
}

/* ---------- http_start itself ---------- */

struct bare {
    struct fake_server *server;
    struct loop *loop;
    struct http *http;
    struct http_url own;
    char url[100];
};

static void bare_open(struct bare *b, const char *script)
{
    struct err e = { 0 };
    b->server = fake_server_start(0, script, &e);
    b->loop = loop_create(&e);
    b->http = http_create(b->loop, 16, &e);
    CHECK_ROW(e.msg, b->server && b->loop && b->http);
    snprintf(b->url, sizeof b->url, "http://127.0.0.1:%d/v1/audio/speech", fake_server_port(b->server));
    CHECK(http_url_parse(str_from(b->url), &b->own, &e));
}

static void bare_close(struct bare *b)
{
    http_destroy(b->http);
    loop_destroy(b->loop);
    fake_server_stop(b->server);
}

static struct http_request request_of(const struct bare *b)
{
    static const struct http_field key = { STR("Authorization"), STR("Bearer k") };
    return (struct http_request){ .method = "POST", .url = str_from(b->url), .headers = &key, .n_headers = 1, .own = &b->own,
                                  .body = STR("{\"input\":\"one two three\"}"), .type = STR("application/json"),
                                  .max_bytes = 1 << 20, .connect_ms = 5000, .total_ms = 20000 };
}

static struct http_call *run(struct bare *b, const struct http_request *q)
{
    struct err e = { 0 };
    struct http_call *c = http_start(b->http, q, NULL, &e), *over = NULL;
    CHECK_ROW(e.msg, c != NULL);
    while (!over) {
        http_run(b->http, -1);
        over = http_finished(b->http);
    }
    CHECK(over == c);
    return c;
}

TEST(an_answer_that_stands_still_is_ended_long_before_its_time_is_up)
{
    struct bare b;
    bare_open(&b, "{\"rules\":[{\"fault\":\"drip\"}]}");
    struct http_request q = request_of(&b);
    q.stall_ms = 150;
    q.stall_bytes = 1000;                       /* one comes every 20 ms */
    struct http_call *c = run(&b, &q);
    const struct http_answer *a = http_answer(c);
    CHECK(!a->ok);
    CHECK_INT("class", ERR_NET, a->err.code);
    CHECK_ROW(a->err.msg, has(str_from(a->err.msg), "stalled"));
    CHECK(!a->is_unsent);
    http_free(b.http, c);
    q.stall_bytes = 1;
    q.total_ms = 600;
    c = run(&b, &q);
    CHECK_ROW(http_answer(c)->err.msg, !has(str_from(http_answer(c)->err.msg), "stalled")); /* slow, but it moves */
    http_free(b.http, c);
    bare_close(&b);
}

TEST(the_silence_before_an_answer_begins_is_no_stall)
{
    struct bare b;
    bare_open(&b, "{\"latency_ms\":{\"speech\":200}}");
    struct http_request q = request_of(&b);
    q.stall_ms = 20;
    q.stall_bytes = 1 << 20;
    struct http_call *c = run(&b, &q);
    CHECK_ROW(http_answer(c)->err.msg, http_answer(c)->ok);
    http_free(b.http, c);
    bare_close(&b);
}

struct taker {
    struct buf got;
    size_t most;
};

static bool take(void *ctx, const char *p, size_t n, struct err *e)
{
    struct taker *t = ctx;
    if (t->got.n + n > t->most)
        return err_set(e, ERR_IO, "full");
    return buf_add(&t->got, p, n);
}

TEST(an_answer_goes_to_who_takes_it_and_an_error_does_not)
{
    struct bare b;
    struct err e;
    bare_open(&b, NULL);
    struct http_request q = request_of(&b);
    struct http_call *whole = run(&b, &q), *c;
    struct str text = buf_str(&http_answer(whole)->body);
    CHECK(text.n > 10000);
    struct taker t = { .got = BUF_INIT(MIB), .most = text.n };
    q.take = take;
    q.take_ctx = &t;
    c = run(&b, &q);
    CHECK(http_answer(c)->ok);
    CHECK("all of it" && str_eq(text, buf_str(&t.got)));
    CHECK_INT("in memory", 0, http_answer(c)->body.n);
    CHECK_INT("counted", text.n, http_answer(c)->bytes_in);
    http_free(b.http, c);
    buf_clear(&t.got);
    t.most--;
    c = run(&b, &q);
    CHECK("it cannot be taken" && !http_answer(c)->ok);
    CHECK_STR("why", "full", str_from(http_answer(c)->err.msg));
    http_free(b.http, c);
    buf_clear(&t.got);
    CHECK(fake_server_script(b.server, "{\"rules\":[{\"status\":500}]}", &e));
    c = run(&b, &q);
    CHECK(http_answer(c)->ok);
    CHECK_INT("an error's text", 0, t.got.n);
    CHECK(http_answer(c)->body.n > 0);
    http_free(b.http, c);
    http_free(b.http, whole);
    buf_deinit(&t.got);
    bare_close(&b);
}

TEST(more_calls_than_one_multi_handle_takes_all_end)
{
    enum { N = 300 };                           /* http_part.c: 256 share one */
    struct bare b;
    struct err e = { 0 };
    struct http_call *c;
    int n = 0;
    bare_open(&b, NULL);
    struct http_request q = request_of(&b);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < N; i++)
            CHECK_ROW(e.msg, http_start(b.http, &q, NULL, &e) != NULL);
        for (n = 0; n < N;) {
            http_run(b.http, -1);
            for (; (c = http_finished(b.http)); n++) {
                CHECK_ROW(http_answer(c)->err.msg, http_answer(c)->ok);
                http_free(b.http, c);
            }
        }
    }
    CHECK_INT("answered", 2 * N, fake_server_stat(b.server, "paid"));
    CHECK_INT("the second round went over the connections of the first", N, fake_server_stat(b.server, "connections"));
    bare_close(&b);
}

TEST(a_call_that_is_dropped_under_way_disturbs_no_other)
{
    struct bare b;
    struct err e = { 0 };
    bare_open(&b, "{\"latency_ms\":{\"speech\":50}}");
    struct http_request q = request_of(&b);
    struct http_call *dropped = http_start(b.http, &q, NULL, &e);
    struct http_call *unborn = http_start(b.http, &q, NULL, &e);
    http_free(b.http, unborn);
    struct http_call *kept = http_start(b.http, &q, NULL, &e);
    http_run(b.http, 10);
    http_free(b.http, dropped);
    http_run(b.http, -1);
    CHECK(http_finished(b.http) == kept);
    CHECK(http_answer(kept)->ok);
    http_free(b.http, kept);
    CHECK(http_finished(b.http) == NULL);
    bare_close(&b);
}
