/* provider.c - the command provider: look at the description of one service, or try it with one real call */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "api/request_show.h"
#include "api/transport.h"
#include "cmd/app.h"
#include "cmd/signals.h"
#include "gen/base/clock.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

static const char sample_prompt[] = "A red apple on a wooden table",
                  sample_address[] = "https://example.org/apple.png",
                  sample_words[] = "A red apple lies on a wooden table.";

struct trial {
    struct app *app;
    struct providers all;
    const struct provider *p;
    struct transport *transport;
    char *dir;                                  /* of descriptions */
    struct buf temp;                            /* the file while it is not whole */
    int fd;
    int64_t began_ms;
};

static struct want want_of(const struct trial *t)
{
    const struct config *c = t->app->config;
    static const enum asset_kind kinds[DESC_N_KINDS] = { [DESC_IMAGE] = ASSET_IMAGE,
                                                         [DESC_SPEECH] = ASSET_SPEECH,
                                                         [DESC_CHAT] = ASSET_TEXT,
                                                         [DESC_VIDEO] = ASSET_VIDEO,
                                                         [DESC_STOCK] = ASSET_IMAGE };
    bool is_open = !t->p->desc.base.n && !t->p->desc.exec.n;
    const char *sample = is_open                         ? sample_address
                         : t->p->desc.kind == DESC_SPEECH ? sample_words
                                                          : sample_prompt;
    return (struct want){
        .kind = kinds[t->p->desc.kind],
        .provider = t->p->desc.id,
        .text = str_from(t->app->opt.text ? t->app->opt.text : sample),
        .speed = 1,
        .seed = -1,
        .width = c->video.width > 0 ? c->video.width : 1920,
        .height = c->video.height > 0 ? c->video.height : 1080,
    };
}

static bool find(struct trial *t, const char *name, struct err *e)
{
    const char *names[256];
    size_t n = 0;
    t->p = providers_find(&t->all, str_from(name));
    if (t->p)
        return true;
    for (size_t i = 0; i < t->all.n && n + 1 < COUNTOF(names); i++)
        names[n++] = t->all.v[i]->desc.id.p;
    names[n] = NULL;
    const char *near = nearest_name(name, names);
    return err_set(e, ERR_CONFIG, "there is no description '%s'%s%s%s", name, near ? "; did you mean '" : "",
                   near ? near : "", near ? "'?" : "; `vidgen list providers` shows them");
}

static bool is_file(const char *name)
{
    return strchr(name, '/') || str_ends(str_from(name), ".yaml");
}

/* ---------- check ---------- */

static void say_key(const struct provider *p, FILE *out)
{
    if (p->desc.auth.command.n)
        fputs("# key: a program prints it when it is needed first\n", out);
    else if (p->desc.auth.how == AUTH_NONE || p->desc.auth.how == AUTH_PASS)
        fputs("# key: none is needed\n", out);
    else
        fprintf(out, "# key: %s in " STR_FMT "\n",
                p->key.n             ? "there,"
                : p->info.is_keyless ? "none, and none is sent; it would be"
                                     : "not there; expected",
                STR_ARG(p->info.key_env));
    if (!p->info.has_key)
        fprintf(out, "# before it can be used, set " STR_FMT "\n", STR_ARG(p->info.needs));
}

static int check(struct trial *t, const char *name, struct err *e)
{
    FILE *out = t->app->out;
    struct arena a = { 0 };
    struct buf shown = { 0 };
    struct api_request q;
    bool ok = is_file(name) ? providers_load_with(&t->all, t->app->config, t->dir, name, &t->p, e)
                            : providers_load(&t->all, t->app->config, t->dir, e) && find(t, name, e);
    const struct want w = ok ? want_of(t) : (struct want){ 0 };
    ok = ok && request_build(&a, t->p, &w, &q, e);
    if (ok) {
        const struct provider *p = t->p;
        request_show(&shown, p, &q);
        fprintf(out, "# " STR_FMT ": %s, %s " STR_FMT "\n", STR_ARG(p->desc.file), desc_kind_name(p->desc.kind),
                p->desc.exec.n ? "by the program" : "at", STR_ARG(p->base));
        say_key(p, out);
        if (p->desc.poll.get.p)
            fprintf(out, "# asynchronous: asks again every %.3g s, for %.4g s at most\n",
                    (double)p->desc.poll.every_ms / 1000, (double)p->desc.poll.timeout_ms / 1000);
        fputs(buf_str(&shown).p, out);
    }
    buf_deinit(&shown);
    arena_deinit(&a);
    return ok ? 0 : app_fail(t->app, e);
}

