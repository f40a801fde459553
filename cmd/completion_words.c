/* completion_words.c - what a shell may complete that no table of the program knows */
#include "cmd/completion_words.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "api/provider.h"
#include "cmd/lesson_file.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/problems.h"

/* A lesson that is being written may have mistakes; its sections have their ids all the same. */
static void print_sections(struct app *app, const char *path)
{
    struct lesson_file f;
    struct read_opts o;
    struct problems problems;
    struct arena a = { 0 };
    struct lesson *l;
    struct stat st;
    bool is_lesson = stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
                     (str_ends(str_from(path), ".json") || str_ends(str_from(path), ".jsonl"));
    if (is_lesson && lesson_file_opts(app, &a, &o, NULL)) {
        bool ok = lesson_file_open(path, &f, NULL);
        while (ok && (l = lesson_file_next(&f, &o, &problems))) {
            for (size_t i = 0; i < l->n_sections; i++)
                fprintf(app->out, STR_FMT "\n", STR_ARG(l->sections[i].id));
            lesson_destroy(l);
        }
        lesson_file_close(&f);
    }
    arena_deinit(&a);
}

static void print_providers(struct app *app, const char *kind)
{
    struct providers all = { 0 };
    if (app_load_config(app) != 0)
        return;
    char *dir = app_providers_dir(app);
    if (strcmp(kind, "speech") == 0)
        fputs("espeak\n", app->out);
    if (strcmp(kind, "image") == 0)
        fputs("slide\n", app->out);
    if (strcmp(kind, "video") == 0)
        fputs("still\n", app->out);
    if (strcmp(kind, "chat") == 0)
        fputs("rules\n", app->out);
    bool ok = providers_load(&all, app->config, dir, NULL);
    for (size_t i = 0; ok && i < all.n; i++)
        if (strcmp(desc_kind_name(all.v[i]->desc.kind), kind) == 0 ||
            (strcmp(kind, "image") == 0 && strcmp(desc_kind_name(all.v[i]->desc.kind), "stock") == 0))
            fprintf(app->out, STR_FMT "\n", STR_ARG(all.v[i]->info.id));
    providers_deinit(&all);
    free(dir);
}

static void print_rows(struct app *app, const struct row *const *rows)
{
    for (; rows && *rows; rows++)
        if (!(*rows)->is_not_yet)
            fprintf(app->out, "%s\n", (*rows)->name);
}

bool completion_words(struct app *app, int argc, char **argv)
{
    static const char *const kinds[] = { "image", "speech", "video", "chat" };
    const struct { const char *name; const struct row *const *rows; } menus[] = {
        { "effects", app->words.effects }, { "transitions", app->words.transitions },
        { "overlays", app->words.overlays }, { "themes", app->words.themes },
    };
    if (strcmp(argv[0], "sections") == 0) {
        for (int i = 1; i < argc; i++)
            print_sections(app, argv[i]);
        return true;
    }
    for (size_t i = 0; i < COUNTOF(kinds); i++)
        if (strcmp(argv[0], kinds[i]) == 0) {
            print_providers(app, kinds[i]);
            return true;
        }
    for (size_t i = 0; i < COUNTOF(menus); i++)
        if (strcmp(argv[0], menus[i].name) == 0) {
            print_rows(app, menus[i].rows);
            return true;
        }
    return false;
}

const char *completion_list_of(const struct option_row *o)
{
    if (!o->arg)
        return NULL;
    if (str_starts(str_from(o->arg), "SECTION"))
        return "sections";
    if (!str_starts(str_from(o->arg), "PROVIDER"))
        return NULL;
    return strcmp(o->name, "provider") == 0 ? "chat" : o->name; /* --image, --speech, --video */
}
