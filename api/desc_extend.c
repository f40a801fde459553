/* desc_extend.c - a description on top of another one
 *
 * Lists and single values replace; maps are laid over each other one level deep; null removes. Members that exclude
 * each other (two bodies, two ways to choose a size) leave together, so that a child can change its mind. */
#include "api/desc_extend.h"
#include "gen/base/mem.h"
#include "gen/base/yaml.h"

enum { MOST_PARENTS = 8 };

static const struct { const char *map; const char *const *members; } exclusive[] = {
    { "request", (const char *const[]){ "post", "get", "put", "delete", NULL } },
    { "request", (const char *const[]){ "json", "form", "text", NULL } },
    { "cancel", (const char *const[]){ "post", "put", "delete", NULL } },
    { "auth", (const char *const[]){ "header", "basic", "query", "sigv4", NULL } },
    { "auth", (const char *const[]){ "env", "command", NULL } },
    { "limits", (const char *const[]){ "sizes", "aspects", "ratios", "multiple", NULL } },
    { "limits", (const char *const[]){ "text_chars", "text_bytes", "prompt_chars", NULL } },
    { "timing", (const char *const[]){ "chars", "items", NULL } },
};

static bool has_any(const struct json *map, const char *const *names)
{
    for (; *names; names++)
        if (json_get(map, *names))
            return true;
    return false;
}

static bool is_one_of(struct str key, const char *const *names)
{
    for (; *names; names++)
        if (str_is(key, *names))
            return true;
    return false;
}

static bool is_displaced(struct str map, struct str member, const struct json *child)
{
    for (size_t i = 0; i < COUNTOF(exclusive); i++)
        if (str_is(map, exclusive[i].map) && is_one_of(member, exclusive[i].members) &&
            has_any(child, exclusive[i].members))
            return true;
    /* the time of a program's key goes with the program */
    return str_is(map, "auth") && str_is(member, "ttl") && json_get(child, "env") && !json_get(child, "command");
}

static void put(struct arena *a, struct json *to, const struct json *member)
{
    struct json *v = json_copy(a, member);
    json_set(a, to, arena_str(a, member->key).p, v);
    v->key_pos = member->key_pos;
}

static struct json *lay_map(struct arena *a, const struct json *below, const struct json *above)
{
    struct json *out = json_object(a);
    out->pos = above->pos;
    for (const struct json *m = below->child; m; m = m->next)
        if (!json_get(above, m->key.p) && !is_displaced(above->key, m->key, above))
            put(a, out, m);
    for (const struct json *m = above->child; m; m = m->next)
        if (m->type != JSON_NULL)
            put(a, out, m);
    return out;
}

static struct json *lay(struct arena *a, const struct json *below, const struct json *above)
{
    struct json *out = json_object(a);
    out->pos = above->pos;
    for (const struct json *m = below->child; m; m = m->next)
        if (!json_get(above, m->key.p))
            put(a, out, m);
    for (const struct json *m = above->child; m; m = m->next) {
        const struct json *old = json_get(below, m->key.p);
        if (m->type == JSON_NULL || str_is(m->key, "extends"))
            continue;
        if (!old || old->type != JSON_OBJECT || m->type != JSON_OBJECT) {
            put(a, out, m);
            continue;
        }
        struct json *both = lay_map(a, old, m);
        json_set(a, out, arena_str(a, m->key).p, both);
        both->key_pos = m->key_pos;
    }
    return out;
}

static bool read_one(struct arena *a, struct str text, struct str file, struct json **out, struct err *e)
{
    size_t n = 0;
    struct json_pos at = { 0 };
    if (!yaml_parse(a, text, out, 1, &n, &at, e)) {
        e->code = ERR_CONFIG;
        return err_wrap(e, STR_FMT ":%u:%u", STR_ARG(file), at.line, at.col);
    }
    if (n != 1 || (*out)->type != JSON_OBJECT)
        return err_set(e, ERR_CONFIG, STR_FMT ": a description is a map of keys", STR_ARG(file));
    return true;
}

bool desc_tree(struct arena *a, struct str text, struct str file, const struct desc_source *source, struct json **out,
               struct err *e)
{
    struct json *chain[MOST_PARENTS];
    size_t n = 0;
    for (;;) {
        if (!read_one(a, text, file, &chain[n++], e))
            return false;
        const struct json *up = json_get(chain[n - 1], "extends");
        if (!up)
            break;
        struct str id = up->string, below = file;
        if (up->type != JSON_STRING || n == MOST_PARENTS)
            return err_set(e, ERR_CONFIG, STR_FMT ":%u:%u: extends: %s", STR_ARG(file), up->pos.line, up->pos.col,
                           up->type != JSON_STRING ? "expected the id of a description" : "goes round or too deep");
        if (!source || !source->find(source->ctx, id, below, &text, &file))
            return err_set(e, ERR_CONFIG, STR_FMT ":%u:%u: extends: there is no description '" STR_FMT "'",
                           STR_ARG(below), up->pos.line, up->pos.col, STR_ARG(id));
    }
    *out = chain[n - 1];
    for (size_t i = n - 1; i-- > 0;)
        *out = lay(a, *out, chain[i]);
    return true;
}
