/* tune.c - `vidgen tune`: which settings of workers a run would be done soonest with, by what earlier runs took */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "cmd/app.h"
#include "cmd/runs.h"
#include "cmd/tune_plan.h"
#include "cmd/tune_show.h"
#include "cmd/wiring.h"
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "gen/base/workers.h"
#include "gen/base/yaml_edit.h"

enum { CONFIG_MOST = 1 << 20 };

static const char own_file[] = "config.yaml";

struct tuning {
    struct app *app;
    struct arena arena;
    struct str path; /* of the journal */
    struct tune_run run;
    struct tune_plan plan;
    struct tune_choice choice;
};

/* The newest run in which something was done; a run where all was there already tells nothing. */
static bool find_run(struct tuning *t, struct err *e)
{
    char *cache = app_cache_dir(t->app);
    struct str *names;
    bool is_named = t->app->opt.run != NULL, ok = false;
    size_t n = is_named ? 0 : runs_list(cache, &t->arena, &names);
    if (is_named)
        ok = runs_find(cache, str_from(t->app->opt.run), &t->arena, &t->path, e) &&
             tune_read_file(&t->run, t->path.p, e);
    while (!is_named && !ok && n-- > 0) {
        tune_run_deinit(&t->run);
        ok = runs_find(cache, names[n], &t->arena, &t->path, e) && tune_read_file(&t->run, t->path.p, e);
    }
    if (!is_named && !ok)
        err_set(e, ERR_USAGE,
                "no run that fetched or rendered anything is recorded in '%s/runs'; \"vidgen build\" records each one",
                cache);
    free(cache);
    return ok;
}

static struct sim_settings settings_of(const struct config *c)
{
    return (struct sim_settings){ .requests = wiring_requests(c),
                                  .videos = c->workers.videos,
                                  .sections = c->workers.sections,
                                  .render = wiring_threads(c),
                                  .cores = workers_cores() };
}

static size_t columns_of_terminal(const struct app *app)
{
    struct winsize w;
    return app->out_is_terminal && ioctl(fileno(app->out), TIOCGWINSZ, &w) == 0 && w.ws_col > 20 ? w.ws_col : 100;
}

/* ---------- config.yaml ---------- */

/* The changes, one after the other; then the whole must be read as what it is meant to be. */
static bool edit(const struct config *c, struct buf *text, const struct tune_change *changes, size_t n,
                 const char *path, struct err *e)
{
    static const char *const order[] = { "videos", "sections", "requests", "render", NULL };
    (void)c;
    for (size_t i = 0; i < n; i++) {
        struct buf edited = { 0 };
        char value[24];
        snprintf(value, sizeof value, "%lld", (long long)changes[i].to);
        const struct yaml_edit what = { .block = "workers", .key = changes[i].key, .value = value, .order = order };
        bool ok = yaml_edit(buf_str(text), &what, &edited, e);
        if (!ok) {
            buf_deinit(&edited);
            return err_wrap(e, "%s", path);
        }
        buf_deinit(text);
        *text = edited;
    }
    return true;
}

static bool write_settings(struct tuning *t, struct err *e)
{
    const struct config *c = t->app->config;
    const char *path = c->path.n ? c->path.p : own_file;
    struct tune_change changes[TUNE_CHANGES];
    struct buf text = BUF_INIT(CONFIG_MOST);
    size_t n = tune_changes(&t->choice, changes);
    bool ok = (c->path.n == 0 || file_read(path, CONFIG_MOST, &text, e)) && edit(c, &text, changes, n, path, e) &&
              (n == 0 || file_replace(path, buf_str(&text), e));
    if (ok && !t->app->opt.quiet)
        fprintf(t->app->err, n ? "vidgen: written to %s\n" : "vidgen: %s stays as it is\n", path);
    buf_deinit(&text);
    return ok;
}

/* ---------- the command ---------- */

static bool write_svg(const struct tuning *t, const struct tune_shown *s, struct err *e)
{
    struct buf b = { 0 };
    tune_svg(&b, s);
    bool ok = file_replace(t->app->opt.svg, buf_str(&b), e);
    buf_deinit(&b);
    return ok;
}

static bool show(struct tuning *t, struct err *e)
{
    const char *slash = strrchr(t->path.p, '/');
    struct sim_result replay;
    struct tune_shown s = { .name = slash ? slash + 1 : t->path.p,
                            .run = &t->run,
                            .load = t->plan.load.n_steps ? &t->plan.load : &t->run.load,
                            .choice = &t->choice,
                            .n_planned = t->plan.n_lessons,
                            .columns = columns_of_terminal(t->app) };
    struct buf b = { 0 };
    sim_run(&t->run.load, &t->run.was, &replay);
    s.replay_ms = replay.total_ms;
    (t->app->opt.json ? tune_json : tune_show)(&b, &s);
    fputs(buf_str(&b).p, t->app->out);
    buf_deinit(&b);
    return !t->app->opt.svg || write_svg(t, &s, e);
}

int cmd_tune(struct app *app, int argc, char **argv)
{
    struct tuning t = { .app = app };
    struct err e = { 0 };
    bool ok = find_run(&t, &e) && (argc == 0 || tune_plan(&t.plan, app, argc, argv, &t.run, &e));
    if (ok) {
        const struct sim_settings now = settings_of(app->config);
        tune_choose(t.plan.load.n_steps ? &t.plan.load : &t.run.load, &now, &t.choice);
        ok = show(&t, &e) && (!app->opt.write || write_settings(&t, &e));
    }
    tune_plan_deinit(&t.plan);
    tune_run_deinit(&t.run);
    arena_deinit(&t.arena);
    return ok ? 0 : app_fail(app, &e);
}
