/* remote.c - a job at a service */
#include "api/remote.h"
#include "api/pointer.h"
#include "api/template.h"
#include "gen/base/mem.h"

enum { REMOTE_VERSION = 1 };

static bool is_among(const struct strs *list, struct str v)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], v))
            return true;
    return false;
}

enum remote_state remote_state(const struct description *d, const struct json *answer)
{
    const struct desc_status *s = &d->status;
    const struct json *v = answer ? pointer_value(answer, s->at) : NULL;
    struct buf b = { 0 };
    if (!v)
        buf_addz(&b, "null");
    else if (v->type == JSON_STRING)
        buf_adds(&b, v->string);
    else
        json_print(&b, v, 0);
    struct str word = buf_str(&b);
    enum remote_state state = v ? REMOTE_WAIT : REMOTE_UNKNOWN;
    if (is_among(&s->ok, word))
        state = REMOTE_OK;
    else if (is_among(&s->fail, word))
        state = REMOTE_FAIL;
    else if (is_among(&s->wait, word))
        state = REMOTE_WAIT;
    buf_deinit(&b);
    return state;
}

static bool check(struct str url, const struct provider *p, struct err *e)
{
    struct http_url u;
    return http_url_parse(url, &u, e) && (u.is_https || u.is_loopback || http_same_origin(&u, &p->origin) ||
                                          err_set(e, ERR_CONFIG, "plain http to %s", u.host));
}

bool remote_address(struct arena *a, const struct provider *p, const struct json *vars, const struct json *answer,
                    struct str from, struct str *out, struct err *e)
{
    struct template_in in = { .vars = vars, .answer = answer };
    struct buf b = { 0 };
    bool ok = true;
    *out = (struct str){ 0 };
    if (from.n == 0)
        return true;
    if (template_has_vars(from)) {
        if (from.p[0] == '/')
            buf_adds(&b, p->base);
        ok = template_text(&b, from, TEMPLATE_URL, &in, e);
    } else {
        const struct json *v = answer ? pointer_value(answer, from) : NULL;
        if (v && v->type == JSON_STRING)
            ok = http_url_join(&b, p->base, v->string, e);
    }
    if (ok && b.n) {
        ok = check(buf_str(&b), p, e);
        *out = arena_str(a, buf_str(&b));
    }
    buf_deinit(&b);
    return ok || err_wrap(e, "the address in its answer");
}

char *remote_print(const struct remote *m, const struct provider *p)
{
    const struct { const char *name; struct str value; } rows[] = {
        { "poll", m->poll }, { "cancel", m->cancel }, { "collect", m->collect }, { "result", m->result },
    };
    struct arena a = { 0 };
    struct json *o = json_object(&a);
    struct buf b = { 0 };
    json_set(&a, o, "v", json_number(&a, REMOTE_VERSION));
    json_set(&a, o, "provider", json_string(&a, p->desc.id));
    for (size_t i = 0; i < COUNTOF(rows); i++)
        if (rows[i].value.n)
            json_set(&a, o, rows[i].name, json_string(&a, rows[i].value));
    json_print(&b, o, 0);
    arena_deinit(&a);
    return buf_take(&b);
}

bool remote_read(struct arena *a, const struct provider *p, struct str text, struct remote *m, struct err *e)
{
    const struct { const char *name; struct str *value; } rows[] = {
        { "poll", &m->poll }, { "cancel", &m->cancel }, { "collect", &m->collect }, { "result", &m->result },
    };
    struct json *o = NULL;
    if (!json_parse(a, text, 0, &o, NULL, NULL, NULL, e) ||
        !str_eq(json_str_or(o, "provider", (struct str){ 0 }), p->desc.id))
        return err_set(e, ERR_LOST, STR_FMT ": what was kept of the job cannot be read", STR_ARG(p->desc.id));
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        *rows[i].value = json_str_or(o, rows[i].name, (struct str){ 0 });
        if (rows[i].value->n && !check(*rows[i].value, p, e))
            return err_wrap(e, STR_FMT ": what was kept of the job", STR_ARG(p->desc.id));
    }
    return m->poll.n || m->result.n ||
           err_set(e, ERR_LOST, STR_FMT ": what was kept of the job has no address", STR_ARG(p->desc.id));
}
