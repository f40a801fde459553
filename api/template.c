/* template.c - texts and trees with ${variables} of a provider description, filled in */
#include "api/template.h"
#include <string.h>
#include "api/pointer.h"
#include "gen/names.h"

enum { DEPTH_MAX = 32 };

/* One stretch of a template: plain text, or a variable. */
struct piece {
    struct str plain;
    struct str name;                            /* empty: plain */
    bool is_answer, is_optional, is_xml;
};

static bool read_name(struct str inside, struct piece *p, struct err *e)
{
    if (str_ends(inside, "|xml")) {
        p->is_xml = true;
        inside.n -= 4;
    }
    if (str_ends(inside, "?")) {
        p->is_optional = true;
        inside.n--;
    }
    if (str_starts(inside, "r:")) {
        p->is_answer = true;
        inside = (struct str){ inside.p + 2, inside.n - 2 };
        if (!pointer_valid(inside) || inside.n == 0)
            return err_set(e, ERR_CONFIG, "${r:" STR_FMT "}: not a JSON pointer", STR_ARG(inside));
    }
    for (size_t i = 0; !p->is_answer && i < inside.n; i++) {
        char c = inside.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return err_set(e, ERR_CONFIG, "${" STR_FMT "}: a name has letters, digits and '_', then '?' or '|xml'",
                           STR_ARG(inside));
    }
    p->name = inside;
    return inside.n > 0 || err_set(e, ERR_CONFIG, "'${}' without a name");
}

/* Takes the next piece off the front of *rest, which is not empty. */
static bool next_piece(struct str *rest, struct piece *p, struct err *e)
{
    const char *open = memmem(rest->p, rest->n, "${", 2);
    size_t n_plain = open ? (size_t)(open - rest->p) : rest->n;
    *p = (struct piece){ .plain = { rest->p, n_plain } };
    if (n_plain) {
        *rest = (struct str){ rest->p + n_plain, rest->n - n_plain };
        return true;
    }
    const char *close = memchr(rest->p, '}', rest->n);
    if (!close)
        return err_set(e, ERR_CONFIG, "'${' without '}'");
    size_t n = (size_t)(close - rest->p) + 1;
    struct str inside = { rest->p + 2, n - 3 };
    *rest = (struct str){ rest->p + n, rest->n - n };
    return read_name(inside, p, e);
}

bool template_has_vars(struct str text)
{
    return text.n && memmem(text.p, text.n, "${", 2);
}

/* The value of a variable, NULL when unset. */
static const struct json *lookup(const struct piece *p, const struct template_in *in)
{
    const struct json *v = NULL;
    if (p->is_answer) {
        v = in->answer ? pointer_value(in->answer, p->name) : NULL;
    } else {
        for (const struct json *m = in->vars ? in->vars->child : NULL; m && !v; m = m->next)
            v = str_eq(m->key, p->name) ? m : NULL;
    }
    if (!v || v->type == JSON_NULL || (v->type == JSON_STRING && v->string.n == 0))
        return NULL;
    return v;
}

static bool unset(const struct piece *p, struct err *e)
{
    return p->is_optional || err_set(e, ERR_INPUT, "'" STR_FMT "' is needed and not set", STR_ARG(p->name));
}

void percent_encode(struct buf *out, struct str text, bool keep_slash)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        (c && strchr("-._~", c)) || (keep_slash && c == '/');
        if (is_plain)
            buf_addc(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

void xml_escape(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '&': buf_addz(out, "&amp;"); break;
        case '<': buf_addz(out, "&lt;"); break;
        case '>': buf_addz(out, "&gt;"); break;
        case '"': buf_addz(out, "&quot;"); break;
        case '\'': buf_addz(out, "&apos;"); break;
        default: buf_addc(out, text.p[i]);
        }
    }
}

