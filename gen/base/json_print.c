/* json_print.c - trees of data as JSON text */
#include <stdlib.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/number.h"

void json_print_string(struct buf *b, struct str s)
{
    static const char hex[] = "0123456789abcdef";
    buf_addc(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        buf_add(b, s.p + from, i - from);
        from = i + 1;
        switch (c) {
        case '"': buf_addz(b, "\\\""); break;
        case '\\': buf_addz(b, "\\\\"); break;
        case '\b': buf_addz(b, "\\b"); break;
        case '\f': buf_addz(b, "\\f"); break;
        case '\n': buf_addz(b, "\\n"); break;
        case '\r': buf_addz(b, "\\r"); break;
        case '\t': buf_addz(b, "\\t"); break;
        default: buf_add(b, (char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6);
        }
    }
    if (s.n > from)
        buf_add(b, s.p + from, s.n - from);
    buf_addc(b, '"');
}

static int by_key(const void *a, const void *b)
{
    return str_cmp((*(const struct json *const *)a)->key, (*(const struct json *const *)b)->key);
}

static void print(struct buf *b, const struct json *v, unsigned flags, size_t depth);

/* 0 for a scalar; looks no deeper than `limit`. */
static int height(const struct json *v, int limit)
{
    int most = 0;
    if (v->type != JSON_ARRAY && v->type != JSON_OBJECT)
        return 0;
    for (const struct json *c = v->child; c && limit > 0 && most < limit; c = c->next) {
        int h = height(c, limit - 1);
        most = h > most ? h : most;
    }
    return most + 1;
}

/* The whole of a small value on one line, in the style of pretty printing. False and nothing when it does not fit. */
static bool print_line(struct buf *b, const struct json *v, unsigned flags, size_t columns)
{
    enum { FEW = 50 };
    struct buf line = { 0 }; /* text of other scripts counts by bytes */
    if (columns == 0 || v->n > FEW || height(v, 3) > 2)
        return false;
    print(&line, v, (flags & JSON_SORTED) | JSON_FIT, 0);
    bool fits = line.n <= columns;
    if (fits)
        buf_adds(b, buf_str(&line));
    buf_deinit(&line);
    return fits;
}

static void newline(struct buf *b, unsigned flags, size_t depth)
{
    if (!(flags & JSON_PRETTY))
        return;
    buf_addc(b, '\n');
    for (size_t i = 0; i < depth; i++)
        buf_addz(b, "  ");
}

static void print_children(struct buf *b, const struct json *v, unsigned flags, size_t depth)
{
    bool is_object = v->type == JSON_OBJECT;
    const struct json **items = mem_array(v->n + 1, sizeof *items);
    size_t n = 0;
    for (const struct json *c = v->child; c; c = c->next)
        items[n++] = c;
    if (is_object && flags & JSON_SORTED)
        qsort(items, n, sizeof *items, by_key);
    buf_addc(b, is_object ? '{' : '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_addz(b, (flags & (JSON_PRETTY | JSON_FIT)) == JSON_FIT ? ", " : ",");
        newline(b, flags, depth + 1);
        if (is_object) {
            json_print_string(b, items[i]->key);
            buf_addz(b, flags & (JSON_PRETTY | JSON_FIT) ? ": " : ":");
        }
        print(b, items[i], flags, depth + 1);
    }
    if (n > 0)
        newline(b, flags, depth);
    buf_addc(b, is_object ? '}' : ']');
    free(items);
}

/* Trees that were read are at most 64 deep, built ones as deep as the code that builds them. */
static void print(struct buf *b, const struct json *v, unsigned flags, size_t depth)
{
    char text[NUMBER_TEXT];
    switch (v->type) {
    case JSON_NULL: buf_addz(b, "null"); break;
    case JSON_BOOL: buf_addz(b, v->boolean ? "true" : "false"); break;
    case JSON_NUMBER: buf_adds(b, number_print(text, v->number)); break;
    case JSON_STRING: json_print_string(b, v->string); break;
    case JSON_ARRAY:
    case JSON_OBJECT: {
        enum { COLUMNS = 100 };
        size_t used = 2 * depth + v->key.n + 5;
        bool may_fit = (flags & JSON_PRETTY) && (flags & JSON_FIT) && used < COLUMNS;
        if (!may_fit || !print_line(b, v, flags, COLUMNS - used))
            print_children(b, v, flags, depth);
        break;
    }
    }
}

void json_print(struct buf *b, const struct json *v, unsigned flags)
{
    print(b, v, flags, 0);
}
