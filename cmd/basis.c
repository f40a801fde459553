/* basis.c - what besides a lesson and its files decides what its film is */
#include "cmd/basis.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "gen/base/digest.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/config.h"

/* Blocks of the settings that change no film. */
static const char *const aside[] = { "workers", "budget", "cache", "limits" };

static bool is_aside(struct str key)
{
    for (size_t i = 0; i < COUNTOF(aside); i++)
        if (str_is(key, aside[i]))
            return true;
    return false;
}

static void add_text(struct buf *b, const char *text)
{
    buf_printf(b, "%zu:%s;", text ? strlen(text) : 0, text ? text : "");
}

static void add_settings(struct buf *b, const struct config *c)
{
    struct arena a = { 0 };
    struct json *root = config_tree(c, &a);
    for (const struct json *m = root->child; m; m = m->next) {
        if (is_aside(m->key))
            continue;
        buf_adds(b, m->key);
        json_print(b, m, JSON_SORTED);
    }
    buf_adds(b, c->encode.encoder);
    buf_printf(b, ";%d;%lld;%d/%d;", c->encode.is_quick, (long long)c->encode.side, c->video.fps_num, c->video.fps_den);
    arena_deinit(&a);
}

static void add_options(struct buf *b, const struct option_values *o)
{
    const char *const texts[] = { o->image, o->speech, o->video, o->only };
    for (size_t i = 0; i < COUNTOF(texts); i++)
        add_text(b, texts[i]);
    buf_printf(b, "%d%d;", o->strict, o->allow_outside);
}

/* A file as what it is on the disk, without reading it. */
static bool add_stat(struct buf *b, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return false;
    buf_printf(b, "%llu,%llu,%lld,%lld.%09ld,%lld.%09ld;", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino,
               (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (long long)st.st_ctim.tv_sec,
               st.st_ctim.tv_nsec);
    return true;
}

/* As they were read: a file of them may be another by now. */
static void add_vars(struct buf *b, const struct lesson_vars *v)
{
    buf_printf(b, "%zu;", v->n);
    for (size_t i = 0; i < v->n; i++) {
        buf_printf(b, "%zu:" STR_FMT ";", v->names[i].n, STR_ARG(v->names[i]));
        buf_printf(b, "%zu:" STR_FMT ";", v->values[i].n, STR_ARG(v->values[i]));
    }
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_descriptions(struct buf *b, const char *dir)
{
    struct dirent **names = NULL;
    bool ok = true;
    int n = dir ? scandir(dir, &names, NULL, by_name) : 0;
    for (int i = 0; i < n; i++) {
        struct buf path = { 0 };
        buf_printf(&path, "%s/%s", dir, names[i]->d_name);
        add_text(b, names[i]->d_name);
        ok = ok && (names[i]->d_name[0] == '.' || add_stat(b, buf_str(&path).p));
        buf_deinit(&path);
        free(names[i]);
    }
    free(names);
    return ok;
}

static void add_providers(struct buf *b, const struct transport *t)
{
    const struct provider_info *const *all = t->providers(t->ctx);
    for (size_t i = 0; all[i]; i++)
        buf_printf(b, STR_FMT "=%d;", STR_ARG(all[i]->id), all[i]->has_key);
}

void basis_descriptions(const char *dir, char id[DIGEST_HEX])
{
    struct buf b = { 0 };
    id[0] = '\0';
    if (add_descriptions(&b, dir))
        digest_of(b.p, b.n, id);
    buf_deinit(&b);
}

struct str basis_of(const struct app *app, const struct transport *t, const struct lesson_vars *vars,
                    const char descriptions[DIGEST_HEX], struct arena *a)
{
    struct buf b = { 0 };
    char hex[DIGEST_HEX] = "";
    add_settings(&b, app->config);
    add_options(&b, &app->opt);
    add_vars(&b, vars);
    add_providers(&b, t);
    add_text(&b, descriptions);
    if (descriptions[0] && add_stat(&b, "/proc/self/exe"))
        digest_of(b.p, b.n, hex);
    buf_deinit(&b);
    return arena_str(a, str_from(hex));
}
