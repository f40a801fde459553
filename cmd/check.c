/* check.c - the command check: every mistake in lessons, and nothing else happens */
#include "cmd/inputs.h"
#include "cmd/lesson_file.h"
#include "gen/lesson/problems.h"

static int check_one(struct app *app, const char *path, const struct read_opts *opts)
{
    struct problems problems;
    struct err e = { 0 };
    struct buf b = { 0 };
    struct lesson *l = lesson_file_read(app, path, opts, &problems, &e);
    if (!l)
        return app_fail(app, &e);
    problems_print(&b, str_from(path), &problems, app->opt.json);
    if (!app->opt.quiet || problems.n_errors)
        fputs(buf_str(&b).p, app->out);
    buf_deinit(&b);
    lesson_destroy(l);
    return problems.n_errors ? err_exit_code(ERR_LESSON) : 0;
}

int cmd_check(struct app *app, int argc, char **argv)
{
    struct arena a = { 0 };
    struct inputs in = { 0 };
    struct read_opts opts;
    struct err e = { 0 };
    int worst = 0;
    if (!inputs_collect(&a, argc, argv, &in, &e) || !lesson_file_opts(app, &a, &opts, &e))
        worst = e.code == ERR_USAGE ? app_usage(app, "%s", e.msg) : app_fail(app, &e);
    for (size_t i = 0; e.code == ERR_NONE && i < in.n; i++) {
        int code = check_one(app, in.paths[i].p, &opts);
        worst = code > worst ? code : worst;
    }
    arena_deinit(&a);
    return worst;
}
