/* shelf.c - a store for tests to work on, and a system that fails or dies at the N-th call */
#include "tests/support/shelf.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/digest.h"
#include "tests/support/test.h"

const char *shelf_id(const char *name)
{
    static char hex[DIGEST_HEX];
    digest_of(name, strlen(name), hex);
    return hex;
}

void shelf_log(void *ctx, enum log_level level, const char *line)
{
    (void)level;
    struct buf *b = ctx;
    buf_addz(b, line);
    buf_addc(b, '\n');
}

/* ---------- a system that fails or dies at the N-th call ---------- */

static bool trip(struct fault *f)
{
    f->n++;
    if (f->n == f->die_before)
        raise(SIGKILL);
    if (f->n != f->fail_at)
        return false;
    errno = f->code;
    return true;
}

static void passed(struct fault *f)
{
    if (f->n == f->die_after)
        raise(SIGKILL);
}

#define FAULTY(type, name, args, call)                                                    \
    static type faulty_##name args                                                        \
    {                                                                                     \
        if (trip(ctx))                                                                    \
            return -1;                                                                    \
        type r = store_io_system.name call;                                               \
        passed(ctx);                                                                      \
        return r;                                                                         \
    }
FAULTY(int, open, (void *ctx, int dir, const char *path, int flags, mode_t mode), (NULL, dir, path, flags, mode))
FAULTY(ssize_t, read, (void *ctx, int fd, void *p, size_t n, off_t at), (NULL, fd, p, n, at))
FAULTY(ssize_t, write, (void *ctx, int fd, const void *p, size_t n, off_t at), (NULL, fd, p, n, at))
FAULTY(int, reserve, (void *ctx, int fd, off_t n), (NULL, fd, n))
FAULTY(int, truncate, (void *ctx, int fd, off_t n), (NULL, fd, n))
FAULTY(int, rename, (void *ctx, int dir, const char *from, const char *to), (NULL, dir, from, to))
FAULTY(int, unlink, (void *ctx, int dir, const char *path), (NULL, dir, path))
FAULTY(int, mkdir, (void *ctx, int dir, const char *path), (NULL, dir, path))

static int faulty_sync(void *ctx, int fd)
{
    struct fault *f = ctx;
    bool fails = trip(f) || ++f->n_syncs == f->fail_sync_at;
    int r = fails ? -1 : store_io_system.sync(NULL, fd);
    passed(f);
    if (fails)
        errno = EIO;
    return r;
}

/* A close that fails has closed all the same. */
static int faulty_close(void *ctx, int fd)
{
    bool fails = trip(ctx);
    int r = store_io_system.close(NULL, fd);
    passed(ctx);
    if (fails)
        errno = ((struct fault *)ctx)->code;
    return fails ? -1 : r;
}

/* Giving a lock back cannot fail. */
static int faulty_lock(void *ctx, int fd, int how)
{
    if (how != LOCK_UN && trip(ctx))
        return -1;
    int r = store_io_system.lock(NULL, fd, how);
    if (how != LOCK_UN)
        passed(ctx);
    return r;
}

static int faulty_claim(void *ctx, int fd, off_t at, bool is_taken)
{
    if (is_taken && trip(ctx))
        return -1;
    int r = store_io_system.claim(NULL, fd, at, is_taken);
    if (is_taken)
        passed(ctx);
    return r;
}

static int faulty_commit(void *ctx, struct ledger *l)
{
    if (trip(ctx))
        return 13; /* SQLITE_FULL in sqlite3.h, which has one home */
    int r = ledger_commit(l);
    passed(ctx);
    return r;
}

/* One after the other, so that the N-th call is always the same one. */
static void faulty_each(void *ctx, struct crew **crew, size_t n, void (*one)(void *arg, size_t i), void *arg)
{
    (void)ctx, (void)crew;
    for (size_t i = 0; i < n; i++)
        one(arg, i);
}

struct store_io shelf_faulty(struct fault *f)
{
    return (struct store_io){ f,
                              faulty_open,
                              faulty_read,
                              faulty_write,
                              faulty_reserve,
                              faulty_truncate,
                              faulty_sync,
                              faulty_close,
                              faulty_rename,
                              faulty_unlink,
                              faulty_mkdir,
                              faulty_lock,
                              faulty_claim,
                              faulty_commit,
                              faulty_each };
}

/* ---------- a store to work on ---------- */

struct store *shelf_open(const char *dir, struct log *log)
{
    struct err e = { 0 };
    struct store *s = store_open(str_from(dir), log, &e);
    CHECK_ROW(e.msg, s != NULL);
    return s;
}

enum store_state shelf_state(struct store *s, const char *id)
{
    struct arena a = { 0 };
    struct store_entry entry;
    struct err e = { 0 };
    bool ok = store_find(s, id, false, &a, &entry, &e);
    CHECK_ROW(e.msg, ok);
    arena_deinit(&a);
    return entry.state;
}

