/* bundle.c - one file, several lessons: a JSON array of them, or one after the other (JSONL) */
#include "gen/lesson/bundle.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

struct cursor {
    struct str text;
    size_t at;
    struct json_pos pos;
};

struct parts {
    struct bundle_part *v;
    size_t n, cap;
};

static void add(struct parts *p, struct str text, struct json_pos at)
{
    if (p->n == p->cap) {
        p->cap = p->cap ? 2 * p->cap : 64;
        p->v = mem_resize(p->v, p->cap, sizeof *p->v);
    }
    p->v[p->n++] = (struct bundle_part){ text, at };
}

static bool is_end(const struct cursor *c)
{
    return c->at >= c->text.n;
}

static char here(const struct cursor *c)
{
    return is_end(c) ? '\0' : c->text.p[c->at];
}

static bool starts(const struct cursor *c, const char *what)
{
    size_t n = strlen(what);
    return c->text.n - c->at >= n && memcmp(c->text.p + c->at, what, n) == 0;
}

/* One byte on; a column is a code point, so bytes that continue one do not count. */
static void step(struct cursor *c)
{
    char was = c->text.p[c->at++];
    if (was == '\n')
        c->pos = (struct json_pos){ c->pos.line + 1, 1 };
    else if (is_end(c) || ((unsigned char)c->text.p[c->at] & 0xC0) != 0x80)
        c->pos.col++;
}

static void skip_to(struct cursor *c, const char *end)
{
    while (!is_end(c) && !starts(c, end))
        step(c);
    for (size_t i = 0; !is_end(c) && i < strlen(end); i++)
        step(c);
}

/* Spaces and the comments that a lesson may have. */
static void skip_blank(struct cursor *c)
{
    for (;;) {
        if (!is_end(c) && strchr(" \t\r\n", here(c)))
            step(c);
        else if (starts(c, "//"))
            skip_to(c, "\n");
        else if (starts(c, "/*"))
            skip_to(c, "*/");
        else if (c->at == 0 && starts(c, "\xEF\xBB\xBF"))
            c->at += 3;
        else
            return;
    }
}

static void skip_string(struct cursor *c)
{
    step(c);
    while (!is_end(c) && here(c) != '"') {
        if (here(c) == '\\')
            step(c);
        if (!is_end(c))
            step(c);
    }
    if (!is_end(c))
        step(c);
}

/* From an opening brace behind the one that closes it; false: there is none. */
static bool skip_object(struct cursor *c)
{
    size_t depth = 0;
    while (!is_end(c)) {
        char b = here(c);
        if (b == '"') {
            skip_string(c);
            continue;
        }
        if (starts(c, "//") || starts(c, "/*")) {
            skip_blank(c);
            continue;
        }
        depth += b == '{' || b == '[';
        depth -= b == '}' || b == ']';
        step(c);
        if (depth == 0)
            return true;
    }
    return false;
}

/* Objects with `between` (or nothing when it is 0) between them, up to `end` (or the text's end). False: something else
 * is there. */
static bool split_objects(struct cursor *c, char between, char end, struct parts *out)
{
    for (;;) {
        skip_blank(c);
        if (end ? here(c) == end : is_end(c))
            break;
        struct json_pos pos = c->pos;
        size_t from = c->at;
        if (here(c) != '{' || !skip_object(c))
            return false;
        add(out, (struct str){ c->text.p + from, c->at - from }, pos);
        skip_blank(c);
        if (between && here(c) == between)
            step(c);
        else if (between && here(c) != end)
            return false;
    }
    if (end)
        step(c);
    skip_blank(c);
    return is_end(c);
}

static void split_lines(struct str text, struct parts *out)
{
    unsigned line = 1;
    for (size_t from = 0; from < text.n; line++) {
        const char *newline = memchr(text.p + from, '\n', text.n - from);
        size_t end = newline ? (size_t)(newline - text.p) : text.n;
        struct str part = { text.p + from, end - from };
        if (str_trim(part).n)
            add(out, part, (struct json_pos){ line, 1 });
        from = end + 1;
    }
}

bool bundle_is_lines(struct str path)
{
    return str_ends(path, ".jsonl") || str_ends(path, ".ndjson");
}

void bundle_split(struct arena *a, struct str text, bool is_lines, struct bundle *out)
{
    struct cursor c = { .text = text, .pos = { 1, 1 } };
    struct parts parts = { 0 };
    *out = (struct bundle){ 0 };
    skip_blank(&c);
    bool is_array = here(&c) == '[', is_clear = true;
    if (is_lines)
        split_lines(text, &parts);
    else if (is_array) {
        step(&c);
        is_clear = split_objects(&c, ',', ']', &parts);
    } else
        is_clear = split_objects(&c, '\0', '\0', &parts);
    if (!is_clear || (!is_array && !is_lines && parts.n < 2)) {
        out->is_alone = true;
        parts.n = 0;
        add(&parts, text, (struct json_pos){ 1, 1 });
    }
    out->v = arena_array(a, parts.n, sizeof *out->v);
    out->n = parts.n;
    if (parts.n)
        memcpy(out->v, parts.v, parts.n * sizeof *out->v);
    free(parts.v);
}
