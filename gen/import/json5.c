/* json5.c - JSON as people write it by hand, made into JSON */
#include "gen/import/json5.h"
#include <string.h>

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

/* From the opening quote to behind the closing one. */
static size_t text_end(struct str s, size_t i)
{
    char quote = s.p[i++];
    while (i < s.n && s.p[i] != quote)
        i += s.p[i] == '\\' && i + 1 < s.n ? 2 : 1;
    return i < s.n ? i + 1 : s.n;
}

static size_t comment_end(struct str s, size_t i)
{
    const char *ending = s.p[i + 1] == '/' ? "\n" : "*/";
    const char *end = memmem(s.p + i + 2, s.n - i - 2, ending, strlen(ending));
    return end ? (size_t)(end - s.p) + strlen(ending) : s.n;
}

/* What stands between quotes, for double ones; a line that goes on behind a backslash is one. */
static void requote(struct str inside, struct buf *out)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < inside.n; i++) {
        char c = inside.p[i], next = i + 1 < inside.n ? inside.p[i + 1] : '\0';
        if (c == '\\' && (next == '\'' || next == '\n')) {
            if (next == '\'')
                buf_addc(out, '\'');
            i++;
        } else if (c == '\\') {
            buf_addc(out, c);
            buf_addc(out, next);
            i++;
        } else if (c == '"') {
            buf_addz(out, "\\\"");
        } else {
            buf_addc(out, c);
        }
    }
    buf_addc(out, '"');
}

static bool is_key(struct str s, size_t end)
{
    while (end < s.n && memchr(" \t\r\n", s.p[end], 4))
        end++;
    return end < s.n && s.p[end] == ':';
}

void json5_to_json(struct str s, struct buf *out)
{
    for (size_t i = 0, end; i < s.n; i = end) {
        char c = s.p[i];
        end = i + 1;
        if (c == '"' || c == '\'') {
            end = text_end(s, i);
            if (c == '\'' && end - i >= 2)
                requote((struct str){ s.p + i + 1, end - i - 2 }, out);
            else
                buf_add(out, s.p + i, end - i);
            continue;
        }
        if (c == '/' && end < s.n && (s.p[end] == '/' || s.p[end] == '*'))
            end = comment_end(s, i);
        while (is_name(c) && end < s.n && is_name(s.p[end]))
            end++;
        bool is_bare = is_name(c) && is_key(s, end);
        if (is_bare)
            buf_addc(out, '"');
        buf_add(out, s.p + i, end - i);
        if (is_bare)
            buf_addc(out, '"');
    }
}
