/* lesson_file.c - lessons that were named on the command line, read with the settings and options in effect */
#include "cmd/lesson_file.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/file.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/config.h"

enum { VARS_MOST = 1 << 20, FILE_MOST = 256 << 20 };

struct vars {
    struct arena *arena;
    struct str *names, *values;
    size_t n, cap;
};

static void set(struct vars *v, struct str name, struct str value)
{
    size_t i = 0;
    while (i < v->n && !str_eq(v->names[i], name))
        i++;
    if (i == v->n && v->n == v->cap) {
        v->cap = v->cap ? 2 * v->cap : 16;
        v->names = mem_resize(v->names, v->cap, sizeof *v->names);
        v->values = mem_resize(v->values, v->cap, sizeof *v->values);
    }
    v->n += i == v->n;
    v->names[i] = arena_str(v->arena, name);
    v->values[i] = arena_str(v->arena, value);
}

static bool set_from_object(struct vars *v, const char *path, const struct json *o, struct err *e)
{
    if (o->type != JSON_OBJECT)
        return err_set(e, ERR_LESSON, "%s:%u:%u: error: expected an object of names and values", path, o->pos.line,
                       o->pos.col);
    for (const struct json *m = o->child; m; m = m->next) {
        if (m->type != JSON_STRING && m->type != JSON_NUMBER)
            return err_set(e, ERR_LESSON, "%s:%u:%u: error: a variable is a text or a number, not %s", path,
                           m->pos.line, m->pos.col, json_type_name(m->type));
        set(v, m->key, m->string);
    }
    return true;
}

static bool set_from_file(struct vars *v, const char *path, struct err *e)
{
    struct buf text = BUF_INIT(VARS_MOST);
    struct json *doc = NULL;
    struct json_note notes[4];
    size_t n_notes = 0;
    struct json_pos at = { 1, 1 };
    bool ok = file_read(path, VARS_MOST, &text, e);
    if (ok && !json_parse(v->arena, buf_str(&text), JSON_LENIENT, &doc, notes, &n_notes, &at, e)) {
        struct err inner = *e;
        ok = err_set(e, ERR_LESSON, "%s:%u:%u: error: %s", path, at.line, at.col, inner.msg);
    }
    ok = ok && set_from_object(v, path, doc, e);
    buf_deinit(&text);
    return ok;
}

static bool set_from_option(struct vars *v, const char *option, struct err *e)
{
    const char *equals = strchr(option, '=');
    if (!equals || equals == option)
        return err_set(e, ERR_USAGE, "--var %s: expected NAME=VALUE", option);
    if (!text_valid(str_from(option), NULL))
        return err_set(e, ERR_USAGE, "--var %.*s: the value is not UTF-8", (int)(equals - option), option);
    set(v, (struct str){ option, (size_t)(equals - option) }, str_from(equals + 1));
    return true;
}

bool lesson_file_opts(struct app *app, struct arena *a, struct read_opts *out, struct err *e)
{
    struct vars v = { .arena = a };
    bool ok = true;
    for (size_t i = 0; ok && i < app->opt.vars.n; i++)
        ok = set_from_file(&v, app->opt.vars.v[i], e);
    for (size_t i = 0; ok && i < app->opt.var.n; i++)
        ok = set_from_option(&v, app->opt.var.v[i], e);
    struct str *names = arena_array(a, v.n, sizeof *names), *values = arena_array(a, v.n, sizeof *values);
    if (v.n) {
        memcpy(names, v.names, v.n * sizeof *names);
        memcpy(values, v.values, v.n * sizeof *values);
    }
    free(v.names);
    free(v.values);
    *out = (struct read_opts){ .words = &app->words,
                               .config = app->config,
                               .vars = { names, values, v.n, arena_array(a, v.n + 1, sizeof(bool)) },
                               .strict = app->opt.strict,
                               .allow_outside = app->opt.allow_outside };
    return ok;
}

bool lesson_file_open(const char *path, struct lesson_file *out, struct err *e)
{
    *out = (struct lesson_file){ .path = str_from(path), .text = BUF_INIT(FILE_MOST) };
    if (!file_read(path, FILE_MOST, &out->text, e))
        return false;
    bundle_split(&out->arena, buf_str(&out->text), bundle_is_lines(out->path), &out->parts);
    return out->parts.n || err_set(e, ERR_LESSON, "%s: there is no lesson in it", path);
}

struct lesson *lesson_file_next(struct lesson_file *f, const struct read_opts *opts, struct problems *problems)
{
    struct read_opts own = *opts;
    *problems = (struct problems){ 0 };
    if (f->next == f->parts.n)
        return NULL;
    const struct bundle_part *part = &f->parts.v[f->next++];
    if (!f->parts.is_alone) {
        own.at = part->at;
        own.number = f->next;
    }
    return lesson_read(f->path, part->text, &own, problems);
}

void lesson_file_close(struct lesson_file *f)
{
    buf_deinit(&f->text);
    arena_deinit(&f->arena);
    *f = (struct lesson_file){ 0 };
}
