/* store.c - the cache's directory: opening, closing, locks */
#include "gen/store.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "gen/base/clock.h"
#include "gen/base/digest.h"
#include "gen/base/mem.h"
#include "gen/store/impl.h"

void store_enter(struct store *s)
{
    pthread_mutex_lock(&s->lock);
}

void store_leave(struct store *s)
{
    pthread_mutex_unlock(&s->lock);
}

static void make_lock(struct store *s)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE); /* one step may be a part of another */
    pthread_mutex_init(&s->lock, &attr);
    pthread_mutexattr_destroy(&attr);
}

bool check_id(const char *id, struct err *e)
{
    return digest_is_hex(str_from(id)) || err_set(e, ERR_INTERNAL, "'%.70s' is no asset id", id ? id : "");
}

bool gate_enter(struct store *s, int how, struct err *e)
{
    if (io_lock(s->io, s->gate, how) != 0)
        return err_errno(e, "lock the cache '%s'", s->dir);
    s->is_gate_held = true;
    return true;
}

void gate_leave(struct store *s)
{
    if (s->is_gate_held)
        io_lock(s->io, s->gate, LOCK_UN);
    s->is_gate_held = false;
}

bool each_entry(struct store *s, const char *path, bool (*each)(void *ctx, const char *name, struct err *e), void *ctx,
                struct err *e)
{
    int fd = s->io->open(s->io->ctx, s->root, path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return errno == ENOENT || err_errno(e, "open the directory '%s/%s'", s->dir, path);
    DIR *d = fdopendir(fd);
    if (!d) {
        close(fd);
        return err_errno(e, "read the directory '%s/%s'", s->dir, path);
    }
    bool ok = true;
    struct dirent *entry;
    while (ok && (errno = 0, entry = readdir(d)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            ok = each(ctx, entry->d_name, e);
    if (ok && errno)
        ok = err_errno(e, "read the directory '%s/%s'", s->dir, path);
    closedir(d);
    return ok;
}

/* mkdir -p; what is there already is left as it is. */
static bool make_path(const struct store_io *io, const char *path, struct err *e)
{
    char *part = mem_strdup(path);
    bool ok = true;
    for (char *p = part + 1; ok && *p; p++)
        if (*p == '/' && p[-1] != '/') {
            *p = '\0';
            /* a parent that may not be written but exists is no obstacle */
            ok = access(part, F_OK) == 0 || io_mkdir(io, AT_FDCWD, part, NULL, e);
            *p = '/';
        }
    ok = ok && io_mkdir(io, AT_FDCWD, part, NULL, e);
    free(part);
    return ok;
}

static bool make_layout(struct store *s, struct err *e)
{
    static const char *const dirs[] = { "blobs", "tmp", "quarantine", "locks" };
    bool is_new = false, any = false;
    for (size_t i = 0; i < COUNTOF(dirs); i++) {
        if (!io_mkdir(s->io, s->root, dirs[i], &is_new, e))
            return err_wrap(e, "cache '%s'", s->dir);
        any |= is_new;
    }
    return !any || io_sync_dir(s->io, s->root, ".", e);
}

static int open_private(struct store *s, const char *path, int flags)
{
    int fd = s->io->open(s->io->ctx, s->root, path, O_RDWR | O_CREAT | flags, 0600);
    if (fd >= 0)
        io_make_private(fd);
    return fd;
}

static bool begin_run(struct store *s, struct err *e)
{
    struct stat st;
    do
        snprintf(s->run_name, sizeof s->run_name, "locks/run-%08x", s->next_name++);
    while ((s->run = open_private(s, s->run_name, O_EXCL)) < 0 && errno == EEXIST);
    if (s->run < 0)
        return err_errno(e, "open '%s/%s'", s->dir, s->run_name);
    if (io_lock(s->io, s->run, LOCK_EX | LOCK_NB) != 0 || fstat(s->run, &st) != 0)
        return err_errno(e, "lock '%s/%s'", s->dir, s->run_name);
    s->begin = st.st_mtim;
    return true;
}

/* A ledger that is no database gets a dated name and is kept. */
static bool set_aside(struct store *s, struct err *e)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char from[PATH_BYTES], to[PATH_BYTES], date[32];
    time_t now = (time_t)(clock_wall_ms() / 1000);
    struct tm tm;
    strftime(date, sizeof date, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
    for (size_t i = 0; i < COUNTOF(endings); i++) {
        snprintf(from, sizeof from, "ledger.sqlite%s", endings[i]);
        snprintf(to, sizeof to, "ledger.damaged-%s-%u.sqlite%s", date, s->next_name, endings[i]);
        if (s->io->rename(s->io->ctx, s->root, from, to) != 0 && errno != ENOENT)
            return err_errno(e, "set aside '%s/%s'", s->dir, from);
    }
    log_warn(s->log,
             "store: the ledger is damaged; it is kept as %s/ledger.damaged-%s-%u.sqlite and rebuilt from the cache. "
             "Calls that had no answer yet are forgotten.",
             s->dir, date, s->next_name);
    return true;
}

struct rebuild {
    struct store *s;
    char dir[PATH_BYTES];
    size_t n;
};

static bool rebuild_one(void *ctx, const char *name, struct err *e)
{
    struct rebuild *r = ctx;
    char path[2 * PATH_BYTES];
    struct arena a = { 0 };
    struct sidecar side;
    struct err why;
    bool is_there, ok = true;
    size_t n = strlen(name);
    if (n != 64 + 5 || strcmp(name + 64, ".json") != 0)
        return true;
    snprintf(path, sizeof path, "%s/%s", r->dir, name);
    if (sidecar_read(r->s, path, &a, &side, &is_there, &why) && is_there && side.is_paid &&
        strncmp(side.id, name, 64) == 0) {
        ok = ledger_adopt(r->s->ledger, &side, e);
        r->n += ok;
    }
    arena_deinit(&a);
    return ok;
}

static bool rebuild_dir(void *ctx, const char *name, struct err *e)
{
    struct rebuild *r = ctx;
    if (strlen(name) != 2)
        return true;
    snprintf(r->dir, sizeof r->dir, "blobs/%.2s", name);
    return each_entry(r->s, r->dir, rebuild_one, r, e);
}

static bool rebuild(struct store *s, struct err *e)
{
    struct rebuild r = { .s = s };
    if (!ledger_begin(s->ledger, e))
        return false;
    bool ok = each_entry(s, "blobs", rebuild_dir, &r, e);
    if (!ledger_end(s->ledger, ok, e))
        return false;
    if (r.n)
        log_info(s->log, "store: %zu bought objects were entered into a new ledger", r.n);
    return true;
}

static bool open_ledger(struct store *s, struct err *e)
{
    struct buf path = { 0 };
    bool is_new = false, is_damaged = false;
    buf_printf(&path, "%s/ledger.sqlite", s->dir);
    bool ok = false;
    for (int round = 0; round < 2 && !ok; round++) {
        /* made here, so that its mode is ours and not the umask's; SQLite gives its other files the same */
        int fd = open_private(s, "ledger.sqlite", 0);
        if (fd < 0) {
            err_errno(e, "open '%s'", buf_str(&path).p);
            break;
        }
        io_close(s->io, &fd);
        ok = ledger_open(&s->ledger, buf_str(&path).p, s->io, &is_new, &is_damaged, e);
        if (!ok && (!is_damaged || !set_aside(s, e)))
            break;
    }
    buf_deinit(&path);
    return ok && (!is_new || rebuild(s, e));
}

struct store *store_open_with(struct str dir, struct log *log, const struct store_io *io, struct err *e)
{
    struct store *s = mem_alloc(sizeof *s);
    char *given = mem_strndup(dir.p ? dir.p : "", dir.n);
    struct timespec now;
    bool ok = false;
    clock_gettime(CLOCK_REALTIME, &now);
    *s = (struct store){ .io = io, .log = log, .root = -1, .gate = -1, .run = -1, .ids = -1,
                         .next_name = (unsigned)getpid() * 2654435761u ^ (unsigned)now.tv_nsec };
    make_lock(s);
    if (!given[0]) {
        err_set(e, ERR_STORE, "the cache has no directory: set cache.dir in config.yaml");
        goto out;
    }
    if (!make_path(io, given, e))
        goto out;
    char *full = realpath(given, NULL);
    if (!full || (s->root = io->open(io->ctx, AT_FDCWD, full, O_RDONLY | O_DIRECTORY, 0)) < 0) {
        err_errno(e, "open the cache '%s'", given);
        free(full);
        goto out;
    }
    s->dir = full;
    if (!make_layout(s, e))
        goto out;
    if ((s->gate = open_private(s, "locks/gate", 0)) < 0 || (s->ids = open_private(s, "locks/ids", 0)) < 0) {
        err_errno(e, "open '%s/locks'", s->dir);
        goto out;
    }
    ok = gate_enter(s, LOCK_EX, e) && begin_run(s, e) && sweep_runs(s, NULL, e) && open_ledger(s, e) &&
         sweep_temps(s, e);
    gate_leave(s);
out:
    free(given);
    if (!ok) {
        store_close(s);
        return NULL;
    }
    return s;
}

struct store *store_open(struct str dir, struct log *log, struct err *e)
{
    return store_open_with(dir, log, &store_io_system, e);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    crew_destroy(s->crew);
    ledger_close(s->ledger);
    if (s->run >= 0)
        s->io->unlink(s->io->ctx, s->root, s->run_name);
    io_close(s->io, &s->run);
    io_close(s->io, &s->ids);                   /* with all that it has locked */
    io_close(s->io, &s->gate);
    io_close(s->io, &s->root);
    ids_clear(&s->verified);
    pthread_mutex_destroy(&s->lock);
    free(s->locks);
    free(s->dir);
    free(s);
}

/* ---------- locks on ids ---------- */

static off_t place_of(const char *id)
{
    uint64_t n = 0;
    for (int i = 0; i < 16; i++)
        n = n << 4 | (uint64_t)(id[i] <= '9' ? id[i] - '0' : id[i] - 'a' + 10);
    return (off_t)(n >> 2);                     /* a file's last byte is at 2^63 - 2 */
}

static size_t index_of(const struct store *s, const char *id)
{
    size_t i = 0;
    while (i < s->n_locks && strcmp(s->locks[i].id, id) != 0)
        i++;
    return i;
}

static bool lock(struct store *s, const char *id, bool *is_busy, struct err *e)
{
    bool is_ours = index_of(s, id) < s->n_locks;
    if (is_ours || s->io->claim(s->io->ctx, s->ids, place_of(id), true) != 0) {
        *is_busy = is_ours || errno == EAGAIN || errno == EACCES;
        return *is_busy ? err_set(e, ERR_STORE, "%.12s is being bought by another process", id)
                        : err_errno(e, "lock '%s/locks/ids'", s->dir);
    }
    s->locks = mem_resize(s->locks, s->n_locks + 1, sizeof *s->locks);
    memcpy(s->locks[s->n_locks++].id, id, 65);
    return true;
}

bool store_lock(struct store *s, const char *id, bool *is_busy, struct err *e)
{
    *is_busy = false;
    if (!check_id(id, e))
        return false;
    store_enter(s);
    bool ok = lock(s, id, is_busy, e);
    store_leave(s);
    return ok;
}

static void unlock(struct store *s, const char *id)
{
    size_t i = index_of(s, id);
    if (i == s->n_locks)
        return;
    s->io->claim(s->io->ctx, s->ids, place_of(id), false);
    s->locks[i] = s->locks[--s->n_locks];
}

void store_unlock(struct store *s, const char *id)
{
    store_enter(s);
    unlock(s, id);
    store_leave(s);
}
