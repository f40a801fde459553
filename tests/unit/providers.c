/* providers.c - tests of the descriptions in api/providers: every description sends, takes and refuses what its service documents
 *
 * The samples are in tests/contract/samples. With $CONTRACT_OUT set, what was sent is also written there, a JSON object a
 * line, for tests/whole/contract.sh. */
#include "api/provider.h"
#include <dirent.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "api/base64.h"
#include "api/classify.h"
#include "api/transport.h"
#include "gen/base/digest.h"
#include "gen/base/file.h"
#include "gen/base/yaml.h"
#include "compose/effects.h"
#include "compose/overlays.h"
#include "compose/slide/themes.h"
#include "compose/transitions.h"
#include "gen/draft.h"
#include "gen/lesson/schema.h"
#include "tests/support/actor.h"
#include "tests/support/test.h"

enum { MOST_SAMPLES = 80 };

static const char *const sample_files[] = { "image", "speech", "chat", "video", "stock" };
static const char wanted_text[] = "A red apple & a pear";

struct stage {                                  /* all descriptions, with an actor in place of every service */
    struct arena arena;
    struct json *samples[MOST_SAMPLES];
    size_t n;
    struct providers providers;
    struct actor *actor;
    struct config *config;
    struct transport *transport;
    struct log *log;
    struct buf recorded;
    char *dir;
};

static void must(bool ok, const struct err *e)
{
    check_true("stage", e->msg, ok, __FILE__, __LINE__);
}

static void no_line(void *ctx, enum log_level level, const char *line)
{
    (void)ctx, (void)level, (void)line;
}

static void read_samples(struct stage *s)
{
    for (size_t i = 0; i < COUNTOF(sample_files); i++) {
        char path[200];
        struct buf text = { 0 };
        struct err e = { 0 };
        struct json_pos at = { 0 };
        size_t n = 0;
        snprintf(path, sizeof path, "tests/contract/samples/%s.yaml", sample_files[i]);
        must(file_read(path, (size_t)1 << 20, &text, &e), &e);
        bool ok = yaml_parse(&s->arena, buf_str(&text), s->samples + s->n, MOST_SAMPLES - s->n, &n, &at, &e);
        if (!ok)
            err_wrap(&e, "%s:%u:%u", path, at.line, at.col);
        must(ok, &e);
        s->n += n;
        buf_deinit(&text);
    }
}

static struct str id_of(const struct json *sample)
{
    return json_str_or(sample, "provider", STR(""));
}

/* The path of a base: "/v1" of "https://api.example/v1". */
static struct str path_of(struct str base)
{
    const char *host = strstr(base.p, "://") + 3, *slash = strchr(host, '/');
    return str_from(slash ? slash : "");
}

static bool is_first_of_its_provider(const struct stage *s, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(id_of(s->samples[k]), id_of(s->samples[i])))
            return false;
    return true;
}

static void write_file(const struct stage *s, const char *name, struct str text)
{
    char path[500];
    struct err e = { 0 };
    snprintf(path, sizeof path, "%s/%s", s->dir, name);
    must(file_replace(path, text, &e), &e);
}

static void write_config(struct stage *s)
{
    struct buf y = { 0 };
    char name[100], path[500];
    struct err e = { 0 };
    buf_addz(&y, "providers:\n");
    for (size_t i = 0; i < s->n; i++) {
        struct str id = id_of(s->samples[i]);
        const struct provider *p = providers_find(&s->providers, id);
        const struct json *params = json_get(s->samples[i], "params");
        CHECK_ROW(id.p, p != NULL);
        if (!is_first_of_its_provider(s, i))
            continue;
        buf_printf(&y, "  " STR_FMT ": {base: \"http://127.0.0.1:%d%s\"", STR_ARG(id), actor_port(s->actor), path_of(p->desc.base).p);
        if (params) {
            buf_addz(&y, ", params: ");
            json_print(&y, params, 0);
        }
        buf_addz(&y, "}\n");
        setenv(p->info.key_env.n ? p->info.key_env.p : "NO_KEY", "test-key", 1);
        if (p->desc.poll.get.p) {               /* no test waits for a second */
            struct buf own = { 0 };
            buf_printf(&own, "extends: " STR_FMT "\npoll: {every: 1ms}\n", STR_ARG(id));
            snprintf(name, sizeof name, "providers/" STR_FMT ".yaml", STR_ARG(id));
            write_file(s, name, buf_str(&own));
            buf_deinit(&own);
        }
    }
    write_file(s, "config.yaml", buf_str(&y));
    buf_deinit(&y);
    snprintf(path, sizeof path, "%s/config.yaml", s->dir);
    s->config = config_load(path, NULL, 0, &e);
    must(s->config != NULL, &e);
}

