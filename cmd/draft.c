/* draft.c - the command draft: a chat model writes a lesson, which is checked before it becomes a file */
#include "gen/draft.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmd/outputs.h"
#include "cmd/signals.h"
#include "cmd/wiring.h"
#include "gen/ask.h"
#include "gen/base/file.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/config.h"

enum { REPAIRS_MOST = 2, VERSIONS_MOST = 1000, NAME_BYTES = 60, NAMES_MOST = 100 };

struct drafting {
    struct app *app;
    struct arena arena;
    struct wiring wiring;
    struct plan_opts plan;
    struct draft_opts opts;
    const struct provider_info *whom;
    struct str path; /* of the lesson; "-": standard output */
    struct draft draft;
    size_t n_asked, n_requests;
    int64_t shown_s; /* of waiting */
    double spent;
};

/* ---------- before anything is asked ---------- */

static bool read_topic(struct drafting *d, int argc, char **argv, struct err *e)
{
    struct buf b = { 0 };
    for (int i = 0; i < argc; i++)
        buf_printf(&b, "%s%s", i ? " " : "", argv[i]);
    d->opts.topic = str_trim(arena_str(&d->arena, buf_str(&b)));
    buf_deinit(&b);
    if (d->opts.topic.n == 0)
        return err_set(e, ERR_USAGE, "say what the lesson is about: vidgen draft \"how a transistor works\"");
    if (d->opts.topic.n > DRAFT_TOPIC_MOST || !text_valid(d->opts.topic, NULL))
        return err_set(e, ERR_USAGE, "the topic is %s",
                       d->opts.topic.n > DRAFT_TOPIC_MOST ? "far too long" : "not UTF-8");
    return d->opts.language.n == 0 || lesson_language_valid(d->opts.language) ||
           err_set(e, ERR_USAGE, "--language %s: not a language tag, as en or pt-BR", d->app->opt.language);
}

/* A name that is free, or may be replaced: known before anything is paid. */
static bool settle_path(struct drafting *d, struct err *e)
{
    const char *asked = d->app->opt.output;
    struct stat st;
    struct buf dir = { 0 };
    if (asked && strcmp(asked, "-") == 0) {
        d->path = STR("-");
        return true;
    }
    d->path = asked ? str_from(asked)
                    : arena_printf(&d->arena, STR_FMT ".json",
                                   STR_ARG(output_component(text_cut(d->opts.topic, NAME_BYTES), &d->arena)));
    if (lstat(d->path.p, &st) == 0 && !(S_ISREG(st.st_mode) && d->app->opt.force))
        return err_set(e, ERR_USAGE, "'" STR_FMT "' is there already; -o names another file%s", STR_ARG(d->path),
                       S_ISREG(st.st_mode) ? ", --force replaces it" : "");
    const char *slash = strrchr(d->path.p, '/');
    buf_adds(&dir, slash ? (struct str){ d->path.p, (size_t)(slash - d->path.p) + 1 } : STR("."));
    bool ok = access(buf_str(&dir).p, W_OK | X_OK) == 0 ||
              err_errno(e, "the directory of '" STR_FMT "' cannot be written", STR_ARG(d->path));
    buf_deinit(&dir);
    return ok;
}

static int nobody(struct app *app, const struct err *e)
{
    int code = app_fail(app, e);
    if (!app->opt.json)
        fputs(
            "Set the key of one, as OPENAI_API_KEY or GEMINI_API_KEY (vidgen list providers), or name a model of your own "
            "in config.yaml, as for Ollama:\n"
            "\n"
            "providers:\n"
            "  chat: ollama\n"
            "  ollama: { params: { model: llama3.2 } }\n",
            app->err);
    return code;
}

/* --again: the next version of this question that was never answered. */
static bool settle_version(struct drafting *d, struct want *w, struct err *e)
{
    bool is_new = false;
    while (!is_new && d->opts.version < VERSIONS_MOST) {
        draft_want(&d->opts, &d->app->words, &d->arena, w);
        w->provider = d->whom->id;
        if (!d->app->opt.again)
            return true;
        if (!ask_is_new(&d->plan, w, &is_new, e))
            return false;
        d->opts.version += !is_new;
    }
    return is_new || err_set(e, ERR_USAGE, "%d versions of this draft are kept; change the topic", VERSIONS_MOST);
}

/* ---------- asking ---------- */

