/* import.c - the command import: a lesson out of another program's file */
#include <string.h>
#include <unistd.h>
#include "cmd/app.h"
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/import/import.h"
#include "gen/lesson/format.h"
#include "gen/names.h"

enum { FILE_BYTES_MOST = 16 << 20 };

static const struct importer *find(struct str name)
{
    for (const struct importer *const *i = importers; *i; i++)
        if (name_equal(name, str_from((*i)->name)))
            return *i;
    return NULL;
}

static int no_such(struct app *app, const char *name)
{
    struct buf all = { 0 };
    for (const struct importer *const *i = importers; *i; i++)
        buf_printf(&all, "%s%s", i == importers ? "" : ", ", (*i)->name);
    int code = app_usage(app, "\"%s\" is no program whose files are known: %s", name, buf_str(&all).p);
    buf_deinit(&all);
    return code;
}

/* Each line of what was left out, for the person. */
static void say_dropped(struct app *app, const char *path, struct str dropped)
{
    for (size_t i = 0, n; i < dropped.n; i += n + 1) {
        const char *end = memchr(dropped.p + i, '\n', dropped.n - i);
        n = end ? (size_t)(end - dropped.p) - i : dropped.n - i;
        struct buf clean = { 0 };
        text_clean(&clean, (struct str){ dropped.p + i, n }, 200);
        fprintf(app->err, "%s: left out: %s\n", path, buf_str(&clean).p);
        buf_deinit(&clean);
    }
}

static bool put(struct app *app, struct str text, struct err *e)
{
    const char *path = app->opt.output;
    if (!path || strcmp(path, "-") == 0) {
        fwrite(text.p, 1, text.n, app->out);
        return true;
    }
    if (access(path, F_OK) == 0 && !app->opt.force)
        return err_set(e, ERR_USAGE, "'%s' is there already; -o names another file, --force replaces it", path);
    return file_replace(path, text, e);
}

static bool convert(struct app *app, const struct importer *from, const char *path, struct err *e)
{
    struct arena a = { 0 };
    struct buf text = { 0 }, dropped = { 0 }, raw = { 0 }, laid_out = { 0 };
    struct json_pos at = { 0, 0 };
    struct json *lesson = NULL;
    bool ok = file_read(path, FILE_BYTES_MOST, &text, e);
    if (ok && !(ok = import_lesson(from, buf_str(&text), &a, &lesson, &dropped, &at, e)))
        at.line ? err_wrap(e, "%s:%u:%u: error", path, at.line, at.col) : err_wrap(e, "%s", path);
    if (ok) {
        json_print(&raw, lesson, JSON_PRETTY | JSON_FIT);
        buf_addc(&raw, '\n');
        ok = lesson_format(buf_str(&raw), &app->words, &laid_out, &at, e) && put(app, buf_str(&laid_out), e);
    }
    if (ok && !app->opt.quiet)
        say_dropped(app, path, buf_str(&dropped));
    buf_deinit(&laid_out);
    buf_deinit(&raw);
    buf_deinit(&dropped);
    buf_deinit(&text);
    arena_deinit(&a);
    return ok;
}

int cmd_import(struct app *app, int argc, char **argv)
{
    struct err e = { 0 };
    if (argc != 2)
        return app_usage(app, "say whose file it is and where: vidgen import editly edit.json5");
    const struct importer *from = find(str_from(argv[0]));
    if (!from)
        return no_such(app, argv[0]);
    return convert(app, from, argv[1], &e) ? 0 : app_fail(app, &e);
}
