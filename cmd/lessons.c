/* lessons.c - the lessons named on the command line */
#include "cmd/lessons.h"
#include <string.h>
#include "cmd/inputs.h"
#include "gen/base/file.h"
#include "gen/base/json.h"
#include "gen/config.h"
#include "gen/lesson/problems.h"

enum { LESSON_BYTES = 4 << 20, VARS_BYTES = 1 << 20 };

struct vars {
    struct str *names, *values;
    size_t n;
};

static bool add_pair(struct vars *v, struct arena *a, const char *text, struct err *e)
{
    const char *sign = strchr(text, '=');
    if (!sign || sign == text)
        return err_set(e, ERR_USAGE, "--var takes name=value, not \"%s\"", text);
    v->names[v->n] = arena_str(a, (struct str){ text, (size_t)(sign - text) });
    v->values[v->n++] = str_from(sign + 1);
    return true;
}

static bool read_vars_file(struct arena *a, const char *path, struct json **out, struct err *e)
{
    struct buf text = BUF_INIT(VARS_BYTES);
    struct json_pos at = { 0 };
    bool ok = file_read(path, VARS_BYTES, &text, e);
    if (ok && !json_parse(a, buf_str(&text), 0, out, NULL, NULL, &at, e)) {
        err_wrap(e, "%s:%u:%u", path, at.line, at.col);
        ok = false;
    }
    if (ok && (*out)->type != JSON_OBJECT)
        ok = err_set(e, ERR_USAGE, "%s: --vars takes a file with an object of names and values", path);
    buf_deinit(&text);
    return ok;
}

/* --vars files first, then --var: the last value of a name wins in lesson_read. */
static bool collect_vars(const struct app *app, struct arena *a, struct vars *v, struct err *e)
{
    const struct option_list *files = &app->opt.vars, *pairs = &app->opt.var;
    struct json **docs = arena_array(a, files->n, sizeof(struct json *));
    size_t total = pairs->n;
    for (size_t i = 0; i < files->n; i++) {
        if (!read_vars_file(a, files->v[i], &docs[i], e))
            return false;
        total += docs[i]->n;
    }
    v->names = arena_array(a, total, sizeof *v->names);
    v->values = arena_array(a, total, sizeof *v->values);
    for (size_t i = 0; i < files->n; i++)
        for (const struct json *m = docs[i]->child; m; m = m->next) {
            if (m->type != JSON_STRING && m->type != JSON_NUMBER)
                return err_set(e, ERR_USAGE, "%s:%u:%u: \"" STR_FMT "\": a value is a string or a number", files->v[i], m->pos.line,
                               m->pos.col, STR_ARG(m->key));
            v->names[v->n] = m->key;
            v->values[v->n++] = m->string;
        }
    for (size_t i = 0; i < pairs->n; i++)
        if (!add_pair(v, a, pairs->v[i], e))
            return false;
    return true;
}

static bool load_one(struct app *app, struct str path, const struct read_opts *o, struct lessons *out, struct err *e)
{
    struct buf text = BUF_INIT(LESSON_BYTES);
    struct problems problems = { 0 };
    bool ok = file_read(path.p, LESSON_BYTES, &text, e);
    if (ok) {
        struct lesson *l = lesson_read(path, buf_str(&text), o, &problems);
        out->all[out->n++] = l;
        if (problems.n_errors)
            out->n_bad++;
        else
            out->good[out->n_good++] = l;
        lessons_print(app, path, &problems);
    }
    buf_deinit(&text);
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

bool lessons_load(struct app *app, int argc, char **argv, struct arena *a, struct lessons *out, struct err *e)
{
    struct inputs in = { 0 };
    struct vars vars = { 0 };
    if (!inputs_collect(a, argc, argv, &in, e) || !collect_vars(app, a, &vars, e))
        return false;
    const struct read_opts o = { .words = &app->words, .config = app->config, .vars = { vars.names, vars.values, vars.n },
                                 .strict = app->opt.strict, .allow_outside = app->opt.allow_outside };
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
