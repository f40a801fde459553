/* transport.c - tests of api/transport, job and http_curl against the fake service */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "gen/base/fd.h"
#include "gen/base/json.h"
#include "api/base64.h"
#include "tests/support/fake_media.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

static struct str head_of(int fd, char room[16])
{
    return (struct str){ room, fd_read_at(fd, room, 16, 0) };
}

static bool has(struct str in, const char *text)
{
    return memmem(in.p, in.n, text, strlen(text)) != NULL;
}

TEST(every_provider_brings_its_media_into_the_file)
{
    static const struct { const char *provider, *type, *magic; bool has_words; } rows[] = {
        { "openai-image", "png", "\x89PNG", false },
        { "openai-speech", "wav", "RIFF", false },
        { "elevenlabs", "wav", "RIFF", true },
        { "replicate", "png", "\x89PNG", false },
    };
    struct rig r;
    rig_open(&r, NULL, NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char room[16], want[64];
        struct job_event ev = rig_run(&r, rows[i].provider, "a cell in spring");
        CHECK_STR(rows[i].provider, "", str_from(ev.err.msg));
        CHECK_INT(rows[i].provider, JOB_DONE, ev.type);
        CHECK_ROW(rows[i].provider, str_starts(head_of(r.fd, room), rows[i].magic));
        snprintf(want, sizeof want, "{\"type\":\"%s\",", rows[i].type);
        CHECK_ROW(rows[i].provider, str_starts(str_from(ev.meta), want));
        CHECK_ROW(rows[i].provider, has(str_from(ev.meta), "\"words\":[[0.05,0.105,\"a\"],[0.185,0.405,\"cell\"]") == rows[i].has_words);
        rig_event_deinit(&ev);
    }
    CHECK_INT("each paid once", 4, fake_server_stat(r.server, "paid"));
    CHECK_INT("the media host never saw a key", 0, fake_server_stat(r.server, "key_leaks"));
    CHECK_INT("calls without a key", 0, fake_server_stat(r.server, "unauthorized"));
    rig_close(&r);
}

TEST(an_answer_that_tells_what_was_used_tells_what_it_cost)
{
    static const struct { const char *name, *provider; bool is_told; double cost; } rows[] = {
        { "tokens, by the row of the model", "openai-image", true, (20 * 5 + 1000 * 30) / 1e6 },
        { "a header", "elevenlabs", true, 0.02 },
        { "nothing told", "openai-speech", false, 0 },
        { "nothing told by a job", "replicate", false, 0 },
    };
    struct rig r;
    rig_open(&r, "{\"rules\":[{\"route\":\"elevenlabs\",\"headers\":{\"character-cost\":\"200\"}}]}", NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct job_event ev = rig_run(&r, rows[i].provider, "a cell");
        CHECK_INT(rows[i].name, JOB_DONE, ev.type);
        CHECK_ROW(rows[i].name, ev.cost_known == rows[i].is_told);
        if (ev.cost_known)
            CHECK_NEAR(rows[i].name, rows[i].cost, ev.cost, 1e-12);
        rig_event_deinit(&ev);
    }
    rig_close(&r);
}

