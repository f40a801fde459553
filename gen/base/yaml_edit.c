/* yaml_edit.c - one value of a YAML file that a person wrote is set */
#include "gen/base/yaml_edit.h"
#include <assert.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/base/yaml.h"

/* The text as it will be: its first `at` bytes, `added`, and what stands from `from` on. */
struct change {
    size_t at, from;
    struct buf added;
};

/* ---------- places ---------- */

static size_t line_start(struct str text, unsigned line)
{
    size_t at = 0;
    for (unsigned i = 1; i < line; i++) {
        const char *end = memchr(text.p + at, '\n', text.n - at);
        if (!end)
            return text.n;
        at = (size_t)(end - text.p) + 1;
    }
    return at;
}

/* Columns count characters. */
static size_t offset_of(struct str text, struct json_pos pos)
{
    size_t at = line_start(text, pos.line);
    for (unsigned i = 1; i < pos.col && at < text.n; i++) {
        uint32_t c;
        size_t n = text_decode((struct str){ text.p + at, text.n - at }, &c);
        at += n ? n : 1;
    }
    return at;
}

/* Behind the line that `at` lies in, its line end included. */
static size_t line_end(struct str text, size_t at)
{
    const char *end = at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;
    return end ? (size_t)(end - text.p) + 1 : text.n;
}

static const char *newline_of(struct str text)
{
    const char *first = text.n ? memchr(text.p, '\n', text.n) : NULL;
    return first && first > text.p && first[-1] == '\r' ? "\r\n" : "\n";
}

/* ---------- kinds of changes ---------- */

/* Spaces before a comment behind the value make up for what the value became longer or shorter. */
static void keep_column(struct str text, struct change *c, size_t old_n, size_t new_n)
{
    size_t n = 0;
    while (c->from + n < text.n && text.p[c->from + n] == ' ')
        n++;
    if (n < 1 || c->from + n >= text.n || text.p[c->from + n] != '#')
        return;
    size_t want = n + old_n > new_n + 1 ? n + old_n - new_n : 1;
    c->from += n;
    buf_printf(&c->added, "%*s", (int)want, "");
}

static bool replace_value(struct str text, const struct json *v, const char *value, struct change *c)
{
    size_t n = v->string.n;
    c->at = offset_of(text, v->pos);
    if (c->at + n > text.n || memcmp(text.p + c->at, v->string.p ? v->string.p : "", n) != 0)
        return false;
    c->from = c->at + n;
    if (n == 0)
        buf_addc(&c->added, ' '); /* "key:" and nothing */
    buf_addz(&c->added, value);
    keep_column(text, c, n, strlen(value));
    return true;
}

static bool is_flow(struct str text, const struct json *mapping)
{
    size_t at = offset_of(text, mapping->pos);
    return at < text.n && text.p[at] == '{';
}

static void insert_in_flow(struct str text, const struct json *mapping, const char *member, struct change *c)
{
    c->at = c->from = offset_of(text, mapping->pos) + 1;
    buf_printf(&c->added, mapping->n ? "%s, " : "%s", member);
}

/* A line of its own at c->at; the text may end without a line end. */
static void insert_line(struct str text, struct change *c, unsigned indent, const char *member)
{
    const char *nl = newline_of(text);
    bool is_open = c->at > 0 && text.p[c->at - 1] != '\n';
    c->from = c->at;
    buf_printf(&c->added, "%s%*s%s%s", is_open ? nl : "", (int)indent, "", member,
               is_open && c->at == text.n ? "" : nl);
}

static size_t rank_of(const struct yaml_edit *w, struct str key)
{
    size_t i = 0;
    while (w->order[i] && !str_is(key, w->order[i]))
        i++;
    return i;
}

/* Behind the last of those that come before it, else before the first. */
static void insert_in_block(struct str text, const struct json *mapping, const struct yaml_edit *w, const char *member,
                            struct change *c)
{
    const struct json *before = NULL;
    assert(mapping->child);                     /* an empty one is written {} */
    size_t rank = rank_of(w, str_from(w->key));
    for (const struct json *k = mapping->child; k; k = k->next)
        if (rank_of(w, k->key) < rank && !k->child)
            before = k;
    c->at = before ? line_end(text, offset_of(text, before->string.n ? before->pos : before->key_pos))
                   : line_start(text, mapping->child->key_pos.line);
    insert_line(text, c, mapping->child->key_pos.col - 1, member);
}

/* Above the first key and the comments that stand right above it. */
static size_t above_first(struct str text, const struct json *root)
{
    size_t at = line_start(text, root->child->key_pos.line);
    while (at > 0) {
        size_t start = at - 1;
        while (start > 0 && text.p[start - 1] != '\n')
            start--;
        if (text.p[start] != '#')
            break;
        at = start;
    }
    return at;
}

