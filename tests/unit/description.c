/* description.c - tests of api/description, desc_extend, provider and request */
#include "api/description.h"
#include "api/provider.h"
#include "api/request.h"
#include "gen/base/embedded.h"
#include "tests/support/test.h"

#define BASIC "id: x\nkind: image\nbase: https://a.example\nrequest: {post: /p, json: {prompt: \"${prompt}\"}}\nresult: {at: /d, as: base64}\n"

static bool read(struct arena *a, const char *text, struct description *d, struct err *e)
{
    return description_read(a, str_from(text), STR("x.yaml"), NULL, d, e);
}

TEST(every_description_that_travels_in_the_program_is_right)
{
    struct providers p;
    struct err e = { 0 };
    size_t n = 0;
    CHECK_ROW(e.msg, providers_load(&p, NULL, NULL, &e));
    for (const struct embedded_file *f = embedded_files; f->name; f++)
        n += str_starts(str_from(f->name), "api/providers/");
    CHECK_INT("all are there", n, p.n);
    CHECK(providers_find(&p, STR("openai-image")) && providers_find(&p, STR("elevenlabs")) && providers_find(&p, STR("replicate")));
    providers_deinit(&p);
}

TEST(a_mistake_is_named_with_its_place_and_the_nearest_word)
{
    static const struct { const char *name, *text, *says; } rows[] = {
        { "key", BASIC "erorrs: []\n", "x.yaml:6:1: unknown key 'erorrs'; did you mean 'errors'?" },
        { "inner key", BASIC "limits: {concurency: 4}\n", "x.yaml:6:10: unknown key 'concurency'; did you mean 'concurrency'?" },
        { "variable", "id: x\nkind: image\nbase: https://a.example\nrequest: {post: /p, json: {a: [\"${promt}\"]}}\nresult: {as: body}\n",
          "x.yaml:4:32: unknown variable 'promt'; did you mean 'prompt'?" },
        { "kind", "id: x\nkind: picture\n", "x.yaml:2:7: kind: 'picture' is not known here" },
        { "syntax", "id: [\n", "x.yaml:2:1:" },
        { "list", "- a\n", "x.yaml: a description is a map of keys" },
        { "missing", "id: x\nkind: image\n", "x.yaml: 'base' is missing" },
        { "http", "base: ftp://a\n", "x.yaml:1:7: base: expected an address that begins with https://" },
        { "pointer", BASIC "message: error\n", "x.yaml:6:10: message: 'error' is not a JSON pointer" },
        { "class", BASIC "errors: [{status: 400, class: polcy}]\n", "'polcy' is not known here; did you mean 'policy'?" },
        { "rule", BASIC "errors: [{status: 400, is: [a], class: policy}]\n", "'is' and 'has' need at or header" },
        { "duration", BASIC "status: {at: /s, ok: [a]}\npoll: {get: /u, every: soon}\n", "x.yaml:7:24: every: expected a duration" },
        { "poll without status", BASIC "poll: {get: /u}\n", "poll: needs status" },
        { "two bodies", "id: x\nkind: image\nbase: https://a.example\nrequest: {post: /p, json: {}, text: a}\nresult: {as: body}\n", "only one of json, form and text" },
        { "two sizes", BASIC "limits: {multiple: 16, sizes: [\"1x1\"]}\n", "only one of sizes, aspects, ratios and multiple" },
        { "not yet", BASIC "auth: {jwt_hs256: a, env: A}\n", "jwt_hs256: this version cannot sign" },
        { "signature", BASIC "auth: {sigv4: \"aws:amz:r:s\", env: A}\n", "for sigv4 those of the key's id, of the key" },
        { "template that is no address", "id: x\nkind: image\nbase: https://a.example\nrequest: {get: /p}\nresult: {at: \"/v?n=${r:/n}\", as: base64}\n", "a template is an address: as: url" },
        { "auth", BASIC "auth: {header: \"X: ${keyy}\", env: A}\n", "unknown variable 'keyy'; did you mean 'key'?" },
        { "key as a param", BASIC "params: {key: a}\n", "'key' is the secret" },
        { "header", "id: x\nkind: image\nbase: https://a.example\nrequest: {post: /p, headers: {\"a b\": c}}\nresult: {as: body}\n", "is not the name of a header" },
        { "id", "id: X Y\nkind: image\nbase: https://a.example\nrequest: {get: /p}\nresult: {as: body}\n", "id: has lower-case letters" },
        { "extends nobody", "id: x\nextends: y\n", "x.yaml:2:10: extends: there is no description 'y'" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct description d;
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, !read(&a, rows[i].text, &d, &e));
        CHECK_INT(rows[i].name, ERR_CONFIG, e.code);
        check_true(rows[i].name, e.msg, strstr(e.msg, rows[i].says) != NULL, __FILE__, __LINE__);
        arena_deinit(&a);
    }
}

