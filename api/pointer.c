/* pointer.c - JSON pointers (RFC 6901) with one extension: "*" */
#include "api/pointer.h"
#include <string.h>

enum { MOST_TOKENS = 16, MOST_STARS = 4 };

/* Cuts the first token off "/token/rest". */
static struct str next_token(struct str *pointer)
{
    struct str rest = { pointer->p + 1, pointer->n - 1 };
    const char *slash = rest.n ? memchr(rest.p, '/', rest.n) : NULL;
    struct str token = { rest.p, slash ? (size_t)(slash - rest.p) : rest.n };
    *pointer = (struct str){ rest.p + token.n, rest.n - token.n };
    return token;
}

/* Compares a key with a token in which ~1 is '/' and ~0 is '~'. */
static bool token_is(struct str token, struct str key)
{
    size_t k = 0;
    for (size_t i = 0; i < token.n; i++, k++) {
        char c = token.p[i];
        if (c == '~' && i + 1 < token.n)
            c = token.p[++i] == '1' ? '/' : '~';
        if (k == key.n || key.p[k] != c)
            return false;
    }
    return k == key.n;
}

static bool token_index(struct str token, size_t *index)
{
    size_t v = 0;
    if (token.n == 0 || token.n > 9 || (token.n > 1 && token.p[0] == '0'))
        return false;
    for (size_t i = 0; i < token.n; i++) {
        if (token.p[i] < '0' || token.p[i] > '9')
            return false;
        v = v * 10 + (size_t)(token.p[i] - '0');
    }
    *index = v;
    return true;
}

static const struct json *step(const struct json *at, struct str token)
{
    size_t index;
    if (at->type == JSON_ARRAY)
        return token_index(token, &index) ? json_at(at, index) : NULL;
    if (at->type != JSON_OBJECT)
        return NULL;
    for (const struct json *m = at->child; m; m = m->next)
        if (token_is(token, m->key))
            return m;
    return NULL;
}

/* Recursion is bounded by the stars of the pointer, which comes from a description, not from an answer. */
static const struct json *walk(const struct json *at, struct str pointer, int stars)
{
    while (at && pointer.n) {
        struct str token = next_token(&pointer);
        if (!str_is(token, "*")) {
            at = step(at, token);
            continue;
        }
        if (stars == MOST_STARS || (at->type != JSON_ARRAY && at->type != JSON_OBJECT))
            return NULL;
        for (const struct json *c = at->child; c; c = c->next) {
            const struct json *found = walk(c, pointer, stars + 1);
            if (found && found->type != JSON_NULL)
                return found;
        }
        return NULL;
    }
    return at;
}

const struct json *pointer_get(const struct json *root, struct str pointer)
{
    return pointer.n == 0 || pointer.p[0] == '/' ? walk(root, pointer, 0) : NULL;
}

const struct json *pointer_value(const struct json *root, struct str pointer)
{
    const struct json *v = pointer_get(root, pointer);
    return v && v->type != JSON_NULL ? v : NULL;
}

bool pointer_valid(struct str pointer)
{
    int tokens = 0, stars = 0;
    if (pointer.n && pointer.p[0] != '/')
        return false;
    while (pointer.n) {
        struct str token = next_token(&pointer);
        for (size_t i = 0; i < token.n; i++)
            if (token.p[i] == '~' && (i + 1 == token.n || (token.p[i + 1] != '0' && token.p[i + 1] != '1')))
                return false;
        stars += str_is(token, "*");
        if (++tokens > MOST_TOKENS || stars > MOST_STARS)
            return false;
    }
    return true;
}

void pointer_sibling(struct buf *out, struct str pointer, const char *token)
{
    while (pointer.n && pointer.p[pointer.n - 1] != '/')
        pointer.n--;
    buf_adds(out, pointer);
    buf_addz(out, token);
}