static void say_question(struct drafting *d, const struct want *w)
{
    struct arena a = { 0 };
    struct quote q = { .money = -1 };
    struct buf b = { 0 };
    if (d->app->opt.quiet || d->app->opt.json)
        return;
    d->wiring.transport->quote(d->wiring.transport->ctx, w, &a, &q);
    buf_printf(&b, "asking " STR_FMT "%s" STR_FMT, STR_ARG(d->whom->id), q.model.n ? ", " : "", STR_ARG(q.model));
    if (q.money >= 0)
        buf_printf(&b, ", about %.4f " STR_FMT, q.money, STR_ARG(d->app->config->budget.currency));
    if (d->n_asked)
        buf_printf(&b, ", to mend %zu %s (%zu of %d)", d->draft.n_errors,
                   d->draft.n_errors == 1 ? "mistake" : "mistakes", d->n_asked, REPAIRS_MOST);
    fprintf(d->app->err, "vidgen: %s\n", buf_str(&b).p);
    buf_deinit(&b);
    arena_deinit(&a);
}

/* Someone who waits sees that it goes on. */
static void tick(void *ctx, const struct status_totals *t)
{
    struct drafting *d = ctx;
    int64_t seconds = t->elapsed_ms / 1000;
    if (seconds == d->shown_s)
        return;
    d->shown_s = seconds;
    fprintf(d->app->err, "waiting, %lld s\r", (long long)seconds);
    fflush(d->app->err);
}

static bool ask(struct drafting *d, const struct want *w, struct err *e)
{
    struct engine_opts o = wiring_engine(&d->wiring);
    const struct status watch = { d, NULL, tick };
    bool is_watched = d->app->err_is_terminal && !d->app->opt.quiet && !d->app->opt.json;
    struct ask_result r;
    const struct read_opts opts = { .words = &d->app->words, .config = d->app->config };
    if (o.max_cost >= 0)
        o.max_cost = o.max_cost > d->spent ? o.max_cost - d->spent : 0;
    o.status = is_watched ? &watch : NULL;
    d->shown_s = 0;
    say_question(d, w);
    bool ok = ask_text(&d->plan, &o, d->whom, w, "draft", &d->arena, &r, e);
    if (d->shown_s)
        fputs("\33[K", d->app->err);
    d->n_asked++;
    d->n_requests += r.n_requests;
    d->spent += r.spent;
    if (ok)
        draft_read(&d->opts, r.text, &opts, &d->arena, &d->draft);
    return ok;
}

/* ---------- after ---------- */

static struct str cost_of(struct drafting *d)
{
    struct str currency = d->app->config->budget.currency;
    if (d->n_requests == 0)
        return STR("from the cache, nothing was paid");
    if (d->spent > 0)
        return arena_printf(&d->arena, "%zu %s, %.4f " STR_FMT, d->n_requests,
                            d->n_requests == 1 ? "request" : "requests", d->spent, STR_ARG(currency));
    return arena_printf(&d->arena, "%zu %s", d->n_requests, d->n_requests == 1 ? "request" : "requests");
}

static void say_json(struct drafting *d, struct str answer)
{
    struct arena *a = &d->arena;
    struct json *o = json_object(a);
    struct buf b = { 0 };
    json_set(a, o, "event", json_string(a, STR("draft")));
    json_set(a, o, "file", d->draft.n_errors ? json_null(a) : json_string(a, d->path));
    if (answer.n)
        json_set(a, o, "answer", json_string(a, answer));
    json_set(a, o, "sections", json_number(a, (double)d->draft.n_sections));
    json_set(a, o, "errors", json_number(a, (double)d->draft.n_errors));
    json_set(a, o, "left_out", json_string(a, d->draft.left_out));
    json_set(a, o, "requests", json_number(a, (double)d->n_requests));
    json_set(a, o, "cost", json_number(a, d->spent));
    json_print(&b, o, 0);
    fprintf(d->app->out, "%s\n", buf_str(&b).p);
    buf_deinit(&b);
}

static void say_lesson(struct drafting *d, FILE *to)
{
    struct buf length = { 0 };
    text_duration(&length, (int64_t)(d->draft.seconds * 1000));
    fprintf(to, STR_FMT ": %zu %s, about %s of speech; " STR_FMT "\n", STR_ARG(d->path), d->draft.n_sections,
            d->draft.n_sections == 1 ? "section" : "sections", buf_str(&length).p, STR_ARG(cost_of(d)));
    buf_deinit(&length);
}