bool shelf_temp(struct store *s, const char *id, struct store_temp *t, const void *bytes, size_t n, struct err *e)
{
    if (!store_temp_open(s, id, 4096, t, e))
        return false;
    if (pwrite(t->fd, bytes, n, 0) == (ssize_t)n)
        return true;
    store_temp_drop(s, t);
    return err_set(e, ERR_IO, "short write");
}

bool shelf_keep(struct store *s, struct store_order *o, struct err *e)
{
    store_keep(s, o);
    if (!o->ok && e)
        *e = o->err;
    return o->ok;
}

bool shelf_arm(struct store *s, const char *id, double estimate, struct store_order *o, struct err *e)
{
    *o = (struct store_order){ .kind = STORE_ARM_ORDER,
                               .id = id,
                               .asset = ASSET_IMAGE,
                               .provider = STR("openai-image"),
                               .estimate = estimate,
                               .reserve = 4096,
                               .temp.fd = -1 };
    return shelf_keep(s, o, e);
}

bool shelf_intend(struct store *s, const char *id, double estimate, struct err *e)
{
    struct store_order o;
    bool ok = shelf_arm(s, id, estimate, &o, e);
    store_temp_drop(s, &o.temp);
    if (o.is_locked)
        store_unlock(s, id);
    store_order_deinit(&o);
    return ok;
}

static bool keep_simple(struct store *s, struct store_order o, struct err *e)
{
    o.temp.fd = -1;
    bool ok = shelf_keep(s, &o, e);
    store_order_deinit(&o);
    return ok;
}

bool shelf_accepted(struct store *s, const char *id, struct str remote, struct err *e)
{
    return keep_simple(s, (struct store_order){ .kind = STORE_ACCEPTED_ORDER, .id = id, .text = remote }, e);
}

bool shelf_reject(struct store *s, const char *id, const struct err *why, struct err *e)
{
    return keep_simple(s, (struct store_order){ .kind = STORE_REJECT_ORDER, .id = id, .why = *why }, e);
}

bool shelf_closed(struct store *s, const char *id, const struct err *why, bool may_be_paid, struct err *e)
{
    return keep_simple(
        s, (struct store_order){ .kind = STORE_CLOSE_ORDER, .id = id, .why = *why, .may_be_paid = may_be_paid }, e);
}

bool shelf_answered(struct store *s, const char *id, struct store_temp *t, struct str meta, double cost, struct err *e)
{
    struct store_order o = { .kind = STORE_ANSWERED_ORDER,
                             .id = id,
                             .asset = ASSET_IMAGE,
                             .provider = STR("openai-image"),
                             .temp = *t,
                             .text = meta,
                             .cost = cost };
    bool ok = shelf_keep(s, &o, e);
    *t = o.temp;
    store_order_deinit(&o);
    return ok;
}

bool shelf_accept(struct store *s, const char *id, const struct media_info *info, const struct word *words,
                  size_t n_words, struct arena *a, struct blob *out, struct err *e)
{
    struct store_order o = {
        .kind = STORE_ACCEPT_ORDER, .id = id, .info = info, .words = words, .n_words = n_words, .temp.fd = -1
    };
    bool ok = shelf_keep(s, &o, e);
    if (ok)
        store_blob_copy(a, &o.found.blob, out);
    store_order_deinit(&o);
    return ok;
}

/* From an order that armed it to the accepted answer. */
static bool finish_purchase(struct store *s, struct store_order *arm, void (*told)(void *ctx, int step), void *ctx,
                            int *n_bought, struct err *e)
{
    struct arena a = { 0 };
    struct blob blob;
    const char *id = arm->id;
    bool ok = false;
    if (arm->found.state < STORE_ANSWERED) {
        if (pwrite(arm->temp.fd, payload, sizeof payload, 0) != (ssize_t)sizeof payload) {
            err_set(e, ERR_IO, "short write");
            goto out;
        }
        if (arm->found.state != STORE_REMOTE) {
            told(ctx, STEP_INTENDED);
            ++*n_bought;
            if (!shelf_accepted(s, id, STR("{\"job\":7}"), e))
                goto out;
            told(ctx, STEP_REMOTE);
        }
        told(ctx, STEP_RECEIVED);
        if (!shelf_answered(s, id, &arm->temp, STR(meta_text), 0.0399, e))
            goto out;
        told(ctx, STEP_ANSWERED);
    }
    if (arm->found.state != STORE_DONE && !shelf_accept(s, id, &png, two_words, 2, &a, &blob, e))
        goto out;
    told(ctx, STEP_DONE);
    ok = true;
out:
    arena_deinit(&a);
    return ok;
}

