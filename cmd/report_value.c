/* report_value.c - what the trees of a report are put together from */
#include "cmd/report_value.h"
#include "gen/base/text.h"

void value_text(struct arena *a, struct json *o, const char *key, struct str v)
{
    json_set(a, o, key, json_string(a, v));
}

void value_number(struct arena *a, struct json *o, const char *key, double v)
{
    json_set(a, o, key, json_number(a, v));
}

void value_flag(struct arena *a, struct json *o, const char *key, bool v)
{
    json_set(a, o, key, json_bool(a, v));
}

struct str value_ms(struct arena *a, int64_t ms)
{
    struct buf b = { 0 };
    if (ms < 1000)
        buf_printf(&b, "%lld ms", (long long)ms);
    else if (ms < 60000)
        buf_printf(&b, "%.1f s", (double)ms / 1000);
    else
        text_duration(&b, ms);
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

struct str value_clock(struct arena *a, double seconds)
{
    struct buf b = { 0 };
    text_duration(&b, (int64_t)(seconds * 1000));
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

struct str value_currency(const struct run *r)
{
    return json_str_or(r->head, "currency", STR(""));
}

struct str value_money(const struct run *r, struct arena *a, double v)
{
    return arena_printf(a, "%.*f " STR_FMT, v <= 0 ? 0 : v < 1 ? 3 : 2, v, STR_ARG(value_currency(r)));
}

void figure_add(struct figures *m, const char *label, struct str value, struct str note)
{
    struct json *o = json_object(m->a);
    value_text(m->a, o, "label", str_from(label));
    value_text(m->a, o, "value", value);
    value_text(m->a, o, "note", note);
    json_push(m->to, o);
}

void value_time(struct arena *a, struct json *o, const char *key, int64_t ms)
{
    value_text(a, o, key, value_ms(a, ms));
    value_number(a, o, arena_printf(a, "%s_ms", key).p, (double)ms);
}
