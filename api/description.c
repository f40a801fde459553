/* description.c - what a provider's YAML file says, checked and typed */
#include "api/description.h"
#include <string.h>
#include "api/desc_extend.h"
#include "api/headers.h"
#include "api/nearest.h"
#include "api/pointer.h"
#include "api/rate.h"
#include "api/template.h"
#include "gen/base/mem.h"

const char *const desc_variables[] = { "prompt", "text", "negative", "model", "voice", "size", "width", "height", "aspect",
                                       "ratio", "seconds", "seed", "speed", "prev", "next", "input", NULL };

static const char *const kind_names[] = {
#define X(id, name) name,
    DESC_KINDS(X)
#undef X
};

const char *desc_kind_name(enum desc_kind k)
{
    return (unsigned)k < DESC_N_KINDS ? kind_names[k] : "unknown";
}

struct reader {
    struct arena *a;
    struct str file;
    struct description *d;
    struct err *e;
};

/* A member of a map: its name and what takes its value. */
struct member {
    const char *name;
    bool (*read)(struct reader *r, const struct json *v, void *into);
    size_t offset;                              /* into the struct that `into` is */
};

static bool __attribute__((format(printf, 3, 4))) wrong(struct reader *r, const struct json *v, const char *fmt, ...)
{
    struct json_pos at = v->pos.line ? v->pos : v->key_pos;
    va_list ap;
    va_start(ap, fmt);
    err_vset(r->e, ERR_CONFIG, fmt, ap);
    va_end(ap);
    if (v->key.n)
        err_wrap(r->e, STR_FMT, STR_ARG(v->key));
    return err_wrap(r->e, STR_FMT ":%u:%u", STR_ARG(r->file), at.line, at.col);
}

/* The error that is there, with the value's place before it. */
static bool misplaced(struct reader *r, const struct json *v)
{
    struct err inner = *r->e;
    return wrong(r, v, "%s", inner.msg);
}

static bool read_map(struct reader *r, const struct json *v, const struct member *members, size_t n, void *into)
{
    if (v->type != JSON_OBJECT)
        return wrong(r, v, "expected a map of keys, not %s", json_type_name(v->type));
    for (const struct json *m = v->child; m; m = m->next) {
        struct nearest near = nearest_of(m->key);
        size_t i = 0;
        for (; i < n && !str_is(m->key, members[i].name); i++)
            nearest_try(&near, str_from(members[i].name));
        if (i == n) {
            char hint[100];
            struct json_pos at = m->key_pos;
            return err_set(r->e, ERR_CONFIG, STR_FMT ":%u:%u: unknown key '" STR_FMT "'%s", STR_ARG(r->file), at.line, at.col,
                           STR_ARG(m->key), nearest_hint(&near, hint, sizeof hint));
        }
        if (!members[i].read(r, m, (char *)into + members[i].offset))
            return false;
    }
    return true;
}

/* ---------- values ---------- */

static bool read_str(struct reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_STRING || v->string.n == 0)
        return wrong(r, v, "expected a text, not %s", v->type == JSON_STRING ? "an empty one" : json_type_name(v->type));
    *(struct str *)into = v->string;
    return true;
}

static bool read_pointer(struct reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_STRING || !pointer_valid(v->string))
        return wrong(r, v, "expected a JSON pointer like /data/0/url");
    *(struct str *)into = v->string;
    return true;
}

static bool read_bool(struct reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_BOOL)
        return wrong(r, v, "expected true or false, not %s", json_type_name(v->type));
    *(bool *)into = v->boolean;
    return true;
}

static bool read_count(struct reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_NUMBER || v->number < 0 || v->number > 1e12 || v->number != (double)(int64_t)v->number)
        return wrong(r, v, "expected a whole number from 0");
    *(int64_t *)into = (int64_t)v->number;
    return true;
}

static bool read_duration(struct reader *r, const struct json *v, void *into)
{
    int64_t ms = v->type == JSON_NUMBER ? rate_retry_after_ms(v->string, 0) :
                 v->type == JSON_STRING ? rate_duration_ms(v->string) : -1;
    if (ms < 0)
        return wrong(r, v, "expected a duration like 500ms, 2s or 5m");
    *(int64_t *)into = ms;
    return true;
}

