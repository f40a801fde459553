/* json_check.c - a strict checker of JSON text: cJSON lets too much through */
#include "gen/base/json_check.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { MOST_DEPTH = 64, MOST_VALUES = 500000, LONGEST_NUMBER = 60 };

struct checker {
    char *p;
    size_t n, i;
    unsigned flags;
    char open[MOST_DEPTH];                      /* '[' or '{' of each level we are in */
    size_t depth;
    size_t key_at;                              /* of the value that comes next */
    bool is_fenced;
    struct json_checked *out;
    size_t *bad;
    struct err *e;
};

static bool fail(struct checker *c, size_t at, const char *what)
{
    *c->bad = at;
    return err_set(c->e, ERR_LESSON, "%s", what);
}

static void blank(struct checker *c, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (c->p[i] != '\n')
            c->p[i] = ' ';
}

static void note(struct checker *c, unsigned what, size_t at)
{
    struct json_checked *o = c->out;
    for (size_t i = 0; i < o->n_notes; i++)
        if (o->notes[i].what == what)
            return;
    o->notes[o->n_notes].what = what;
    o->notes[o->n_notes++].at = at;
}

static int peek(const struct checker *c)
{
    return c->i < c->n ? (unsigned char)c->p[c->i] : -1;
}

static bool is_at(const struct checker *c, const char *z)
{
    return str_starts((struct str){ c->p + c->i, c->n - c->i }, z);
}

static bool comment(struct checker *c)
{
    size_t from = c->i;
    if (!(c->flags & JSON_COMMENTS))
        return fail(c, from, "comments are not JSON");
    if (c->p[from + 1] == '/') {
        const char *end = memchr(c->p + from, '\n', c->n - from);
        c->i = end ? (size_t)(end - c->p) : c->n;
    } else {
        const char *end = memmem(c->p + from + 2, c->n - from - 2, "*/", 2);
        if (!end)
            return fail(c, from, "this comment has no end");
        c->i = (size_t)(end - c->p) + 2;
    }
    note(c, JSON_COMMENTS, from);
    blank(c, from, c->i);
    return true;
}

/* White space and comments. */
static bool space(struct checker *c)
{
    for (;;) {
        int ch = peek(c);
        if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r')
            c->i++;
        else if (is_at(c, "//") || is_at(c, "/*")) {
            if (!comment(c))
                return false;
        } else
            return true;
    }
}

static bool hex4(const struct checker *c, size_t at, unsigned *out)
{
    unsigned v = 0;
    if (at + 4 > c->n)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        char ch = c->p[i];
        unsigned digit = ch >= '0' && ch <= '9'   ? (unsigned)(ch - '0')
                         : ch >= 'a' && ch <= 'f' ? (unsigned)(ch - 'a' + 10)
                         : ch >= 'A' && ch <= 'F' ? (unsigned)(ch - 'A' + 10)
                                                  : 16;
        if (digit == 16)
            return false;
        v = v << 4 | digit;
    }
    *out = v;
    return true;
}

