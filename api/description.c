/* description.c - what a provider's YAML file says, checked and typed */
#include "api/description.h"
#include <string.h>
#include "api/desc_extend.h"
#include "api/desc_values.h"
#include "api/headers.h"
#include "api/pointer.h"
#include "api/template.h"
#include "gen/base/mem.h"

const char *const desc_variables[] = { "prompt", "text",   "negative", "model", "voice",   "size",
                                       "width",  "height", "aspect",   "ratio", "seconds", "seed",
                                       "speed",  "prev",   "next",     "input", "system",  "schema",
                                       NULL };

static const char *const kind_names[] = {
#define X(id, name) name,
    DESC_KINDS(X)
#undef X
};

const char *desc_kind_name(enum desc_kind k)
{
    return (unsigned)k < DESC_N_KINDS ? kind_names[k] : "unknown";
}

/* ---------- the keys ---------- */

static bool read_kind(struct desc_reader *r, const struct json *v, void *into)
{
    int i = 0;
    if (!desc_choice(r, v, kind_names, COUNTOF(kind_names), &i))
        return false;
    *(enum desc_kind *)into = (enum desc_kind)i;
    return true;
}

static bool read_base(struct desc_reader *r, const struct json *v, void *into)
{
    if (!desc_str(r, v, into) || !desc_check_text(r, v, v->string, NULL, false))
        return false;
    return str_starts(v->string, "https://") || str_starts(v->string, "http://") ||
           desc_wrong(r, v, "expected an address that begins with https://");
}

static bool read_exec(struct desc_reader *r, const struct json *v, void *into)
{
    return desc_argv(r, v, into);
}

static bool read_params(struct desc_reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_OBJECT)
        return desc_wrong(r, v, "expected a map of values");
    if (json_get(v, "key"))
        return desc_wrong(r, v, "'key' is the secret and cannot be a param");
    *(const struct json **)into = v;
    return true;
}

static bool read_pairs(struct desc_reader *r, const struct json *v, int how, char sign, struct size_rule *rule)
{
    struct size_pair *list = arena_array(r->a, v->n + 1, sizeof *list);
    size_t n = 0;
    if (v->type != JSON_ARRAY || v->n == 0)
        return desc_wrong(r, v, "expected a list of sizes");
    for (const struct json *c = v->child; c; c = c->next)
        if (c->type != JSON_STRING || !size_parse(c->string, sign, &list[n++]))
            return desc_wrong(r, v, "expected sizes like \"16%c9\", in quotes", sign);
    if (rule->how != SIZE_FRAME)
        return desc_wrong(r, v, "only one of sizes, aspects, ratios and multiple");
    *rule = (struct size_rule){ .how = how, .list = list, .n_list = n, .max_pixels = rule->max_pixels };
    return true;
}

static bool read_sizes(struct desc_reader *r, const struct json *v, void *into)
{
    return read_pairs(r, v, SIZE_SIZES, 'x', into);
}

static bool read_aspects(struct desc_reader *r, const struct json *v, void *into)
{
    return read_pairs(r, v, SIZE_ASPECTS, ':', into);
}

static bool read_ratios(struct desc_reader *r, const struct json *v, void *into)
{
    return read_pairs(r, v, SIZE_RATIOS, ':', into);
}

static bool read_multiple(struct desc_reader *r, const struct json *v, void *into)
{
    struct size_rule *rule = into;
    int64_t n = 0;
    if (!desc_count(r, v, &n))
        return false;
    if (n < 1 || n > 1024 || rule->how != SIZE_FRAME)
        return desc_wrong(r, v,
                          n < 1 || n > 1024 ? "expected 1 to 1024" : "only one of sizes, aspects, ratios and multiple");
    rule->how = SIZE_MULTIPLE;
    rule->multiple = (int)n;
    return true;
}

static bool read_max_pixels(struct desc_reader *r, const struct json *v, void *into)
{
    return desc_count(r, v, &((struct size_rule *)into)->max_pixels);
}