static int keep_lesson(struct drafting *d, struct err *e)
{
    struct app *app = d->app;
    bool is_stdout = str_is(d->path, "-");
    if (is_stdout)
        fwrite(d->draft.text.p, 1, d->draft.text.n, app->out);
    else if (!file_replace(d->path.p, d->draft.text, e))
        return app_fail(app, e);
    if (d->draft.left_out.n && !app->opt.quiet && !app->opt.json)
        fprintf(app->err, "vidgen: left out of the answer, for a draft names no files and the like: " STR_FMT "\n",
                STR_ARG(d->draft.left_out));
    if (app->opt.json && !is_stdout)
        say_json(d, STR(""));
    else if (!app->opt.quiet)
        say_lesson(d, is_stdout ? app->err : app->out);
    return 0;
}

/* "topic.answer.txt" beside the lesson, or with a number when that is taken. */
static bool keep_answer(struct drafting *d, struct str *name, struct err *e)
{
    struct str stem = str_is(d->path, "-") ? STR("draft") : d->path;
    struct stat st;
    if (str_ends(stem, ".json"))
        stem.n -= 5;
    for (int i = 1; i <= NAMES_MOST; i++) {
        *name = i == 1 ? arena_printf(&d->arena, STR_FMT ".answer.txt", STR_ARG(stem))
                       : arena_printf(&d->arena, STR_FMT ".answer-%d.txt", STR_ARG(stem), i);
        if (lstat(name->p, &st) != 0)
            return file_replace(name->p, d->draft.text, e);
    }
    return err_set(e, ERR_IO, "%d answers lie there already", NAMES_MOST);
}

static int give_up(struct drafting *d, struct err *e)
{
    struct app *app = d->app;
    struct str name;
    struct err why = { 0 };
    bool is_kept = keep_answer(d, &name, &why);
    if (!app->opt.json)
        fwrite(d->draft.errors.p, 1, d->draft.errors.n, app->err);
    err_set(e, ERR_LESSON, "no lesson was written: after %zu answers there %s still %zu %s (" STR_FMT "); %s%s",
            d->n_asked, d->draft.n_errors == 1 ? "is" : "are", d->draft.n_errors,
            d->draft.n_errors == 1 ? "mistake" : "mistakes", STR_ARG(cost_of(d)),
            is_kept ? "the last answer lies in " : "the last answer could not be kept: ", is_kept ? name.p : why.msg);
    if (app->opt.json)
        say_json(d, is_kept ? name : STR(""));
    return app_fail(app, e);
}

/* ---------- all of it ---------- */

static int fail(struct drafting *d, const struct err *e)
{
    int caught = signals_caught(), code = app_fail(d->app, e);
    return caught ? 128 + caught : code;
}

static int draft(struct drafting *d, int argc, char **argv, struct err *e)
{
    struct app *app = d->app;
    struct want first, next;
    d->opts = (struct draft_opts){ .language = str_from(app->opt.language),
                                   .sections = app->opt.sections,
                                   .minutes = app->opt.minutes };
    if (!read_topic(d, argc, argv, e) || !settle_path(d, e) || !wiring_open(&d->wiring, app, false, e))
        return app_fail(app, e);
    d->plan = (struct plan_opts){ .config = app->config,
                                  .transport = d->wiring.transport,
                                  .renderer = d->wiring.renderer,
                                  .store = d->wiring.store,
                                  .log = app->log,
                                  .words = &app->words };
    d->whom = ask_whom(&d->plan, str_from(app->opt.provider), e);
    if (!d->whom)
        return e->code == ERR_CONFIG && !app->opt.provider ? nobody(app, e) : app_fail(app, e);
    if (!settle_version(d, &first, e) || !ask(d, &first, e))
        return fail(d, e);
    while (d->draft.n_errors && d->n_asked <= REPAIRS_MOST) {
        log_info(app->log, "the answer: " STR_FMT, STR_ARG(d->draft.errors));
        draft_repair(&first, &d->draft, d->n_asked, &d->arena, &next);
        if (!ask(d, &next, e))
            return fail(d, e);
    }
    return d->draft.n_errors ? give_up(d, e) : keep_lesson(d, e);
}

int cmd_draft(struct app *app, int argc, char **argv)
{
    struct drafting d = { .app = app };
    struct err e = { 0 };
    int code = draft(&d, argc, argv, &e);
    wiring_close(&d.wiring);
    arena_deinit(&d.arena);
    return code;
}