struct parents {
    const char *const *texts;                   /* id, text, ..., NULL */
};

static bool find_parent(void *ctx, struct str id, struct str not_file, struct str *text, struct str *file)
{
    const struct parents *p = ctx;
    for (const char *const *t = p->texts; *t; t += 2)
        if (str_is(id, *t) && !str_is(not_file, *t)) {
            *text = str_from(t[1]);
            *file = str_from(*t);
            return true;
        }
    return false;
}

TEST(a_description_extends_another_one_and_changes_its_mind)
{
    static const char *const texts[] = {
        "up", BASIC "params: {model: a, voice: b}\nlimits: {concurrency: 2, multiple: 16}\nerrors: [{status: 400, class: policy}]\n", NULL };
    struct parents parents = { texts };
    struct desc_source source = { &parents, find_parent };
    struct arena a = { 0 };
    struct description d;
    struct err e = { 0 };
    static const char text[] = "id: down\nextends: up\nbase: https://b.example\nparams: {model: c}\nlimits: {sizes: [\"1x2\"]}\n"
                               "request: {form: {prompt: \"${prompt}\"}}\nerrors: null\n";
    CHECK_ROW(e.msg, description_read(&a, str_from(text), STR("down.yaml"), &source, &d, &e));
    CHECK_STR("id", "down", d.id);
    CHECK_STR("base", "https://b.example", d.base);
    CHECK_STR("changed param", "c", json_str_or(d.params, "model", STR("")));
    CHECK_STR("kept param", "b", json_str_or(d.params, "voice", STR("")));
    CHECK_INT("kept limit", 2, d.limits.concurrency);
    CHECK_INT("another way to a size", SIZE_SIZES, d.limits.size.how);
    CHECK_INT("another body", BODY_FORM, d.request.body_form);
    CHECK_STR("kept path", "/p", d.request.path);
    CHECK_INT("removed", 0, d.n_rules);
    arena_deinit(&a);
}

TEST(extending_in_a_circle_is_an_error)
{
    static const char *const texts[] = { "a", "extends: b\n", "b", "extends: a\n", NULL };
    struct parents parents = { texts };
    struct desc_source source = { &parents, find_parent };
    struct arena a = { 0 };
    struct description d;
    struct err e = { 0 };
    CHECK(!description_read(&a, STR("extends: a\n"), STR("c"), &source, &d, &e));
    CHECK(strstr(e.msg, "goes round") != NULL);
    arena_deinit(&a);
}

/* Descriptions of services that do not travel in the program, to show that the keys can say them. */
static const struct { const char *name, *text, *canonical; } others[] = {
    { "multipart with aspects",
      "id: x\nkind: image\nbase: https://api.stability.example\nauth: {header: \"Authorization: Bearer ${key}\", env: VIDGEN_TEST_KEY}\n"
      "limits: {aspects: [\"21:9\", \"16:9\", \"1:1\"]}\n"
      "request: {post: /core, headers: {Accept: \"image/*\"}, form: {prompt: \"${prompt}\", aspect_ratio: \"${aspect}\", seed: \"${seed?}\", output_format: png}}\n"
      "result: {as: body}\nerrors:\n- {status: 200, header: finish-reason, is: [CONTENT_FILTERED], class: policy}\n",
      "{\"body\":{\"aspect_ratio\":\"16:9\",\"output_format\":\"png\",\"prompt\":\"a <b> & c\"},\"method\":\"POST\",\"provider\":\"x\",\"url\":\"https://api.stability.example/core\",\"v\":1}" },
    { "a text body for XML, a base with a param, a header that is a choice",
      "id: x\nkind: speech\nbase: \"https://${region}.tts.example\"\nauth: {header: \"Key: ${key}\", env: VIDGEN_TEST_KEY}\n"
      "params: {region: west, voice: Ava, format: riff}\n"
      "request: {post: /v1, headers: {X-Output: \"${format}\", X-Fixed: a}, type: application/ssml+xml, text: \"<v n='${voice}'>${text|xml}</v>\"}\nresult: {as: body}\n",
      "{\"body\":\"<v n='Ava'>a &lt;b&gt; &amp; c</v>\",\"headers\":{\"X-Output\":\"riff\"},\"method\":\"POST\",\"provider\":\"x\",\"url\":\"https://west.tts.example/v1\",\"v\":1}" },
    { "a list of lists, a pointer with a star",
      "id: x\nkind: image\nbase: https://g.example/v1beta\nauth: {header: \"x-goog-api-key: ${key}\", env: VIDGEN_TEST_KEY}\n"
      "params: {model: gem, image_size: 1K}\nlimits: {aspects: [\"1:1\", \"16:9\"]}\n"
      "request: {post: \"/models/${model}:generateContent\", json: {contents: [{parts: [{text: \"${prompt}\"}]}], generationConfig: {imageConfig: {aspectRatio: \"${aspect}\", imageSize: \"${image_size?}\"}}}}\n"
      "result: {at: \"/candidates/0/content/parts/*/inlineData/data\", as: base64}\nrate: {delay: \"/error/details/*/retryDelay\"}\n",
      "{\"body\":{\"contents\":[{\"parts\":[{\"text\":\"a <b> & c\"}]}],\"generationConfig\":{\"imageConfig\":{\"aspectRatio\":\"16:9\",\"imageSize\":\"1K\"}}},\"method\":\"POST\",\"provider\":\"x\",\"url\":\"https://g.example/v1beta/models/gem:generateContent\",\"v\":1}" },
    { "a GET with the key in the query",
      "id: x\nkind: stock\nbase: https://p.example\nauth: {query: key, env: VIDGEN_TEST_KEY}\nrequest: {get: \"/api/?q=${prompt}\"}\nresult: {at: /hits/0/url, as: url}\n",
      "{\"body\":null,\"method\":\"GET\",\"provider\":\"x\",\"url\":\"https://p.example/api/?q=a%20%3Cb%3E%20%26%20c\",\"v\":1}" },
};