/* Values are compared as text: 429, true and null are "429", "true" and "null". */
static bool add_text(struct reader *r, const struct json *v, struct str *out)
{
    struct buf b = { 0 };
    if (v->type == JSON_OBJECT || v->type == JSON_ARRAY)
        return wrong(r, v, "expected single values, not %s", json_type_name(v->type));
    if (v->type == JSON_STRING) {
        *out = v->string;
        return true;
    }
    json_print(&b, v, 0);
    *out = arena_str(r->a, buf_str(&b));
    buf_deinit(&b);
    return true;
}

static bool read_strs(struct reader *r, const struct json *v, void *into)
{
    size_t n = v->type == JSON_ARRAY ? v->n : 1, i = 0;
    struct str *list = arena_array(r->a, n ? n : 1, sizeof *list);
    for (const struct json *c = v->type == JSON_ARRAY ? v->child : v; c && i < n; c = c->next)
        if (!add_text(r, c, &list[i++]))
            return false;
    *(struct strs *)into = (struct strs){ list, n };
    return n > 0 || wrong(r, v, "the list is empty");
}

static bool read_pointers(struct reader *r, const struct json *v, void *into)
{
    struct strs *s = into;
    if (!read_strs(r, v, into))
        return false;
    for (size_t i = 0; i < s->n; i++)
        if (!pointer_valid(s->v[i]))
            return wrong(r, v, "'" STR_FMT "' is not a JSON pointer", STR_ARG(s->v[i]));
    return true;
}

static bool read_choice(struct reader *r, const struct json *v, const char *const *names, size_t n, int *out)
{
    struct nearest near = nearest_of(v->string);
    char hint[100];
    for (size_t i = 0; v->type == JSON_STRING && i < n; i++) {
        nearest_try(&near, str_from(names[i]));
        if (str_is(v->string, names[i])) {
            *out = (int)i;
            return true;
        }
    }
    return wrong(r, v, "'" STR_FMT "' is not known here%s", STR_ARG(v->string), nearest_hint(&near, hint, sizeof hint));
}

/* The names a template may use: the engine's and the description's own params. */
static bool check_text(struct reader *r, const struct json *v, struct str text, const char *const *extra, bool has_answer)
{
    return template_check_text(text, r->d->params, extra, has_answer, r->e) || misplaced(r, v);
}

static bool read_template(struct reader *r, const struct json *v, void *into)
{
    return read_str(r, v, into) && check_text(r, v, v->string, desc_variables, false);
}

/* An address in an answer (a pointer), or made from one (a template). */
static bool read_address(struct reader *r, const struct json *v, void *into)
{
    if (!read_str(r, v, into))
        return false;
    if (template_has_vars(v->string))
        return check_text(r, v, v->string, desc_variables, true);
    return pointer_valid(v->string) || wrong(r, v, "expected a JSON pointer, or an address with ${r:/pointer}");
}

/* ---------- the keys ---------- */

static bool read_kind(struct reader *r, const struct json *v, void *into)
{
    int i = 0;
    if (!read_choice(r, v, kind_names, COUNTOF(kind_names), &i))
        return false;
    *(enum desc_kind *)into = (enum desc_kind)i;
    return true;
}

static bool read_base(struct reader *r, const struct json *v, void *into)
{
    if (!read_str(r, v, into) || !check_text(r, v, v->string, NULL, false))
        return false;
    return str_starts(v->string, "https://") || str_starts(v->string, "http://") ||
           wrong(r, v, "expected an address that begins with https://");
}

static bool read_auth_header(struct reader *r, const struct json *v, void *into)
{
    static const char *const key[] = { "key", NULL };
    struct desc_auth *auth = into;
    const char *colon = v->type == JSON_STRING ? memchr(v->string.p, ':', v->string.n) : NULL;
    if (!colon)
        return wrong(r, v, "expected 'Name: ${key}'");
    auth->how = AUTH_HEADER;
    auth->name = (struct str){ v->string.p, (size_t)(colon - v->string.p) };
    auth->value = str_trim((struct str){ colon + 1, v->string.n - auth->name.n - 1 });
    if (!header_name_ok(auth->name))
        return wrong(r, v, "'" STR_FMT "' is not the name of a header", STR_ARG(auth->name));
    return template_check_text(auth->value, NULL, key, false, r->e) || misplaced(r, v);
}

static bool read_auth_value(struct reader *r, const struct json *v, struct desc_auth *auth)
{
    static const char *const key[] = { "key", NULL };
    return read_str(r, v, &auth->value) && (template_check_text(auth->value, NULL, key, false, r->e) || misplaced(r, v));
}

