/* desc_auth.c - the key auth of a description: how a service is shown the key, and which variable holds it */
#include "api/desc_values.h"
#include <string.h>
#include "api/headers.h"
#include "api/template.h"
#include "gen/base/mem.h"

static bool read_auth_header(struct desc_reader *r, const struct json *v, void *into)
{
    static const char *const key[] = { "key", NULL };
    struct desc_auth *auth = into;
    const char *colon = v->type == JSON_STRING ? memchr(v->string.p, ':', v->string.n) : NULL;
    if (!colon)
        return desc_wrong(r, v, "expected 'Name: ${key}'");
    auth->how = AUTH_HEADER;
    auth->name = (struct str){ v->string.p, (size_t)(colon - v->string.p) };
    auth->value = str_trim((struct str){ colon + 1, v->string.n - auth->name.n - 1 });
    if (!header_name_ok(auth->name))
        return desc_wrong(r, v, "'" STR_FMT "' is not the name of a header", STR_ARG(auth->name));
    return template_check_text(auth->value, NULL, key, false, r->e) || desc_misplaced(r, v);
}

static bool read_auth_value(struct desc_reader *r, const struct json *v, struct desc_auth *auth)
{
    static const char *const key[] = { "key", NULL };
    return desc_str(r, v, &auth->value) &&
           (template_check_text(auth->value, NULL, key, false, r->e) || desc_misplaced(r, v));
}

static bool read_auth_basic(struct desc_reader *r, const struct json *v, void *into)
{
    struct desc_auth *auth = into;
    auth->how = AUTH_BASIC;
    return read_auth_value(r, v, auth);
}

static bool read_auth_query(struct desc_reader *r, const struct json *v, void *into)
{
    struct desc_auth *auth = into;
    auth->how = AUTH_QUERY;
    auth->value = STR("${key}");
    return desc_str(r, v, &auth->name);
}

static bool read_auth_sigv4(struct desc_reader *r, const struct json *v, void *into)
{
    struct desc_auth *auth = into;
    auth->how = AUTH_SIGV4;
    return desc_template(r, v, &auth->value) &&
           (str_starts(auth->value, "aws:amz:") || desc_wrong(r, v, "expected aws:amz:REGION:SERVICE"));
}

bool desc_argv(struct desc_reader *r, const struct json *v, void *into)
{
    struct strs *out = into;
    if (!desc_strs(r, v, out))
        return false;
    struct str *list = arena_array(r->a, out->n, sizeof *list);
    for (size_t i = 0; i < out->n; i++)
        list[i] = arena_str(r->a, out->v[i]);
    out->v = list;
    return list[0].n > 0 || desc_wrong(r, v, "the program has no name");
}

/* One variable; of a signature those of the key's id, of the key, and of the session if there is one; of a program any
 * number. */
static bool read_auth_env(struct desc_reader *r, const struct json *v, void *into)
{
    struct desc_auth *auth = into;
    struct strs *names = &auth->pass;
    if (!desc_argv(r, v, names))
        return false;
    auth->env = names->n == 1 ? names->v[0] : names->v[1];
    auth->env_id = names->n > 1 ? names->v[0] : (struct str){ 0 };
    auth->env_token = names->n > 2 ? names->v[2] : (struct str){ 0 };
    return true;
}

static bool read_not_yet(struct desc_reader *r, const struct json *v, void *into)
{
    (void)into;
    return desc_wrong(r, v, "this version cannot sign requests this way yet");
}

/* The key comes from a program; env names what the program sees. */
static bool check_command(struct desc_reader *r, const struct json *v, struct desc_auth *auth)
{
    auth->env = auth->env_id = auth->env_token = (struct str){ 0 };
    if (auth->ttl_ms == 0)
        auth->ttl_ms = 30 * 60 * 1000;
    return auth->how != AUTH_SIGV4 || desc_wrong(r, v, "sigv4 takes its keys from env");
}

bool desc_read_auth(struct desc_reader *r, const struct json *v, void *into)
{
    static const struct desc_member members[] = {
        { "header", read_auth_header, 0 },
        { "basic", read_auth_basic, 0 },
        { "query", read_auth_query, 0 },
        { "sigv4", read_auth_sigv4, 0 },
        { "env", read_auth_env, 0 },
        { "jwt_hs256", read_not_yet, 0 },
        { "command", desc_argv, offsetof(struct desc_auth, command) },
        { "ttl", desc_duration, offsetof(struct desc_auth, ttl_ms) },
    };
    struct desc_auth *auth = into;
    if (!desc_map(r, v, members, COUNTOF(members), into))
        return false;
    int ways = (json_get(v, "header") != NULL) + (json_get(v, "basic") != NULL) + (json_get(v, "query") != NULL) +
               (json_get(v, "sigv4") != NULL);
    if (json_get(v, "ttl") && !auth->command.n)
        return desc_wrong(r, json_get(v, "ttl"), "needs command");
    if (ways == 0 && auth->pass.n && !auth->command.n) {
        auth->how = AUTH_PASS;                  /* of a program; check_whole looks */
        return true;
    }
    if (ways != 1 || (auth->env.n == 0 && !auth->command.n))
        return desc_wrong(r, v, "needs one of header, basic, query or sigv4, and env or command");
    if (auth->command.n)
        return check_command(r, v, auth);
    return (auth->pass.n <= 3 && (auth->env_id.n > 0) == (auth->how == AUTH_SIGV4)) ||
           desc_wrong(r, v, "env has one variable, for sigv4 those of the key's id, of the key, and of the session");
}
