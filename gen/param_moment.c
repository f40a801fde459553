/* param_moment.c - moments and lists of texts from JSON */
#include "gen/param_moment.h"
#include <math.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/names.h"
#include "gen/param_text.h"

enum { ITEMS_MOST = 50 };

static bool wrong(struct param_said *said, const char *error, struct str message)
{
    said->error = error;
    said->message = message;
    return false;
}

static bool wrong_type(struct arena *a, const struct json *v, struct param_said *said)
{
    if (v->type == JSON_STRING)
        return wrong(said, "E_TYPE",
                     arena_printf(a, STR_FMT ": not seconds, nor \"mark:name\"", STR_ARG(text_quoted(a, v->string))));
    return wrong(said, "E_TYPE", arena_printf(a, "expected seconds or \"mark:name\", not %s", json_type_name(v->type)));
}

/* The name in "mark:vth"; empty when it is no mark. */
static struct str mark_of(struct str s)
{
    static const char prefix[] = "mark:";
    s = str_trim(s);
    return str_starts(s, prefix) ? str_trim((struct str){ s.p + sizeof prefix - 1, s.n - (sizeof prefix - 1) })
                                 : STR("");
}

bool param_read_moment(const struct json *v, double least, double most, struct param_moment *out, struct arena *a,
                       struct param_said *said)
{
    struct param_moment m = { 0, STR("") };
    bool has_unit;
    if (v->type == JSON_STRING)
        m.mark = mark_of(v->string);
    if (v->type == JSON_NUMBER)
        m.seconds = v->number;
    else if (v->type != JSON_STRING || (m.mark.n == 0 && !param_seconds(v->string, &m.seconds, &has_unit)))
        return wrong_type(a, v, said);
    if (m.seconds < least || m.seconds > most)
        return wrong(said, "E_RANGE", arena_printf(a, "%.10g: out of range, %.10g to %.10g seconds", m.seconds,
                                                       least, most));
    *out = m;
    return true;
}

enum { ITEM_BYTES_MOST = 4000 };                /* more than any frame has room for */

/* "text", or { "text": ..., "at": ... } */
static bool read_item(const struct json *v, double most, struct param_item *out, struct arena *a,
                      struct param_said *said)
{
    const struct json *text = v->type == JSON_STRING ? v : NULL;
    *out = (struct param_item){ .text = STR(""), .at = { (double)NAN, STR("") } };
    for (const struct json *c = v->type == JSON_OBJECT ? v->child : NULL; c; c = c->next) {
        if (name_equal(c->key, STR("text")))
            text = c;
        else if (!name_equal(c->key, STR("at")))
            return wrong(
                said, "E_UNKNOWN_KEY",
                arena_printf(a, "has an unknown key " STR_FMT "; text and at", STR_ARG(text_quoted(a, c->key))));
        else if (c->type != JSON_NULL && !param_read_moment(c, 0, most, &out->at, a, said))
            return false;
    }
    if (!text || text->type != JSON_STRING)
        return wrong(said, "E_TYPE", STR("is no text, nor {\"text\": ..., \"at\": ...}"));
    out->text = str_trim(text->string);
    if (out->text.n > ITEM_BYTES_MOST)
        return wrong(said, "E_LIMIT", arena_printf(a, "has %zu bytes, at most %d", out->text.n, ITEM_BYTES_MOST));
    for (size_t i = 0; i < out->text.n; i++)
        if ((unsigned char)out->text.p[i] < 0x20 || out->text.p[i] == 0x7f)
            return wrong(said, "E_CONTROL", STR("has control characters, which are not allowed here"));
    return true;
}

bool param_read_items(const struct json *v, double most, struct param_items *out, struct arena *a,
                      struct param_said *said)
{
    if (v->type != JSON_ARRAY)
        return wrong(said, "E_TYPE", arena_printf(a, "expected a list of texts, not %s", json_type_name(v->type)));
    if (v->n > ITEMS_MOST)
        return wrong(said, "E_LIMIT", arena_printf(a, "%zu elements, at most %d", v->n, ITEMS_MOST));
    struct param_item *list = arena_array(a, v->n + 1, sizeof *list);
    size_t n = 0, i = 0;
    for (const struct json *c = v->child; c; c = c->next, i++) {
        if (!read_item(c, most, &list[n], a, said))
            return wrong(said, said->error, arena_printf(a, "element %zu: " STR_FMT, i + 1, STR_ARG(said->message)));
        n += list[n].text.n > 0;
    }
    *out = (struct param_items){ list, n };
    return true;
}