/* A whole purchase, from whatever state the store is in. told(ctx, step) hears what has been promised. */
bool shelf_buy(struct store *s, const char *id, void (*told)(void *ctx, int step), void *ctx, int *n_bought,
               struct err *e)
{
    struct store_order arm;
    bool ok = shelf_arm(s, id, 0.04, &arm, e) && finish_purchase(s, &arm, told, ctx, n_bought, e);
    store_temp_drop(s, &arm.temp);
    if (arm.is_locked)
        store_unlock(s, id);
    store_order_deinit(&arm);
    return ok;
}

void shelf_told_nothing(void *ctx, int step)
{
    (void)ctx, (void)step;
}

void shelf_told_int(void *ctx, int step)
{
    *(int *)ctx = step;
}

void shelf_told_pipe(void *ctx, int step)
{
    char c = (char)step;
    if (write(*(int *)ctx, &c, 1) != 1)
        _exit(9);
}

void shelf_buy_ok(struct store *s, const char *id)
{
    struct err e = { 0 };
    int n = 0;
    bool ok = shelf_buy(s, id, shelf_told_nothing, NULL, &n, &e);
    CHECK_ROW(e.msg, ok);
}

void shelf_put_ok(struct store *s, const char *id, enum asset_kind kind, const void *bytes, size_t n)
{
    struct arena a = { 0 };
    struct store_temp t;
    struct blob blob;
    struct err e = { 0 };
    bool ok = shelf_temp(s, id, &t, bytes, n, &e) && store_put(s, id, kind, &t, &png, NULL, 0, &a, &blob, &e);
    CHECK_ROW(e.msg, ok);
    CHECK_INT("closed", -1, t.fd);
    arena_deinit(&a);
}

bool shelf_holds(const char *path, const void *bytes, size_t n)
{
    char got[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t r = fd < 0 ? -1 : read(fd, got, sizeof got);
    if (fd >= 0)
        close(fd);
    return r == (ssize_t)n && memcmp(got, bytes, n) == 0;
}

/* Opens the cache afresh and checks that `id` is at least where it was promised, then that one more run completes it.
 */
void shelf_check_after(const char *row, const char *dir, const char *id, int promised)
{
    struct arena a = { 0 };
    struct store_entry entry;
    struct err e = { 0 };
    struct store *s = shelf_open(dir, NULL);
    bool ok = store_find(s, id, false, &a, &entry, &e);
    CHECK_ROW(row, ok);
    if (promised >= STEP_INTENDED)
        CHECK_ROW(row, entry.state != STORE_MISSING);
    if (promised == STEP_REMOTE || promised == STEP_RECEIVED)
        CHECK_ROW(row, entry.state >= STORE_REMOTE);
    if (promised >= STEP_ANSWERED)
        CHECK_ROW(row, entry.state >= STORE_ANSWERED);
    if (promised == STEP_DONE)
        CHECK_ROW(row, entry.state == STORE_DONE);
    if (entry.state >= STORE_ANSWERED)
        CHECK_ROW(row, shelf_holds(entry.blob.path.p, payload, sizeof payload));
    if (entry.state == STORE_DONE)
        CHECK_INT(row, 2, entry.blob.n_words);
    int n_bought = 0;
    ok = shelf_buy(s, id, shelf_told_nothing, NULL, &n_bought, &e);
    CHECK_ROW(e.msg, ok);
    if (promised >= STEP_REMOTE)
        CHECK_INT(row, 0, n_bought);
    CHECK_INT(row, STORE_DONE, shelf_state(s, id));
    store_close(s);
    arena_deinit(&a);
}

void shelf_path(const char *dir, const char *id, const char *ending, char out[600])
{
    snprintf(out, 600, "%s/blobs/%.2s/%s%s", dir, id, id, ending);
}

int shelf_count(const char *dir, const char *sub)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, sub);
    DIR *d = opendir(path);
    int n = 0;
    for (struct dirent *x; d && (x = readdir(d));)
        n += x->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

void shelf_damage(const char *path, const char *how)
{
    if (strcmp(how, "remove") == 0) {
        CHECK(unlink(path) == 0);
    } else if (strcmp(how, "empty") == 0) {
        CHECK(truncate(path, 0) == 0);
    } else if (strcmp(how, "cut") == 0) {
        CHECK(truncate(path, 10) == 0);
    } else if (strcmp(how, "directory") == 0) {
        CHECK(unlink(path) == 0 && mkdir(path, 0700) == 0);
    } else if (strcmp(how, "link") == 0) {
        CHECK(unlink(path) == 0 && symlink("/etc/passwd", path) == 0);
    } else {
        int fd = open(path, O_RDWR | O_CLOEXEC);
        char c = 0;
        off_t at = strcmp(how, "flip late") == 0 ? lseek(fd, -10, SEEK_END) : 5;
        CHECK(pread(fd, &c, 1, at) == 1);
        c ^= 1;
        CHECK(pwrite(fd, &c, 1, at) == 1);
        close(fd);
    }
}
