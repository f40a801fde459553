/* inputs.c - which lesson files were named on the command line */
#include "cmd/inputs.h"
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "gen/lesson/bundle.h"

struct found {
    struct str path;
    dev_t dev;
    ino_t ino;
};

/* Directories inside directories, no deeper than this: links may go round. */
enum { DEEPEST = 32 };

struct collector {
    struct arena *arena;
    bool is_recursive;
    struct found *v;
    size_t n, cap;
    size_t *slots, n_slots; /* index + 1 into v by file, open addressing; 0: free */
};

static size_t *slot(const struct collector *c, const struct stat *st)
{
    struct rng r = { (uint64_t)st->st_ino ^ (uint64_t)st->st_dev << 40 };
    size_t i = (size_t)rng_next(&r) & (c->n_slots - 1);
    while (c->slots[i] && (c->v[c->slots[i] - 1].ino != st->st_ino || c->v[c->slots[i] - 1].dev != st->st_dev))
        i = (i + 1) & (c->n_slots - 1);
    return &c->slots[i];
}

static void index_again(struct collector *c)
{
    memset(c->slots, 0, c->n_slots * sizeof *c->slots);
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].ino)
            *slot(c, &(struct stat){ .st_dev = c->v[i].dev, .st_ino = c->v[i].ino }) = i + 1;
}

static void grow(struct collector *c)
{
    c->cap = c->cap ? 2 * c->cap : 64;
    c->v = mem_resize(c->v, c->cap, sizeof *c->v);
    c->n_slots = 4 * c->cap;
    c->slots = mem_resize(c->slots, c->n_slots, sizeof *c->slots);
    index_again(c);
}

/* st NULL: not a file of its own */
static void add(struct collector *c, struct str path, const struct stat *st)
{
    if (c->n == c->cap)
        grow(c);
    size_t *at = st ? slot(c, st) : NULL;
    if (at && *at)
        return;
    c->v[c->n++] = (struct found){ path, st ? st->st_dev : 0, st ? st->st_ino : 0 };
    if (at)
        *at = c->n;
}

/* Directories that are still to be read. */
struct found_dirs {
    struct str *v;
    size_t n, cap, at;
};

static void dirs_push(struct found_dirs *d, struct str dir)
{
    if (d->n == d->cap) {
        d->cap = d->cap ? 2 * d->cap : 16;
        d->v = mem_resize(d->v, d->cap, sizeof *d->v);
    }
    d->v[d->n++] = dir;
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct found *)a)->path, ((const struct found *)b)->path);
}

static void sort_found(struct collector *c, size_t from)
{
    qsort(c->v + from, c->n - from, sizeof *c->v, by_path);
    index_again(c);
}

static bool is_lesson_name(struct str name)
{
    /* what a film is made of lies beside it, and that may be among the lessons */
    return (str_ends(name, ".json") && !str_ends(name, ".manifest.json")) || bundle_is_lines(name);
}

/* Names in a directory that do not begin with a dot, with the directory before them, sorted. Free *names. */
static bool read_directory(struct collector *c, struct str dir, struct str **names, size_t *n, struct err *e)
{
    size_t cap = 0;
    DIR *d = opendir(dir.p);
    if (!d)
        return err_errno(e, "%s: cannot open", dir.p);
    while (dir.n > 1 && dir.p[dir.n - 1] == '/')
        dir.n--;
    const char *slash = dir.p[dir.n - 1] == '/' ? "" : "/";
    for (struct dirent *entry; (errno = 0, entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        if (*n == cap) {
            cap = cap ? 2 * cap : 64;
            *names = mem_resize(*names, cap, sizeof **names);
        }
        (*names)[(*n)++] = arena_printf(c->arena, STR_FMT "%s%s", STR_ARG(dir), slash, entry->d_name);
    }
    bool ok = errno == 0 || err_errno(e, "%s: cannot read", dir.p);
    closedir(d);
    if (ok && *n)
        qsort(*names, *n, sizeof **names, by_bytes);
    return ok;
}

static bool is_too_deep(struct str dir)
{
    size_t n = 0;
    for (size_t i = 0; i < dir.n; i++)
        n += dir.p[i] == '/';
    return n > DEEPEST;
}

/* The files of one directory; its own directories go on to `left` when they are wanted. */
static bool add_level(struct collector *c, struct str dir, struct found_dirs *left, struct err *e)
{
    struct str *names = NULL;
    size_t n = 0;
    bool ok = read_directory(c, dir, &names, &n, e);
    for (size_t i = 0; ok && i < n; i++) {
        struct stat st;
        if (stat(names[i].p, &st) != 0)
            ok = !is_lesson_name(names[i]) || err_errno(e, "%s", names[i].p);
        else if (S_ISDIR(st.st_mode) && c->is_recursive && !is_too_deep(names[i]))
            dirs_push(left, names[i]);
        else if (!S_ISDIR(st.st_mode) && is_lesson_name(names[i]))
            add(c, names[i], &st);
    }
    free(names);
    return ok;
}

static bool add_directory(struct collector *c, const char *name, struct err *e)
{
    struct found_dirs left = { 0 };
    size_t before = c->n;
    bool ok = add_level(c, arena_str(c->arena, str_from(name)), &left, e);
    while (ok && left.at < left.n)
        ok = add_level(c, left.v[left.at++], &left, e);
    free(left.v);
    if (ok && c->is_recursive && c->n > before) /* by name, whatever the depth */
        sort_found(c, before);
    return ok && (c->n > before || err_set(e, ERR_IO, "%s: no *.json file in this directory%s", name,
                                           c->is_recursive ? "" : "; --recursive looks into its directories, too"));
}

/* The matches that are files, or those that are directories. *n: how many. */
static bool add_matches(struct collector *c, const glob_t *g, bool directories, size_t *n, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < g->gl_pathc; i++) {
        struct stat st;
        struct str path = str_from(g->gl_pathv[i]);
        if (stat(path.p, &st) != 0 || S_ISDIR(st.st_mode) != directories)
            continue;
        ++*n;
        if (directories)
            ok = add_directory(c, path.p, e);
        else
            add(c, arena_str(c->arena, path), &st);
    }
    return ok;
}

/* A pattern that no shell has expanded: the files that it fits; where there are none, the lessons in the directories that it
 * fits. */
static bool add_pattern(struct collector *c, const char *pattern, struct err *e)
{
    glob_t g = { 0 };
    size_t n = 0;
    bool ok = glob(pattern, GLOB_MARK, NULL, &g) == 0 || err_set(e, ERR_IO, "%s: nothing is called so", pattern);
    ok = ok && add_matches(c, &g, false, &n, e) && (n > 0 || add_matches(c, &g, true, &n, e));
    globfree(&g);
    return ok;
}

static bool add_named(struct collector *c, const char *name, struct err *e)
{
    struct stat st;
    if (strcmp(name, "-") == 0) {
        add(c, STR("-"), NULL);
        return true;
    }
    if (stat(name, &st) != 0)
        return errno == ENOENT && strpbrk(name, "*?[") ? add_pattern(c, name, e) : err_errno(e, "%s", name);
    if (S_ISDIR(st.st_mode))
        return add_directory(c, name, e);
    add(c, arena_str(c->arena, str_from(name)), &st);
    return true;
}

bool inputs_collect(struct arena *a, int argc, char **argv, bool is_recursive, struct inputs *out, struct err *e)
{
    struct collector c = { .arena = a, .is_recursive = is_recursive };
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
    free(c.slots);
    return ok;
}