/* ---------- try ---------- */

static void say_price(const struct trial *t, const struct want *w)
{
    const struct provider *p = t->p;
    const struct config *c = t->app->config;
    struct arena a = { 0 };
    double price = provider_quote(&a, p, w).money;
    if (p->origin.is_loopback)
        fputs("It is a server on this machine: nothing is paid.\n", t->app->out);
    else if (price >= 0)
        fprintf(t->app->out, "It costs about %.4g " STR_FMT ", by prices.yaml and config.yaml.\n", price,
                STR_ARG(c->budget.currency));
    else if (p->desc.exec.n)
        fputs("It is a program of yours; what it costs is not known here.\n", t->app->out);
    else
        fputs("What it costs is not known here; the service's own price list says it.\n", t->app->out);
    arena_deinit(&a);
}

static void say_plan(const struct trial *t, const struct want *w)
{
    static const char *const things[DESC_N_KINDS] = { [DESC_IMAGE] = "a picture",
                                                      [DESC_SPEECH] = "speech",
                                                      [DESC_CHAT] = "an answer",
                                                      [DESC_VIDEO] = "a clip",
                                                      [DESC_STOCK] = "a photograph" };
    struct str model = json_str_or(t->p->params, "model", (struct str){ 0 });
    fprintf(t->app->out, STR_FMT " is asked for %s%s" STR_FMT " %s " STR_FMT ": \"" STR_FMT "\"\n",
            STR_ARG(t->p->desc.id), things[t->p->desc.kind], model.n ? " by " : "", STR_ARG(model),
            t->p->desc.exec.n ? "from" : "at", STR_ARG(t->p->desc.exec.n ? t->p->base : str_from(t->p->origin.host)),
            STR_ARG(w->text));
    say_price(t, w);
}

static bool open_temp(struct trial *t, struct err *e)
{
    const char *out = t->app->opt.output, *slash = out ? strrchr(out, '/') : NULL;
    buf_printf(&t->temp, "%.*s/.vidgen-try-XXXXXX", slash ? (int)(slash - out) : 1, slash ? out : ".");
    t->fd = mkstemp(t->temp.p);
    if (t->fd < 0) {
        buf_clear(&t->temp);
        return err_errno(e, "make a file for the answer");
    }
    return fchmod(t->fd, 0644) == 0 || err_errno(e, "'%s'", t->temp.p);
}

/* Without --output the first free one of piper.wav, piper-2.wav ... : an answer that was paid for overwrites nothing.
 */
static bool give_name(struct trial *t, const char *type, struct buf *name, struct err *e)
{
    if (t->app->opt.output) {
        buf_addz(name, t->app->opt.output);
        return rename(t->temp.p, name->p) == 0 ||
               err_errno(e, "call the answer '%s'; it is in '%s'", name->p, t->temp.p);
    }
    for (int i = 1; i < 1000; i++) {
        buf_clear(name);
        buf_adds(name, t->p->desc.id);
        if (i > 1)
            buf_printf(name, "-%d", i);
        buf_printf(name, ".%s", strcmp(type, "text") == 0 ? "txt" : type);
        if (link(t->temp.p, name->p) == 0)
            return unlink(t->temp.p) == 0 || err_errno(e, "remove '%s'", t->temp.p);
    }
    return err_errno(e, "call the answer '%s'; it is in '%s'", name->p, t->temp.p);
}

