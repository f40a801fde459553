/* inputs.c - which lesson files were named on the command line */
#include "cmd/inputs.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "gen/base/mem.h"

struct found {
    struct str path;
    dev_t dev;
    ino_t ino;
};

struct collector {
    struct arena *arena;
    struct found *v;
    size_t n, cap;
};

static void add(struct collector *c, struct str path, const struct stat *st)
{
    for (size_t i = 0; st && i < c->n; i++)
        if (c->v[i].ino == st->st_ino && c->v[i].dev == st->st_dev)
            return;
    if (c->n == c->cap) {
        c->cap = c->cap ? 2 * c->cap : 64;
        c->v = mem_resize(c->v, c->cap, sizeof *c->v);
    }
    c->v[c->n++] = (struct found){ path, st ? st->st_dev : 0, st ? st->st_ino : 0 };
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool is_lesson_name(const char *name)
{
    return name[0] != '.' && str_ends(str_from(name), ".json");
}

static bool add_directory(struct collector *c, const char *dir, struct err *e)
{
    struct str *names = NULL;
    size_t n = 0, cap = 0, dir_n = strlen(dir);
    DIR *d = opendir(dir);
    if (!d)
        return err_errno(e, "%s: cannot open", dir);
    while (dir_n > 1 && dir[dir_n - 1] == '/')
        dir_n--;
    const char *slash = dir[dir_n - 1] == '/' ? "" : "/";
    for (struct dirent *entry; (errno = 0, entry = readdir(d));) {
        if (!is_lesson_name(entry->d_name))
            continue;
        if (n == cap) {
            cap = cap ? 2 * cap : 64;
            names = mem_resize(names, cap, sizeof *names);
        }
        names[n++] = arena_printf(c->arena, "%.*s%s%s", (int)dir_n, dir, slash, entry->d_name);
    }
    bool ok = errno == 0 || err_errno(e, "%s: cannot read", dir);
    closedir(d);
    if (ok && n)
        qsort(names, n, sizeof *names, by_bytes);
    size_t files = 0;
    for (size_t i = 0; ok && i < n; i++) {
        struct stat st;
        if (stat(names[i].p, &st) != 0) {
            ok = err_errno(e, "%s", names[i].p);
        } else if (!S_ISDIR(st.st_mode)) {
            add(c, names[i], &st);
            files++;
        }
    }
    free(names);
    return ok && (files || err_set(e, ERR_IO, "%s: no *.json file in this directory", dir));
}

static bool add_named(struct collector *c, const char *name, struct err *e)
{
    struct stat st;
    if (strcmp(name, "-") == 0) {
        add(c, STR("-"), NULL);
        return true;
    }
    if (stat(name, &st) != 0)
        return err_errno(e, "%s", name);
    if (S_ISDIR(st.st_mode))
        return add_directory(c, name, e);
    add(c, arena_str(c->arena, str_from(name)), &st);
    return true;
}

bool inputs_collect(struct arena *a, int argc, char **argv, struct inputs *out, struct err *e)
{
    struct collector c = { .arena = a };
    bool ok = argc > 0 || err_set(e, ERR_USAGE, "no lesson was named: give files or directories of lessons");
    for (int i = 0; ok && i < argc; i++)
        ok = add_named(&c, argv[i], e);
    if (ok) {
        out->n = c.n;
        out->paths = arena_array(a, c.n, sizeof *out->paths);
        for (size_t i = 0; i < c.n; i++)
            out->paths[i] = c.v[i].path;
    }
    free(c.v);
    return ok;
}
