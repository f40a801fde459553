/* timing.c - the word times a speech service sends, in one form */
#include "api/timing.h"
#include "api/pointer.h"
#include "gen/base/text.h"

enum { MOST_SECONDS = 24 * 3600 };

static bool seconds(const struct json *v, double *out)
{
    if (!v || v->type != JSON_NUMBER || !(v->number >= 0 && v->number <= MOST_SECONDS))
        return false;
    *out = v->number;
    return true;
}

/* Times may stand still but not fall; an end before its start is drawn up to it. */
static bool add_word(struct arena *a, struct json *list, struct str text, double start, double end, double *last)
{
    text = str_trim(text);
    if (text.n == 0)
        return true;
    if (start < *last - 0.001)
        return false;
    struct json *w = json_array(a);
    json_push(w, json_number(a, start));
    json_push(w, json_number(a, end < start ? start : end));
    json_push(w, json_string(a, text));
    json_push(list, w);
    *last = start;
    return true;
}

static bool is_blank(struct str s)
{
    uint32_t cp = 0;
    if (str_trim(s).n == 0)
        return true;
    return text_decode(s, &cp) && (cp == 0xa0 || cp == 0x3000 || (cp >= 0x2000 && cp <= 0x200b) || cp == 0x202f);
}

/* Scripts written without spaces: kana, CJK ideographs. Source: Unicode 15, Blocks.txt. */
static bool stands_alone(struct str s)
{
    uint32_t cp = 0;
    if (s.n == 0 || !text_decode(s, &cp))
        return false;
    return (cp >= 0x3040 && cp <= 0x30ff) || (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff) ||
           (cp >= 0x20000 && cp <= 0x3ffff);
}

struct open_word {
    struct buf text;
    double start, end;
};

static bool close_word(struct arena *a, struct json *list, struct open_word *w, double *last)
{
    bool ok = add_word(a, list, buf_str(&w->text), w->start, w->end, last);
    buf_clear(&w->text);
    return ok;
}

static bool add_chars(struct arena *a, struct json *list, const struct desc_timing *t, const struct json *answer)
{
    const struct json *chars = pointer_value(answer, t->chars), *starts = pointer_value(answer, t->start);
    const struct json *ends = pointer_value(answer, t->end);
    struct open_word w = { .text = BUF_INIT(4096) };
    double last = 0;
    bool ok = chars && starts && ends && chars->type == JSON_ARRAY && chars->n == starts->n && chars->n == ends->n;
    if (!ok)
        return false;
    const struct json *c = chars->child, *s = starts->child, *e = ends->child;
    for (; ok && c; c = c->next, s = s->next, e = e->next) {
        double from = 0, to = 0;
        ok = c->type == JSON_STRING && seconds(s, &from) && seconds(e, &to);
        if (ok && (is_blank(c->string) || stands_alone(c->string)))
            ok = close_word(a, list, &w, &last);
        if (!ok || is_blank(c->string))
            continue;
        if (w.text.n == 0)
            w.start = from;
        w.end = to;
        ok = buf_adds(&w.text, c->string);
        if (ok && stands_alone(c->string))
            ok = close_word(a, list, &w, &last);
    }
    ok = ok && close_word(a, list, &w, &last);
    buf_deinit(&w.text);
    return ok;
}

static bool add_items(struct arena *a, struct json *list, const struct desc_timing *t, const struct json *answer)
{
    const struct json *items = pointer_value(answer, t->items);
    double last = 0;
    if (!items || items->type != JSON_ARRAY)
        return false;
    for (const struct json *i = items->child; i; i = i->next) {
        const struct json *text = pointer_value(i, t->text);
        double from = 0, to = 0;
        if (!text || text->type != JSON_STRING || !seconds(pointer_value(i, t->start), &from) ||
            !seconds(pointer_value(i, t->end), &to) || !add_word(a, list, text->string, from, to, &last))
            return false;
    }
    return true;
}

struct json *timing_words(struct arena *a, const struct desc_timing *t, const struct json *answer)
{
    struct json *list = json_array(a);
    bool ok = t->chars.p ? add_chars(a, list, t, answer) : t->items.p ? add_items(a, list, t, answer) : false;
    return ok && list->n ? list : NULL;
}