static bool read_auth_basic(struct reader *r, const struct json *v, void *into)
{
    struct desc_auth *auth = into;
    auth->how = AUTH_BASIC;
    return read_auth_value(r, v, auth);
}

static bool read_auth_query(struct reader *r, const struct json *v, void *into)
{
    struct desc_auth *auth = into;
    auth->how = AUTH_QUERY;
    auth->value = STR("${key}");
    return read_str(r, v, &auth->name);
}

static bool read_not_yet(struct reader *r, const struct json *v, void *into)
{
    (void)into;
    return wrong(r, v, "this version cannot sign requests this way yet");
}

static bool read_auth(struct reader *r, const struct json *v, void *into)
{
    static const struct member members[] = {
        { "header", read_auth_header, 0 },
        { "basic", read_auth_basic, 0 },
        { "query", read_auth_query, 0 },
        { "env", read_str, offsetof(struct desc_auth, env) },
        { "sigv4", read_not_yet, 0 },
        { "jwt_hs256", read_not_yet, 0 },
        { "command", read_not_yet, 0 },
    };
    struct desc_auth *auth = into;
    if (!read_map(r, v, members, COUNTOF(members), into))
        return false;
    int ways = (json_get(v, "header") != NULL) + (json_get(v, "basic") != NULL) + (json_get(v, "query") != NULL);
    if (ways != 1 || auth->env.n == 0)
        return wrong(r, v, "needs one of header, basic or query, and env");
    return true;
}

static bool read_params(struct reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_OBJECT)
        return wrong(r, v, "expected a map of values");
    if (json_get(v, "key"))
        return wrong(r, v, "'key' is the secret and cannot be a param");
    *(const struct json **)into = v;
    return true;
}

static bool read_pairs(struct reader *r, const struct json *v, int how, char sign, struct size_rule *rule)
{
    struct size_pair *list = arena_array(r->a, v->n + 1, sizeof *list);
    size_t n = 0;
    if (v->type != JSON_ARRAY || v->n == 0)
        return wrong(r, v, "expected a list of sizes");
    for (const struct json *c = v->child; c; c = c->next)
        if (c->type != JSON_STRING || !size_parse(c->string, sign, &list[n++]))
            return wrong(r, v, "expected sizes like \"16%c9\", in quotes", sign);
    if (rule->how != SIZE_FRAME)
        return wrong(r, v, "only one of sizes, aspects, ratios and multiple");
    *rule = (struct size_rule){ .how = how, .list = list, .n_list = n, .max_pixels = rule->max_pixels };
    return true;
}

static bool read_sizes(struct reader *r, const struct json *v, void *into)
{
    return read_pairs(r, v, SIZE_SIZES, 'x', into);
}

static bool read_aspects(struct reader *r, const struct json *v, void *into)
{
    return read_pairs(r, v, SIZE_ASPECTS, ':', into);
}

static bool read_ratios(struct reader *r, const struct json *v, void *into)
{
    return read_pairs(r, v, SIZE_RATIOS, ':', into);
}

static bool read_multiple(struct reader *r, const struct json *v, void *into)
{
    struct size_rule *rule = into;
    int64_t n = 0;
    if (!read_count(r, v, &n))
        return false;
    if (n < 1 || n > 1024 || rule->how != SIZE_FRAME)
        return wrong(r, v, n < 1 || n > 1024 ? "expected 1 to 1024" : "only one of sizes, aspects, ratios and multiple");
    rule->how = SIZE_MULTIPLE;
    rule->multiple = (int)n;
    return true;
}

static bool read_max_pixels(struct reader *r, const struct json *v, void *into)
{
    return read_count(r, v, &((struct size_rule *)into)->max_pixels);
}

static bool read_seconds(struct reader *r, const struct json *v, void *into)
{
    const struct json *first = v->type == JSON_ARRAY ? v->child : v;
    if (!first || first->type != JSON_NUMBER || first->number <= 0)
        return wrong(r, v, "expected seconds");
    *(double *)into = first->number;
    return true;
}

