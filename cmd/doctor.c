/* doctor.c - the command doctor: is all there that making videos needs? */
#include "cmd/doctor.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/config.h"

static const char *const finding_names[] = {
#define X(id, name) name,
    FINDINGS(X)
#undef X
};

static const struct {
    const char *name;
    void (*look)(struct doctor *d);
} parts[] = {
    { "tools", doctor_tools }, { "fonts", doctor_fonts },       { "machine", doctor_machine },
    { "disk", doctor_disk },   { "services", doctor_services },
};

static void say_json(const struct doctor *d, enum finding found, const char *remedy, struct str text)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    struct json *o = json_object(&a);
    json_set(&a, o, "part", json_string(&a, str_from(d->part)));
    json_set(&a, o, "finding", json_string(&a, str_from(finding_names[found])));
    json_set(&a, o, "text", json_string(&a, text));
    if (remedy)
        json_set(&a, o, "remedy", json_string(&a, str_from(remedy)));
    json_print(&b, o, 0);
    fprintf(d->app->out, "%s\n", buf_str(&b).p);
    buf_deinit(&b);
    arena_deinit(&a);
}

void doctor_say(struct doctor *d, enum finding found, const char *remedy, const char *fmt, ...)
{
    struct buf text = { 0 }, clean = { 0 };
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(&text, fmt, ap);
    va_end(ap);
    text_clean(&clean, buf_str(&text), 0);
    d->n[found]++;
    if (d->app->opt.json)
        say_json(d, found, remedy, buf_str(&clean));
    else if (!d->app->opt.quiet || found == FINDING_BAD)
        fprintf(d->app->out, "%-9s %-5s %s%s%s\n", d->part, finding_names[found], buf_str(&clean).p, remedy ? "; " : "",
                remedy ? remedy : "");
    buf_deinit(&clean);
    buf_deinit(&text);
}

static void say_config(struct doctor *d)
{
    d->part = "settings";
    if (d->app->config->path.n)
        doctor_say(d, FINDING_OK, NULL, "from " STR_FMT, STR_ARG(d->app->config->path));
    else
        doctor_say(d, FINDING_OK, NULL, "there is no config.yaml, all is as built in (\"vidgen config\" prints it)");
}

static void say_end(const struct doctor *d)
{
    size_t bad = d->n[FINDING_BAD], notes = d->n[FINDING_NOTE];
    if (d->app->opt.json || d->app->opt.quiet)
        return;
    if (bad)
        fprintf(d->app->out, "%zu %s to be mended before videos can be made\n", bad,
                bad == 1 ? "thing has" : "things have");
    else if (notes)
        fprintf(d->app->out, "videos can be made; %zu %s worth a look\n", notes, notes == 1 ? "note is" : "notes are");
    else
        fputs("all is well\n", d->app->out);
}

int cmd_doctor(struct app *app, int argc, char **argv)
{
    struct doctor d = { .app = app };
    (void)argc, (void)argv;
    say_config(&d);
    for (size_t i = 0; i < COUNTOF(parts); i++) {
        d.part = parts[i].name;
        parts[i].look(&d);
    }
    say_end(&d);
    return d.n[FINDING_BAD] ? err_exit_code(ERR_CONFIG) : 0;
}
