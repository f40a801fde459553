/* stills.c - small pictures of films' sections, kept in the cache */
#include "cmd/stills.h"
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/digest.h"
#include "gen/base/file.h"
#include "gen/base/mem.h"

enum { FILE_MOST = 64 << 20 };

static struct str dir_of(const char *cache, struct arena *a)
{
    return arena_printf(a, "%s/runs/stills", cache);
}

static struct str path_of(const char *cache, const char *film, struct arena *a)
{
    char id[DIGEST_HEX];
    digest_of(film, strlen(film), id);
    return arena_printf(a, STR_FMT "/%.32s", STR_ARG(dir_of(cache, a)), id);
}

/* What the pictures depend on, as the file's first line. */
static void add_head(struct buf *b, const struct stat *st, const struct glimpse *v, size_t n, int width, int allowance)
{
    struct buf moments = { 0 };
    char id[DIGEST_HEX];
    for (size_t i = 0; i < n; i++)
        buf_printf(&moments, "%.6f %.6f\n", v[i].from_s, v[i].at_s);
    digest_of(buf_str(&moments).p, moments.n, id);
    buf_printf(b, "1 %lld %lld.%09ld %d %d %zu %s\n", (long long)st->st_size, (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
               width, allowance, n, id);
    buf_deinit(&moments);
}

static bool load(const char *path, struct str head, struct glimpse *v, size_t n, struct arena *a)
{
    struct buf b = BUF_INIT(FILE_MOST);
    size_t at = head.n;
    bool ok = file_read(path, FILE_MOST, &b, NULL) && b.n >= head.n && memcmp(b.p, head.p, head.n) == 0;
    for (size_t i = 0; ok && i < n; i++) {
        uint32_t length = 0;
        ok = b.n - at >= sizeof length;
        if (ok)
            memcpy(&length, b.p + at, sizeof length);
        at += sizeof length;
        ok = ok && length <= b.n - at;
        if (ok)
            v[i].jpeg = arena_str(a, (struct str){ b.p + at, length });
        at += length;
    }
    buf_deinit(&b);
    return ok;
}

static void save(const char *path, struct str head, const struct glimpse *v, size_t n)
{
    struct buf b = BUF_INIT(FILE_MOST);
    buf_adds(&b, head);
    for (size_t i = 0; i < n; i++) {
        uint32_t length = (uint32_t)v[i].jpeg.n;
        buf_add(&b, &length, sizeof length);
        buf_adds(&b, v[i].jpeg);
    }
    file_replace(path, buf_str(&b), NULL);      /* else they are made again */
    buf_deinit(&b);
}

bool stills_take(const char *cache, const char *film, struct glimpse *v, size_t n, int width, int allowance,
                 struct arena *a, struct err *e)
{
    struct buf head = { 0 };
    struct stat st;
    if (stat(film, &st) != 0)
        return err_errno(e, "'%s'", film);
    add_head(&head, &st, v, n, width, allowance);
    const char *path = path_of(cache, film, a).p;
    bool ok = load(path, buf_str(&head), v, n, a);
    if (!ok && (ok = glimpses_take(film, v, n, width, allowance, a, e))) {
        mkdir(dir_of(cache, a).p, 0700);
        save(path, buf_str(&head), v, n);
    }
    buf_deinit(&head);
    return ok;
}

void stills_drop(const char *cache)
{
    struct arena a = { 0 };
    struct str dir = dir_of(cache, &a);
    DIR *d = opendir(dir.p);
    for (struct dirent *entry; d && (entry = readdir(d));)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(d), entry->d_name, 0);
    if (d)
        closedir(d);
    arena_deinit(&a);
}
