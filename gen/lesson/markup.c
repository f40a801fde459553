/* markup.c - marks in a narration */
#include "gen/lesson/markup.h"
#include <string.h>
#include "gen/base/mem.h"

enum { NAME_MOST = 64, MARKS_MOST = 10000 };

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("_-.:", c)) ||
           (unsigned char)c >= 0x80;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_space(struct str s, size_t i)
{
    while (i < s.n && is_space(s.p[i]))
        i++;
    return i;
}

/* A mark at s; its length, 0 when it is none. *is_suspect: it begins like one. */
static size_t mark_at(struct str s, struct str *name, bool *is_suspect)
{
    static const struct { const char *tag, *attribute; } forms[] = { { "<mark", "name" }, { "<bookmark", "mark" } };
    for (size_t f = 0; f < COUNTOF(forms); f++) {
        size_t i = strlen(forms[f].tag), n = strlen(forms[f].attribute);
        if (!str_starts(s, forms[f].tag) || i >= s.n || (!is_space(s.p[i]) && s.p[i] != '/' && s.p[i] != '>'))
            continue;
        *is_suspect = true;
        i = skip_space(s, i);
        if (!str_starts((struct str){ s.p + i, s.n - i }, forms[f].attribute))
            return 0;
        i = skip_space(s, i + n);
        if (i >= s.n || s.p[i] != '=')
            return 0;
        i = skip_space(s, i + 1);
        char quote = i < s.n && (s.p[i] == '"' || s.p[i] == '\'') ? s.p[i++] : '\0';
        size_t from = i;
        while (i < s.n && is_name(s.p[i]))
            i++;
        *name = (struct str){ s.p + from, i - from };
        if (quote && (i >= s.n || s.p[i++] != quote))
            return 0;
        i = skip_space(s, i);
        if (name->n == 0 || name->n > NAME_MOST || i + 2 > s.n || s.p[i] != '/' || s.p[i + 1] != '>')
            return 0;
        return i + 2;
    }
    return 0;
}

void markup_parse(struct arena *a, struct str source, struct markup *out)
{
    struct str s = str_trim(source), name;
    char *text = arena_alloc(a, s.n + 1);
    size_t n = 0, most = 0;
    *out = (struct markup){ 0 };
    for (size_t i = 0; i < s.n; i++)
        most += s.p[i] == '<';
    if (most > MARKS_MOST)
        most = MARKS_MOST;
    out->marks = arena_array(a, most + 1, sizeof *out->marks);
    for (size_t i = 0; i < s.n;) {
        bool is_suspect = false;
        struct str rest = { s.p + i, s.n - i };
        size_t skip = s.p[i] == '<' && out->n_marks < most ? mark_at(rest, &name, &is_suspect) : 0;
        if (skip) {
            out->marks[out->n_marks++] = (struct mark){ name, n };
            i += skip;
            if (i < s.n && s.p[i] == ' ' && (n == 0 || text[n - 1] == ' '))
                i++;
            continue;
        }
        if (is_suspect && !out->suspect.n)
            out->suspect = (struct str){ rest.p, rest.n < 40 ? rest.n : 40 };
        if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n')
            i++;
        text[n++] = s.p[i++];
    }
    while (n > 0 && is_space(text[n - 1]))
        n--;
    text[n] = '\0';
    for (size_t i = 0; i < out->n_marks; i++)
        if (out->marks[i].at > n)
            out->marks[i].at = n;
    out->text = (struct str){ text, n };
}