static bool read_limits(struct reader *r, const struct json *v, void *into)
{
#define AT(field) offsetof(struct desc_limits, field)
    static const struct member members[] = {
        { "concurrency", read_count, AT(concurrency) }, { "rpm", read_count, AT(rpm) },
        { "text_chars", read_count, AT(max_chars) },    { "prompt_chars", read_count, AT(max_chars) },
        { "timeout", read_duration, AT(total_ms) },     { "lane", read_str, AT(lane) },
        { "seconds", read_seconds, AT(seconds) },       { "sizes", read_sizes, AT(size) },
        { "aspects", read_aspects, AT(size) },          { "ratios", read_ratios, AT(size) },
        { "multiple", read_multiple, AT(size) },        { "max_pixels", read_max_pixels, AT(size) },
    };
#undef AT
    return read_map(r, v, members, COUNTOF(members), into);
}

static bool read_headers(struct reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_OBJECT)
        return wrong(r, v, "expected a map of headers");
    for (const struct json *m = v->child; m; m = m->next) {
        struct str ignored;
        if (!header_name_ok(m->key))
            return wrong(r, m, "'" STR_FMT "' is not the name of a header", STR_ARG(m->key));
        if (m->type == JSON_OBJECT || m->type == JSON_ARRAY || m->type == JSON_NULL)
            return wrong(r, m, "expected a text");
        if (m->type == JSON_STRING && !read_template(r, m, &ignored))
            return false;
        if (!header_value_ok(m->string))
            return wrong(r, m, "has control characters");
    }
    *(const struct json **)into = v;
    return true;
}

static bool take_method(struct reader *r, const struct json *v, struct desc_request *q, const char *method)
{
    if (q->method)
        return wrong(r, v, "only one method");
    q->method = method;
    return true;
}

#define METHOD(name, METHOD_NAME, reader_of_path)                                              \
    static bool name(struct reader *r, const struct json *v, void *into)                       \
    {                                                                                          \
        struct desc_request *q = into;                                                         \
        return take_method(r, v, q, METHOD_NAME) && reader_of_path(r, v, &q->path);            \
    }
METHOD(read_post, "POST", read_template)
METHOD(read_get, "GET", read_template)
METHOD(read_put, "PUT", read_template)
METHOD(read_delete, "DELETE", read_template)
METHOD(read_cancel_post, "POST", read_address)
METHOD(read_cancel_put, "PUT", read_address)
METHOD(read_cancel_delete, "DELETE", read_address)
#undef METHOD

static bool take_body(struct reader *r, const struct json *v, struct desc_request *q, int form)
{
    const struct json *at = v;
    if (q->body_form != BODY_NONE)
        return wrong(r, v, "only one of json, form and text");
    q->body_form = form;
    q->body = v;
    return template_check_tree(v, r->d->params, desc_variables, false, &at, r->e) || misplaced(r, at);
}

static bool read_json(struct reader *r, const struct json *v, void *into)
{
    return take_body(r, v, into, BODY_JSON);
}

static bool read_form(struct reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_OBJECT)
        return wrong(r, v, "expected a map of fields");
    for (const struct json *m = v->child; m; m = m->next)
        if (m->type == JSON_OBJECT || m->type == JSON_ARRAY || m->type == JSON_NULL)
            return wrong(r, m, "a field of a form is a single value");
    return take_body(r, v, into, BODY_FORM);
}

static bool read_text(struct reader *r, const struct json *v, void *into)
{
    return v->type == JSON_STRING ? take_body(r, v, into, BODY_TEXT) : wrong(r, v, "expected a text");
}

static bool read_request(struct reader *r, const struct json *v, void *into)
{
    static const struct member members[] = {
        { "post", read_post, 0 }, { "get", read_get, 0 }, { "put", read_put, 0 }, { "delete", read_delete, 0 },
        { "headers", read_headers, offsetof(struct desc_request, headers) },
        { "json", read_json, 0 }, { "form", read_form, 0 }, { "text", read_text, 0 },
        { "type", read_template, offsetof(struct desc_request, type) },
    };
    struct desc_request *q = into;
    if (!read_map(r, v, members, COUNTOF(members), into))
        return false;
    if (!q->method || q->path.p[0] != '/')
        return wrong(r, v, "needs one of post, get, put or delete with a path that begins with '/'");
    return true;
}