TEST(every_kind_of_failure_gets_its_class_and_keeps_the_server_s_words)
{
    static const struct { const char *name, *provider, *script; enum err_code code; int64_t told_ms; const char *says; bool is_unsure; } rows[] = {
        { "wrong key", "openai-image", "{\"rules\":[{\"status\":401}]}", ERR_AUTH, -1, "Incorrect API key", false },
        { "no money", "openai-image", "{\"rules\":[{\"status\":429,\"body\":{\"error\":{\"type\":\"insufficient_quota\",\"message\":\"pay\"}}}]}", ERR_QUOTA, -1, "pay", false },
        { "429 with a time", "openai-image", "{\"rules\":[{\"status\":429,\"headers\":{\"Retry-After\":\"7\"}}]}", ERR_RATE, 7000, "Rate limit", false },
        { "429 with a fine time", "openai-image", "{\"rules\":[{\"status\":429,\"headers\":{\"Retry-After\":\"7\",\"retry-after-ms\":\"6500\"}}]}", ERR_RATE, 6500, "429", false },
        { "429 without", "openai-speech", "{\"rules\":[{\"status\":429}]}", ERR_RATE, -1, "429", false },
        { "500", "openai-speech", "{\"rules\":[{\"status\":500}]}", ERR_SERVER, -1, "500", false },
        { "503 with a time", "elevenlabs", "{\"rules\":[{\"status\":503,\"headers\":{\"Retry-After\":\"2\"}}]}", ERR_SERVER, 2000, "503", false },
        { "refused prompt", "openai-image", "{\"rules\":[{\"status\":400}]}", ERR_POLICY, -1, "safety", false },
        { "bad input", "openai-speech", "{\"rules\":[{\"status\":422,\"body\":{\"detail\":[{\"msg\":\"too long\"}]}}]}", ERR_INPUT, -1, "too long", false },
        { "empty account", "elevenlabs", "{\"rules\":[{\"status\":401,\"body\":{\"detail\":{\"status\":\"quota_exceeded\",\"message\":\"no credits\"}}}]}", ERR_QUOTA, -1, "no credits", false },
        { "refusal inside 200", "openai-image", "{\"rules\":[{\"fault\":\"refusal\"}]}", ERR_POLICY, -1, "refused by the safety system", false },
        { "HTML as audio", "openai-speech", "{\"rules\":[{\"fault\":\"html\"}]}", ERR_SERVER, -1, "Bad gateway", true },
        { "HTML as JSON", "openai-image", "{\"rules\":[{\"fault\":\"html\"}]}", ERR_SERVER, -1, "Bad gateway", true },
        { "garbage as audio", "openai-speech", "{\"rules\":[{\"fault\":\"garbage\"}]}", ERR_MEDIA, -1, "speech was expected", true },
        { "nothing", "openai-speech", "{\"rules\":[{\"fault\":\"empty\"}]}", ERR_SERVER, -1, "nothing", true },
        { "half a body", "openai-speech", "{\"rules\":[{\"fault\":\"short\"}]}", ERR_NET, -1, "early", true },
        { "half a JSON", "openai-image", "{\"rules\":[{\"fault\":\"short\"}]}", ERR_NET, -1, "early", true },
        { "reset", "openai-image", "{\"rules\":[{\"fault\":\"reset\"}]}", ERR_NET, -1, "127.0.0.1", true },
        { "redirect", "openai-image", "{\"rules\":[{\"status\":302,\"headers\":{\"Location\":\"https://evil.example/x?k=1\"}}]}", ERR_CONFIG, -1, "https://evil.example/x?...", false },
        { "not base64", "openai-image", "{\"rules\":[{\"body\":{\"data\":[{\"b64_json\":\"%%%\"}]}}]}", ERR_MEDIA, -1, "not base64", true },
        { "text as picture", "openai-image", "{\"rules\":[{\"body\":{\"data\":[{\"b64_json\":\"eyJvIjoxfQ==\"}]}}]}", ERR_SERVER, -1, "json", true },
        { "duplicate keys", "openai-image", "{\"rules\":[{\"body\":\"{\\\"data\\\":1,\\\"data\\\":2}\"}]}", ERR_SERVER, -1, "not JSON", true },
        { "job refused there", "replicate", "{\"rules\":[{\"route\":\"poll\",\"body\":{\"status\":\"failed\",\"error\":\"NSFW content\"}}]}", ERR_POLICY, -1, "NSFW", false },
        { "job failed there", "replicate", "{\"rules\":[{\"route\":\"poll\",\"body\":{\"status\":\"failed\",\"error\":\"out of memory\"}}]}", ERR_SERVER, -1, "out of memory", false },
        { "job unknown", "replicate", "{\"rules\":[{\"route\":\"poll\",\"status\":404}]}", ERR_LOST, -1, "404", false },
        { "no result", "replicate", "{\"rules\":[{\"route\":\"poll\",\"body\":{\"status\":\"succeeded\",\"output\":null}}]}", ERR_SERVER, -1, "no result", true },
        { "polls fail for ever", "replicate", "{\"rules\":[{\"route\":\"poll\",\"status\":500}]}", ERR_SERVER, -1, "500", false },
        { "media gone", "replicate", "{\"rules\":[{\"route\":\"media\",\"status\":403}]}", ERR_SERVER, -1, "download", false },
        { "HTML as picture", "replicate", "{\"rules\":[{\"route\":\"media\",\"fault\":\"html\"}]}", ERR_SERVER, -1, "Bad gateway", false },
    };
    struct rig r;
    rig_open(&r, NULL, NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct err e;
        CHECK_ROW(rows[i].name, fake_server_script(r.server, rows[i].script, &e));
        struct job_event ev = rig_run(&r, rows[i].provider, "a cell");
        CHECK_INT(rows[i].name, JOB_FAILED, ev.type);
        CHECK_STR(rows[i].name, err_code_name(rows[i].code), str_from(err_code_name(ev.err.code)));
        CHECK_INT(rows[i].name, rows[i].told_ms, ev.retry_after_ms);
        CHECK_ROW(rows[i].name, !ev.is_unsent);
        CHECK_ROW(rows[i].name, (ev.status == 0) == rows[i].is_unsure); /* whether it may be sent again unasked */
        CHECK_ROW(ev.err.msg, has(str_from(ev.err.msg), rows[i].says));
        CHECK_ROW(ev.err.msg, str_starts(str_from(ev.err.msg), rows[i].provider));
        rig_event_deinit(&ev);
    }
    rig_close(&r);
}

