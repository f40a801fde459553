/* desc_values.c - values of a description's YAML, checked and typed */
#include "api/desc_values.h"
#include "api/pointer.h"
#include "api/rate.h"
#include "api/template.h"
#include "gen/names.h"

bool desc_wrong(struct desc_reader *r, const struct json *v, const char *fmt, ...)
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

bool desc_misplaced(struct desc_reader *r, const struct json *v)
{
    struct err inner = *r->e;
    return desc_wrong(r, v, "%s", inner.msg);
}

bool desc_map(struct desc_reader *r, const struct json *v, const struct desc_member *members, size_t n, void *into)
{
    if (v->type != JSON_OBJECT)
        return desc_wrong(r, v, "expected a map of keys, not %s", json_type_name(v->type));
    for (const struct json *m = v->child; m; m = m->next) {
        struct nearest near = nearest_begin(m->key);
        size_t i = 0;
        for (; i < n && !str_is(m->key, members[i].name); i++)
            nearest_offer(&near, str_from(members[i].name));
        if (i == n) {
            char hint[100];
            struct json_pos at = m->key_pos;
            return err_set(r->e, ERR_CONFIG, STR_FMT ":%u:%u: unknown key '" STR_FMT "'%s", STR_ARG(r->file), at.line,
                           at.col, STR_ARG(m->key), nearest_hint(&near, hint, sizeof hint));
        }
        if (!members[i].read(r, m, (char *)into + members[i].offset))
            return false;
    }
    return true;
}

/* ---------- values ---------- */

bool desc_str(struct desc_reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_STRING || v->string.n == 0)
        return desc_wrong(r, v, "expected a text, not %s",
                          v->type == JSON_STRING ? "an empty one" : json_type_name(v->type));
    *(struct str *)into = v->string;
    return true;
}

bool desc_pointer(struct desc_reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_STRING || !pointer_valid(v->string))
        return desc_wrong(r, v, "expected a JSON pointer like /data/0/url");
    *(struct str *)into = v->string;
    return true;
}

bool desc_bool(struct desc_reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_BOOL)
        return desc_wrong(r, v, "expected true or false, not %s", json_type_name(v->type));
    *(bool *)into = v->boolean;
    return true;
}

bool desc_count(struct desc_reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_NUMBER || v->number < 0 || v->number > 1e12 || v->number != (double)(int64_t)v->number)
        return desc_wrong(r, v, "expected a whole number from 0");
    *(int64_t *)into = (int64_t)v->number;
    return true;
}

bool desc_duration(struct desc_reader *r, const struct json *v, void *into)
{
    int64_t ms = v->type == JSON_NUMBER ? rate_retry_after_ms(v->string, 0) :
                 v->type == JSON_STRING ? rate_duration_ms(v->string) : -1;
    if (ms < 0)
        return desc_wrong(r, v, "expected a duration like 500ms, 2s or 5m");
    *(int64_t *)into = ms;
    return true;
}

/* Values are compared as text: 429, true and null are "429", "true" and "null". */
static bool add_text(struct desc_reader *r, const struct json *v, struct str *out)
{
    struct buf b = { 0 };
    if (v->type == JSON_OBJECT || v->type == JSON_ARRAY)
        return desc_wrong(r, v, "expected single values, not %s", json_type_name(v->type));
    if (v->type == JSON_STRING) {
        *out = v->string;
        return true;
    }
    json_print(&b, v, 0);
    *out = arena_str(r->a, buf_str(&b));
    buf_deinit(&b);
    return true;
}

bool desc_strs(struct desc_reader *r, const struct json *v, void *into)
{
    size_t n = v->type == JSON_ARRAY ? v->n : 1, i = 0;
    struct str *list = arena_array(r->a, n ? n : 1, sizeof *list);
    for (const struct json *c = v->type == JSON_ARRAY ? v->child : v; c && i < n; c = c->next)
        if (!add_text(r, c, &list[i++]))
            return false;
    *(struct strs *)into = (struct strs){ list, n };
    return n > 0 || desc_wrong(r, v, "the list is empty");
}

bool desc_pointers(struct desc_reader *r, const struct json *v, void *into)
{
    struct strs *s = into;
    if (!desc_strs(r, v, into))
        return false;
    for (size_t i = 0; i < s->n; i++)
        if (!pointer_valid(s->v[i]))
            return desc_wrong(r, v, "'" STR_FMT "' is not a JSON pointer", STR_ARG(s->v[i]));
    return true;
}

bool desc_choice(struct desc_reader *r, const struct json *v, const char *const *names, size_t n, int *out)
{
    struct nearest near = nearest_begin(v->string);
    char hint[100];
    for (size_t i = 0; v->type == JSON_STRING && i < n; i++) {
        nearest_offer(&near, str_from(names[i]));
        if (str_is(v->string, names[i])) {
            *out = (int)i;
            return true;
        }
    }
    return desc_wrong(r, v, "'" STR_FMT "' is not known here%s", STR_ARG(v->string),
                      nearest_hint(&near, hint, sizeof hint));
}

/* The names a template may use: the engine's and the description's own params. */
bool desc_check_text(struct desc_reader *r, const struct json *v, struct str text, const char *const *extra,
                     bool has_answer)
{
    return template_check_text(text, r->d->params, extra, has_answer, r->e) || desc_misplaced(r, v);
}

bool desc_template(struct desc_reader *r, const struct json *v, void *into)
{
    return desc_str(r, v, into) && desc_check_text(r, v, v->string, desc_variables, false);
}

/* An address in an answer (a pointer), or made from one (a template). */
bool desc_address(struct desc_reader *r, const struct json *v, void *into)
{
    if (!desc_str(r, v, into))
        return false;
    if (template_has_vars(v->string))
        return desc_check_text(r, v, v->string, desc_variables, true);
    return pointer_valid(v->string) || desc_wrong(r, v, "expected a JSON pointer, or an address with ${r:/pointer}");
}
