/* request.c - what is wanted of a provider, as the HTTP request its description asks for */
#include "api/request.h"
#include <assert.h>
#include <string.h>
#include "api/base64.h"
#include "api/template.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { CANONICAL_VERSION = 1, EXEC_VERSION = 1 };

static bool is_given(struct str s)
{
    return s.n > 0 && !str_is(s, "default");
}

static void set_text(struct arena *a, struct json *vars, const char *name, struct str value)
{
    if (is_given(value))
        json_set(a, vars, name, json_string(a, value));
}

/* The size asked for by name beats the rule; a word that is no size ("auto", "2K") goes through as it is. */
static void set_size(struct arena *a, struct json *vars, const struct provider *p, const struct want *w)
{
    struct size_choice c;
    struct size_pair fixed;
    struct str asked = is_given(w->size) ? w->size : json_str_or(p->params, "size", (struct str){ 0 });
    size_choose(&p->desc.limits.size, w->width, w->height, &c);
    if (asked.n && size_parse(asked, 'x', &fixed))
        size_fixed(fixed, &c);
    json_set(a, vars, "size", json_string(a, asked.n ? asked : str_from(c.size)));
    json_set(a, vars, "width", json_number(a, c.width));
    json_set(a, vars, "height", json_number(a, c.height));
    if (!json_get(p->params, "aspect"))
        json_set(a, vars, "aspect", json_string(a, str_from(c.aspect)));
    if (!json_get(p->params, "ratio"))
        json_set(a, vars, "ratio", json_string(a, str_from(c.ratio)));
}

/* A schema goes into the request as the tree it is; it is one of our own. */
static void set_schema(struct arena *a, struct json *vars, struct str schema)
{
    struct json *tree = NULL;
    if (schema.n == 0)
        return;
    bool ok = json_parse(a, schema, 0, &tree, NULL, NULL, NULL, NULL);
    assert(ok);
    if (ok)
        json_set(a, vars, "schema", tree);
}

/* Of what can be had the next length that is not shorter, else the longest. Where nothing is said, what is wanted. */
static double seconds_of(const struct desc_limits *limits, double wanted)
{
    double best = limits->n_seconds ? limits->seconds[0] : wanted;
    for (size_t i = 0; wanted > 0 && i < limits->n_seconds; i++) {
        double s = limits->seconds[i];
        bool is_enough = s >= wanted, best_is_enough = best >= wanted;
        if (is_enough == best_is_enough ? is_enough == (s < best) : is_enough)
            best = s;
    }
    return best;
}

const struct json *request_vars(struct arena *a, const struct provider *p, const struct want *w)
{
    struct json *vars = json_copy(a, p->params);
    json_set(a, vars, "prompt", json_string(a, w->text));
    json_set(a, vars, "text", json_string(a, w->text));
    set_text(a, vars, "negative", w->negative);
    set_text(a, vars, "model", w->model);
    set_text(a, vars, "voice", w->voice);
    set_text(a, vars, "prev", w->prev);
    set_text(a, vars, "next", w->next);
    set_text(a, vars, "system", w->system);
    set_schema(a, vars, w->schema);
    if (w->kind != ASSET_SPEECH && w->kind != ASSET_TEXT)
        set_size(a, vars, p, w);
    if (w->seed >= 0)
        /* the services take 32 bits */
        json_set(a, vars, "seed", json_number(a, (double)(w->seed % (INT64_C(1) << 32))));
    if (w->speed > 0 && (w->speed < 1 || w->speed > 1))
        json_set(a, vars, "speed", json_number(a, w->speed));
    double seconds = seconds_of(&p->desc.limits, w->seconds);
    if (seconds > 0)
        json_set(a, vars, "seconds", json_number(a, seconds));
    return vars;
}

static struct str filled(struct arena *a, struct buf *b)
{
    struct str s = arena_str(a, buf_str(b));
    buf_deinit(b);
    return s;
}

bool request_headers(struct arena *a, const struct provider *p, const struct json *vars, const struct http_field **out,
                     size_t *n, struct err *e)
{
    const struct json *list = p->desc.request.headers;
    struct http_field *f = arena_array(a, list ? list->n + 1 : 1, sizeof *f);
    struct template_in in = { .vars = vars };
    *out = f;
    *n = 0;
    for (const struct json *m = list ? list->child : NULL; m; m = m->next) {
        struct json *v = NULL;
        struct buf b = { 0 };
        if (!template_tree(a, m, &in, &v, e))
            return false;
        if (!v)
            continue;
        if (v->type == JSON_STRING)
            buf_adds(&b, v->string);
        else
            json_print(&b, v, 0);
        f[*n] = (struct http_field){ m->key, filled(a, &b) };
        if (!header_value_ok(f[*n].value))
            return err_set(e, ERR_INPUT, "header '" STR_FMT "' would have control characters", STR_ARG(m->key));
        ++*n;
    }
    return true;
}