static bool read_seconds(struct desc_reader *r, const struct json *v, void *into)
{
    struct desc_limits *limits = into;
    size_t n = v->type == JSON_ARRAY ? v->n : 1, i = 0;
    double *list = arena_array(r->a, n + 1, sizeof *list);
    for (const struct json *c = v->type == JSON_ARRAY ? v->child : v; c && i < n; c = c->next, i++) {
        if (c->type != JSON_NUMBER || c->number <= 0 || c->number > 3600)
            return desc_wrong(r, v, "expected seconds, or a list of them");
        list[i] = c->number;
    }
    limits->seconds = list;
    limits->n_seconds = i;
    return i > 0 || desc_wrong(r, v, "the list is empty");
}

static bool read_text_bytes(struct desc_reader *r, const struct json *v, void *into)
{
    struct desc_limits *l = into;
    l->in_bytes = true;
    return desc_count(r, v, &l->max_chars);
}

static bool read_limits(struct desc_reader *r, const struct json *v, void *into)
{
#define AT(field) offsetof(struct desc_limits, field)
    static const struct desc_member members[] = {
        { "concurrency", desc_count, AT(concurrency) }, { "rpm", desc_count, AT(rpm) },
        { "tpm", desc_count, AT(tpm) },
        { "text_bytes", read_text_bytes, 0 },
        { "text_chars", desc_count, AT(max_chars) },    { "prompt_chars", desc_count, AT(max_chars) },
        { "timeout", desc_duration, AT(total_ms) },     { "lane", desc_str, AT(lane) },
        { "per_model", desc_bool, AT(per_model) },
        { "seconds", read_seconds, 0 },                 { "sizes", read_sizes, AT(size) },
        { "aspects", read_aspects, AT(size) },          { "ratios", read_ratios, AT(size) },
        { "multiple", read_multiple, AT(size) },        { "max_pixels", read_max_pixels, AT(size) },
    };
#undef AT
    return desc_map(r, v, members, COUNTOF(members), into);
}

static bool read_headers(struct desc_reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_OBJECT)
        return desc_wrong(r, v, "expected a map of headers");
    for (const struct json *m = v->child; m; m = m->next) {
        struct str ignored;
        if (!header_name_ok(m->key))
            return desc_wrong(r, m, "'" STR_FMT "' is not the name of a header", STR_ARG(m->key));
        if (m->type == JSON_OBJECT || m->type == JSON_ARRAY || m->type == JSON_NULL)
            return desc_wrong(r, m, "expected a text");
        if (m->type == JSON_STRING && !desc_template(r, m, &ignored))
            return false;
        if (!header_value_ok(m->string))
            return desc_wrong(r, m, "has control characters");
    }
    *(const struct json **)into = v;
    return true;
}

static bool take_method(struct desc_reader *r, const struct json *v, struct desc_request *q, const char *method)
{
    if (q->method)
        return desc_wrong(r, v, "only one method");
    q->method = method;
    return true;
}

#define METHOD(name, METHOD_NAME, reader_of_path)                                              \
    static bool name(struct desc_reader *r, const struct json *v, void *into)                       \
    {                                                                                          \
        struct desc_request *q = into;                                                         \
        return take_method(r, v, q, METHOD_NAME) && reader_of_path(r, v, &q->path);            \
    }
METHOD(read_post, "POST", desc_template)
METHOD(read_get, "GET", desc_template)
METHOD(read_put, "PUT", desc_template)
METHOD(read_delete, "DELETE", desc_template)
METHOD(read_cancel_post, "POST", desc_address)
METHOD(read_cancel_put, "PUT", desc_address)
METHOD(read_cancel_delete, "DELETE", desc_address)
#undef METHOD

static bool take_body(struct desc_reader *r, const struct json *v, struct desc_request *q, int form)
{
    const struct json *at = v;
    if (q->body_form != BODY_NONE)
        return desc_wrong(r, v, "only one of json, form and text");
    q->body_form = form;
    q->body = v;
    return template_check_tree(v, r->d->params, desc_variables, false, &at, r->e) || desc_misplaced(r, at);
}

static bool read_json(struct desc_reader *r, const struct json *v, void *into)
{
    return take_body(r, v, into, BODY_JSON);
}

static bool read_form(struct desc_reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_OBJECT)
        return desc_wrong(r, v, "expected a map of fields");
    for (const struct json *m = v->child; m; m = m->next)
        if (m->type == JSON_OBJECT || m->type == JSON_ARRAY || m->type == JSON_NULL)
            return desc_wrong(r, m, "a field of a form is a single value");
    return take_body(r, v, into, BODY_FORM);
}