static void stage_open(struct stage *s)
{
    struct err e = { 0 };
    char path[500];
    *s = (struct stage){ .dir = test_tmpdir() };
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SESSION_TOKEN", "session-token", 1);
    read_samples(s);
    must(providers_load(&s->providers, NULL, NULL, &e), &e);
    s->actor = actor_start(&e);
    must(s->actor != NULL, &e);
    snprintf(path, sizeof path, "%s/providers", s->dir);
    mkdir(path, 0700);
    write_config(s);
    s->log = log_create(LOG_DEBUG, no_line, NULL);
    s->transport = http_transport_create(s->config, path, &clock_monotonic, s->log, &e);
    must(s->transport != NULL, &e);
}

static void stage_close(struct stage *s)
{
    http_transport_destroy(s->transport);
    actor_stop(s->actor);
    config_destroy(s->config);
    log_destroy(s->log);
    providers_deinit(&s->providers);
    buf_deinit(&s->recorded);
    arena_deinit(&s->arena);
}

/* ---------- what was sent ---------- */

static void check_json(const char *row, const struct json *want, struct str got)
{
    struct arena a = { 0 };
    struct buf x = { 0 }, y = { 0 };
    struct json *tree = NULL;
    CHECK_ROW(row, json_parse(&a, got, 0, &tree, NULL, NULL, NULL, NULL));
    json_print(&x, want, JSON_SORTED);
    json_print(&y, tree, JSON_SORTED);
    CHECK_STR(row, buf_str(&x).p, buf_str(&y));
    buf_deinit(&x);
    buf_deinit(&y);
    arena_deinit(&a);
}

static size_t count(struct str in, const char *what)
{
    size_t n = 0;
    const char *at;
    while (in.n && (at = memmem(in.p, in.n, what, strlen(what)))) {
        in.n -= (size_t)(at - in.p) + 1;
        in.p = at + 1;
        n++;
    }
    return n;
}

static void check_form(const char *row, const struct json *want, const struct actor_request *q)
{
    CHECK_ROW(row, str_starts(actor_header(q, "Content-Type"), "multipart/form-data; boundary="));
    CHECK_INT(row, want->n, count(buf_str(&q->body), "; name=\""));
    for (const struct json *m = want->child; m; m = m->next) {
        struct buf part = { 0 };
        buf_printf(&part, "name=\"" STR_FMT "\"\r\n\r\n" STR_FMT "\r\n--", STR_ARG(m->key), STR_ARG(m->string));
        CHECK_ROW(m->key.p, count(buf_str(&q->body), buf_str(&part).p) == 1);
        buf_deinit(&part);
    }
}

/* A request is written down with "${schema}" where the sample's schema stands. */
static const struct json *with_schema(struct stage *s, const struct json *want, struct str schema)
{
    struct buf b = { 0 };
    static const char mark[] = "\"${schema}\"";
    struct json *out = NULL;
    json_print(&b, want, 0);
    const char *at = strstr(buf_str(&b).p, mark);
    if (at) {
        struct str before = { b.p, (size_t)(at - b.p) };
        struct str all = arena_printf(&s->arena, STR_FMT STR_FMT "%s", STR_ARG(before), STR_ARG(schema), at + strlen(mark));
        CHECK(json_parse(&s->arena, all, 0, &out, NULL, NULL, NULL, NULL));
    }
    buf_deinit(&b);
    return out ? out : want;
}

static void check_request(const char *row, const struct json *want, const struct actor_request *q)
{
    const struct json *tree = json_get(want, "json"), *form = json_get(want, "form"), *headers = json_get(want, "headers");
    struct str post = json_str_or(want, "post", STR(""));
    CHECK_STR(row, post.n ? "POST" : "GET", buf_str(&q->method));
    CHECK_STR(row, post.n ? post.p : json_str_or(want, "get", STR("?")).p, buf_str(&q->target));
    for (const struct json *m = headers ? headers->child : NULL; m; m = m->next)
        CHECK_STR(row, m->string.p, actor_header(q, m->key.p));
    if (tree)
        check_json(row, tree, buf_str(&q->body));
    else if (form)
        check_form(row, form, q);
    else
        CHECK_STR(row, json_str_or(want, "text", STR("")).p, buf_str(&q->body));
}

