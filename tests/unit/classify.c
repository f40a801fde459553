/* classify.c - tests of api/classify, headers and secret */
#include "api/classify.h"
#include <stdio.h>
#include "api/secret.h"
#include "tests/support/test.h"

/* The rules of several real services in one. */
static const char text[] =
    "id: x\nkind: image\nbase: https://a.example\nrequest: {post: /p}\nresult: {at: /d, as: base64}\n"
    "errors:\n"
    "- {status: 429, at: /error/type, is: [insufficient_quota], class: quota}\n"
    "- {status: 200, at: /promptFeedback/blockReason, class: policy}\n"
    "- {status: 200, at: /finish, is: [NO_IMAGE, OTHER], class: server}\n"
    "- {status: 429, at: \"/error/details/*/violations/*/quotaId\", has: PerDay, class: quota}\n"
    "- {status: 200, header: finish-reason, is: [CONTENT_FILTERED], class: policy}\n"
    "- {status: 400, header: x-amzn-ErrorType, has: Throttling, class: rate}\n"
    "- {status: 200, at: /code, is: [7], class: input}\n"
    "- {status: [404, 410], class: lost}\n"
    "message: [/error/message, \"/detail/*/msg\", /detail]\n"
    "rate: {limit: max-in-flight, in_flight: now-in-flight, remaining: left, reset: reset-in, delay: \"/error/details/*/retryDelay\"}\n";

struct bench {
    struct arena a;
    struct description d;
    struct headers h;
    const struct json *body;
};

static void lay_out(struct bench *b, const char *headers, const char *body)
{
    struct err e = { 0 };
    struct json *tree = NULL;
    *b = (struct bench){ 0 };
    CHECK_ROW(e.msg, description_read(&b->a, str_from(text), STR("x"), NULL, &b->d, &e));
    for (const char *line = headers; line && *line;) {
        size_t n = strcspn(line, "\n");
        headers_add(&b->h, (struct str){ line, n });
        line += n + (line[n] == '\n');
    }
    if (body)
        CHECK_ROW(body, json_parse(&b->a, str_from(body), 0, &tree, NULL, NULL, NULL, &e));
    b->body = tree;
}

static void clear_up(struct bench *b)
{
    headers_deinit(&b->h);
    arena_deinit(&b->a);
}

TEST(an_answer_is_classified_by_the_rules_and_then_by_its_status)
{
    static const struct { const char *name; int step, status; const char *headers, *body; enum err_code want; } rows[] = {
        { "fine", STEP_SUBMIT, 200, NULL, "{\"d\":1}", ERR_NONE },
        { "created", STEP_SUBMIT, 201, NULL, NULL, ERR_NONE },
        { "quota in a 429", STEP_SUBMIT, 429, NULL, "{\"error\":{\"type\":\"insufficient_quota\"}}", ERR_QUOTA },
        { "plain 429", STEP_SUBMIT, 429, NULL, "{\"error\":{\"type\":\"requests\"}}", ERR_RATE },
        { "daily quota, deep inside", STEP_SUBMIT, 429, NULL, "{\"error\":{\"details\":[{\"a\":1},{\"violations\":[{\"quotaId\":\"FreePerDayX\"}]}]}}", ERR_QUOTA },
        { "block inside 200", STEP_SUBMIT, 200, NULL, "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}", ERR_POLICY },
        { "block inside 202", STEP_SUBMIT, 202, NULL, "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}", ERR_POLICY },
        { "a null is no block", STEP_SUBMIT, 200, NULL, "{\"promptFeedback\":{\"blockReason\":null}}", ERR_NONE },
        { "200 rules see no 400", STEP_SUBMIT, 400, NULL, "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}", ERR_INPUT },
        { "polls too", STEP_POLL, 200, NULL, "{\"finish\":\"NO_IMAGE\"}", ERR_SERVER },
        { "a header", STEP_SUBMIT, 200, "Finish-Reason: CONTENT_FILTERED", NULL, ERR_POLICY },
        { "another value of it", STEP_SUBMIT, 200, "Finish-Reason: SUCCESS", NULL, ERR_NONE },
        { "part of a header", STEP_SUBMIT, 400, "x-amzn-errortype: ThrottlingException:http", NULL, ERR_RATE },
        { "a number", STEP_SUBMIT, 200, NULL, "{\"code\":7}", ERR_INPUT },
        { "a list of statuses", STEP_SUBMIT, 410, NULL, NULL, ERR_LOST },
        { "401", STEP_SUBMIT, 401, NULL, NULL, ERR_AUTH }, { "402", STEP_SUBMIT, 402, NULL, NULL, ERR_QUOTA },
        { "403", STEP_SUBMIT, 403, NULL, NULL, ERR_AUTH }, { "408", STEP_SUBMIT, 408, NULL, NULL, ERR_SERVER },
        { "409", STEP_SUBMIT, 409, NULL, NULL, ERR_SERVER }, { "413", STEP_SUBMIT, 413, NULL, NULL, ERR_INPUT },
        { "418", STEP_SUBMIT, 418, NULL, NULL, ERR_INPUT }, { "422", STEP_SUBMIT, 422, NULL, NULL, ERR_INPUT },
        { "425", STEP_SUBMIT, 425, NULL, NULL, ERR_SERVER }, { "500", STEP_SUBMIT, 500, NULL, NULL, ERR_SERVER },
        { "529", STEP_SUBMIT, 529, NULL, NULL, ERR_SERVER }, { "302", STEP_SUBMIT, 302, NULL, NULL, ERR_CONFIG },
        { "a signed address that ran out", STEP_DOWNLOAD, 403, NULL, NULL, ERR_LOST },
        { "rules are not for downloads", STEP_DOWNLOAD, 200, "finish-reason: CONTENT_FILTERED", NULL, ERR_NONE },
        { "do not retry a 500", STEP_SUBMIT, 500, "x-should-retry: false", NULL, ERR_INPUT },
        { "do not retry a 429", STEP_SUBMIT, 429, "x-should-retry: false", NULL, ERR_QUOTA },
        { "do retry a 422", STEP_SUBMIT, 422, "x-should-retry: true", NULL, ERR_SERVER },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct bench b;
        lay_out(&b, rows[i].headers, rows[i].body);
        CHECK_STR(rows[i].name, err_code_name(rows[i].want),
                  str_from(err_code_name(classify(&b.d, rows[i].step, rows[i].status, &b.h, b.body).code)));
        clear_up(&b);
    }
}