TEST(the_keys_can_say_other_services_too)
{
    for (size_t i = 0; i < COUNTOF(others); i++) {
        struct arena a = { 0 };
        struct buf b = { 0 };
        struct err e = { 0 };
        struct provider p = { .key = STR("secret-key") };
        CHECK_ROW(e.msg, read(&a, others[i].text, &p.desc, &e));
        p.params = p.desc.params;
        p.base = str_is(p.desc.base, "https://${region}.tts.example") ? STR("https://west.tts.example") : p.desc.base;
        struct want w = { .kind = p.desc.kind == DESC_SPEECH ? ASSET_SPEECH : ASSET_IMAGE, .text = STR("a <b> & c"), .seed = -1, .speed = 1,
                          .width = 1920, .height = 1080 };
        struct api_request q;
        CHECK_ROW(e.msg, request_build(&a, &p, &w, &q, &e));
        json_print(&b, q.canonical, JSON_SORTED);
        CHECK_STR(others[i].name, others[i].canonical, buf_str(&b));
        CHECK_ROW(others[i].name, !memmem(b.p, b.n, "secret", 6));
        buf_deinit(&b);
        arena_deinit(&a);
    }
}

TEST(a_key_travels_where_its_description_says)
{
    static const struct { const char *auth, *name, *value, *url; } rows[] = {
        { "{header: \"Authorization: Bearer ${key}\", env: K}", "Authorization", "Bearer se/cret", "https://a.example/p" },
        { "{header: \"x-key: ${key}\", env: K}", "x-key", "se/cret", "https://a.example/p" },
        { "{basic: \"user:${key}\", env: K}", "Authorization", "Basic dXNlcjpzZS9jcmV0", "https://a.example/p" }, /* printf user:se/cret | base64 */
        { "{query: key, env: K}", "", "", "https://a.example/p?key=se%2Fcret" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct buf text = { 0 };
        struct err e = { 0 };
        struct provider p = { .key = STR("se/cret") };
        struct str url = STR("https://a.example/p");
        buf_printf(&text, BASIC "auth: %s\n", rows[i].auth);
        CHECK_ROW(e.msg, read(&a, text.p, &p.desc, &e));
        struct http_field f = request_secret(&a, &p, &url);
        CHECK_STR(rows[i].auth, rows[i].name, f.name);
        CHECK_STR(rows[i].auth, rows[i].value, f.value);
        CHECK_STR(rows[i].auth, rows[i].url, url);
        buf_deinit(&text);
        arena_deinit(&a);
    }
}

TEST(a_key_may_go_to_siblings_only_when_told_and_never_in_plain_text)
{
    static const struct { const char *name, *base, *to; bool siblings, want; } rows[] = {
        { "own origin", "https://api.bfl.ai", "https://api.bfl.ai/x", false, true },
        { "sibling, not told", "https://api.bfl.ai", "https://api.us1.bfl.ai/x", false, false },
        { "sibling, told", "https://api.bfl.ai", "https://api.us1.bfl.ai/x", true, true },
        { "another site", "https://api.bfl.ai", "https://api.evil.ai/x", true, false },
        { "a name that only ends so", "https://api.bfl.ai", "https://xbfl.ai/x", true, false },
        { "another port", "https://api.bfl.ai", "https://api.bfl.ai:8443/x", true, false },
        { "everybody's suffix", "https://shop.co.uk", "https://evil.co.uk/x", true, false },
        { "two labels", "https://bfl.ai", "https://x.ai/x", true, false },
        { "plain http", "http://tts.lan:80", "http://tts.lan:80/x", false, false },
        { "plain http on this machine", "http://127.0.0.1:99", "http://127.0.0.1:99/x", false, true },
        { "downgraded", "https://api.bfl.ai", "http://api.bfl.ai/x", true, false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct provider p = { .key = STR("k") };
        struct http_url to;
        struct err e = { 0 };
        CHECK_ROW(e.msg, http_url_parse(str_from(rows[i].base), &p.origin, &e) && http_url_parse(str_from(rows[i].to), &to, &e));
        CHECK_ROW(rows[i].name, provider_key_may_go(&p, &to, rows[i].siblings) == rows[i].want);
    }
}

TEST(a_lesson_cannot_reach_another_endpoint)
{
    static const struct { const char *model; bool ok; } rows[] = {
        { "owner/name", true }, { "../admin", false }, { "a/../../b", false }, { "a//b", false }, { "/abs", false }, { ".", false },
        { "a?x=1", true }, { "a#f", true }, { "a%2e%2e/b", true },
    };
    struct providers p;
    struct err e = { 0 };
    CHECK_ROW(e.msg, providers_load(&p, NULL, NULL, &e));
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct api_request q;
        struct want w = { .kind = ASSET_IMAGE, .provider = STR("replicate"), .text = STR("x"), .model = str_from(rows[i].model), .seed = -1 };
        CHECK_ROW(rows[i].model, request_build(&a, providers_find(&p, w.provider), &w, &q, &e) == rows[i].ok);
        if (rows[i].ok) {
            CHECK_ROW(rows[i].model, str_starts(q.url, "https://api.replicate.com/v1/models/") && str_ends(q.url, "/predictions"));
            CHECK_ROW(rows[i].model, !memchr(q.url.p, '?', q.url.n) && !memchr(q.url.p, '#', q.url.n));
        }
        arena_deinit(&a);
    }
    providers_deinit(&p);
}

TEST(the_next_length_of_a_clip_that_is_not_shorter_is_bought)
{
    static const struct { const char *provider; double wanted; const char *says; bool takes; } rows[] = {
        { "runway", 0, "\"duration\":5", true },     { "runway", 3.5, "\"duration\":4", true },
        { "runway", 6, "\"duration\":6", true },     { "runway", 30, "\"duration\":10", true },
        { "luma", 0, "\"duration\":\"5s\"", true },  { "luma", 5.1, "\"duration\":\"10s\"", true },
        { "luma-dream", 7, "\"duration\":\"9s\"", true },
        { "veo", 0, "\"durationSeconds\":8", true }, { "veo", 5, "\"durationSeconds\":6", true },
        { "replicate-video", 8, "\"duration\":10", true },
        { "fal-video", 8, "\"prompt\":\"x\"", false },
    };
    struct providers p;
    struct err e = { 0 };
    CHECK_ROW(e.msg, providers_load(&p, NULL, NULL, &e));
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct api_request q;
        const struct want w = { .kind = ASSET_VIDEO, .provider = str_from(rows[i].provider), .text = STR("x"), .seed = -1,
                                .seconds = rows[i].wanted };
        const struct provider *by = providers_find(&p, w.provider);
        CHECK_ROW(e.msg, request_build(&a, by, &w, &q, &e));
        if (!memmem(q.body.p, q.body.n, rows[i].says, strlen(rows[i].says)))
            CHECK_STR(rows[i].provider, rows[i].says, q.body);
        CHECK_ROW(rows[i].provider, by->info.takes_seconds == rows[i].takes);
        arena_deinit(&a);
    }
    providers_deinit(&p);
}

TEST(a_text_over_the_limit_is_refused_before_it_is_sent)
{
    struct providers p;
    struct arena a = { 0 };
    struct api_request q;
    struct err e = { 0 };
    char text[4098];
    memset(text, 'x', sizeof text);
    CHECK(providers_load(&p, NULL, NULL, &e));
    struct want w = { .kind = ASSET_SPEECH, .text = { text, 4096 }, .seed = -1 };
    CHECK(request_build(&a, providers_find(&p, STR("openai-speech")), &w, &q, &e));
    w.text.n = 4097;
    CHECK(!request_build(&a, providers_find(&p, STR("openai-speech")), &w, &q, &e));
    CHECK_STR("message", "openai-speech: the text has 4097 characters, limit 4096", str_from(e.msg));
    CHECK_INT("class", ERR_INPUT, e.code);
    arena_deinit(&a);
    providers_deinit(&p);
}
