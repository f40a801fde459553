/* json_schema.c - whether JSON is what a schema says */
#include "tests/support/json_schema.h"
#include <math.h>
#include <string.h>
#include "tests/support/test.h"

struct look {
    const struct json *root;
    struct buf *why;
    int depth;
};

static bool fits(struct look *k, const struct json *schema, const struct json *v);

static bool say(struct look *k, const struct json *v, const char *what, struct str more)
{
    buf_clear(k->why);
    buf_printf(k->why, "\"" STR_FMT "\": %s " STR_FMT, STR_ARG(v->key), what, STR_ARG(more));
    return false;
}

static bool is_equal(const struct json *a, const struct json *b)
{
    return a->type == b->type && (a->type == JSON_STRING ? str_eq(a->string, b->string) : a->number == b->number);
}

static bool is_type(struct look *k, const struct json *want, const struct json *v)
{
    static const struct { const char *name; enum json_type type; } names[] = {
        { "object", JSON_OBJECT }, { "array", JSON_ARRAY }, { "string", JSON_STRING },
        { "number", JSON_NUMBER }, { "integer", JSON_NUMBER }, { "boolean", JSON_BOOL },
    };
    for (size_t i = 0; i < COUNTOF(names); i++)
        if (str_is(want->string, names[i].name))
            return (names[i].type == v->type && (i != 4 || v->number == floor(v->number))) || say(k, v, "is no", want->string);
    CHECK_ROW("a type that is known", false);
    return false;
}

static bool is_one(struct look *k, const struct json *list, const struct json *v)
{
    for (const struct json *c = list->child; c; c = c->next)
        if (is_equal(c, v))
            return true;
    return say(k, v, "is none of the words:", v->string);
}

static bool has_required(struct look *k, const struct json *list, const struct json *v)
{
    for (const struct json *c = list->child; c; c = c->next)
        if (!json_get(v, c->string.p))
            return say(k, v, "lacks", c->string);
    return true;
}

static bool has_properties(struct look *k, const struct json *schema, const struct json *v)
{
    const struct json *properties = json_get(schema, "properties");
    bool is_closed = !json_bool_or(schema, "additionalProperties", true);
    for (const struct json *c = v->child; c; c = c->next) {
        const struct json *of = properties ? json_get(properties, c->key.p) : NULL;
        if (!of && is_closed)
            return say(k, v, "has what is not known:", c->key);
        if (of && !fits(k, of, c))
            return false;
    }
    return true;
}

static bool are_items(struct look *k, const struct json *of, const struct json *v)
{
    for (const struct json *c = v->child; c; c = c->next)
        if (!fits(k, of, c))
            return false;
    return true;
}

/* The reason that is left is that of the shape which came furthest: the one whose const was right. */
static bool is_one_of(struct look *k, const struct json *list, const struct json *v)
{
    struct buf best = { 0 };
    size_t n = 0;
    for (const struct json *c = list->child; c; c = c->next) {
        n += fits(k, c, v);
        if (k->why->n && !strstr(k->why->p, "is not the word"))
            buf_clear(&best), buf_adds(&best, buf_str(k->why));
    }
    buf_clear(k->why);
    buf_adds(k->why, buf_str(&best));
    buf_deinit(&best);
    return n == 1;
}

static const struct json *target(const struct look *k, const struct json *ref)
{
    static const char defs[] = "#/$defs/";
    CHECK(str_starts(ref->string, defs));
    const struct json *to = json_get(json_get(k->root, "$defs"), ref->string.p + strlen(defs));
    CHECK_ROW(ref->string.p, to);
    return to;
}

static bool fits(struct look *k, const struct json *schema, const struct json *v)
{
    static const char *const quiet[] = { "title", "description", "$schema", "$defs", "additionalProperties", "required" };
    bool ok = true;
    CHECK(++k->depth < 20);
    for (const struct json *w = schema->child; w && ok; w = w->next) {
        bool is_quiet = false;
        for (size_t i = 0; i < COUNTOF(quiet); i++)
            is_quiet = is_quiet || str_is(w->key, quiet[i]);
        if (str_is(w->key, "type"))
            ok = is_type(k, w, v);
        else if (str_is(w->key, "const"))
            ok = is_equal(w, v) || say(k, v, "is not the word", w->string);
        else if (str_is(w->key, "enum"))
            ok = is_one(k, w, v);
        else if (str_is(w->key, "minimum"))
            ok = v->number >= w->number || say(k, v, "is too small:", v->string);
        else if (str_is(w->key, "properties"))
            ok = has_properties(k, schema, v);
        else if (str_is(w->key, "items"))
            ok = are_items(k, w, v);
        else if (str_is(w->key, "oneOf"))
            ok = is_one_of(k, w, v);
        else if (str_is(w->key, "$ref"))
            ok = fits(k, target(k, w), v);
        else
            CHECK_ROW(w->key.p, is_quiet);
    }
    if (ok && json_get(schema, "required"))
        ok = has_required(k, json_get(schema, "required"), v);
    k->depth--;
    return ok;
}

bool schema_accepts(const struct json *root, const struct json *value, struct buf *why)
{
    struct look k = { .root = root, .why = why };
    return fits(&k, root, value);
}