static bool read_status(struct reader *r, const struct json *v, void *into)
{
    static const struct member members[] = {
        { "at", read_pointer, offsetof(struct desc_status, at) },
        { "ok", read_strs, offsetof(struct desc_status, ok) },
        { "wait", read_strs, offsetof(struct desc_status, wait) },
        { "fail", read_strs, offsetof(struct desc_status, fail) },
    };
    struct desc_status *s = into;
    return read_map(r, v, members, COUNTOF(members), into) &&
           ((s->at.p && s->ok.n) || wrong(r, v, "needs at and ok"));
}

static bool read_poll(struct reader *r, const struct json *v, void *into)
{
    static const struct member members[] = {
        { "get", read_address, offsetof(struct desc_poll, get) },
        { "collect", read_address, offsetof(struct desc_poll, collect) },
        { "every", read_duration, offsetof(struct desc_poll, every_ms) },
        { "timeout", read_duration, offsetof(struct desc_poll, timeout_ms) },
        { "key", read_bool, offsetof(struct desc_poll, key) },
    };
    struct desc_poll *p = into;
    *p = (struct desc_poll){ .every_ms = 2000, .timeout_ms = 600 * 1000 };
    return read_map(r, v, members, COUNTOF(members), into) && (p->get.p || wrong(r, v, "needs get")) &&
           ((p->every_ms >= 1 && p->timeout_ms >= p->every_ms) || wrong(r, v, "every must be above 0 and below timeout"));
}

static bool read_cancel(struct reader *r, const struct json *v, void *into)
{
    static const struct member members[] = {
        { "post", read_cancel_post, 0 }, { "put", read_cancel_put, 0 }, { "delete", read_cancel_delete, 0 },
    };
    struct desc_request *q = into;
    return read_map(r, v, members, COUNTOF(members), into) && (q->method || wrong(r, v, "needs post, put or delete"));
}

static bool read_as(struct reader *r, const struct json *v, void *into)
{
    static const char *const names[] = { "base64", "url", "body", "json", "text" };
    int i = 0;
    if (!read_choice(r, v, names, COUNTOF(names), &i))
        return false;
    ((struct desc_result *)into)->as = i;
    return true;
}

static bool read_pcm(struct reader *r, const struct json *v, void *into)
{
    struct desc_result *q = into;
    if (v->type == JSON_STRING && str_is(v->string, "mime")) {
        q->pcm_mime = true;
        return true;
    }
    if (v->type != JSON_NUMBER || !(v->number >= 8000 && v->number <= 192000))
        return wrong(r, v, "expected a sample rate of 8000 to 192000, or mime");
    q->pcm_rate = (uint32_t)v->number;
    return true;
}

static bool read_result(struct reader *r, const struct json *v, void *into)
{
    static const struct member members[] = {
        { "at", read_pointers, offsetof(struct desc_result, at) },
        { "as", read_as, 0 },
        { "pcm", read_pcm, 0 },
        { "key", read_bool, offsetof(struct desc_result, key) },
    };
    struct desc_result *q = into;
    if (!read_map(r, v, members, COUNTOF(members), into))
        return false;
    if (!json_get(v, "as") || (q->as != RESULT_BODY && q->at.n == 0))
        return wrong(r, v, "needs as, and at unless the body is the result");
    return true;
}

static bool read_timing(struct reader *r, const struct json *v, void *into)
{
#define AT(field) offsetof(struct desc_timing, field)
    static const struct member members[] = {
        { "chars", read_pointer, AT(chars) }, { "items", read_pointer, AT(items) }, { "text", read_pointer, AT(text) },
        { "start", read_pointer, AT(start) }, { "end", read_pointer, AT(end) },
    };
#undef AT
    struct desc_timing *t = into;
    return read_map(r, v, members, COUNTOF(members), into) &&
           (((t->chars.p != NULL) != (t->items.p != NULL) && t->start.p && t->end.p && (!t->items.p || t->text.p)) ||
            wrong(r, v, "needs {chars, start, end} or {items, text, start, end}"));
}

static bool read_class(struct reader *r, const struct json *v, void *into)
{
    static const char *const names[] = { "rate", "server", "auth", "quota", "policy", "input", "lost", "partial" };
    static const enum err_code codes[] = { ERR_RATE, ERR_SERVER, ERR_AUTH, ERR_QUOTA, ERR_POLICY, ERR_INPUT, ERR_LOST, ERR_MEDIA };
    int i = 0;
    if (!read_choice(r, v, names, COUNTOF(names), &i))
        return false;
    *(enum err_code *)into = codes[i];
    return true;
}