static void record(struct stage *s, const struct json *sample, size_t step, const struct actor_request *q)
{
    struct arena a = { 0 };
    struct buf b = BUF_INIT(1 << 24);
    struct str spec = json_str_or(sample, "contract", (struct str){ 0 });
    if (!spec.n || str_starts(buf_str(&q->target), "/media/"))
        return;
    struct json *o = json_object(&a);
    base64_encode(&b, q->body.p ? q->body.p : "", q->body.n);
    json_set(&a, o, "provider", json_string(&a, id_of(sample)));
    json_set(&a, o, "contract", json_string(&a, spec));
    json_set(&a, o, "strip", json_string(&a, json_str_or(sample, "strip", STR(""))));
    json_set(&a, o, "step", json_number(&a, (double)step));
    json_set(&a, o, "method", json_string(&a, buf_str(&q->method)));
    json_set(&a, o, "target", json_string(&a, buf_str(&q->target)));
    json_set(&a, o, "headers", json_copy(&a, q->headers));
    json_set(&a, o, "body64", json_string(&a, buf_str(&b)));
    json_print(&s->recorded, o, 0);
    buf_addc(&s->recorded, '\n');
    buf_deinit(&b);
    arena_deinit(&a);
}

/* ---------- one sample ---------- */

/* Of a sample: its own, or by name what the program really asks for. */
static struct str schema_of(struct stage *s, const struct json *sample)
{
    const struct vocabulary words = { effect_rows, transition_rows, theme_rows, overlay_rows };
    const struct json *schema = json_get(sample, "schema");
    struct buf b = { 0 };
    if (schema && schema->type == JSON_STRING && str_is(schema->string, "plan"))
        effects_schema(&b, effect_rows, 3);
    else if (schema && schema->type == JSON_STRING && str_is(schema->string, "draft"))
        draft_schema(&b, &words, 5);
    else if (schema)
        json_print(&b, schema, 0);
    struct str text = arena_str(&s->arena, buf_str(&b));
    buf_deinit(&b);
    return text;
}

static struct job_event run(struct stage *s, const struct provider *p, const struct json *sample, int fd, uint64_t id)
{
    struct want w = { .kind = p->info.kind == ASSET_N_KINDS ? ASSET_IMAGE : p->info.kind, .provider = p->desc.id,
                      .text = str_from(wanted_text), .speed = 1, .seed = -1, .width = 1920, .height = 1080,
                      .system = json_str_or(sample, "system", STR("")), .schema = schema_of(s, sample) };
    struct job job = { .id = id, .want = &w, .fd = fd };
    struct transport *t = s->transport;
    struct job_event ev = { 0 };
    struct err e = { 0 };
    bool ok = t->start(t->ctx, &job, &e);
    CHECK_ROW(e.msg, ok);
    for (int i = 0; i < 200; i++) {
        if (t->wait(t->ctx, 100, &ev, 1) == 0 || ev.type == JOB_ARRIVED)
            continue;
        if (ev.type != JOB_ACCEPTED)
            return ev;
        free(ev.remote);
        t->job_continue(t->ctx, ev.id);
    }
    CHECK_ROW(p->desc.id.p, false);
    return ev;
}

static void check_meta(const char *row, const struct json *sample, const char *meta)
{
    struct arena a = { 0 };
    struct json *tree = NULL;
    struct buf x = { 0 }, y = { 0 };
    CHECK_ROW(row, meta && json_parse(&a, str_from(meta), 0, &tree, NULL, NULL, NULL, NULL));
    CHECK_STR(row, json_str_or(sample, "gives", STR("?")).p, json_str_or(tree, "type", STR("")));
    const struct json *want = json_get(sample, "words"), *got = json_get(tree, "words");
    CHECK_ROW(row, (want != NULL) == (got != NULL));
    if (want) {
        json_print(&x, want, 0);
        json_print(&y, got, 0);
        CHECK_STR(row, buf_str(&x).p, buf_str(&y));
    }
    buf_deinit(&x);
    buf_deinit(&y);
    arena_deinit(&a);
}