static bool build_body(struct arena *a, const struct desc_request *q, const struct template_in *in,
                       struct api_request *out, struct json **canonical, struct err *e)
{
    struct buf b = BUF_INIT(64 * MIB);
    struct json *tree = NULL;
    *canonical = json_null(a);
    if (q->body_form == BODY_NONE)
        return true;
    if (q->body_form == BODY_TEXT) {
        if (!template_text(&b, q->body->string, TEMPLATE_TEXT, in, e)) {
            buf_deinit(&b);
            return false;
        }
        out->body = filled(a, &b);
        out->type = q->type.n ? q->type : STR("text/plain; charset=utf-8");
        *canonical = json_string(a, out->body);
        return true;
    }
    if (!template_tree(a, q->body, in, &tree, e))
        return false;
    *canonical = tree ? tree : json_object(a);
    if (q->body_form == BODY_JSON) {
        json_print(&b, *canonical, 0);
        out->body = filled(a, &b);
        out->type = STR("application/json");
        return true;
    }
    struct http_field *parts = arena_array(a, (*canonical)->n + 1, sizeof *parts);
    for (const struct json *m = (*canonical)->child; m; m = m->next) {
        if (m->type == JSON_OBJECT || m->type == JSON_ARRAY)
            return err_set(e, ERR_INPUT, "'" STR_FMT "' is %s and cannot be a field of a form", STR_ARG(m->key),
                           json_type_name(m->type));
        if (m->type == JSON_STRING)
            buf_adds(&b, m->string);
        else
            json_print(&b, m, 0);
        parts[out->n_parts++] = (struct http_field){ m->key, filled(a, &b) };
    }
    out->parts = parts;
    return true;
}

static bool check_length(const struct provider *p, const struct want *w, struct err *e)
{
    bool in_bytes = p->desc.limits.in_bytes;
    size_t n = in_bytes ? w->text.n : text_length(w->text);
    if (str_trim(w->text).n == 0)
        return err_set(e, ERR_INPUT, "the %s is empty", w->kind == ASSET_SPEECH ? "text" : "prompt");
    if (p->desc.limits.max_chars && n > (size_t)p->desc.limits.max_chars)
        return err_set(e, ERR_INPUT, "the %s has %zu %s, limit %lld", w->kind == ASSET_SPEECH ? "text" : "prompt", n,
                       in_bytes ? "bytes" : "characters", (long long)p->desc.limits.max_chars);
    return true;
}

/* Headers that carry a choice (an output format, say) belong to the identity of what is bought. */
static void add_canonical_headers(struct arena *a, const struct provider *p, const struct api_request *q,
                                  struct json *out)
{
    struct json *headers = json_object(a);
    for (size_t i = 0; i < q->n_headers; i++) {
        const struct json *t = json_get(p->desc.request.headers, q->headers[i].name.p);
        if (t && t->type == JSON_STRING && template_has_vars(t->string))
            json_set(a, headers, q->headers[i].name.p, json_string(a, q->headers[i].value));
    }
    if (headers->n)
        json_set(a, out, "headers", headers);
}

/* What a program is told, and which program: its id. */
static void build_exec(struct arena *a, const struct provider *p, const struct want *w, struct api_request *out)
{
    const struct json *vars = request_vars(a, p, w);
    bool is_said = p->desc.kind == DESC_SPEECH;
    struct json *job = json_object(a), *canonical = json_object(a), *argv = json_array(a);
    struct buf b = BUF_INIT(64 * MIB);
    json_set(a, job, "version", json_number(a, EXEC_VERSION));
    json_set(a, job, "kind", json_string(a, str_from(desc_kind_name(p->desc.kind))));
    json_set(a, job, "provider", json_string(a, p->desc.id));
    for (size_t i = 0; desc_variables[i]; i++) {
        const struct json *v = json_get(vars, desc_variables[i]);
        if (v && v->type != JSON_NULL && strcmp(desc_variables[i], is_said ? "prompt" : "text") != 0)
            json_set(a, job, desc_variables[i], json_copy(a, v));
    }
    json_set(a, job, "params", json_copy(a, p->params));
    for (size_t i = 0; i < p->desc.exec.n; i++)
        json_push(argv, json_string(a, p->desc.exec.v[i]));
    json_set(a, canonical, "v", json_number(a, CANONICAL_VERSION));
    json_set(a, canonical, "exec", argv);
    json_set(a, canonical, "job", json_copy(a, job));
    json_print(&b, job, 0);
    *out = (struct api_request){ .method = "RUN", .url = p->base, .body = filled(a, &b), .job = job,
                                 .canonical = canonical };
}