static bool read_errors(struct reader *r, const struct json *v, void *into)
{
#define AT(field) offsetof(struct desc_rule, field)
    static const struct member members[] = {
        { "status", read_strs, AT(status) }, { "at", read_pointer, AT(at) }, { "header", read_str, AT(header) },
        { "is", read_strs, AT(is) },         { "has", read_strs, AT(has) },  { "class", read_class, AT(code) },
    };
#undef AT
    struct desc_rule *rules = arena_array(r->a, v->n + 1, sizeof *rules);
    size_t n = 0;
    (void)into;
    if (v->type != JSON_ARRAY)
        return wrong(r, v, "expected a list of rules");
    for (const struct json *c = v->child; c; c = c->next) {
        struct desc_rule *rule = &rules[n++];
        if (!read_map(r, c, members, COUNTOF(members), rule))
            return false;
        if (rule->code == ERR_NONE || (rule->at.p && rule->header.p))
            return wrong(r, c, "a rule needs class, and at most one of at and header");
        if ((rule->is.n || rule->has.n) && !rule->at.p && !rule->header.p)
            return wrong(r, c, "'is' and 'has' need at or header");
        if (!rule->status.n && !rule->at.p && !rule->header.p)
            return wrong(r, c, "a rule needs status, at or header");
    }
    r->d->rules = rules;
    r->d->n_rules = n;
    return true;
}

static bool read_rate(struct reader *r, const struct json *v, void *into)
{
#define AT(field) offsetof(struct desc_rate, field)
    static const struct member members[] = {
        { "limit", read_str, AT(limit) }, { "remaining", read_str, AT(remaining) }, { "reset", read_str, AT(reset) },
        { "in_flight", read_str, AT(in_flight) }, { "delay", read_pointer, AT(delay) },
    };
#undef AT
    return read_map(r, v, members, COUNTOF(members), into);
}

static bool check_whole(struct reader *r, const struct json *tree)
{
    static const char *const needed[] = { "id", "kind", "base", "request", "result" };
    const struct description *d = r->d;
    for (size_t i = 0; i < COUNTOF(needed); i++)
        if (!json_get(tree, needed[i]))
            return err_set(r->e, ERR_CONFIG, STR_FMT ": '%s' is missing", STR_ARG(r->file), needed[i]);
    if (d->poll.get.p && !d->status.at.p)
        return wrong(r, json_get(tree, "poll"), "needs status");
    if (d->status.at.p && !d->poll.get.p)
        return wrong(r, json_get(tree, "status"), "needs poll");
    if (d->cancel.method && !d->poll.get.p)
        return wrong(r, json_get(tree, "cancel"), "needs poll");
    if (d->poll.get.p && d->result.as == RESULT_BODY)
        return wrong(r, json_get(tree, "result"), "a service that is polled has no media in its body");
    for (size_t i = 0; i < d->id.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", d->id.p[i]))
            return wrong(r, json_get(tree, "id"), "has lower-case letters, digits, '-' and '_'");
    return true;
}

bool description_read(struct arena *a, struct str text, struct str file, const struct desc_source *source,
                      struct description *out, struct err *e)
{
#define AT(field) offsetof(struct description, field)
    static const struct member members[] = {
        { "id", read_str, AT(id) },             { "kind", read_kind, AT(kind) },       { "base", read_base, AT(base) },
        { "auth", read_auth, AT(auth) },        { "params", read_params, AT(params) }, { "limits", read_limits, AT(limits) },
        { "request", read_request, AT(request) }, { "status", read_status, AT(status) }, { "poll", read_poll, AT(poll) },
        { "cancel", read_cancel, AT(cancel) },  { "result", read_result, AT(result) }, { "timing", read_timing, AT(timing) },
        { "errors", read_errors, 0 },           { "message", read_pointers, AT(message) }, { "rate", read_rate, AT(rate) },
    };
#undef AT
    struct json *tree = NULL;
    struct reader r = { .a = a, .file = file, .d = out, .e = e };
    *out = (struct description){ .file = arena_str(a, file), .limits.total_ms = -1 };
    if (!desc_tree(a, text, file, source, &tree, e))
        return false;
    const struct json *params = json_get(tree, "params"); /* first: templates are checked against it */
    out->params = params && params->type == JSON_OBJECT ? params : json_object(a);
    return read_map(&r, tree, members, COUNTOF(members), out) && check_whole(&r, tree);
}