static void check_sample(struct stage *s, const struct json *sample, uint64_t id)
{
    const struct provider *p = providers_find(&s->providers, id_of(sample));
    const struct json *requests = json_get(sample, "requests");
    const char *row = id_of(sample).p;
    char path[500];
    snprintf(path, sizeof path, "%s/media", s->dir);
    FILE *f = fopen(path, "w+");
    CHECK_ROW(row, f != NULL);
    actor_play(s->actor, json_get(sample, "answers"));
    struct job_event ev = run(s, p, sample, fileno(f), id);
    CHECK_STR(row, "", str_from(ev.err.msg));
    CHECK_INT(row, JOB_DONE, ev.type);
    CHECK_INT(row, requests->n, actor_n_requests(s->actor));
    for (size_t i = 0; i < requests->n; i++) {
        const struct actor_request *q = actor_request(s->actor, i);
        check_request(row, with_schema(s, json_at(requests, i), schema_of(s, sample)), q);
        record(s, sample, i, q);
        CHECK_ROW(row, !str_starts(buf_str(&q->target), "/media/") || (!actor_header(q, "Authorization").n && !actor_header(q, "x-key").n));
    }
    check_meta(row, sample, ev.meta);
    free(ev.meta);
    fclose(f);
}

TEST(every_description_sends_what_its_service_documents_and_finds_the_result)
{
    struct stage s;
    const char *out = getenv("CONTRACT_OUT");
    stage_open(&s);
    s.recorded.max = (size_t)1 << 26;
    for (size_t i = 0; i < s.n; i++)
        check_sample(&s, s.samples[i], i + 1);
    for (size_t i = 0; i < s.providers.n; i++) {
        bool has_sample = !s.providers.v[i]->desc.base.n; /* gets what lies at an address: tests/whole/addresses.sh */
        for (size_t k = 0; k < s.n; k++)
            has_sample = has_sample || str_eq(id_of(s.samples[k]), s.providers.v[i]->desc.id);
        CHECK_ROW(s.providers.v[i]->desc.id.p, has_sample);
    }
    struct err e = { 0 };
    if (out)
        must(file_replace(out, buf_str(&s.recorded), &e), &e);
    stage_close(&s);
}

/* ---------- errors ---------- */

static const struct { const char *name; enum err_code code; } classes[] = {
    { "none", ERR_NONE }, { "rate", ERR_RATE }, { "server", ERR_SERVER }, { "auth", ERR_AUTH }, { "quota", ERR_QUOTA },
    { "policy", ERR_POLICY }, { "input", ERR_INPUT }, { "lost", ERR_LOST }, { "partial", ERR_MEDIA },
};

static void check_error(const struct provider *p, const struct json *row, size_t nth)
{
    struct headers h = { 0 };
    const struct json *headers = json_get(row, "headers"), *body = json_get(row, "json");
    struct str class = json_str_or(row, "class", STR(""));
    int status = (int)json_num_or(row, "status", 0);
    char name[100];
    size_t k = 0;
    snprintf(name, sizeof name, STR_FMT " error %zu", STR_ARG(p->desc.id), nth);
    while (k < COUNTOF(classes) && !str_is(class, classes[k].name))
        k++;
    CHECK_ROW(name, k < COUNTOF(classes));
    for (const struct json *m = headers ? headers->child : NULL; m; m = m->next) {
        char line[300];
        snprintf(line, sizeof line, "%s: %s\r\n", m->key.p, m->string.p);
        headers_add(&h, str_from(line));
    }
    CHECK_INT(name, classes[k].code, classify(&p->desc, p->desc.poll.get.p && status == 200 ? STEP_POLL : STEP_SUBMIT, status, &h, body).code);
    if (json_get(row, "wait_ms"))
        CHECK_INT(name, json_num_or(row, "wait_ms", 0), classify_wait_ms(&p->desc, status, &h, body, 0));
    struct buf message = { 0 }, printed = { 0 };
    if (body)
        json_print(&printed, body, 0);
    classify_message(&p->desc, body, STR(""), &message);
    bool has_m = printed.n && count(buf_str(&printed), "\"m\"") > 0;
    if (has_m)
        CHECK_STR(name, "m", buf_str(&message)); /* the samples' text for people */
    buf_deinit(&message);
    buf_deinit(&printed);
    headers_deinit(&h);
}

