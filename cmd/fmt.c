/* fmt.c - the command fmt: lessons in their canonical spelling */
#include "cmd/app.h"
#include "cmd/inputs.h"
#include "gen/base/file.h"
#include "gen/base/json.h"
#include "gen/base/text.h"
#include "gen/lesson/format.h"

enum { LESSON_BYTES_MOST = 16 << 20, WOULD_CHANGE = 1 };

static void say_path(struct app *app, struct str path)
{
    struct buf b = { 0 };
    text_clean(&b, path, 0);
    fprintf(app->out, "%s\n", buf_str(&b).p);
    buf_deinit(&b);
}

/* Writes what was formatted, or with --check says that it would. */
static int put(struct app *app, struct str path, struct str before, struct str after)
{
    struct err e;
    bool is_stdin = str_is(path, "-"), is_same = str_eq(before, after);
    if (app->opt.check) {
        if (!is_same && !app->opt.quiet)
            say_path(app, is_stdin ? STR("<stdin>") : path);
        return is_same ? 0 : WOULD_CHANGE;
    }
    if (is_stdin) {
        fwrite(after.p, 1, after.n, app->out);
        return 0;
    }
    if (!is_same && !file_replace(path.p, after, &e))
        return app_fail(app, &e);
    return 0;
}

static int format_one(struct app *app, struct str path)
{
    struct buf before = { 0 }, after = { 0 };
    struct json_pos at = { 0, 0 };
    struct err e;
    int code;
    if (!file_read(path.p, LESSON_BYTES_MOST, &before, &e))
        code = app_fail(app, &e);
    else if (!lesson_format(buf_str(&before), &app->words, &after, &at, &e)) {
        err_wrap(&e, STR_FMT ":%u:%u: error", STR_ARG(str_is(path, "-") ? STR("<stdin>") : path), at.line, at.col);
        code = app_fail(app, &e);
    } else
        code = put(app, path, buf_str(&before), buf_str(&after));
    buf_deinit(&after);
    buf_deinit(&before);
    return code;
}

int cmd_fmt(struct app *app, int argc, char **argv)
{
    struct arena a = { 0 };
    struct inputs in = { 0 };
    struct err e;
    int code = 0;
    if (!inputs_collect(&a, argc, argv, app->opt.recursive, &in, &e))
        code = app_fail(app, &e);
    for (size_t i = 0; i < in.n; i++) {
        int one = format_one(app, in.paths[i]);
        code = one > code ? one : code;
    }
    arena_deinit(&a);
    return code;
}