static bool read_text(struct desc_reader *r, const struct json *v, void *into)
{
    return v->type == JSON_STRING ? take_body(r, v, into, BODY_TEXT) : desc_wrong(r, v, "expected a text");
}

/* Of a description without a base: what is wanted is the address of it. */
static bool is_address(const struct desc_request *q)
{
    return strcmp(q->method, "GET") == 0 && (str_is(q->path, "${prompt}") || str_is(q->path, "${text}"));
}

static bool read_request(struct desc_reader *r, const struct json *v, void *into)
{
    static const struct desc_member members[] = {
        { "post", read_post, 0 }, { "get", read_get, 0 }, { "put", read_put, 0 }, { "delete", read_delete, 0 },
        { "headers", read_headers, offsetof(struct desc_request, headers) },
        { "json", read_json, 0 }, { "form", read_form, 0 }, { "text", read_text, 0 },
        { "type", desc_template, offsetof(struct desc_request, type) },
    };
    struct desc_request *q = into;
    if (!desc_map(r, v, members, COUNTOF(members), into))
        return false;
    if (!q->method || (q->path.p[0] != '/' && !is_address(q)))
        return desc_wrong(r, v, "needs one of post, get, put or delete with a path that begins with '/'");
    return true;
}

static bool read_status(struct desc_reader *r, const struct json *v, void *into)
{
    static const struct desc_member members[] = {
        { "at", desc_pointer, offsetof(struct desc_status, at) },
        { "ok", desc_strs, offsetof(struct desc_status, ok) },
        { "wait", desc_strs, offsetof(struct desc_status, wait) },
        { "fail", desc_strs, offsetof(struct desc_status, fail) },
    };
    struct desc_status *s = into;
    return desc_map(r, v, members, COUNTOF(members), into) &&
           ((s->at.p && s->ok.n) || desc_wrong(r, v, "needs at and ok"));
}

static bool read_poll(struct desc_reader *r, const struct json *v, void *into)
{
    static const struct desc_member members[] = {
        { "get", desc_address, offsetof(struct desc_poll, get) },
        { "collect", desc_address, offsetof(struct desc_poll, collect) },
        { "every", desc_duration, offsetof(struct desc_poll, every_ms) },
        { "timeout", desc_duration, offsetof(struct desc_poll, timeout_ms) },
        { "key", desc_bool, offsetof(struct desc_poll, key) },
    };
    struct desc_poll *p = into;
    *p = (struct desc_poll){ .every_ms = 2000, .timeout_ms = 600 * 1000 };
    return desc_map(r, v, members, COUNTOF(members), into) && (p->get.p || desc_wrong(r, v, "needs get")) &&
           ((p->every_ms >= 1 && p->timeout_ms >= p->every_ms) ||
            desc_wrong(r, v, "every must be above 0 and below timeout"));
}

static bool read_cancel(struct desc_reader *r, const struct json *v, void *into)
{
    static const struct desc_member members[] = {
        { "post", read_cancel_post, 0 }, { "put", read_cancel_put, 0 }, { "delete", read_cancel_delete, 0 },
    };
    struct desc_request *q = into;
    return desc_map(r, v, members, COUNTOF(members), into) &&
           (q->method || desc_wrong(r, v, "needs post, put or delete"));
}

static bool read_as(struct desc_reader *r, const struct json *v, void *into)
{
    static const char *const names[] = { "base64", "url", "body", "json", "text" };
    int i = 0;
    if (!desc_choice(r, v, names, COUNTOF(names), &i))
        return false;
    ((struct desc_result *)into)->as = i;
    return true;
}

static bool read_pcm(struct desc_reader *r, const struct json *v, void *into)
{
    struct desc_result *q = into;
    if (v->type == JSON_STRING && str_is(v->string, "mime")) {
        q->pcm_mime = true;
        return true;
    }
    if (v->type != JSON_NUMBER || !(v->number >= 8000 && v->number <= 192000))
        return desc_wrong(r, v, "expected a sample rate of 8000 to 192000, or mime");
    q->pcm_rate = (uint32_t)v->number;
    return true;
}