/* At the backslash of an escape. */
static bool escape(struct checker *c)
{
    size_t at = c->i++;
    int ch = peek(c);
    if (ch != 'u') {
        if (ch <= 0 || !strchr("\"\\/bfnrt", ch))
            return fail(c, at, "not an escape; allowed are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        c->i++;
        return true;
    }
    unsigned u, low;
    if (!hex4(c, c->i + 1, &u))
        return fail(c, at, "\\u needs four hexadecimal digits");
    c->i += 5;
    if (u == 0)
        return fail(c, at, "the character U+0000 is not allowed");
    if (u < 0xd800 || u > 0xdfff)
        return true;
    if (u < 0xdc00 && is_at(c, "\\u") && hex4(c, c->i + 2, &low) && low >= 0xdc00 && low <= 0xdfff) {
        c->i += 6;
        return true;
    }
    return fail(c, at, "half of a surrogate pair");
}

/* At the opening quote. */
static bool string(struct checker *c)
{
    size_t from = c->i++;
    for (;;) {
        int ch = peek(c);
        if (ch < 0)
            return fail(c, from, "this string has no closing '\"'");
        if (ch == '\n')
            return fail(c, from, "this string does not end on its line; a line break is written \\n");
        if (ch < 0x20)
            return fail(c, c->i, "a control character inside a string; a tab is written \\t");
        if (ch == '\\') {
            if (!escape(c))
                return false;
            continue;
        }
        c->i++;
        if (ch == '"')
            return true;
    }
}

static size_t digits(struct checker *c)
{
    size_t from = c->i;
    while (c->i < c->n && c->p[c->i] >= '0' && c->p[c->i] <= '9')
        c->i++;
    return c->i - from;
}

static bool number(struct checker *c)
{
    size_t from = c->i;
    if (peek(c) == '-')
        c->i++;
    if (is_at(c, "Infinity"))
        return fail(c, from, "Infinity is not a number in JSON");
    size_t whole = c->i, n = digits(c);
    if (n == 0)
        return fail(c, from, "a number needs a digit here");
    if (n > 1 && c->p[whole] == '0')
        return fail(c, from, "a number has no leading zeros");
    if (peek(c) == '.') {
        c->i++;
        if (digits(c) == 0)
            return fail(c, from, "a number needs a digit after its point");
    }
    if (peek(c) == 'e' || peek(c) == 'E') {
        c->i++;
        if (peek(c) == '+' || peek(c) == '-')
            c->i++;
        if (digits(c) == 0)
            return fail(c, from, "a number needs a digit after its e");
    }
    return true;
}

static bool is_word(int ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_';
}

static bool word(struct checker *c)
{
    static const struct { const char *text, *wrong; } words[] = {
        { "true", NULL }, { "false", NULL }, { "null", NULL },
        { "NaN", "NaN is not a number in JSON" }, { "Infinity", "Infinity is not a number in JSON" },
        { "True", "true is written in lower case" }, { "False", "false is written in lower case" },
        { "None", "nothing is written null" }, { "undefined", "nothing is written null" },
    };
    size_t from = c->i, end = from;
    while (end < c->n && is_word((unsigned char)c->p[end]))
        end++;
    struct str s = { c->p + from, end - from };
    for (size_t k = 0; k < COUNTOF(words); k++) {
        if (!str_is(s, words[k].text))
            continue;
        if (words[k].wrong)
            return fail(c, from, words[k].wrong);
        c->i = end;
        return true;
    }
    if (peek(c) == '\'')
        return fail(c, from, "strings stand in double quotes");
    return fail(c, from, c->n == from ? "the text ends where a value is expected"
                         : s.n        ? "expected a value; strings stand in double quotes"
                                      : "expected a value");
}

static bool mark(struct checker *c)
{
    struct json_checked *o = c->out;
    if (o->n == MOST_VALUES)
        return fail(c, c->i, "more than 500000 values");
    if (o->n == o->cap) {
        o->cap = o->cap ? o->cap * 2 : 64;
        o->marks = mem_resize(o->marks, o->cap, sizeof *o->marks);
    }
    o->marks[o->n++] = (struct json_mark){ .at = c->i, .end = c->i + 1, .key_at = c->key_at };
    return true;
}

/* A key and its colon. */
static bool key(struct checker *c)
{
    if (peek(c) != '"')
        return fail(c, c->i, peek(c) == '\'' || is_word(peek(c)) ? "a key stands in double quotes"
                             : c->i == c->n                       ? "the text ends where a key or '}' is expected"
                                                                  : "expected a key or '}'");
    c->key_at = c->i;
    if (!string(c) || !space(c))
        return false;
    if (peek(c) != ':')
        return fail(c, c->i, "expected ':' after the key");
    c->i++;
    return space(c);
}

/* One value at c->i; of an array or object only the opening bracket. */
static bool value(struct checker *c)
{
    int ch = peek(c);
    size_t from = c->i, k = c->out->n;
    if (!mark(c))
        return false;
    if (ch == '{' || ch == '[') {
        if (c->depth == MOST_DEPTH)
            return fail(c, from, "nested deeper than 64");
        c->open[c->depth++] = (char)ch;
        c->i++;
        return true;
    }
    if (ch == '"' ? !string(c) : ch == '-' || (ch >= '0' && ch <= '9') ? !number(c) : !word(c))
        return false;
    if (ch != '"' && is_word(peek(c)))
        return fail(c, from, "expected a value; strings stand in double quotes");
    c->out->marks[k].end = c->i;
    return true;
}

/* Between two values of a container: what ends it or leads to the next one. *is_done when a bracket closed. */
static bool between(struct checker *c, bool is_first, bool *is_done)
{
    char close = c->open[c->depth - 1] == '{' ? '}' : ']';
    *is_done = false;
    size_t comma = c->i;
    if (!is_first && peek(c) == ',') {
        c->i++;
        if (!space(c))
            return false;
        if (peek(c) == close && c->flags & JSON_TRAILING_COMMA) {
            note(c, JSON_TRAILING_COMMA, comma);
            blank(c, comma, comma + 1);
        } else if (peek(c) == close)
            return fail(c, comma, "a comma before the closing bracket");
        else
            return true;
    }
    if (peek(c) == close) {
        c->i++;
        *is_done = true;
        return true;
    }
    if (is_first)
        return true;
    return fail(c, c->i,
                c->i == c->n   ? (close == '}' ? "the text ends inside an object" : "the text ends inside an array")
                : close == '}' ? "expected ',' or '}'"
                               : "expected ',' or ']'");
}

static bool document(struct checker *c)
{
    bool is_first = true;
    if (!space(c) || !value(c))
        return false;
    size_t n_before = c->depth;
    while (n_before > 0 && c->depth > 0) {
        bool is_done;
        if (!space(c) || !between(c, is_first, &is_done))
            return false;
        is_first = false;
        if (is_done) {
            c->depth--;
            continue;
        }
        if (c->open[c->depth - 1] == '{' && !key(c))
            return false;
        size_t depth = c->depth;
        if (!value(c))
            return false;
        is_first = c->depth > depth;
    }
    return true;
}

static bool fence_open(struct checker *c)
{
    size_t at = c->i;
    while (at < c->n && strchr(" \t\r\n", c->p[at]) && c->p[at])
        at++;
    if (!(c->flags & JSON_FENCE) || !str_starts((struct str){ c->p + at, c->n - at }, "```"))
        return true;
    const char *end = memchr(c->p + at, '\n', c->n - at);
    if (!end)
        return fail(c, at, "nothing after the code fence");
    c->is_fenced = true;
    note(c, JSON_FENCE, at);
    c->i = (size_t)(end - c->p);
    blank(c, at, c->i);
    return true;
}

static bool fence_close(struct checker *c)
{
    if (!c->is_fenced)
        return true;
    if (!is_at(c, "```"))
        return fail(c, c->i, c->i == c->n ? "the code fence is not closed with ```" : "expected the closing ```");
    blank(c, c->i, c->i + 3);
    c->i += 3;
    return space(c);
}

static bool run(struct checker *c)
{
    size_t bad;
    if (!text_valid((struct str){ c->p, c->n }, &bad))
        return fail(c, bad, "not valid UTF-8");
    const char *nul = memchr(c->p, '\0', c->n);
    if (nul)
        return fail(c, (size_t)(nul - c->p), "the character U+0000 is not allowed");
    if (is_at(c, "\xef\xbb\xbf")) {
        if (!(c->flags & JSON_BOM))
            return fail(c, 0, "a byte order mark is not JSON");
        note(c, JSON_BOM, 0);
        blank(c, 0, 3);
        c->i = 3;
    }
    if (!fence_open(c) || !document(c) || !space(c) || !fence_close(c))
        return false;
    if (c->i < c->n)
        return fail(c, c->i, "text after the end of the document");
    return true;
}

bool json_check(char *text, size_t n, unsigned flags, struct json_checked *out, size_t *bad, struct err *e)
{
    struct checker c = { .p = text, .n = n, .flags = flags, .out = out, .bad = bad, .e = e };
    if (!run(&c))
        return false;
    for (size_t i = 0; i < out->n; i++) {
        const struct json_mark *m = &out->marks[i];
        if (m->end - m->at > LONGEST_NUMBER && text[m->at] != '"') {
            blank(&c, m->at, m->end);
            text[m->at] = '0';
        }
    }
    return true;
}

void json_checked_deinit(struct json_checked *c)
{
    free(c->marks);
    *c = (struct json_checked){ 0 };
}
