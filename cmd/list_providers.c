/* list_providers.c - who can make pictures and speech, and whose voices there are */
#include "cmd/list.h"
#include <stdlib.h>
#include "gen/base/embedded.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/yaml.h"
#include "gen/config.h"

struct shown {
    struct str id, kind, env, voice;            /* env empty: needs no key */
    bool is_ready;
};

static const struct {
    const char *id, *kind, *help;
} built_in[] = {
    { "slide", "image", "draws a slide from the section's own words, offline and free" },
    { "espeak", "speech", "speaks with espeak-ng, offline and free" },
};

/* The description that travels in the program under this name, as the user's settings change it. */
static bool describe(struct app *app, struct arena *a, const struct embedded_file *f, struct shown *out)
{
    struct json *doc = NULL;
    size_t n;
    if (!str_starts(str_from(f->name), "api/providers/") ||
        !yaml_parse(a, (struct str){ f->text, f->n }, &doc, 1, &n, NULL, NULL) || n == 0)
        return false;
    const struct json *auth = json_get(doc, "auth"), *params = json_get(doc, "params");
    *out = (struct shown){ .id = json_str_or(doc, "id", STR("?")), .kind = json_str_or(doc, "kind", STR("?")) };
    out->env = auth ? json_str_or(auth, "env", STR("")) : STR("");
    out->voice = params ? json_str_or(params, "voice", STR("")) : STR("");
    const struct provider_opts *mine = config_provider(app->config, out->id);
    if (mine && mine->env.n)
        out->env = mine->env;
    struct str env = arena_str(a, out->env);
    const char *key = env.n ? getenv(env.p) : "";
    out->is_ready = key && (!env.n || key[0]);
    return true;
}

static void print_json(struct app *app, const struct shown *s, const char *help)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    struct json *o = json_object(&a);
    json_set(&a, o, "id", json_string(&a, s->id));
    json_set(&a, o, "kind", json_string(&a, s->kind));
    json_set(&a, o, "ready", json_bool(&a, s->is_ready));
    if (s->env.n)
        json_set(&a, o, "env", json_string(&a, s->env));
    if (s->voice.n)
        json_set(&a, o, "voice", json_string(&a, s->voice));
    if (help)
        json_set(&a, o, "help", json_string(&a, str_from(help)));
    json_print(&b, o, 0);
    fprintf(app->out, "%s\n", b.p);
    buf_deinit(&b);
    arena_deinit(&a);
}

int list_providers(struct app *app)
{
    struct arena a = { 0 };
    for (size_t i = 0; i < COUNTOF(built_in); i++) {
        struct shown s = { str_from(built_in[i].id), str_from(built_in[i].kind), { 0 }, { 0 }, true };
        if (app->opt.json)
            print_json(app, &s, built_in[i].help);
        else
            fprintf(app->out, "%-20s %-8s built in: %s\n", built_in[i].id, built_in[i].kind, built_in[i].help);
    }
    for (const struct embedded_file *f = embedded_files; f->name; f++) {
        struct shown s;
        if (!describe(app, &a, f, &s))
            continue;
        if (app->opt.json)
            print_json(app, &s, NULL);
        else if (s.env.n)
            fprintf(app->out, "%-20.*s %-8.*s %s " STR_FMT "\n", STR_ARG(s.id), STR_ARG(s.kind),
                    s.is_ready ? "ready, key in" : "waits for a key in", STR_ARG(s.env));
        else
            fprintf(app->out, "%-20.*s %-8.*s needs no key\n", STR_ARG(s.id), STR_ARG(s.kind));
    }
    arena_deinit(&a);
    return 0;
}

int list_voices(struct app *app)
{
    struct arena a = { 0 };
    if (!app->opt.json)
        fputs("espeak               a language (en, en-gb, de, fr ...), a variant (+f3), or both (en-gb+f3)\n", app->out);
    for (const struct embedded_file *f = embedded_files; f->name; f++) {
        struct shown s;
        if (!describe(app, &a, f, &s) || !str_is(s.kind, "speech"))
            continue;
        if (app->opt.json)
            print_json(app, &s, NULL);
        else
            fprintf(app->out, "%-20.*s " STR_FMT " unless another voice of the service is named\n", STR_ARG(s.id), STR_ARG(s.voice));
    }
    arena_deinit(&a);
    return 0;
}
