/* lessons.c - the lessons named on the command line */
#include "cmd/lessons.h"
#include "cmd/inputs.h"
#include "cmd/lesson_file.h"
#include "gen/lesson/problems.h"

static bool load_one(struct app *app, struct str path, const struct read_opts *o, struct lessons *out, struct err *e)
{
    struct problems problems;
    struct lesson *l = lesson_file_read(app, path.p, o, &problems, e);
    if (!l)
        return false;
    out->all[out->n++] = l;
    if (problems.n_errors)
        out->n_bad++;
    else
        out->good[out->n_good++] = l;
    lessons_print(app, path, &problems);
    return true;
}

void lessons_print(struct app *app, struct str path, const struct problems *problems)
{
    struct buf b = { 0 };
    if (problems->n)
        problems_print(&b, path, problems, app->opt.json);
    fputs(buf_str(&b).p, app->opt.json ? app->out : app->err);
    buf_deinit(&b);
}

bool lessons_load(struct app *app, int argc, char **argv, struct arena *a, struct lessons *out, struct err *e)
{
    struct inputs in = { 0 };
    struct read_opts o;
    if (!inputs_collect(a, argc, argv, &in, e) || !lesson_file_opts(app, a, &o, e))
        return false;
    out->all = arena_array(a, in.n, sizeof *out->all);
    out->good = arena_array(a, in.n, sizeof *out->good);
    for (size_t i = 0; i < in.n; i++)
        if (!load_one(app, in.paths[i], &o, out, e))
            return false;
    return true;
}

void lessons_deinit(struct lessons *l)
{
    for (size_t i = 0; i < l->n; i++)
        lesson_destroy(l->all[i]);
    *l = (struct lessons){ 0 };
}
