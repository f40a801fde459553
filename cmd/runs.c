/* runs.c - the journals of past runs in the cache */
#include "cmd/runs.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

static const char ending[] = ".jsonl";

struct str runs_name(struct arena *a, int64_t wall_ms, long pid)
{
    time_t at = (time_t)(wall_ms / 1000);
    struct tm utc;
    char text[32];
    gmtime_r(&at, &utc);
    strftime(text, sizeof text, "%Y%m%dT%H%M%S", &utc);
    return arena_printf(a, "%s.%03dZ-%ld", text, (int)(wall_ms % 1000), pid);
}

bool runs_make(const char *cache, struct err *e)
{
    struct arena a = { 0 };
    struct str dir = arena_printf(&a, "%s/runs", cache);
    bool ok = mkdir(dir.p, 0700) == 0 || errno == EEXIST || err_errno(e, "make '%s'", dir.p);
    arena_deinit(&a);
    return ok;
}

static int compare(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t runs_list(const char *cache, struct arena *a, struct str **out)
{
    struct str *v = NULL;
    size_t n = 0;
    DIR *d = opendir(arena_printf(a, "%s/runs", cache).p);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        struct str name = str_from(entry->d_name);
        if (name.p[0] == '.' || !str_ends(name, ending))
            continue;
        v = mem_resize(v, n + 1, sizeof *v);
        v[n++] = arena_str(a, (struct str){ name.p, name.n - strlen(ending) });
    }
    if (d)
        closedir(d);
    if (n)
        qsort(v, n, sizeof *v, compare);
    *out = arena_array(a, n, sizeof **out);
    for (size_t i = 0; i < n; i++)
        (*out)[i] = v[i];
    free(v);
    return n;
}

static struct str path_of(const char *cache, struct str name, struct arena *a)
{
    return arena_printf(a, "%s/runs/" STR_FMT "%s", cache, STR_ARG(name), ending);
}

size_t runs_trim(const char *cache, size_t most)
{
    struct arena a = { 0 };
    struct str *names;
    struct stat st;
    size_t removed = 0, kept = 0, n = runs_list(cache, &a, &names);
    int64_t bytes = 0;
    for (size_t i = n; i-- > 0;) {
        const char *path = path_of(cache, names[i], &a).p;
        if (stat(path, &st) == 0)
            bytes += st.st_size;
        if (kept < most && bytes <= RUNS_KEPT_BYTES)
            kept++;
        else
            removed += unlink(path) == 0;
    }
    arena_deinit(&a);
    return removed;
}

bool runs_is_file(struct str which)
{
    return which.n && (str_ends(which, ending) || memchr(which.p, '/', which.n));
}

bool runs_find(const char *cache, struct str which, struct arena *a, struct str *path, struct err *e)
{
    struct str *names;
    struct str name = { 0 }, file = arena_str(a, which);
    if (runs_is_file(which)) {
        *path = file;
        return access(file.p, R_OK) == 0 || err_errno(e, "%s", text_quoted(a, which).p);
    }
    size_t n = runs_list(cache, a, &names), fits = 0;
    if (n == 0)
        return err_set(e, ERR_USAGE, "no run is kept in '%s' yet; \"vidgen build\" leaves one", cache);
    for (size_t i = 0; i < n && which.n; i++) {
        if (!str_starts(names[i], file.p))
            continue;
        name = names[i];
        fits++;
    }
    if (which.n && fits != 1)
        return err_set(e, ERR_USAGE, "%s is %s; \"vidgen report --list\" shows the runs that are kept",
                       text_quoted(a, which).p, fits ? "the beginning of several runs" : "no run that is kept");
    *path = path_of(cache, which.n ? name : names[n - 1], a);
    return true;
}