/* Pointers; or, for an address that has to be put together, one template. */
static bool read_result_at(struct desc_reader *r, const struct json *v, void *into)
{
    struct str address;
    struct strs *list = into;
    if (v->type != JSON_STRING || !template_has_vars(v->string))
        return desc_pointers(r, v, into);
    if (!desc_address(r, v, &address))
        return false;
    struct str *one = arena_alloc(r->a, sizeof *one);
    *one = address;
    *list = (struct strs){ one, 1 };
    return true;
}

static bool read_result(struct desc_reader *r, const struct json *v, void *into)
{
    static const struct desc_member members[] = {
        { "at", read_result_at, offsetof(struct desc_result, at) },
        { "as", read_as, 0 },
        { "pcm", read_pcm, 0 },
        { "key", desc_bool, offsetof(struct desc_result, key) },
    };
    struct desc_result *q = into;
    if (!desc_map(r, v, members, COUNTOF(members), into))
        return false;
    if (!json_get(v, "as") || (q->as != RESULT_BODY && q->at.n == 0))
        return desc_wrong(r, v, "needs as, and at unless the body is the result");
    if (q->at.n && template_has_vars(q->at.v[0]) && q->as != RESULT_URL)
        return desc_wrong(r, v, "a template is an address: as: url");
    return true;
}

static bool read_timing(struct desc_reader *r, const struct json *v, void *into)
{
#define AT(field) offsetof(struct desc_timing, field)
    static const struct desc_member members[] = {
        { "chars", desc_pointer, AT(chars) }, { "items", desc_pointer, AT(items) }, { "text", desc_pointer, AT(text) },
        { "start", desc_pointer, AT(start) }, { "end", desc_pointer, AT(end) },
    };
#undef AT
    struct desc_timing *t = into;
    return desc_map(r, v, members, COUNTOF(members), into) &&
           (((t->chars.p != NULL) != (t->items.p != NULL) && t->start.p && t->end.p && (!t->items.p || t->text.p)) ||
            desc_wrong(r, v, "needs {chars, start, end} or {items, text, start, end}"));
}

static bool read_class(struct desc_reader *r, const struct json *v, void *into)
{
    static const char *const names[] = { "rate", "server", "auth", "quota", "policy", "input", "lost", "partial" };
    static const enum err_code codes[] = { ERR_RATE,   ERR_SERVER, ERR_AUTH, ERR_QUOTA,
                                           ERR_POLICY, ERR_INPUT,  ERR_LOST, ERR_MEDIA };
    int i = 0;
    if (!desc_choice(r, v, names, COUNTOF(names), &i))
        return false;
    *(enum err_code *)into = codes[i];
    return true;
}

static bool read_errors(struct desc_reader *r, const struct json *v, void *into)
{
#define AT(field) offsetof(struct desc_rule, field)
    static const struct desc_member members[] = {
        { "status", desc_strs, AT(status) }, { "at", desc_pointer, AT(at) }, { "header", desc_str, AT(header) },
        { "is", desc_strs, AT(is) },         { "has", desc_strs, AT(has) },  { "class", read_class, AT(code) },
    };
#undef AT
    struct desc_rule *rules = arena_array(r->a, v->n + 1, sizeof *rules);
    size_t n = 0;
    (void)into;
    if (v->type != JSON_ARRAY)
        return desc_wrong(r, v, "expected a list of rules");
    for (const struct json *c = v->child; c; c = c->next) {
        struct desc_rule *rule = &rules[n++];
        if (!desc_map(r, c, members, COUNTOF(members), rule))
            return false;
        if (rule->code == ERR_NONE || (rule->at.p && rule->header.p))
            return desc_wrong(r, c, "a rule needs class, and at most one of at and header");
        if ((rule->is.n || rule->has.n) && !rule->at.p && !rule->header.p)
            return desc_wrong(r, c, "'is' and 'has' need at or header");
        if (!rule->status.n && !rule->at.p && !rule->header.p)
            return desc_wrong(r, c, "a rule needs status, at or header");
    }
    r->d->rules = rules;
    r->d->n_rules = n;
    return true;
}

static bool read_rate(struct desc_reader *r, const struct json *v, void *into)
{
#define AT(field) offsetof(struct desc_rate, field)
    static const struct desc_member members[] = {
        { "limit", desc_str, AT(limit) }, { "remaining", desc_str, AT(remaining) }, { "reset", desc_str, AT(reset) },
        { "in_flight", desc_str, AT(in_flight) }, { "delay", desc_pointer, AT(delay) },
    };
#undef AT
    return desc_map(r, v, members, COUNTOF(members), into);
}

