/* kept_films.c - what films that are up to date show when */
#include "cmd/kept_films.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/digest.h"
#include "gen/base/file.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"

enum { LINE_MOST = 16 << 20 };

static struct str dir_of(const char *cache, struct arena *a)
{
    return arena_printf(a, "%s/runs/films", cache);
}

/* The video's own place, whatever way it was named; empty: it is not there. */
static struct str absolute(struct str output, struct arena *a)
{
    char *real = realpath(arena_str(a, output).p, NULL);
    struct str out = arena_str(a, str_from(real));
    free(real);
    return out;
}

static const char *path_of(const char *cache, struct str video, struct arena *a)
{
    char id[DIGEST_HEX];
    digest_of(video.p, video.n, id);
    return arena_printf(a, STR_FMT "/%.32s", STR_ARG(dir_of(cache, a)), id).p;
}

void kept_film_put(const char *cache, struct str output, struct str line)
{
    struct arena a = { 0 };
    struct str video = absolute(output, &a);
    if (video.n) {
        struct str text = arena_printf(&a, STR_FMT "\n" STR_FMT, STR_ARG(video), STR_ARG(line));
        struct err e;                           /* without it the next report says less */
        mkdir(dir_of(cache, &a).p, 0700);
        file_replace(path_of(cache, video, &a), text, &e);
    }
    arena_deinit(&a);
}

bool kept_film_get(const char *cache, struct str output, size_t index, struct buf *out)
{
    struct arena a = { 0 };
    struct buf text = BUF_INIT(LINE_MOST);
    struct json *v = NULL;
    struct str video = absolute(output, &a);
    const char *end;
    bool ok = video.n && file_read(path_of(cache, video, &a), LINE_MOST, &text, NULL) &&
              text.n && (end = memchr(text.p, '\n', text.n)) != NULL && str_eq(video, (struct str){ text.p, (size_t)(end - text.p) }) &&
              json_parse(&a, str_trim(str_from(end)), 0, &v, NULL, NULL, NULL, NULL) && v->type == JSON_OBJECT;
    if (ok) {
        json_set(&a, v, "lesson_index", json_number(&a, (double)index));
        json_set(&a, v, "output", json_string(&a, output));
        json_print(out, v, 0);
        buf_addc(out, '\n');
    }
    buf_deinit(&text);
    arena_deinit(&a);
    return ok;
}

void kept_films_sweep(const char *cache)
{
    struct arena a = { 0 };
    DIR *d = opendir(dir_of(cache, &a).p);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        struct buf text = BUF_INIT(LINE_MOST + 1);
        const char *path = arena_printf(&a, STR_FMT "/%s", STR_ARG(dir_of(cache, &a)), entry->d_name).p;
        if (entry->d_name[0] != '.' && file_read(path, LINE_MOST, &text, NULL)) {
            buf_addc(&text, '\n');              /* none, in one that was cut off */
            text.p[strcspn(text.p, "\n")] = '\0';
            if (access(text.p, F_OK) != 0)
                unlink(path);
        }
        buf_deinit(&text);
    }
    if (d)
        closedir(d);
    arena_deinit(&a);
}