TEST(a_key_is_in_no_message_and_no_log)
{
    struct rig r;
    rig_open(&r, "{\"rules\":[{\"status\":401,\"body\":{\"error\":{\"message\":\"bad key sk-test-0123456789abcdef here\"}}}]}", NULL);
    struct job_event ev = rig_run(&r, "openai-image", "a cell");
    CHECK(has(str_from(ev.err.msg), "bad key ************************ here"));
    CHECK(!has(str_from(ev.err.msg), rig_key));
    CHECK(!has(buf_str(&r.log), rig_key));
    rig_close(&r);
}

TEST(a_request_that_cannot_have_arrived_says_so)
{
    struct rig r;
    rig_open(&r, NULL, NULL);
    fake_server_stop(r.server);                 /* nobody listens there now */
    r.server = NULL;
    struct job_event ev = rig_run(&r, "openai-image", "a cell");
    CHECK_INT("class", ERR_NET, ev.err.code);
    CHECK(ev.is_unsent);
    CHECK_INT("status", 0, ev.status);
    rig_close(&r);
}

TEST(an_answer_that_hangs_ends_at_the_limit_and_counts_as_sent)
{
    struct rig r;
    rig_open(&r, "{\"rules\":[{\"fault\":\"hang\"}]}", "limits: {request_ms: 300}\n");
    struct job_event ev = rig_run(&r, "openai-speech", "hello");
    CHECK_INT("class", ERR_NET, ev.err.code);
    CHECK(!ev.is_unsent);
    CHECK_INT("status", 0, ev.status);
    rig_close(&r);
}

TEST(a_body_without_end_is_cut_off_at_the_ceiling)
{
    struct rig r;
    rig_open(&r, "{\"rules\":[{\"fault\":\"endless\"}]}", "limits: {media_bytes: 2000000, answer_bytes: 2000000}\n");
    struct job_event ev = rig_run(&r, "openai-speech", "hello");
    CHECK_INT("media", ERR_MEDIA, ev.err.code);
    CHECK(lseek(r.fd, 0, SEEK_END) <= 2000000);
    ev = rig_run(&r, "openai-image", "hello");
    CHECK_INT("JSON", ERR_SERVER, ev.err.code);
    rig_close(&r);
}

TEST(a_job_waits_until_it_was_made_durable)
{
    struct rig r;
    struct err e;
    struct job_event ev, none;
    rig_open(&r, "{\"polls\":1}", NULL);
    CHECK(rig_start(&r, "replicate", "a cell", NULL, &e));
    ev = rig_next(&r, false);
    CHECK_INT("accepted", JOB_ACCEPTED, ev.type);
    CHECK(has(str_from(ev.remote), "/v1/predictions/0\""));
    CHECK_INT("nothing more comes", 0, r.transport->wait(r.transport->ctx, 50, &none, 1));
    CHECK_INT("no poll", 0, fake_server_stat(r.server, "routes/poll"));
    r.transport->job_continue(r.transport->ctx, ev.id);
    rig_event_deinit(&ev);
    ev = rig_next(&r, true);
    CHECK_INT("done", JOB_DONE, ev.type);
    rig_event_deinit(&ev);
    rig_close(&r);
}

