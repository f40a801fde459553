/* cache.c - the command cache: what is there, whether it is whole, and less of it */
#include <stdlib.h>
#include <string.h>
#include "cmd/app.h"
#include "cmd/kept_films.h"
#include "cmd/runs.h"
#include "cmd/stills.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/config.h"
#include "gen/store.h"

enum { RUNS_AFTER_GC = 10 };                    /* journals */

static void print_size(FILE *f, int64_t bytes)
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    double v = (double)bytes;
    size_t u = 0;
    while (v >= 1024 && u + 1 < COUNTOF(units)) {
        v /= 1024;
        u++;
    }
    fprintf(f, u ? "%.1f %s" : "%.0f %s", v, units[u]);
}

struct spending { /* by provider, as it is printed */
    struct app *app;
    size_t n;
};

static void print_provider(void *ctx, struct str provider, int64_t n_calls, double spent)
{
    struct spending *s = ctx;
    struct buf name = { 0 };
    if (s->app->opt.json) {
        json_print_string(&name, provider);
        fprintf(s->app->out, "%s{\"provider\":%s,\"calls\":%lld,\"spent\":%.6g}", s->n ? "," : "", buf_str(&name).p,
                (long long)n_calls, spent);
    } else {
        text_clean(&name, provider, 40);
        fprintf(s->app->out, "  %-24s %6lld calls %10.2f " STR_FMT "\n", buf_str(&name).p, (long long)n_calls, spent,
                STR_ARG(s->app->config->budget.currency));
    }
    s->n++;
    buf_deinit(&name);
}

static int stats(struct app *app, struct store *s, struct err *e)
{
    struct store_stats st = { 0 };
    struct spending spending = { app, 0 };
    int64_t n = 0, bytes = 0;
    if (!store_stats(s, &st, e))
        return app_fail(app, e);
    for (int k = 0; k < ASSET_N_KINDS; k++) {
        n += st.n_blobs[k];
        bytes += st.bytes[k];
    }
    if (app->opt.json) {
        fputs("{\"kinds\":{", app->out);
        for (int k = 0; k < ASSET_N_KINDS; k++)
            fprintf(app->out, "%s\"%s\":{\"objects\":%lld,\"bytes\":%lld}", k ? "," : "",
                    asset_kind_name((enum asset_kind)k), (long long)st.n_blobs[k], (long long)st.bytes[k]);
        fprintf(app->out,
                "},\"objects\":%lld,\"bytes\":%lld,\"calls\":%lld,\"lost\":%lld,\"spent\":%.6g,\"providers\":[",
                (long long)n, (long long)bytes, (long long)st.n_calls, (long long)st.n_lost, st.spent);
        bool ok = store_each_provider(s, print_provider, &spending, e);
        fputs("]}\n", app->out);
        return ok ? 0 : app_fail(app, e);
    }
    for (int k = 0; k < ASSET_N_KINDS; k++) {
        fprintf(app->out, "%-8s %8lld  ", asset_kind_name((enum asset_kind)k), (long long)st.n_blobs[k]);
        print_size(app->out, st.bytes[k]);
        fputc('\n', app->out);
    }
    fprintf(app->out, "%-8s %8lld  ", "all", (long long)n);
    print_size(app->out, bytes);
    fprintf(app->out, "\n%lld calls answered or under way, %.2f " STR_FMT " spent", (long long)st.n_calls, st.spent,
            STR_ARG(app->config->budget.currency));
    if (st.n_lost)
        fprintf(app->out, ", %lld without an answer (build --retry-lost asks again)", (long long)st.n_lost);
    fputc('\n', app->out);
    return store_each_provider(s, print_provider, &spending, e) ? 0 : app_fail(app, e);
}

static int verify(struct app *app, struct store *s, struct err *e)
{
    int64_t checked = 0, bad = 0;
    if (!store_verify(s, &checked, &bad, e))
        return app_fail(app, e);
    if (app->opt.json)
        fprintf(app->out, "{\"checked\":%lld,\"damaged\":%lld}\n", (long long)checked, (long long)bad);
    else
        fprintf(app->out, "%lld objects checked, %lld damaged%s\n", (long long)checked, (long long)bad,
                bad ? " and set aside; they will be made again" : "");
    return bad ? err_exit_code(ERR_STORE) : 0;
}

static int gc(struct app *app, struct store *s, struct err *e)
{
    int64_t max = app->config->cache.max_bytes, removed = 0, bytes = 0;
    double size;
    if (app->opt.max_size) {
        if (!config_size(str_from(app->opt.max_size), &size))
            return app_usage(app, "--max-size %s: expected a size, as 5GB or 500MiB", app->opt.max_size);
        max = (int64_t)size;
    } else if (max == 0) {
        max = INT64_MAX; /* no limit: only what is of no use goes */
    }
    if (!store_gc(s, max, app->opt.paid, &removed, &bytes, e))
        return app_fail(app, e);
    char *dir = app_cache_dir(app);
    runs_trim(dir, RUNS_AFTER_GC);
    stills_drop(dir);
    kept_films_sweep(dir);
    free(dir);
    if (app->opt.json) {
        fprintf(app->out, "{\"removed\":%lld,\"bytes\":%lld}\n", (long long)removed, (long long)bytes);
        return 0;
    }
    fprintf(app->out, "%lld objects removed, ", (long long)removed);
    print_size(app->out, bytes);
    fputc('\n', app->out);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(struct app *app, struct store *s, struct err *e);
} actions[] = { { "stats", stats }, { "verify", verify }, { "gc", gc } };

int cmd_cache(struct app *app, int argc, char **argv)
{
    struct err e = { 0 };
    size_t i = 0;
    if (argc != 1)
        return app_usage(app, "say what to do: stats, verify or gc");
    while (i < COUNTOF(actions) && strcmp(actions[i].name, argv[0]) != 0)
        i++;
    if (i == COUNTOF(actions))
        return app_usage(app, "unknown action \"%s\": stats, verify or gc", argv[0]);
    char *dir = app_cache_dir(app);
    struct store *s = store_open(str_from(dir), app->log, &e);
    int code = s ? actions[i].run(app, s, &e) : app_fail(app, &e);
    store_close(s);
    free(dir);
    return code;
}