/* A value in a path may have slashes ("owner/model"), but no part that would lead elsewhere. */
static bool path_value_ok(struct str v)
{
    for (size_t i = 0; i <= v.n;) {
        const char *slash = i < v.n ? memchr(v.p + i, '/', v.n - i) : NULL;
        struct str part = { v.p + i, slash ? (size_t)(slash - (v.p + i)) : v.n - i };
        if (part.n == 0 || str_is(part, ".") || str_is(part, ".."))
            return false;
        i += part.n + 1;
    }
    return true;
}

static bool put_value(struct buf *out, const struct piece *p, const struct json *v, enum template_form form,
                      bool in_query, struct err *e)
{
    struct buf printed = { 0 };
    struct str s = v->string;
    bool ok = true;
    if (v->type == JSON_ARRAY || v->type == JSON_OBJECT)
        return err_set(e, ERR_INPUT, "'" STR_FMT "' is %s and cannot be part of a text", STR_ARG(p->name),
                       json_type_name(v->type));
    if (v->type != JSON_STRING) {
        json_print(&printed, v, 0);
        s = buf_str(&printed);
    }
    if (form == TEMPLATE_URL && !in_query && !path_value_ok(s))
        ok = err_set(e, ERR_INPUT, "'" STR_FMT "': '" STR_FMT "' cannot be part of an address", STR_ARG(p->name),
                     STR_ARG(s));
    else if (form == TEMPLATE_URL)
        percent_encode(out, s, !in_query);
    else if (p->is_xml)
        xml_escape(out, s);
    else
        buf_adds(out, s);
    buf_deinit(&printed);
    return ok;
}

bool template_text(struct buf *out, struct str text, enum template_form form, const struct template_in *in,
                   struct err *e)
{
    bool in_query = false;
    struct piece p;
    while (text.n) {
        if (!next_piece(&text, &p, e))
            return false;
        if (p.name.n == 0) {
            in_query = in_query || memchr(p.plain.p, '?', p.plain.n);
            buf_adds(out, p.plain);
            continue;
        }
        const struct json *v = lookup(&p, in);
        if (v ? !put_value(out, &p, v, form, in_query, e) : !unset(&p, e))
            return false;
    }
    return true;
}

static bool fill_string(struct arena *a, const struct json *t, const struct template_in *in, struct json **out,
                        struct err *e)
{
    struct str rest = t->string;
    struct piece p = { 0 };
    *out = NULL;
    if (rest.n && !next_piece(&rest, &p, e))
        return false;
    if (p.name.n && rest.n == 0 && !p.is_xml) { /* exactly one variable: its own type */
        const struct json *v = lookup(&p, in);
        if (!v)
            return unset(&p, e);
        *out = json_copy(a, v);
        return true;
    }
    struct buf b = { 0 };
    bool ok = template_text(&b, t->string, TEMPLATE_TEXT, in, e);
    if (ok)
        *out = json_string(a, buf_str(&b));
    buf_deinit(&b);
    return ok;
}

static bool fill(struct arena *a, const struct json *t, const struct template_in *in, int depth, struct json **out,
                 struct err *e);

static bool merge(struct arena *a, struct json *object, const struct json *more, struct err *e)
{
    if (!more)
        return true;
    if (more->type != JSON_OBJECT)
        return err_set(e, ERR_INPUT, "$merge needs a map, not %s", json_type_name(more->type));
    for (const struct json *m = more->child; m; m = m->next)
        json_set(a, object, arena_str(a, m->key).p, json_copy(a, m));
    return true;
}

static bool fill_children(struct arena *a, const struct json *t, const struct template_in *in, int depth,
                          struct json *to, struct err *e)
{
    const struct json *spliced = NULL;
    for (const struct json *c = t->child; c; c = c->next) {
        struct json *v = NULL;
        if (t->type == JSON_OBJECT && str_is(c->key, "$with"))
            continue;
        if (!fill(a, c, in, depth + 1, &v, e))
            return err_wrap(e, STR_FMT, STR_ARG(t->type == JSON_OBJECT ? c->key : STR("list")));
        if (t->type == JSON_ARRAY && v)
            json_push(to, v);
        else if (t->type == JSON_OBJECT && str_is(c->key, "$merge"))
            spliced = v;
        else if (t->type == JSON_OBJECT && v)
            json_set(a, to, arena_str(a, c->key).p, v);
    }
    return merge(a, to, spliced, e);
}