/* A program knows by itself what the other keys say of a service. */
static bool check_exec(struct desc_reader *r, const struct json *tree)
{
    static const char *const known[] = { "id", "kind", "exec", "auth", "params", "limits" };
    for (const struct json *m = tree->child; m; m = m->next) {
        bool is_known = false;
        for (size_t i = 0; i < COUNTOF(known); i++)
            is_known = is_known || str_is(m->key, known[i]);
        if (!is_known)
            return desc_wrong(r, m, "a program has id, kind, exec, auth, params and limits");
    }
    r->d->result.as = RESULT_BODY;
    return r->d->auth.how == AUTH_NONE || r->d->auth.how == AUTH_PASS ||
           desc_wrong(r, json_get(tree, "auth"), "of a program, names in env the variables that it sees, and no more");
}

static bool check_whole(struct desc_reader *r, const struct json *tree)
{
    static const char *const needed[] = { "id", "kind", "base", "request", "result" };
    const struct description *d = r->d;
    bool is_open = d->request.method && is_address(&d->request);
    for (size_t i = 0; i < (d->exec.n ? 2 : COUNTOF(needed)); i++)
        if (!json_get(tree, needed[i]) && !(is_open && i == 2))
            return err_set(r->e, ERR_CONFIG, STR_FMT ": '%s' is missing%s", STR_ARG(r->file), needed[i],
                           i < 2 ? "" : " (or exec, for a program)");
    if (d->exec.n && !check_exec(r, tree))
        return false;
    if (is_open && d->base.n)
        return desc_wrong(r, json_get(tree, "request"), "a path behind a base begins with '/'");
    if (is_open && d->auth.how != AUTH_NONE)
        return desc_wrong(r, json_get(tree, "auth"), "goes to a base only");
    if (!d->exec.n && d->auth.how == AUTH_PASS)
        return desc_wrong(r, json_get(tree, "auth"), "needs one of header, basic, query or sigv4");
    if (d->poll.get.p && !d->status.at.p)
        return desc_wrong(r, json_get(tree, "poll"), "needs status");
    if (d->status.at.p && !d->poll.get.p)
        return desc_wrong(r, json_get(tree, "status"), "needs poll");
    if (d->cancel.method && !d->poll.get.p)
        return desc_wrong(r, json_get(tree, "cancel"), "needs poll");
    if (d->poll.get.p && d->result.as == RESULT_BODY)
        return desc_wrong(r, json_get(tree, "result"), "a service that is polled has no media in its body");
    for (size_t i = 0; i < d->id.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", d->id.p[i]))
            return desc_wrong(r, json_get(tree, "id"), "has lower-case letters, digits, '-' and '_'");
    return true;
}

bool description_read(struct arena *a, struct str text, struct str file, const struct desc_source *source,
                      struct description *out, struct err *e)
{
#define AT(field) offsetof(struct description, field)
    static const struct desc_member members[] = {
        { "id", desc_str, AT(id) },
        { "kind", read_kind, AT(kind) },
        { "exec", read_exec, AT(exec) },
        { "base", read_base, AT(base) },
        { "auth", desc_read_auth, AT(auth) },
        { "params", read_params, AT(params) },
        { "limits", read_limits, AT(limits) },
        { "request", read_request, AT(request) },
        { "status", read_status, AT(status) },
        { "poll", read_poll, AT(poll) },
        { "cancel", read_cancel, AT(cancel) },
        { "result", read_result, AT(result) },
        { "timing", read_timing, AT(timing) },
        { "errors", read_errors, 0 },
        { "message", desc_pointers, AT(message) },
        { "rate", read_rate, AT(rate) },
        { "usage", desc_read_usage, AT(usage) },
    };
#undef AT
    struct json *tree = NULL;
    struct desc_reader r = { .a = a, .file = file, .d = out, .e = e };
    *out = (struct description){ .file = arena_str(a, file), .limits.total_ms = -1 };
    if (!desc_tree(a, text, file, source, &tree, e))
        return false;
    const struct json *params = json_get(tree, "params"); /* first: templates are checked against it */
    out->params = params && params->type == JSON_OBJECT ? params : json_object(a);
    return desc_map(&r, tree, members, COUNTOF(members), out) && check_whole(&r, tree);
}