static int done(struct trial *t, const char *meta, struct err *e)
{
    struct arena a = { 0 };
    struct json *tree = NULL;
    struct buf name = { 0 };
    json_parse(&a, str_from(meta), 0, &tree, NULL, NULL, NULL, NULL);
    const struct json *words = json_get(tree, "words");
    bool ok = give_name(t, json_str_or(tree, "type", STR("bin")).p, &name, e);
    buf_clear(&t->temp);                        /* never removed from here on */
    if (ok) {
        fprintf(t->app->out, "%s: %.0f bytes after %.1f s", buf_str(&name).p, json_num_or(tree, "bytes", 0),
                (double)(clock_now_ms(&clock_monotonic) - t->began_ms) / 1000);
        if (words)
            fprintf(t->app->out, ", with the times of %zu words", words->n);
        fputc('\n', t->app->out);
    }
    buf_deinit(&name);
    arena_deinit(&a);
    return ok ? 0 : app_fail(t->app, e);
}

static int wait_for_end(struct trial *t, uint64_t id, struct err *e)
{
    struct transport *port = t->transport;
    struct job_event ev = { 0 };
    int caught;
    while (!(caught = signals_caught())) {
        if (port->wait(port->ctx, 1000, &ev, 1) == 0 || ev.type == JOB_ARRIVED)
            continue;
        if (ev.type == JOB_DONE) {
            int code = done(t, ev.meta, e);
            free(ev.meta);
            return code;
        }
        if (ev.type == JOB_FAILED) {
            *e = ev.err;
            return app_fail(t->app, e);
        }
        fputs("accepted there; waiting for the result\n", t->app->out);
        fflush(t->app->out);
        free(ev.remote);
        port->job_continue(port->ctx, ev.id);
    }
    port->cancel(port->ctx, id);
    return 128 + caught;
}

static int send_one(struct trial *t, const struct want *w, struct err *e)
{
    struct app *app = t->app;
    t->transport = http_transport_create(app->config, t->dir, &clock_monotonic, app->log, e);
    if (!t->transport || !open_temp(t, e))
        return app_fail(app, e);
    signals_on_stop(t->transport->wake, t->transport->leave, t->transport->ctx);
    t->began_ms = clock_now_ms(&clock_monotonic);
    const struct job job = { .id = 1, .want = w, .fd = t->fd };
    return t->transport->start(t->transport->ctx, &job, e) ? wait_for_end(t, job.id, e) : app_fail(app, e);
}

static int try(struct trial *t, const char *name, struct err *e)
{
    struct arena a = { 0 };
    struct api_request q;
    if (!providers_load(&t->all, t->app->config, t->dir, e) || !find(t, name, e))
        return app_fail(t->app, e);
    if (!t->p->info.has_key) {
        err_set(e, ERR_AUTH, "%s cannot be used yet: set " STR_FMT, name, STR_ARG(t->p->info.needs));
        return app_fail(t->app, e);
    }
    const struct want w = want_of(t);
    bool ok = request_build(&a, t->p, &w, &q, e);
    arena_deinit(&a);
    if (!ok)
        return app_fail(t->app, e);
    say_plan(t, &w);
    fflush(t->app->out);
    return t->app->opt.yes ? send_one(t, &w, e) : app_usage(t->app, "nothing was sent; --yes sends it");
}

/* ---------- both ---------- */

static const struct {
    const char *name;
    int (*run)(struct trial *t, const char *name, struct err *e);
} actions[] = { { "check", check }, { "try", try } };

int cmd_provider(struct app *app, int argc, char **argv)
{
    struct trial t = { .app = app, .fd = -1 };
    struct err e = { 0 };
    size_t i = 0;
    while (argc > 0 && i < COUNTOF(actions) && strcmp(actions[i].name, argv[0]) != 0)
        i++;
    if (argc == 0 || i == COUNTOF(actions))
        return app_usage(app, "say what to do: check or try, and the name of a provider");
    if (argc != 2)
        return app_usage(app, "%s needs the name of one provider%s", actions[i].name,
                         i == 0 ? ", or the file of a description" : "");
    t.dir = app_providers_dir(app);
    int code = actions[i].run(&t, argv[1], &e);
    signals_on_stop(NULL, NULL, NULL);
    http_transport_destroy(t.transport);
    if (t.fd >= 0)
        close(t.fd);
    if (t.temp.n)
        unlink(t.temp.p);
    buf_deinit(&t.temp);
    providers_deinit(&t.all);
    free(t.dir);
    return code;
}