static void insert_mapping(struct str text, const struct json *root, const struct yaml_edit *w, const char *member,
                           struct change *c)
{
    const char *nl = newline_of(text);
    struct buf lines = { 0 };
    if (root && root->child && is_flow(text, root)) {
        buf_printf(&lines, "%s: {%s}", w->block, member);
        insert_in_flow(text, root, lines.p, c);
    } else {
        unsigned indent = root && root->child ? root->child->key_pos.col - 1 : 0;
        buf_printf(&lines, "%s:%s%*s%s", w->block, nl, (int)indent + 2, "", member);
        c->at = root && root->child ? above_first(text, root) : text.n;
        insert_line(text, c, indent, lines.p);
    }
    buf_deinit(&lines);
}

/* "workers:" with nothing behind it */
static void fill_mapping(struct str text, const struct json *block, const char *member, struct change *c)
{
    if (block->string.n) { /* null, ~ */
        c->at = offset_of(text, block->pos);
        c->from = c->at + block->string.n;
        buf_printf(&c->added, "{%s}", member);
        return;
    }
    c->at = line_end(text, offset_of(text, block->key_pos));
    insert_line(text, c, block->key_pos.col + 1, member);
}

static bool make_change(struct str text, const struct json *root, const struct yaml_edit *w, struct change *c,
                        struct err *e)
{
    const struct json *block = root ? json_get(root, w->block) : NULL;
    const struct json *value = block ? json_get(block, w->key) : NULL;
    struct buf member = { 0 };
    bool ok = true;
    buf_printf(&member, "%s: %s", w->key, w->value);
    if (value)
        ok = !value->child && replace_value(text, value, w->value, c);
    else if (!block)
        insert_mapping(text, root, w, member.p, c);
    else if (block->type == JSON_NULL)
        fill_mapping(text, block, member.p, c);
    else if (block->type == JSON_OBJECT && is_flow(text, block))
        insert_in_flow(text, block, member.p, c);
    else if (block->type == JSON_OBJECT)
        insert_in_block(text, block, w, member.p, c);
    else
        ok = false;
    buf_deinit(&member);
    return ok || err_set(e, ERR_CONFIG, "%s.%s is not written so that it can be changed here; set it to %s by hand",
                         w->block, w->key, w->value);
}

/* ---------- reading it again ---------- */

static bool parse(struct arena *a, struct str text, struct json **root, struct err *e)
{
    struct json_pos at = { 0 };
    size_t n;
    struct err why;
    *root = NULL;
    if (!yaml_parse(a, text, root, 1, &n, &at, &why))
        return err_set(e, ERR_CONFIG, "line %u, column %u: %s; mend that first", at.line, at.col, why.msg);
    if (!n)
        *root = NULL;
    return !*root || (*root)->type == JSON_OBJECT || (*root)->type == JSON_NULL ||
           err_set(e, ERR_CONFIG, "is no mapping of settings; mend that first");
}

/* Does it say what the text said, but for the value? */
static bool says(struct arena *a, const struct json *old, const struct json *new, const struct yaml_edit *w)
{
    struct json *want = old && old->type == JSON_OBJECT ? json_copy(a, old) : json_object(a);
    const struct json *block = json_get(want, w->block);
    struct json *inner = block && block->type == JSON_OBJECT ? json_copy(a, block) : json_object(a), *value = NULL;
    struct buf left = { 0 }, right = { 0 };
    struct json_pos at;
    size_t n;
    struct err e;
    bool ok = yaml_parse(a, str_from(w->value), &value, 1, &n, &at, &e) && n == 1 && new;
    if (ok) {
        json_set(a, inner, w->key, value);
        json_set(a, want, w->block, inner);
        json_print(&left, want, JSON_SORTED);
        json_print(&right, new, JSON_SORTED);
        ok = str_eq(buf_str(&left), buf_str(&right));
    }
    buf_deinit(&left);
    buf_deinit(&right);
    return ok;
}

bool yaml_edit(struct str text, const struct yaml_edit *w, struct buf *out, struct err *e)
{
    struct arena a = { 0 };
    struct json *old, *new;
    struct change c = { 0 };
    struct buf whole = { 0 };
    bool ok = parse(&a, text, &old, e) && make_change(text, old && old->type == JSON_OBJECT ? old : NULL, w, &c, e);
    if (ok) {
        buf_add(&whole, text.p, c.at);
        buf_adds(&whole, buf_str(&c.added));
        buf_add(&whole, text.p + c.from, text.n - c.from);
        ok = (parse(&a, buf_str(&whole), &new, e) && says(&a, old, new, w)) ||
             err_set(e, ERR_CONFIG, "%s.%s cannot be changed here without changing more; set it to %s by hand",
                     w->block, w->key, w->value);
    }
    if (ok)
        buf_adds(out, buf_str(&whole));
    buf_deinit(&whole);
    buf_deinit(&c.added);
    arena_deinit(&a);
    return ok;
}
