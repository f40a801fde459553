/* check.c - the command check: every mistake in lessons, and nothing else happens */
#include "cmd/check_texts.h"
#include "cmd/inputs.h"
#include "cmd/lesson_file.h"
#include "gen/lesson/problems.h"

static int check_lesson(struct app *app, struct str path, struct lesson *l, struct problems *problems)
{
    struct buf b = { 0 };
    if (problems->n_errors == 0)
        check_texts(l, problems);
    problems_print(&b, path, problems, app->opt.json);
    if (!app->opt.quiet || problems->n_errors)
        fputs(buf_str(&b).p, app->out);
    buf_deinit(&b);
    return problems->n_errors ? err_exit_code(ERR_LESSON) : 0;
}

static int check_file(struct app *app, const char *path, const struct read_opts *opts)
{
    struct lesson_file f;
    struct problems problems;
    struct lesson *l;
    struct err e = { 0 };
    int worst = 0;
    if (!lesson_file_open(path, &f, &e))
        worst = app_fail(app, &e);
    while (e.code == ERR_NONE && (l = lesson_file_next(&f, opts, &problems))) {
        int code = check_lesson(app, f.path, l, &problems);
        worst = code > worst ? code : worst;
        lesson_destroy(l);
    }
    lesson_file_close(&f);
    return worst;
}

int cmd_check(struct app *app, int argc, char **argv)
{
    struct arena a = { 0 };
    struct inputs in = { 0 };
    struct read_opts opts;
    struct err e = { 0 };
    int worst = 0;
    if (!inputs_collect(&a, argc, argv, app->opt.recursive, &in, &e) || !lesson_file_opts(app, &a, &opts, &e))
        worst = e.code == ERR_USAGE ? app_usage(app, "%s", e.msg) : app_fail(app, &e);
    for (size_t i = 0; e.code == ERR_NONE && i < in.n; i++) {
        int code = check_file(app, in.paths[i].p, &opts);
        worst = code > worst ? code : worst;
    }
    arena_deinit(&a);
    return worst;
}
