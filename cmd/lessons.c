/* lessons.c - the lessons named on the command line */
#include "cmd/lessons.h"
#include <stdlib.h>
#include "cmd/check_texts.h"
#include "cmd/inputs.h"
#include "cmd/lesson_file.h"
#include "gen/base/log.h"
#include "gen/base/mem.h"
#include "gen/lesson/problems.h"
#include "gen/lesson/shapes.h"

static void keep(struct lessons *out, struct lesson *l, bool is_good)
{
    if (out->n == out->cap) {
        out->cap = out->cap ? 2 * out->cap : 64;
        out->all = mem_resize(out->all, out->cap, sizeof *out->all);
        out->good = mem_resize(out->good, out->cap, sizeof *out->good);
    }
    out->all[out->n++] = l;
    if (is_good)
        out->good[out->n_good++] = l;
    else
        out->n_bad++;
}

static bool load_file(struct app *app, const char *path, const struct read_opts *o, struct lessons *out, struct err *e)
{
    struct lesson_file f;
    struct problems problems;
    struct lesson *l;
    bool ok = lesson_file_open(path, &f, e);
    while (ok && (l = lesson_file_next(&f, o, &problems))) {
        if (problems.n_errors == 0)
            check_texts(l, &problems);
        keep(out, l, problems.n_errors == 0);
        lessons_print(app, f.path, &problems);
    }
    lesson_file_close(&f);
    return ok;
}

void lessons_print(struct app *app, struct str path, const struct problems *problems)
{
    struct buf b = { 0 };
    if (problems->n)
        problems_print(&b, path, problems, app->opt.json);
    fputs(buf_str(&b).p, app->opt.json ? app->out : app->err);
    buf_deinit(&b);
}

static bool is_single(const struct app *app, struct str name)
{
    for (size_t i = 0; i < app->opt.var.n; i++)
        if (str_starts(str_from(app->opt.var.v[i]), name.p) && app->opt.var.v[i][name.n] == '=')
            return true;
    return false;
}

/* What is typed for this run is meant for it; a file of values may serve other lessons, too. */
static void warn_unused(struct app *app, const struct lesson_vars *v)
{
    for (size_t i = 0; i < v->n; i++)
        if (!v->is_used[i] && is_single(app, v->names[i]))
            log_warn(app->log, "--var " STR_FMT ": no lesson has {{" STR_FMT "}}", STR_ARG(v->names[i]), STR_ARG(v->names[i]));
}

bool lessons_load(struct app *app, int argc, char **argv, struct arena *a, struct lessons *out, struct err *e)
{
    struct inputs in = { 0 };
    struct read_opts o;
    if (!inputs_collect(a, argc, argv, app->opt.recursive, &in, e) || !lesson_file_opts(app, a, &o, e))
        return false;
    out->vars = o.vars;
    for (size_t i = 0; i < in.n; i++)
        if (!load_file(app, in.paths[i].p, &o, out, e))
            return false;
    warn_unused(app, &o.vars);
    return true;
}

void lessons_add_shapes(struct lessons *l)
{
    size_t n = l->n_good;
    for (size_t i = 0; i < l->n_good; i++)
        n += l->good[i]->output.n_also;
    const struct lesson **shaped = mem_array(n + 1, sizeof *shaped);
    n = 0;
    for (size_t i = 0, k = 0; k < l->n_good; i++) {
        if (l->all[i] != l->good[k])
            continue;                           /* a wrong one */
        shaped[n++] = l->good[k++];
        for (size_t s = 0; s < l->all[i]->output.n_also; s++)
            shaped[n++] = lesson_shaped(l->all[i], s);
    }
    free(l->good);
    l->good = shaped;
    l->n_good = n;
}

void lessons_deinit(struct lessons *l)
{
    for (size_t i = 0; i < l->n; i++)
        lesson_destroy(l->all[i]);
    free(l->all);
    free(l->good);
    *l = (struct lessons){ 0 };
}