TEST(every_description_knows_its_service_s_errors_and_words)
{
    struct stage s = { 0 };
    struct err e = { 0 };
    read_samples(&s);
    must(providers_load(&s.providers, NULL, NULL, &e), &e);
    for (size_t i = 0; i < s.n; i++) {
        const struct provider *p = providers_find(&s.providers, id_of(s.samples[i]));
        const struct json *errors = json_get(s.samples[i], "errors");
        CHECK_ROW(id_of(s.samples[i]).p, p && (errors || !is_first_of_its_provider(&s, i)));
        for (size_t k = 0; errors && k < errors->n; k++)
            check_error(p, json_at(errors, k), k);
    }
    providers_deinit(&s.providers);
    arena_deinit(&s.arena);
}

/* ---------- signatures ---------- */

static void hmac(unsigned char out[32], const void *key, size_t n, struct str text)
{
    unsigned len = 32;
    HMAC(EVP_sha256(), key, (int)n, (const unsigned char *)text.p, text.n, out, &len);
}

static struct str between(struct str s, const char *from, const char *to)
{
    const char *a = memmem(s.p, s.n, from, strlen(from));
    if (!a)
        return (struct str){ 0 };
    a += strlen(from);
    const char *b = to[0] ? memmem(a, s.n - (size_t)(a - s.p), to, strlen(to)) : s.p + s.n;
    return b ? (struct str){ a, (size_t)(b - a) } : (struct str){ 0 };
}

/* Source: AWS General Reference, "Create a signed AWS API request", steps 1 to 4. */
static void expected_signature(const struct actor_request *q, struct str signed_headers, struct str scope, char hex[DIGEST_HEX])
{
    struct buf canonical = { 0 }, text = { 0 };
    unsigned char key[32];
    buf_printf(&canonical, "POST\n/v1/speech\n\n");
    for (struct str rest = signed_headers; rest.n;) {
        const char *semi = memchr(rest.p, ';', rest.n);
        struct str name = { rest.p, semi ? (size_t)(semi - rest.p) : rest.n };
        char z[100];
        snprintf(z, sizeof z, STR_FMT, STR_ARG(name));
        buf_printf(&canonical, "%s:" STR_FMT "\n", z, STR_ARG(str_trim(actor_header(q, z))));
        size_t used = name.n + (semi ? 1 : 0);
        rest = (struct str){ rest.p + used, rest.n - used };
    }
    digest_of(q->body.p, q->body.n, hex);
    buf_printf(&canonical, "\n" STR_FMT "\n%s", STR_ARG(signed_headers), hex);
    digest_of(canonical.p, canonical.n, hex);
    buf_printf(&text, "AWS4-HMAC-SHA256\n" STR_FMT "\n" STR_FMT "\n%s", STR_ARG(actor_header(q, "X-Amz-Date")), STR_ARG(scope), hex);
    hmac(key, "AWS4test-key", 12, (struct str){ scope.p, 8 });
    hmac(key, key, 32, STR("us-east-1"));
    hmac(key, key, 32, STR("polly"));
    hmac(key, key, 32, STR("aws4_request"));
    hmac(key, key, 32, buf_str(&text));
    for (int i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", key[i]);
    buf_deinit(&canonical);
    buf_deinit(&text);
}

TEST(a_request_to_polly_is_signed_as_aws_says)
{
    struct stage s;
    char want[DIGEST_HEX];
    stage_open(&s);
    for (size_t i = 0; i < s.n; i++)
        if (str_is(id_of(s.samples[i]), "polly"))
            check_sample(&s, s.samples[i], 1);
    const struct actor_request *q = actor_request(s.actor, 0);
    struct str auth = actor_header(q, "Authorization");
    struct str scope = between(auth, "Credential=AKIDEXAMPLE/", ","), names = between(auth, "SignedHeaders=", ",");
    CHECK(str_starts(auth, "AWS4-HMAC-SHA256 "));
    CHECK(scope.n > 8 && str_ends(scope, "/us-east-1/polly/aws4_request"));
    CHECK_STR("session", "session-token", actor_header(q, "X-Amz-Security-Token"));
    expected_signature(q, names, scope, want);
    CHECK_STR("signature", want, between(auth, "Signature=", ""));
    CHECK(count(names, "host") == 1 && count(names, "x-amz-date") == 1);
    CHECK(!count(auth, "test-key"));
    stage_close(&s);
}