TEST(a_job_is_resumed_without_being_bought_again)
{
    struct rig r;
    struct err e;
    rig_open(&r, NULL, NULL);
    CHECK(rig_start(&r, "replicate", "a cell", NULL, &e));
    struct job_event first = rig_next(&r, false);
    http_transport_destroy(r.transport);        /* as if killed here */
    r.transport = http_transport_create(r.config, r.providers, &clock_monotonic, r.logger, &e);
    CHECK(r.transport != NULL);
    CHECK(rig_start(&r, "replicate", "a cell", first.remote, &e));
    struct job_event ev = rig_next(&r, true);
    CHECK_INT("done", JOB_DONE, ev.type);
    CHECK_INT("bought", 1, fake_server_stat(r.server, "routes/replicate"));
    CHECK_INT("not cancelled", 0, fake_server_stat(r.server, "cancelled"));
    rig_event_deinit(&first);
    rig_event_deinit(&ev);
    rig_close(&r);
}

TEST(what_was_kept_of_a_job_is_checked_like_an_answer)
{
    static const struct { const char *name, *remote; enum err_code code; } rows[] = {
        { "not JSON", "poll", ERR_LOST },
        { "another provider's", "{\"provider\":\"x\",\"poll\":\"https://a.example/\"}", ERR_LOST },
        { "no address", "{\"provider\":\"replicate\"}", ERR_LOST },
        { "a file", "{\"provider\":\"replicate\",\"poll\":\"file:///etc/passwd\"}", ERR_CONFIG },
    };
    struct rig r;
    rig_open(&r, NULL, NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, !rig_start(&r, "replicate", "a cell", rows[i].remote, &e));
        CHECK_INT(rows[i].name, rows[i].code, e.code);
    }
    rig_close(&r);
}

TEST(a_few_failed_polls_are_borne)
{
    struct rig r;
    rig_open(&r, "{\"rules\":[{\"route\":\"poll\",\"times\":1,\"status\":500},{\"route\":\"poll\",\"times\":1,\"fault\":\"reset\"},"
                 "{\"route\":\"poll\",\"times\":1,\"body\":\"?\"}]}", NULL);
    struct job_event ev = rig_run(&r, "replicate", "a cell");
    CHECK_STR("error", "", str_from(ev.err.msg));
    CHECK_INT("done", JOB_DONE, ev.type);
    rig_event_deinit(&ev);
    rig_close(&r);
}

TEST(addresses_in_answers_cannot_lead_into_the_local_network)
{
    static const struct { const char *name, *poll; } rows[] = {
        { "another port of this machine", "http://127.0.0.1:1/x" },
        { "this machine over TLS", "https://127.0.0.1/x" },
        { "its name", "https://localhost/x" },
        { "IPv6", "https://[::1]/x" },
        { "mapped", "https://[::ffff:10.0.0.1]/x" },
        { "cloud metadata", "http://169.254.169.254/latest" },
        { "cloud metadata over TLS", "https://169.254.169.254/latest" },
        { "private", "https://10.1.2.3/x" },
        { "decimal form", "https://2130706433/x" },
        { "no dots", "https://intranet/x" },
        { "odd port", "https://api.example.com:6379/x" },
        { "user name inside", "https://user@api.example.com/x" },
        { "a file", "file:///etc/passwd" },
        { "gopher", "gopher://api.example.com/x" },
    };
    struct rig r;
    rig_open(&r, NULL, NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char script[300];
        struct err e;
        snprintf(script, sizeof script, "{\"rules\":[{\"route\":\"replicate\",\"body\":{\"status\":\"starting\",\"urls\":{\"get\":\"%s\"}}}]}",
                 rows[i].poll);
        CHECK(fake_server_script(r.server, script, &e));
        struct job_event ev = rig_run(&r, "replicate", "a cell");
        CHECK_INT(rows[i].name, JOB_FAILED, ev.type);
        CHECK_INT(ev.err.msg, ERR_CONFIG, ev.err.code);
        CHECK_ROW(rows[i].name, ev.is_remote_over);
        snprintf(script, sizeof script, "{\"rules\":[{\"route\":\"image\",\"body\":{\"data\":[{\"url\":\"%s\"}]}}]}", rows[i].poll);
        CHECK(fake_server_script(r.server, script, &e));
        ev = rig_run(&r, "openai-image", "a cell");
        CHECK_INT(rows[i].name, JOB_FAILED, ev.type);
        rig_event_deinit(&ev);
    }
    CHECK_INT("polls", 0, fake_server_stat(r.server, "routes/poll"));
    rig_close(&r);
}

