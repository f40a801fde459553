/* strict.c - what the strict mode of structured output asks of a schema */
#include "tests/support/strict.h"
#include <string.h>
#include "tests/support/test.h"

static void check_object(const struct json *v)
{
    const struct json *properties = json_get(v, "properties"), *required = json_get(v, "required"),
                      *more = json_get(v, "additionalProperties");
    CHECK(more && more->type == JSON_BOOL && !more->boolean);
    CHECK_INT("all are required", properties->n, required ? required->n : 0);
    for (const struct json *c = required->child; c; c = c->next)
        CHECK_ROW(c->string.p, json_get(properties, c->string.p));
}

static void check(const struct json *root, const struct json *v, bool is_names, int depth)
{
    static const char *const refused[] = { "allOf",   "oneOf", "not",      "default", "examples", "patternProperties",
                                           "$schema", "$id",   "minLength" };
    static const char defs[] = "#/$defs/";
    const struct json *ref = is_names ? NULL : json_get(v, "$ref");
    CHECK(depth < 40);
    if (!is_names && json_get(v, "properties"))
        check_object(v);
    for (size_t i = 0; !is_names && v->type == JSON_OBJECT && i < COUNTOF(refused); i++)
        CHECK_ROW(refused[i], !json_get(v, refused[i]));
    if (ref)
        CHECK_ROW(ref->string.p,
                  str_starts(ref->string, defs) && json_get(json_get(root, "$defs"), ref->string.p + strlen(defs)));
    for (const struct json *c = v->child; c; c = c->next)
        check(root, c, v->type == JSON_OBJECT && !is_names && (str_is(c->key, "properties") || str_is(c->key, "$defs")),
              depth + 1);
}

void strict_check(const struct json *schema)
{
    CHECK_STR("root", "object", json_str_or(schema, "type", STR("")));
    check(schema, schema, false, 0);
}
