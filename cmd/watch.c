/* watch.c - waiting until something is saved in one of several directories, by inotify */
#include "cmd/watch.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/inotify.h>
#include <unistd.h>
#include "cmd/signals.h"
#include "gen/base/mem.h"

enum { SETTLE_MS = 150, LOOK_MS = 500, DIRECTORIES_MOST = 1024 };

struct watch {
    int fd;
    struct {
        int id;
        bool only_text;
    } v[DIRECTORIES_MOST];
    size_t n;
};

struct watch *watch_create(struct err *e)
{
    struct watch *w = mem_alloc(sizeof *w);
    w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (w->fd >= 0)
        return w;
    err_errno(e, "watch files");
    free(w);
    return NULL;
}

void watch_destroy(struct watch *w)
{
    if (w)
        close(w->fd);
    free(w);
}

void watch_directory(struct watch *w, const char *path, bool only_text)
{
    int id = inotify_add_watch(w->fd, path, IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
    for (size_t i = 0; id >= 0 && i < w->n; i++)
        if (w->v[i].id == id) {
            w->v[i].only_text |= only_text;
            return;
        }
    if (id < 0 || w->n == DIRECTORIES_MOST)
        return;
    w->v[w->n].id = id;
    w->v[w->n++].only_text = only_text;
}

size_t watch_count(const struct watch *w)
{
    return w->n;
}

bool watch_means(struct str name, bool only_text)
{
    static const char *const texts[] = { ".json", ".jsonl", ".ndjson", ".yaml", ".yml" };
    static const char *const media[] = { ".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif",  ".tiff",
                                         ".svg", ".mp3", ".wav",  ".flac", ".ogg", ".opus", ".m4a",
                                         ".aac", ".mp4", ".webm", ".mov",  ".mkv" };
    if (name.n == 0 || name.p[0] == '.' || name.p[0] == '#' || str_ends(name, ".manifest.json"))
        return false;
    for (size_t i = 0; i < COUNTOF(texts) + (only_text ? 0 : COUNTOF(media)); i++) {
        const char *ending = i < COUNTOF(texts) ? texts[i] : media[i - COUNTOF(texts)];
        size_t n = strlen(ending);
        if (name.n > n && strncasecmp(name.p + name.n - n, ending, n) == 0)
            return true;
    }
    return false;
}

static bool is_meant(const struct watch *w, const struct inotify_event *ev)
{
    if (ev->mask & IN_Q_OVERFLOW)
        return true; /* so much happened that the kernel stopped counting */
    for (size_t i = 0; i < w->n; i++)
        if (w->v[i].id == ev->wd)
            return ev->len && watch_means(str_from(ev->name), w->v[i].only_text);
    return false;
}

/* Everything the kernel has to tell now. */
static bool any_meant(const struct watch *w)
{
    _Alignas(struct inotify_event) char room[16384];
    bool any = false;
    for (ssize_t n; (n = read(w->fd, room, sizeof room)) > 0;)
        for (char *p = room; p < room + n;) {
            const struct inotify_event *ev = (const struct inotify_event *)(const void *)p;
            any |= is_meant(w, ev);
            p += sizeof *ev + ev->len;
        }
    return any;
}

bool watch_wait(struct watch *w)
{
    struct pollfd p = { .fd = w->fd, .events = POLLIN };
    for (bool any = false; !signals_caught();) {
        int n = poll(&p, 1, any ? SETTLE_MS : LOOK_MS);
        if (n < 0 && errno != EINTR)
            return false;
        if (n == 0 && any)
            return true;
        if (n > 0)
            any |= any_meant(w);
    }
    return false;
}
