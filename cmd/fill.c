/* fill.c - a page's text with {{names}} filled from data */
#include "cmd/fill.h"
#include <assert.h>
#include <string.h>
#include "gen/base/mem.h"

enum { DEEP = 8 };

/* Where names are looked for: the innermost item first. */
struct scope {
    const struct json *v[DEEP];
    size_t n;
};

static const struct json *look(const struct scope *s, struct str name)
{
    char key[64];
    if (str_is(name, "."))
        return s->v[s->n - 1];
    assert(name.n > 0 && name.n < sizeof key);
    memcpy(key, name.p, name.n);
    key[name.n] = '\0';
    for (size_t i = s->n; i-- > 0;) {
        const struct json *found = json_get(s->v[i], key);
        if (found)
            return found;
    }
    return NULL;
}

static bool is_something(const struct json *v)
{
    return v && v->type != JSON_NULL && !(v->type == JSON_BOOL && !v->boolean) && !(v->type == JSON_STRING && !v->string.n) &&
           !(v->type == JSON_ARRAY && !v->n);
}

static void add_value(struct buf *out, const struct json *v, bool is_raw)
{
    struct buf text = { 0 };
    if (v && v->type == JSON_NUMBER)
        json_print(&text, v, 0);
    else if (v && v->type == JSON_STRING)
        buf_adds(&text, v->string);
    if (is_raw)
        buf_adds(out, buf_str(&text));
    else
        html_escape(out, buf_str(&text));
    buf_deinit(&text);
}

static const char *find(struct str s, const char *what)
{
    return s.n ? memmem(s.p, s.n, what, strlen(what)) : NULL;
}

/* The next {{tag}} of text; false when there is none. before: what stands ahead of it; text goes on after it. */
static bool next_tag(struct str *text, struct str *before, struct str *tag)
{
    const char *at = find(*text, "{{"), *end;
    if (!at)
        return false;
    *before = (struct str){ text->p, (size_t)(at - text->p) };
    struct str rest = { at + 2, text->n - before->n - 2 };
    end = find(rest, "}}");
    assert(end);
    *tag = (struct str){ rest.p, (size_t)(end - rest.p) };
    *text = (struct str){ end + 2, rest.n - tag->n - 2 };
    return true;
}

/* text begins after {{#name}}: what stands before its {{/name}}; text goes on after that. */
static struct str inside(struct str *text, struct str name)
{
    struct str whole = *text, before, tag;
    while (next_tag(text, &before, &tag))
        if (tag.n == name.n + 1 && tag.p[0] == '/' && memcmp(tag.p + 1, name.p, name.n) == 0)
            return (struct str){ whole.p, (size_t)(before.p + before.n - whole.p) };
    assert(!"a part of a page is not ended");
    return whole;
}

static void fill_in(struct buf *out, struct str text, struct scope *s);

/* As deep as the page's own text is nested. */
static void fill_with(struct buf *out, struct str text, struct scope *s, const struct json *item)
{
    assert(s->n < DEEP);
    s->v[s->n++] = item;
    fill_in(out, text, s);
    s->n--;
}

static void fill_in(struct buf *out, struct str text, struct scope *s)
{
    struct str before, tag;
    while (next_tag(&text, &before, &tag)) {
        buf_adds(out, before);
        char kind = tag.n && strchr("#^&", tag.p[0]) ? tag.p[0] : '\0';
        struct str name = kind ? (struct str){ tag.p + 1, tag.n - 1 } : tag;
        const struct json *v = look(s, name);
        if (kind == '\0' || kind == '&') {
            add_value(out, v, kind == '&');
            continue;
        }
        struct str part = inside(&text, name);
        if (kind == '^' && !is_something(v))
            fill_in(out, part, s);
        else if (kind == '#' && is_something(v) && v->type == JSON_ARRAY)
            for (const struct json *item = v->child; item; item = item->next)
                fill_with(out, part, s, item);
        else if (kind == '#' && is_something(v))
            fill_with(out, part, s, v);
    }
    buf_adds(out, text);
}

void fill(struct buf *out, struct str text, const struct json *data)
{
    struct scope s = { { data }, 1 };
    fill_in(out, text, &s);
}

/* ---------- escaping ---------- */

void html_escape(struct buf *out, struct str s)
{
    static const char *const references[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"
    };
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (references[c])
            buf_addz(out, references[c]);
        else if (c >= ' ' ? c != 127 : c == '\n' || c == '\t')
            buf_addc(out, (char)c);
    }
}

void script_escape(struct buf *out, struct str json)
{
    for (size_t i = 0; i < json.n; i++)
        if (json.p[i] == '<')
            buf_addz(out, "\\u003c");
        else
            buf_addc(out, json.p[i]);
}

static void url_escape(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
        if (is_plain)
            buf_addc(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

/* The first component, without slashes; s goes on after it. */
static struct str component(struct str *s)
{
    while (s->n && s->p[0] == '/')
        *s = (struct str){ s->p + 1, s->n - 1 };
    const char *slash = s->n ? memchr(s->p, '/', s->n) : NULL;
    struct str c = { s->p, slash ? (size_t)(slash - s->p) : s->n };
    *s = (struct str){ s->p + c.n, s->n - c.n };
    return c;
}

void url_relative(struct buf *out, struct str dir, struct str file)
{
    struct str d = dir, f = file, rest = file;
    struct str in_dir = component(&d), in_file = component(&f);
    while (in_dir.n && in_file.n && str_eq(in_dir, in_file)) {
        rest = f;
        in_dir = component(&d);
        in_file = component(&f);
    }
    for (; in_dir.n; in_dir = component(&d))
        buf_addz(out, "../");
    while (rest.n && rest.p[0] == '/')
        rest = (struct str){ rest.p + 1, rest.n - 1 };
    url_escape(out, rest);
}