/* Is this a map that is only there together with a variable, which is unset? */
static bool lacks_with(const struct json *map, const struct template_in *in)
{
    const struct json *with = json_get(map, "$with");
    struct piece p = { 0 };
    if (!with || with->type != JSON_STRING || with->string.n == 0)
        return false;
    struct str rest = with->string;
    return next_piece(&rest, &p, NULL) && p.name.n && !lookup(&p, in);
}

static bool fill(struct arena *a, const struct json *t, const struct template_in *in, int depth, struct json **out,
                 struct err *e)
{
    *out = NULL;
    if (depth > DEPTH_MAX)
        return err_set(e, ERR_CONFIG, "nested deeper than %d", DEPTH_MAX);
    if (t->type == JSON_STRING)
        return fill_string(a, t, in, out, e);
    if (t->type != JSON_OBJECT && t->type != JSON_ARRAY) {
        *out = json_copy(a, t);
        return true;
    }
    if (t->type == JSON_OBJECT && depth > 0 && lacks_with(t, in))
        return true;
    *out = t->type == JSON_OBJECT ? json_object(a) : json_array(a);
    if (!fill_children(a, t, in, depth, *out, e))
        return false;
    if (t->type == JSON_OBJECT && depth > 0 && t->n && !(*out)->n)
        *out = NULL;                            /* a map of options none of which is set */
    return true;
}

bool template_tree(struct arena *a, const struct json *tree, const struct template_in *in, struct json **out,
                   struct err *e)
{
    return fill(a, tree, in, 0, out, e);
}

static bool is_known(struct str name, const struct json *names, const char *const *extra, struct nearest *near)
{
    bool found = false;
    for (const struct json *m = names ? names->child : NULL; m && !found; m = m->next) {
        found = str_eq(m->key, name);
        nearest_offer(near, m->key);
    }
    for (; extra && *extra && !found; extra++) {
        found = str_is(name, *extra);
        nearest_offer(near, str_from(*extra));
    }
    return found;
}

bool template_check_text(struct str text, const struct json *names, const char *const *extra, bool has_answer,
                         struct err *e)
{
    struct piece p;
    while (text.n) {
        if (!next_piece(&text, &p, e))
            return false;
        if (p.is_answer && !has_answer)
            return err_set(e, ERR_CONFIG, "${r:" STR_FMT "}: there is no answer yet here", STR_ARG(p.name));
        if (p.name.n == 0 || p.is_answer)
            continue;
        struct nearest near = nearest_begin(p.name);
        char hint[100];
        if (!is_known(p.name, names, extra, &near))
            return err_set(e, ERR_CONFIG, "unknown variable '" STR_FMT "'%s", STR_ARG(p.name),
                           nearest_hint(&near, hint, sizeof hint));
    }
    return true;
}

/* Walks without recursion: children first, then siblings of the nearest ancestor, found again by a small stack. */
bool template_check_tree(const struct json *tree, const struct json *names, const char *const *extra, bool has_answer,
                         const struct json **at, struct err *e)
{
    const struct json *stack[DEPTH_MAX + 1];
    int depth = 0;
    stack[0] = tree;
    while (depth >= 0) {
        const struct json *v = stack[depth];
        *at = v;
        if (v->type == JSON_STRING && !template_check_text(v->string, names, extra, has_answer, e))
            return false;
        if (v->child) {
            if (depth == DEPTH_MAX)
                return err_set(e, ERR_CONFIG, "nested deeper than %d", DEPTH_MAX);
            stack[++depth] = v->child;
            continue;
        }
        while (depth >= 0 && (depth == 0 || !stack[depth]->next))
            depth--;
        if (depth > 0)
            stack[depth] = stack[depth]->next;
    }
    return true;
}
