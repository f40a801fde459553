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

static void newline(struct buf *b, unsigned flags, size_t depth)
{
    if (!(flags & JSON_PRETTY))
        return;
    buf_addc(b, '\n');
    for (size_t i = 0; i < depth; i++)
        buf_addz(b, "  ");
}

static void print(struct buf *b, const struct json *v, unsigned flags, size_t depth);

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
            buf_addc(b, ',');
        newline(b, flags, depth + 1);
        if (is_object) {
            json_print_string(b, items[i]->key);
            buf_addz(b, flags & JSON_PRETTY ? ": " : ":");
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
    case JSON_OBJECT: print_children(b, v, flags, depth); break;
    }
}

void json_print(struct buf *b, const struct json *v, unsigned flags)
{
    print(b, v, flags, 0);
}