TEST(an_answer_cannot_lead_to_a_local_server_that_another_description_names)
{
    struct rig r;
    struct err e = { 0 };
    char text[400];
    rig_open(&r, NULL, NULL);
    struct fake_server *other = fake_server_start(0, NULL, &e);
    CHECK(other != NULL);
    http_transport_destroy(r.transport);
    snprintf(text, sizeof text, "id: other\nextends: openai-image\nbase: \"http://127.0.0.1:%d\"\n", fake_server_port(other));
    rig_provider(&r, "other.yaml", text);
    r.transport = http_transport_create(r.config, r.providers, &clock_monotonic, r.logger, &e);
    CHECK_ROW(e.msg, r.transport != NULL);
    snprintf(text, sizeof text, "{\"rules\":[{\"route\":\"replicate\",\"body\":{\"status\":\"starting\",\"urls\":{\"get\":"
             "\"http://127.0.0.1:%d/v1/predictions/0\"}}}]}", fake_server_port(other));
    CHECK(fake_server_script(r.server, text, &e));
    struct job_event ev = rig_run(&r, "replicate", "a cell");
    CHECK_INT("class", ERR_CONFIG, ev.err.code);
    CHECK_INT("it was not asked", 0, fake_server_stat(other, "requests"));
    rig_event_deinit(&ev);
    rig_close(&r);
    fake_server_stop(other);
}

TEST(a_download_follows_three_redirects_and_no_more)
{
    struct rig r;
    rig_open(&r, "{\"rules\":[{\"route\":\"media\",\"times\":3,\"status\":302,\"headers\":{\"Location\":\"/media/0\"}}]}", NULL);
    struct job_event ev = rig_run(&r, "replicate", "a cell");
    CHECK_STR("three", "", str_from(ev.err.msg));
    CHECK_INT("three", JOB_DONE, ev.type);
    rig_event_deinit(&ev);
    struct err e;
    CHECK(fake_server_script(r.server, "{\"rules\":[{\"route\":\"media\",\"status\":302,\"headers\":{\"Location\":\"/media/0\"}}]}", &e));
    ev = rig_run(&r, "replicate", "a cell");
    CHECK_INT("four", ERR_CONFIG, ev.err.code);
    CHECK(fake_server_script(r.server, "{\"rules\":[{\"route\":\"media\",\"status\":302,\"headers\":{\"Location\":\"http://169.254.169.254/\"}}]}", &e));
    ev = rig_run(&r, "replicate", "a cell");
    CHECK_INT("elsewhere", ERR_CONFIG, ev.err.code);
    CHECK_INT("no key on the way", 0, fake_server_stat(r.server, "key_leaks"));
    rig_close(&r);
}

TEST(a_cancelled_job_is_cancelled_there_too)
{
    struct rig r;
    struct err e;
    struct job_event none;
    rig_open(&r, "{\"polls\":1000000}", NULL);
    CHECK(rig_start(&r, "replicate", "a cell", NULL, &e));
    struct job_event ev = rig_next(&r, true);
    CHECK_INT("accepted", JOB_ACCEPTED, ev.type);
    r.transport->cancel(r.transport->ctx, ev.id);
    CHECK_INT("no event follows", 0, r.transport->wait(r.transport->ctx, 30, &none, 1));
    http_transport_destroy(r.transport);        /* gives the request its moment */
    r.transport = NULL;
    CHECK_INT("cancelled", 1, fake_server_stat(r.server, "cancelled"));
    rig_event_deinit(&ev);
    rig_close(&r);
}

TEST(a_wake_ends_the_wait_without_an_event)
{
    struct rig r;
    struct job_event none;
    rig_open(&r, NULL, NULL);
    r.transport->wake(r.transport->ctx);
    CHECK_INT("events", 0, r.transport->wait(r.transport->ctx, -1, &none, 1));
    CHECK_INT("a look", 0, r.transport->wait(r.transport->ctx, 0, &none, 1));
    rig_close(&r);
}

