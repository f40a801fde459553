/* app.c - what every command works with: saying things, settings */
#include "cmd/app.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include "cmd/journal.h"
#include "cmd/progress.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/config.h"

static const char *const level_names[] = { "error", "warning", "info", "debug" };

void app_log(void *ctx, enum log_level level, const char *line)
{
    struct app *app = ctx;
    if (app->journal)
        journal_log(app->journal, level, line);
    if (app->progress)
        progress_log(app->progress, level, line);
    else
        fprintf(app->err, "vidgen: %s%s%s\n", level <= LOG_WARN ? level_names[level] : "",
                level <= LOG_WARN ? ": " : "", line);
}

static void fail_json(struct app *app, enum err_code code, struct str message)
{
    struct buf b = { 0 };
    buf_printf(&b, "{\"event\":\"error\",\"code\":\"%s\",\"exit\":%d,\"message\":", err_code_name(code),
               err_exit_code(code));
    json_print_string(&b, message);
    buf_addz(&b, "}\n");
    fputs(b.p, app->out);
    buf_deinit(&b);
}

/* The message's lines, cleaned; those without a place of their own say who speaks. */
static void fail_text(struct app *app, const char *rest)
{
    while (*rest) {
        size_t n = strcspn(rest, "\n");
        struct buf line = { 0 };
        text_clean(&line, (struct str){ rest, n }, 0);
        const char *text = buf_str(&line).p;
        fprintf(app->err, "%s%s\n", strstr(text, ": error: ") ? "" : "vidgen: ", text);
        buf_deinit(&line);
        rest += n + (rest[n] == '\n');
    }
}

static int fail(struct app *app, enum err_code code, const char *message)
{
    if (app->opt.json)
        fail_json(app, code, str_trim(str_from(message)));
    else
        fail_text(app, message);
    return err_exit_code(code);
}

int app_fail(struct app *app, const struct err *e)
{
    int code = fail(app, e->code, e->msg);
    if (e->code == ERR_USAGE && app->command && !app->opt.json)
        fprintf(app->err, "\"vidgen help %s\" says more\n", app->command->name);
    return code;
}

int app_usage(struct app *app, const char *fmt, ...)
{
    struct err e;
    va_list ap;
    va_start(ap, fmt);
    err_vset(&e, ERR_USAGE, fmt, ap);
    va_end(ap);
    return app_fail(app, &e);
}

static char *setting(const char *key, const char *format, const void *value)
{
    struct buf b = { 0 };
    buf_printf(&b, "%s=", key);
    if (strcmp(format, "text") == 0)
        json_print_string(&b, str_from(value));
    else if (strcmp(format, "int") == 0)
        buf_printf(&b, "%lld", (long long)*(const int64_t *)value);
    else
        buf_printf(&b, "%.10g", *(const double *)value);
    return buf_take(&b);
}

int app_load_config(struct app *app)
{
    const struct option_values *o = &app->opt;
    struct buf problems = { 0 };
    struct err e;
    char *own[7] = { 0 };
    size_t n_own = 0;
    if (o->jobs >= 0)
        own[n_own++] = setting("workers.render", "int", &o->jobs);
    if (o->max_cost >= 0)
        own[n_own++] = setting("budget.max_cost", "number", &o->max_cost);
    if (o->allow_unpriced)
        own[n_own++] = mem_strdup("budget.allow_unpriced=true");
    if (o->report)
        own[n_own++] = setting("report", "text", o->report);
    if (o->image)
        own[n_own++] = setting("providers.image", "text", o->image);
    if (o->video)
        own[n_own++] = setting("providers.video", "text", o->video);
    if (o->speech)
        own[n_own++] = setting("providers.speech", "text", o->speech);
    const char **sets = mem_array(o->set.n + n_own + 1, sizeof *sets);
    for (size_t i = 0; i < o->set.n; i++)
        sets[i] = o->set.v[i];
    for (size_t i = 0; i < n_own; i++)
        sets[o->set.n + i] = own[i];
    app->config = config_load_all(o->config, sets, o->set.n + n_own, &problems, &e);
    int code = app->config ? 0 : fail(app, e.code, problems.n ? problems.p : e.msg);
    for (size_t i = 0; i < n_own; i++)
        free(own[i]);
    free(sets);
    buf_deinit(&problems);
    return code;
}

static void write_err(void *ctx, const char *p, size_t n)
{
    struct app *app = ctx;
    fwrite(p, 1, n, app->err);
    fflush(app->err);
}

static void write_out(void *ctx, const char *p, size_t n)
{
    struct app *app = ctx;
    fwrite(p, 1, n, app->out);
    fflush(app->out);
}

static void terminal_size(void *ctx, int *columns, int *rows)
{
    struct app *app = ctx;
    struct winsize w;
    if (ioctl(fileno(app->err), TIOCGWINSZ, &w) == 0 && w.ws_col > 0 && w.ws_row > 0) {
        *columns = w.ws_col;
        *rows = w.ws_row;
    }
}

struct progress *app_progress(struct app *app)
{
    const char *term = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    bool is_live = app->err_is_terminal && term && strcmp(term, "dumb") != 0 && !app->opt.verbose;
    struct progress_opts o = {
        .mode = app->opt.json    ? PROGRESS_JSON
                : app->opt.quiet ? PROGRESS_QUIET
                : is_live        ? PROGRESS_LIVE
                                 : PROGRESS_PLAIN,
        .has_color = !no_color || !no_color[0],
        .currency = app->config ? app->config->budget.currency : STR(""),
        .clock = &clock_monotonic,
        .write = app->opt.json ? write_out : write_err,
        .size = terminal_size,
        .ctx = app,
    };
    return app->progress = progress_create(&o);
}

char *app_providers_dir(const struct app *app)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    struct str path = app->config->path;
    struct buf b = { 0 };
    while (path.n && path.p[path.n - 1] != '/')
        path.n--;
    if (app->config->path.n)
        buf_printf(&b, STR_FMT "providers", STR_ARG(path));
    else if (xdg && xdg[0] == '/')
        buf_printf(&b, "%s/vidgen/providers", xdg);
    else if (home && home[0] == '/')
        buf_printf(&b, "%s/.config/vidgen/providers", home);
    else
        return NULL;
    return buf_take(&b);
}

char *app_cache_dir(const struct app *app)
{
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    struct buf b = { 0 };
    if (app->config->cache.dir.n)
        buf_adds(&b, app->config->cache.dir);
    else if (xdg && xdg[0] == '/')
        buf_printf(&b, "%s/vidgen", xdg);
    else if (home && home[0] == '/')
        buf_printf(&b, "%s/.cache/vidgen", home);
    else
        buf_addz(&b, "vidgen-cache");
    return buf_take(&b);
}
