/* report.c - `vidgen report`: a page about a run, or the same as JSON */
#include "cmd/report.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/report_page.h"
#include "cmd/runs.h"
#include "cmd/signals.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/config.h"
#include "gen/store.h"

static bool is_stopped(void)
{
    return signals_caught() != 0;
}

static void add_spent(void *ctx, struct str provider, int64_t n_calls, double spent)
{
    double *sum = ctx;
    (void)provider, (void)n_calls;
    *sum += spent;
}

static double paid_ever(struct store *s)
{
    double sum = 0;
    struct err e;
    return s && store_each_provider(s, add_spent, &sum, &e) ? sum : -1;
}

/* "20261121T080000Z-7" of ".../20261121T080000Z-7.jsonl" */
static struct str name_of(struct str journal)
{
    const char *slash = memrchr(journal.p, '/', journal.n);
    struct str name = slash ? str_from(slash + 1) : journal;
    if (str_ends(name, ".jsonl"))
        name.n -= strlen(".jsonl");
    return name;
}

static void say_path(struct app *app, FILE *to, const char *before, const char *path)
{
    struct buf shown = { 0 };
    text_clean(&shown, str_from(path), 0);
    if (!app->opt.quiet && !app->opt.json)
        fprintf(to, "%s%s\n", before, buf_str(&shown).p);
    buf_deinit(&shown);
}

void report_after_run(struct app *app, const char *journal, struct store *store, const char *out_dir, const char *ending,
                      size_t n_lessons, bool is_idle)
{
    const int when = app->config->report;
    struct arena a = { 0 };
    struct err e = { 0 };
    struct run r = { 0 };
    if (!journal || when == REPORT_NEVER || (when == REPORT_AUTO && n_lessons < 2))
        return;
    char *cache = app_cache_dir(app);
    const struct page_opts o = {
        .report = { .name = name_of(str_from(journal)), .cache = cache, .paid_ever = paid_ever(store) },
        .path = arena_printf(&a, "%s/report%s.html", out_dir, ending).p,
        .log = app->log,
        .is_stopped = is_stopped,
    };
    bool is_there = is_idle && access(o.path, F_OK) == 0; /* it says of these videos all there is to say */
    if (!is_there && run_read(&r, journal, &e) && report_page(&r, &o, &e))
        say_path(app, app->err, "report: ", o.path);
    else if (e.code != ERR_NONE)
        log_warn(app->log, "the report is not written: %s", e.msg);
    run_close(&r);
    free(cache);
    arena_deinit(&a);
}

/* ---------- the command ---------- */

static int list(struct app *app, const char *cache)
{
    struct arena a = { 0 };
    struct str *names;
    size_t n = runs_list(cache, &a, &names);
    for (size_t i = n; i-- > 0;) {
        struct arena own = { 0 };
        struct str path;
        struct err e;
        struct run r = { 0 };
        if (runs_find(cache, names[i], &own, &path, &e) && run_read(&r, path.p, &e)) {
            struct buf where = { 0 };
            text_clean(&where, json_str_or(r.head, "outputs", STR("")), 200);
            fprintf(app->out, STR_FMT "  " STR_FMT "  %zu %s  %s%s\n", STR_ARG(names[i]), STR_ARG(json_str_or(r.head, "command", STR(""))),
                    r.n_lessons, r.n_lessons == 1 ? "lesson" : "lessons", buf_str(&where).p, r.end ? "" : "  (not finished)");
            buf_deinit(&where);
        }
        run_close(&r);
        arena_deinit(&own);
    }
    arena_deinit(&a);
    return 0;
}

static int print_json(struct app *app, struct run *r, const struct report_opts *o)
{
    struct buf b = BUF_INIT(512 * MIB);
    report_json(&b, r, o);
    fwrite(buf_str(&b).p, 1, b.n, app->out);
    buf_deinit(&b);
    return 0;
}

/* Where the page of that run lies, or where the person wants it. A journal from elsewhere does not say where to write. */
static const char *page_path(struct app *app, const struct run *r, bool is_kept, struct arena *a, struct err *e)
{
    struct str dir = json_str_or(r->head, "outputs", STR(""));
    if (app->opt.output)
        return app->opt.output;
    if (!is_kept) {
        err_set(e, ERR_USAGE, "a journal that is a file of yours does not say where its page goes; name a file with -o");
        return NULL;
    }
    if (!dir.n) {
        err_set(e, ERR_USAGE, "that run wrote no videos, so nothing says where its page goes; name a file with -o");
        return NULL;
    }
    return arena_printf(a, STR_FMT "/report" STR_FMT ".html", STR_ARG(dir), STR_ARG(json_str_or(r->head, "ending", STR("")))).p;
}

static int make(struct app *app, const char *cache, struct str which)
{
    struct arena a = { 0 };
    struct run r = { 0 };
    struct err e = { 0 };
    struct str path;
    const char *page = NULL;
    int code = 0;
    struct store *store = access(cache, F_OK) == 0 ? store_open(str_from(cache), app->log, &e) : NULL;
    if (!runs_find(cache, which, &a, &path, &e) || !run_read(&r, path.p, &e)) {
        code = app_fail(app, &e);
        goto out;
    }
    const struct page_opts o = {
        .report = { .name = name_of(path), .cache = cache, .paid_ever = paid_ever(store) }, .log = app->log, .is_stopped = is_stopped
    };
    if (app->opt.json) {
        code = print_json(app, &r, &o.report);
        goto out;
    }
    struct page_opts own = o;
    own.path = page = page_path(app, &r, !runs_is_file(which), &a, &e);
    if (!page || !report_page(&r, &own, &e))
        code = app_fail(app, &e);
    else
        say_path(app, app->out, "", page);
out:
    run_close(&r);
    store_close(store);
    arena_deinit(&a);
    return code;
}

int cmd_report(struct app *app, int argc, char **argv)
{
    if (argc > 1)
        return app_usage(app, "one run at a time");
    char *cache = app_cache_dir(app);
    int code = app->opt.list ? list(app, cache) : make(app, cache, str_from(argc ? argv[0] : ""));
    free(cache);
    return code;
}