TEST(the_server_s_words_are_found_and_made_harmless)
{
    static const struct { const char *name, *body, *raw, *want; } rows[] = {
        { "named place", "{\"error\":{\"message\":\"no money\"}}", "", "no money" },
        { "list of them", "{\"detail\":[{\"loc\":1,\"msg\":\"too long\"}]}", "", "too long" },
        { "text in its place", "{\"detail\":\"gone\"}", "", "gone" },
        { "usual place", "{\"message\":\"hm\"}", "", "hm" },
        { "HTML", NULL, " <html><head><title>502 Bad</title></head>\n<body>Gateway <b>down</b></body></html>", "502 Bad Gateway down" },
        { "plain text", NULL, "upstream\x1b[2J timed out\n", "upstream\\x1B[2J timed out" },
        { "nothing", NULL, "", "" },
        { "JSON without words", "{\"a\":1}", "{\"a\":1}", "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct bench b;
        struct buf out = { 0 };
        lay_out(&b, NULL, rows[i].body);
        classify_message(&b.d, b.body, str_from(rows[i].raw), &out);
        CHECK_STR(rows[i].name, rows[i].want, str_trim(buf_str(&out)));
        buf_deinit(&out);
        clear_up(&b);
    }
}

TEST(a_told_wait_comes_from_the_most_exact_place)
{
    static const struct { const char *name; int status; const char *headers, *body; int64_t want; } rows[] = {
        { "nothing", 429, NULL, NULL, -1 },
        { "milliseconds first", 429, "Retry-After: 9\nretry-after-ms: 8500", NULL, 8500 },
        { "seconds", 503, "retry-after: 3", NULL, 3000 },
        { "the body", 429, NULL, "{\"error\":{\"details\":[{\"x\":1},{\"retryDelay\":\"36s\"}]}}", 36000 },
        { "the reset when nothing is left", 429, "left: 0\nreset-in: 1m", NULL, 60000 },
        { "not while something is left", 429, "left: 2\nreset-in: 1m", NULL, -1 },
        { "a clean answer with nothing left", 200, "left: 0\nreset-in: 2s", NULL, 2000 },
        { "a clean answer", 200, "Retry-After: 3\nleft: 5\nreset-in: 2s", NULL, -1 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct bench b;
        lay_out(&b, rows[i].headers, rows[i].body);
        CHECK_INT(rows[i].name, rows[i].want, classify_wait_ms(&b.d, rows[i].status, &b.h, b.body, 0));
        clear_up(&b);
    }
}

TEST(the_limit_in_flight_is_read_where_it_is_told)
{
    struct bench b;
    int64_t in_flight;
    lay_out(&b, "Max-In-Flight: 5\nNow-In-Flight: 3", NULL);
    CHECK_INT("told", 5, classify_limit(&b.d, &b.h, &in_flight));
    CHECK_INT("in flight", 3, in_flight);
    clear_up(&b);
    lay_out(&b, "max-in-flight: many\nnow-in-flight: -1", NULL);
    CHECK_INT("nonsense", -1, classify_limit(&b.d, &b.h, &in_flight));
    CHECK_INT("nonsense in flight", -1, in_flight);
    clear_up(&b);
}

TEST(headers_are_found_whatever_their_case_and_stay_bounded)
{
    struct headers h = { 0 };
    CHECK(headers_add(&h, STR("HTTP/1.1 200 OK\r\n")));
    CHECK(headers_add(&h, STR("X-One: a b \r\n")));
    CHECK(headers_add(&h, STR("x-one-more:c\r\n")));
    CHECK_STR("any case", "a b", headers_get(&h, "x-ONE"));
    CHECK_STR("whole names only", "c", headers_get(&h, "X-One-More"));
    CHECK_STR("absent", "", headers_get(&h, "x-on"));
    bool ok = true;
    for (int i = 0; i < 100000 && ok; i++)
        ok = headers_add(&h, STR("x-more: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    CHECK(!ok);
    CHECK(h.lines.n <= 64 * KIB);
    headers_deinit(&h);
    CHECK(!header_value_ok(STR("a\r\nb: c")));
    CHECK(header_value_ok(STR("caf\xc3\xa9\tx")));
    CHECK(!header_name_ok(STR("a:b")));
    CHECK(!header_name_ok(STR("")));
}

TEST(a_secret_disappears_from_a_text_in_both_spellings)
{
    char one[] = "k=s/x and s/x, s%2Fx";
    secret_mask(one, STR("s/x"));
    CHECK_STR("masked", "k=*** and ***, *****", str_from(one));
    char two[] = "unchanged";
    secret_mask(two, (struct str){ 0 });
    CHECK_STR("no secret", "unchanged", str_from(two));
}
