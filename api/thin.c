/* thin.c - JSON with media inside it, read without copying the media */
#include "api/thin.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

enum { LONG = 4096, SHORT = 64, BLOCK = 1024, MARK = 1 };

struct lifted {
    struct str *v;
    size_t n, cap;
};

static bool is_odd(unsigned char c)
{
    return (c < 0x20) | (c > 0x7e) | (c == '\\') | (c == '"');
}

static size_t plain_run_slowly(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n && !is_odd((unsigned char)p[i]))
        i++;
    return i;
}

/* How many characters from p on are plain ASCII that stands for itself. */
static size_t plain_run(const char *p, size_t n)
{
    size_t i = plain_run_slowly(p, n < SHORT ? n : SHORT);
    if (i < SHORT)
        return i;                               /* most strings end before a block is worth it */
    for (; i + BLOCK <= n; i += BLOCK) {
        unsigned char bad = 0;
        for (size_t k = 0; k < BLOCK; k++)      /* a fixed length: the compiler takes many at once */
            bad |= is_odd((unsigned char)p[i + k]);
        if (bad)
            break;
    }
    return i + plain_run_slowly(p + i, n - i);
}

/* The quote that ends the string whose content begins at `at`; n: there is none. */
static size_t string_end(struct str text, size_t at)
{
    const char *quote = NULL, *end = text.p + text.n, *p = text.p + at;
    for (;;) {
        if ((!quote || quote < p) && !(quote = memchr(p, '"', (size_t)(end - p))))
            return text.n;
        const char *escape = memchr(p, '\\', (size_t)(quote - p));
        if (!escape)
            return (size_t)(quote - text.p);
        if (end - escape < 2)
            return text.n;
        p = escape + 2;
    }
}

static void lift(struct lifted *l, struct buf *thin, struct str s)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 8;
        l->v = mem_resize(l->v, l->cap, sizeof *l->v);
    }
    buf_printf(thin, "\\u%04x%zu", MARK, l->n);
    l->v[l->n++] = s;
}

/* The text without its long strings, which leave a mark and their number behind. */
static void make_thin(struct str text, struct buf *thin, struct lifted *l)
{
    size_t done = 0, at = 0;
    const char *quote;
    while (at < text.n && (quote = memchr(text.p + at, '"', text.n - at))) {
        size_t from = (size_t)(quote - text.p) + 1, n = plain_run(text.p + from, text.n - from), to = from + n;
        bool is_plain = to < text.n && text.p[to] == '"';
        struct str s = { text.p + from, n };
        if (!is_plain)
            to = string_end(text, to);
        at = to + 1;
        if (!is_plain || n < LONG)
            continue;
        buf_add(thin, text.p + done, from - done);
        lift(l, thin, s);
        done = to;
    }
    if (l->n)
        buf_add(thin, text.p + done, text.n - done);
}

static const struct str *lifted_of(const struct lifted *l, struct str s)
{
    size_t i = 0;
    if (s.n < 2 || s.n > 8 || s.p[0] != MARK)
        return NULL;
    for (size_t k = 1; k < s.n; k++) {
        if (s.p[k] < '0' || s.p[k] > '9')
            return NULL;
        i = i * 10 + (size_t)(s.p[k] - '0');
    }
    return i < l->n ? &l->v[i] : NULL;
}

/* Depth is at most 64: the parser saw to it. */
static void put_back(struct json *v, const struct lifted *l)
{
    const struct str *s = v->type == JSON_STRING ? lifted_of(l, v->string) : NULL;
    if (s)
        v->string = *s;
    for (struct json *c = v->child; c; c = c->next)
        put_back(c, l);
}

bool thin_parse(struct arena *a, struct str text, struct json **out)
{
    struct buf thin = BUF_INIT(text.n + 1);
    struct lifted l = { 0 };
    make_thin(text, &thin, &l);
    bool ok = json_parse(a, l.n ? buf_str(&thin) : text, JSON_BOM, out, NULL, NULL, NULL, NULL);
    if (ok && l.n)
        put_back(*out, &l);
    buf_deinit(&thin);
    free(l.v);
    return ok;
}

/* Depth is at most 64. */
void thin_forget(struct json *v, struct str text)
{
    if (!v || !text.n)
        return;
    if (v->type == JSON_STRING && v->string.p >= text.p && v->string.p < text.p + text.n)
        v->string = (struct str){ "", 0 };
    for (struct json *c = v->child; c; c = c->next)
        thin_forget(c, text);
}