TEST(what_names_an_asset_has_sorted_keys_and_no_key)
{
    struct rig r;
    struct err e = { 0 };
    struct buf b = { 0 };
    char want[500];
    struct want w = { .kind = ASSET_IMAGE, .provider = STR("openai-image"), .text = STR("a \"cell\""), .speed = 1, .seed = -1,
                      .width = 1920, .height = 1080 };
    rig_open(&r, NULL, NULL);
    CHECK(r.transport->canonical(r.transport->ctx, &w, &b, &e));
    snprintf(want, sizeof want, "{\"body\":{\"model\":\"gpt-image-2\",\"n\":1,\"output_format\":\"png\",\"prompt\":\"a \\\"cell\\\"\","
             "\"quality\":\"medium\",\"size\":\"1920x1088\"},\"method\":\"POST\",\"provider\":\"openai-image\","
             "\"url\":\"http://127.0.0.1:%d/v1/images/generations\",\"v\":1}", fake_server_port(r.server));
    CHECK_STR("canonical", want, buf_str(&b));
    w.text = STR(" ");
    CHECK(!r.transport->canonical(r.transport->ctx, &w, &b, &e));
    CHECK_INT("an empty prompt", ERR_INPUT, e.code);
    w.provider = STR("nobody");
    CHECK(!r.transport->canonical(r.transport->ctx, &w, &b, &e));
    CHECK_INT("nobody", ERR_CONFIG, e.code);
    buf_deinit(&b);
    rig_close(&r);
}

static struct job_event next(struct rig *r)
{
    struct job_event ev = { 0 };
    for (int i = 0; i < 200 && r->transport->wait(r->transport->ctx, 100, &ev, 1) == 0; i++) {
    }
    return ev;
}

TEST(an_answer_that_is_long_to_read_is_told_first_and_what_starts_then_is_sent_before_it_is_read)
{
    struct rig r;
    struct err e;
    char room[16];
    struct buf script = BUF_INIT(MIB), png = { 0 }, text = BUF_INIT(MIB);
    fake_png(&png, 300, 300, 1);
    base64_encode(&text, png.p, png.n);
    buf_addz(&script, "{\"rules\":[");
    for (int i = 0; i < 2; i++) {               /* a line break in it: it is not decoded while it comes */
        buf_addz(&script, i == 0 ? "{\"match\":\"two\",\"latency_ms\":100," : ",{");
        buf_addz(&script, "\"body\":{\"data\":[{\"b64_json\":\"\\n");
        buf_adds(&script, buf_str(&text));
        buf_addz(&script, "\"}]}}");
    }
    buf_addz(&script, "]}");
    rig_open(&r, buf_str(&script).p, NULL);
    buf_deinit(&script);
    buf_deinit(&text);
    buf_deinit(&png);
    CHECK(rig_start(&r, "openai-image", "one cell", NULL, &e));
    struct job_event ev = next(&r);
    int first = r.fd;
    CHECK_INT("its answer has come", JOB_ARRIVED, ev.type);
    CHECK("and lies there as it came" && head_of(first, room).p[0] == '{');
    r.fd = -1;
    CHECK(rig_start(&r, "openai-image", "two cells", NULL, &e));
    ev = next(&r);
    CHECK_INT("it is read", JOB_DONE, ev.type);
    CHECK_INT("it was the first", 1, ev.id);
    CHECK("its media are in its file" && str_starts(head_of(first, room), "\x89PNG"));
    while (fake_server_stat(r.server, "requests") < 2) { /* nothing is run here any more: it is on its way */
    }
    rig_event_deinit(&ev);
    close(first);
    ev = next(&r);
    CHECK_INT("the other has come, too", JOB_ARRIVED, ev.type);
    r.transport->cancel(r.transport->ctx, ev.id);
    struct job_event none;
    CHECK_INT("no event follows", 0, r.transport->wait(r.transport->ctx, 10, &none, 1));
    rig_close(&r);
}

