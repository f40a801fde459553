/* list_providers.c - who can make pictures and speech, and whose voices there are */
#include "cmd/list.h"
#include <stdlib.h>
#include "api/program.h"
#include "api/provider.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"

struct shown {
    struct str command; /* prints the key; NUL-terminated; empty: none does */
    struct str id, kind, env, voice, base,
        needs; /* env empty: needs no key; needs: what is to be set before it can be used */
    bool is_ready, has_key, is_program;
    const char *help;
};

static const struct {
    const char *id, *kind, *help;
} built_in[] = {
    { "slide", "image", "draws a slide from the section's own words, offline and free" },
    { "still", "video", "films nothing: the section's other picture stands there" },
    { "espeak", "speech", "speaks with espeak-ng, offline and free" },
    { "rules", "chat", "plans effects from a section's words by rules, offline and free" },
};

static void print_json(struct app *app, const struct shown *s)
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
    if (s->env.n)
        json_set(&a, o, "key_set", json_bool(&a, s->has_key));
    if (s->command.n)
        json_set(&a, o, "key_command", json_string(&a, s->command));
    if (s->base.n)
        json_set(&a, o, s->is_program ? "exec" : "base", json_string(&a, s->base));
    if (s->needs.n)
        json_set(&a, o, "needs", json_string(&a, s->needs));
    if (s->help)
        json_set(&a, o, "help", json_string(&a, str_from(s->help)));
    json_print(&b, o, 0);
    fprintf(app->out, "%s\n", b.p);
    buf_deinit(&b);
    arena_deinit(&a);
}

static void print_text(struct app *app, const struct shown *s)
{
    fprintf(app->out, "%-18.*s %-7.*s ", STR_ARG(s->id), STR_ARG(s->kind));
    if (s->help) {
        fprintf(app->out, "built in: %s\n", s->help);
        return;
    }
    fprintf(app->out, "%-48.*s ", STR_ARG(s->base));
    if (!s->is_ready)
        fprintf(app->out, "waits for " STR_FMT "\n", STR_ARG(s->needs));
    else if (s->command.n)
        fprintf(app->out, "ready, key from %s\n", s->command.p);
    else if (!s->env.n)
        fputs("needs no key\n", app->out);
    else
        fprintf(app->out, "%s " STR_FMT "\n",
                s->has_key ? "ready, key in" : "ready; a key, if the server wants one, in", STR_ARG(s->env));
}

static struct shown shown_of(const struct provider *p)
{
    return (struct shown){ .id = p->info.id,
                           .kind = str_from(desc_kind_name(p->desc.kind)),
                           .env = p->info.key_env,
                           .base = p->base,
                           .needs = p->info.needs,
                           .has_key = p->key.n > 0,
                           .voice = p->params ? json_str_or(p->params, "voice", STR("")) : STR(""),
                           .is_program = p->desc.exec.n > 0,
                           .is_ready = p->info.has_key };
}

/* The built-in ones first, then all that have a description. */
static int each(struct app *app, bool (*wants)(struct str kind), void (*print)(struct app *, const struct shown *))
{
    struct providers all = { 0 };
    struct err e = { 0 };
    char *dir = app_providers_dir(app);
    bool ok = providers_load(&all, app->config, dir, &e);
    for (size_t i = 0; ok && i < COUNTOF(built_in); i++) {
        const struct shown s = { .id = str_from(built_in[i].id),
                                 .kind = str_from(built_in[i].kind),
                                 .is_ready = true,
                                 .help = built_in[i].help };
        if (wants(s.kind))
            print(app, &s);
    }
    for (size_t i = 0; ok && i < all.n; i++) {
        struct shown s = shown_of(all.v[i]);
        struct buf command = { 0 };
        program_show(&command, &all.v[i]->desc.auth.command);
        s.command = buf_str(&command);
        if (wants(s.kind))
            print(app, &s);
        buf_deinit(&command);
    }
    int code = ok ? 0 : app_fail(app, &e);
    providers_deinit(&all);
    free(dir);
    return code;
}

static bool any_kind(struct str kind)
{
    (void)kind;
    return true;
}

static bool is_speech(struct str kind)
{
    return str_is(kind, "speech");
}

int list_providers(struct app *app)
{
    return each(app, any_kind, app->opt.json ? print_json : print_text);
}

static void print_voice(struct app *app, const struct shown *s)
{
    fprintf(app->out, "%-20.*s ", STR_ARG(s->id));
    if (s->help)
        fputs("a language (en, en-gb, de, fr ...), a variant (+f3), or both (en-gb+f3)\n", app->out);
    else if (s->voice.n)
        fprintf(app->out, STR_FMT ", unless another voice of the service is named\n", STR_ARG(s->voice));
    else
        fputs("a voice of the service\n", app->out);
}

int list_voices(struct app *app)
{
    return each(app, is_speech, app->opt.json ? print_json : print_voice);
}