static bool build(struct arena *a, const struct provider *p, const struct want *w, struct api_request *out,
                  struct err *e)
{
    const struct desc_request *q = &p->desc.request;
    const struct json *vars = request_vars(a, p, w);
    struct template_in in = { .vars = vars };
    struct buf url = { 0 };
    struct json *body = NULL, *canonical = json_object(a);
    *out = (struct api_request){ .method = q->method, .vars = vars };
    if (!check_length(p, w, e))
        return false;
    if (p->desc.exec.n) {
        build_exec(a, p, w, out);
        return true;
    }
    if (p->desc.base.n)
        buf_adds(&url, p->base);
    bool ok = template_text(&url, q->path, p->desc.base.n ? TEMPLATE_URL : TEMPLATE_TEXT, &in, e);
    out->url = filled(a, &url);
    if (!ok || !request_headers(a, p, vars, &out->headers, &out->n_headers, e) || !build_body(a, q, &in, out, &body, e))
        return false;
    json_set(a, canonical, "v", json_number(a, CANONICAL_VERSION));
    json_set(a, canonical, "provider", json_string(a, p->desc.id));
    json_set(a, canonical, "method", json_string(a, str_from(q->method)));
    json_set(a, canonical, "url", json_string(a, out->url));
    json_set(a, canonical, "body", body);
    if (w->said.n)                              /* its words were found in it: others have to be found anew */
        json_set(a, canonical, "said", json_string(a, w->said));
    add_canonical_headers(a, p, out, canonical);
    out->canonical = canonical;
    return true;
}

bool request_build(struct arena *a, const struct provider *p, const struct want *w, struct api_request *out,
                   struct err *e)
{
    return build(a, p, w, out, e) || err_wrap(e, STR_FMT, STR_ARG(p->desc.id));
}

static struct str with_key(struct arena *a, const struct provider *p, struct str template)
{
    struct json *vars = json_object(a);
    struct template_in in = { .vars = vars };
    struct buf b = { 0 };
    json_set(a, vars, "key", json_string(a, p->key));
    template_text(&b, template, TEMPLATE_TEXT, &in, NULL);
    return filled(a, &b);
}

struct http_field request_secret(struct arena *a, const struct provider *p, struct str *url)
{
    const struct desc_auth *auth = &p->desc.auth;
    struct buf b = { 0 };
    if (p->key.n == 0 || auth->how == AUTH_NONE || auth->how == AUTH_SIGV4)
        return (struct http_field){ 0 };
    if (auth->how == AUTH_HEADER)
        return (struct http_field){ auth->name, with_key(a, p, auth->value) };
    if (auth->how == AUTH_QUERY) {
        buf_adds(&b, *url);
        buf_printf(&b, "%c" STR_FMT "=", url->n && memchr(url->p, '?', url->n) ? '&' : '?', STR_ARG(auth->name));
        percent_encode(&b, p->key, false);
        *url = filled(a, &b);
        return (struct http_field){ 0 };
    }
    struct str pair = with_key(a, p, auth->value);
    buf_addz(&b, "Basic ");
    base64_encode(&b, pair.p, pair.n);
    return (struct http_field){ STR("Authorization"), filled(a, &b) };
}

void request_authorize(struct arena *a, const struct provider *p, const struct json *vars, struct http_request *q)
{
    struct template_in in = { .vars = vars ? vars : p->params };
    struct http_sign *sign;
    struct buf how = { 0 };
    if (p->desc.auth.how != AUTH_SIGV4) {
        q->secret = request_secret(a, p, &q->url);
        return;
    }
    if (p->key.n == 0)
        return;
    sign = arena_alloc(a, sizeof *sign);
    *sign = (struct http_sign){ .id = p->key_id, .secret = p->key, .token = p->token };
    template_text(&how, p->desc.auth.value, TEMPLATE_TEXT, &in, NULL);
    sign->how = filled(a, &how);
    q->sign = sign;
}

struct quote provider_quote(struct arena *a, const struct provider *p, const struct want *w)
{
    const struct json *vars = request_vars(a, p, w);
    struct measure m = measure_expect(&p->desc, w, vars);
    double input = m.of[QUANTITY_INPUT], output = m.of[QUANTITY_OUTPUT];
    bool is_chat = p->desc.kind == DESC_CHAT;
    return (struct quote){ .money = price_estimate(price_find(&p->prices, vars), &m),
                           .model = json_str_or(vars, "model", STR("")),
                           .chars = m.of[QUANTITY_CHARS],
                           .seconds = m.of[QUANTITY_CLIP_S],
                           .tokens = is_chat ? input + (output > 0 ? output : 0) : 0 };
}
