/* list.c - the command list: the words that lessons and settings can use */
#include "cmd/list.h"
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"

/* list  to add to; NULL: a new one */
static struct json *params_json(struct arena *a, const struct param *params, struct json *list)
{
    list = list ? list : json_array(a);
    for (const struct param *p = params; p && p->name; p++) {
        struct json *o = json_object(a), *def = param_default_json(p, a);
        json_set(a, o, "name", json_string(a, str_from(p->name)));
        json_set(a, o, "help", json_string(a, str_from(p->help ? p->help : "")));
        if (def)
            json_set(a, o, "default", def);
        if (p->min != p->max) {
            json_set(a, o, "min", json_number(a, p->min));
            json_set(a, o, "max", json_number(a, p->max));
        }
        struct json *choices = json_array(a);
        for (size_t i = 0; p->choices && p->choices[i]; i++)
            json_push(choices, json_string(a, str_from(p->choices[i])));
        if (choices->n)
            json_set(a, o, "choices", choices);
        json_push(list, o);
    }
    return list;
}

static void rows_json(struct app *app, const struct row *const *rows)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    struct json *list = json_array(&a);
    for (; *rows; rows++) {
        struct json *o = json_object(&a);
        json_set(&a, o, "name", json_string(&a, str_from((*rows)->name)));
        json_set(&a, o, "help", json_string(&a, str_from((*rows)->help ? (*rows)->help : "")));
        json_set(&a, o, "available", json_bool(&a, !(*rows)->is_not_yet));
        struct json *params = params_json(&a, (*rows)->params, NULL);
        json_set(&a, o, "params", params_json(&a, (*rows)->shared, params));
        json_push(list, o);
    }
    json_print(&b, list, JSON_PRETTY);
    fprintf(app->out, "%s\n", buf_str(&b).p);
    buf_deinit(&b);
    arena_deinit(&a);
}

static void print_param(struct app *app, const struct param *p)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    const struct json *def = param_default_json(p, &a);
    buf_printf(&b, "    %s", p->name);
    if (def) {
        buf_addz(&b, " = ");
        json_print(&b, def, 0);
    }
    while (b.n < 30)
        buf_addc(&b, ' ');
    buf_printf(&b, "  %s", p->help ? p->help : "");
    if (p->min != p->max)
        buf_printf(&b, " (%.10g to %.10g)", p->min, p->max);
    for (size_t i = 0; p->choices && p->choices[i]; i++)
        buf_printf(&b, "%s%s", i ? ", " : ": ", p->choices[i]);
    fprintf(app->out, "%s\n", b.p);
    buf_deinit(&b);
    arena_deinit(&a);
}

static void print_params(struct app *app, const struct param *params)
{
    for (const struct param *p = params; p && p->name; p++)
        if (!(p->flags & PARAM_ADVANCED) || app->opt.verbose)
            print_param(app, p);
}

static int print_rows(struct app *app, const struct row *const *rows)
{
    if (app->opt.json) {
        rows_json(app, rows);
        return 0;
    }
    for (; rows && *rows; rows++) {
        fprintf(app->out, "%-18s %s%s\n", (*rows)->name, (*rows)->help ? (*rows)->help : "",
                (*rows)->is_not_yet ? " (not in this version)" : "");
        print_params(app, (*rows)->params);
        print_params(app, (*rows)->shared);
    }
    return 0;
}

static int list_effects(struct app *app)
{
    return print_rows(app, app->words.effects);
}

static int list_transitions(struct app *app)
{
    return print_rows(app, app->words.transitions);
}

static int list_themes(struct app *app)
{
    return print_rows(app, app->words.themes);
}

static int list_overlays(struct app *app)
{
    return print_rows(app, app->words.overlays);
}

static const struct {
    const char *name;
    int (*run)(struct app *app);
} kinds[] = {
    { "effects", list_effects }, { "transitions", list_transitions }, { "overlays", list_overlays }, { "themes", list_themes },
    { "providers", list_providers }, { "voices", list_voices },
};

int cmd_list(struct app *app, int argc, char **argv)
{
    const char *names[COUNTOF(kinds) + 1] = { NULL };
    for (size_t i = 0; i < COUNTOF(kinds); i++)
        names[i] = kinds[i].name;
    if (argc != 1)
        return app_usage(app, "say what to list: effects, transitions, overlays, themes, providers or voices");
    for (size_t i = 0; i < COUNTOF(kinds); i++)
        if (strcmp(kinds[i].name, argv[0]) == 0)
            return kinds[i].run(app);
    const char *near = nearest_name(argv[0], names);
    return near ? app_usage(app, "unknown list \"%s\" - did you mean \"%s\"?", argv[0], near)
                : app_usage(app, "unknown list \"%s\": effects, transitions, overlays, themes, providers or voices", argv[0]);
}