TEST(answers_that_are_short_to_read_or_whose_media_are_in_their_file_are_told_once)
{
    static const char *const providers[] = { "openai-speech", "replicate", "openai-image" };
    struct rig r;
    struct err e;
    rig_open(&r, "{\"rules\":[{\"route\":\"elevenlabs\",\"status\":429}]}", NULL);
    for (size_t i = 0; i < COUNTOF(providers); i++) {
        CHECK(rig_start(&r, providers[i], "a cell", NULL, &e));
        struct job_event ev = next(&r);
        if (ev.type == JOB_ACCEPTED) {
            r.transport->job_continue(r.transport->ctx, ev.id);
            rig_event_deinit(&ev);
            ev = next(&r);
        }
        CHECK_INT(providers[i], JOB_DONE, ev.type);
        rig_event_deinit(&ev);
    }
    CHECK(rig_start(&r, "elevenlabs", "a cell", NULL, &e));
    CHECK_INT("a refusal", JOB_FAILED, next(&r).type);
    rig_close(&r);
}

TEST(many_jobs_at_once_all_end_and_none_is_bought_twice)
{
    enum { N = 24 };
    static const char *const providers[] = { "openai-image", "openai-speech", "elevenlabs", "replicate" };
    struct rig r;
    int fds[N];
    size_t n_done = 0;
    rig_open(&r, "{\"latency_ms\":{\"image\":5,\"speech\":2}}", NULL);
    for (int i = 0; i < N; i++) {
        char text[40];
        struct err e = { 0 };
        snprintf(text, sizeof text, "prompt %d", i);
        r.fd = -1;                              /* keeps the file of the one before */
        CHECK_ROW(e.msg, rig_start(&r, providers[i % 4], text, NULL, &e));
        fds[i] = r.fd;
    }
    while (n_done < N) {
        struct job_event ev = rig_next(&r, true);
        CHECK_ROW(ev.err.msg, ev.type != JOB_FAILED);
        n_done += ev.type == JOB_DONE;
        rig_event_deinit(&ev);
    }
    for (int i = 0; i < N; i++) {
        char room[16];
        CHECK(head_of(fds[i], room).n == 16);
        close(fds[i]);
    }
    r.fd = -1;
    CHECK_INT("paid", N, fake_server_stat(r.server, "paid"));
    CHECK_INT("paid twice", 0, fake_server_stat(r.server, "paid_twice"));
    rig_close(&r);
}

TEST(headers_of_pace_reach_the_lane)
{
    static const struct { const char *name, *provider, *script; bool is_used_up; int64_t wait_ms, limit, in_flight; } rows[] = {
        { "nothing remains", "openai-speech", "{\"rules\":[{\"headers\":{\"x-ratelimit-remaining-requests\":\"0\",\"x-ratelimit-reset-requests\":\"1m2s\"}}]}", true, 62000, 0, 0 },
        { "some remains", "openai-speech", "{\"rules\":[{\"headers\":{\"x-ratelimit-remaining-requests\":\"1\",\"x-ratelimit-reset-requests\":\"1m2s\"}}]}", false, -1, 0, 0 },
        { "refused, nothing remains", "openai-speech", "{\"rules\":[{\"status\":429,\"headers\":{\"x-ratelimit-remaining-requests\":\"0\",\"x-ratelimit-reset-requests\":\"2s\"}}]}", true, 2000, 0, 0 },
        { "the limit and who uses it", "elevenlabs", "{\"rules\":[{\"headers\":{\"maximum-concurrent-requests\":\"15\",\"current-concurrent-requests\":\"4\"}}]}", false, -1, 15, 4 },
        { "another's headers of a download", "replicate", "{\"rules\":[{\"route\":\"media\",\"headers\":{\"x-ratelimit-remaining\":\"0\",\"x-ratelimit-reset\":\"9\"}}]}", false, -1, 0, 0 },
    };
    struct rig r;
    rig_open(&r, NULL, NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct err e;
        CHECK_ROW(rows[i].name, fake_server_script(r.server, rows[i].script, &e));
        struct job_event ev = rig_run(&r, rows[i].provider, "a cell");
        CHECK_INT(rows[i].name, rows[i].is_used_up, ev.is_used_up);
        CHECK_INT(rows[i].name, rows[i].wait_ms, ev.retry_after_ms);
        CHECK_INT(rows[i].name, rows[i].limit > 0, ev.lane_limit_known);
        if (rows[i].limit) {
            CHECK_INT(rows[i].name, rows[i].limit, ev.lane_limit);
            CHECK_INT(rows[i].name, rows[i].in_flight, ev.lane_in_flight);
        }
        rig_event_deinit(&ev);
    }
    rig_close(&r);
}
