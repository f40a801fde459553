/* store.c - tests of the store: what was answered stays, what is damaged is noticed, whatever fails in between */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "gen/base/arena.h"
#include "gen/base/digest.h"
#include "gen/store/impl.h"
#include "tests/support/test.h"

static const char payload[] = "\x89PNG a picture that was paid for";
static const char meta_text[] = "{\"type\":\"png\",\"words\":[[0,0.5,\"a\"]]}";
static const struct word two_words[] = { { 0, 24000, 0, 1 }, { 24000, 50000, 2, 7 } };
static const struct media_info png = { .type = "png", .width = 1536, .height = 1024 };

static const char *id_of(const char *name)
{
    static char hex[DIGEST_HEX];
    digest_of(name, strlen(name), hex);
    return hex;
}

static void sink(void *ctx, enum log_level level, const char *line)
{
    (void)level;
    struct buf *b = ctx;
    buf_addz(b, line);
    buf_addc(b, '\n');
}

/* ---------- a system that fails or dies at the N-th call ---------- */

struct fault {
    int n, fail_at, code;                       /* the fail_at-th call fails with code; 0: none */
    int die_before, die_after;
    int n_syncs, fail_sync_at;
};

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

static int faulty_commit(void *ctx, struct ledger *l)
{
    if (trip(ctx))
        return 13; /* SQLITE_FULL in sqlite3.h, which has one home */
    int r = ledger_commit(l);
    passed(ctx);
    return r;
}

static struct store_io faulty(struct fault *f)
{
    return (struct store_io){ f, faulty_open, faulty_read, faulty_write, faulty_reserve, faulty_truncate, faulty_sync, faulty_close,
                              faulty_rename, faulty_unlink, faulty_mkdir, faulty_lock, faulty_commit };
}

/* ---------- a store to work on ---------- */

static struct store *open_ok(const char *dir, struct log *log)
{
    struct err e = { 0 };
    struct store *s = store_open(str_from(dir), log, &e);
    CHECK_ROW(e.msg, s != NULL);
    return s;
}

static enum store_state state_of(struct store *s, const char *id)
{
    struct arena a = { 0 };
    struct store_entry entry;
    struct err e = { 0 };
    bool ok = store_find(s, id, false, &a, &entry, &e);
    CHECK_ROW(e.msg, ok);
    arena_deinit(&a);
    return entry.state;
}

static bool temp_with(struct store *s, const char *id, struct store_temp *t, const void *bytes, size_t n, struct err *e)
{
    if (!store_temp_open(s, id, 4096, t, e))
        return false;
    if (pwrite(t->fd, bytes, n, 0) == (ssize_t)n)
        return true;
    store_temp_drop(s, t);
    return err_set(e, ERR_IO, "short write");
}

enum { STEP_NONE, STEP_INTENDED, STEP_REMOTE, STEP_RECEIVED, STEP_ANSWERED, STEP_DONE };

/* A whole purchase, from whatever state the store is in. told(ctx, step) hears what has been promised. */
static bool buy(struct store *s, const char *id, void (*told)(void *ctx, int step), void *ctx, int *n_bought, struct err *e)
{
    struct arena a = { 0 };
    struct store_entry entry;
    struct store_temp t = { .fd = -1 };
    struct blob blob;
    bool is_busy, ok = false;
    if (!store_lock(s, id, &is_busy, e))
        return false;
    if (!store_find(s, id, false, &a, &entry, e))
        goto out;
    if (entry.state < STORE_ANSWERED) {
        if (!temp_with(s, id, &t, payload, sizeof payload, e))
            goto out;
        if (entry.state != STORE_REMOTE) {
            if (!store_intend(s, id, ASSET_IMAGE, STR("openai-image"), 0.04, e))
                goto out;
            told(ctx, STEP_INTENDED);
            ++*n_bought;
            if (!store_accepted(s, id, STR("{\"job\":7}"), e))
                goto out;
            told(ctx, STEP_REMOTE);
        }
        told(ctx, STEP_RECEIVED);
        if (!store_answered(s, id, &t, STR(meta_text), 0.0399, e))
            goto out;
        told(ctx, STEP_ANSWERED);
    }
    if (entry.state != STORE_DONE && !store_accept(s, id, &png, two_words, 2, &a, &blob, e))
        goto out;
    told(ctx, STEP_DONE);
    ok = true;
out:
    store_temp_drop(s, &t);
    store_unlock(s, id);
    arena_deinit(&a);
    return ok;
}

static void told_nothing(void *ctx, int step)
{
    (void)ctx, (void)step;
}

static void told_int(void *ctx, int step)
{
    *(int *)ctx = step;
}

static void told_pipe(void *ctx, int step)
{
    char c = (char)step;
    if (write(*(int *)ctx, &c, 1) != 1)
        _exit(9);
}

static void buy_ok(struct store *s, const char *id)
{
    struct err e = { 0 };
    int n = 0;
    bool ok = buy(s, id, told_nothing, NULL, &n, &e);
    CHECK_ROW(e.msg, ok);
}

static void put_ok(struct store *s, const char *id, enum asset_kind kind, const void *bytes, size_t n)
{
    struct arena a = { 0 };
    struct store_temp t;
    struct blob blob;
    struct err e = { 0 };
    bool ok = temp_with(s, id, &t, bytes, n, &e) && store_put(s, id, kind, &t, &png, NULL, 0, &a, &blob, &e);
    CHECK_ROW(e.msg, ok);
    CHECK_INT("closed", -1, t.fd);
    arena_deinit(&a);
}

static bool holds(const char *path, const void *bytes, size_t n)
{
    char got[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t r = fd < 0 ? -1 : read(fd, got, sizeof got);
    if (fd >= 0)
        close(fd);
    return r == (ssize_t)n && memcmp(got, bytes, n) == 0;
}

/* Opens the cache afresh and checks that `id` is at least where it was promised, then that one more run completes it. */
static void check_after(const char *row, const char *dir, const char *id, int promised)
{
    struct arena a = { 0 };
    struct store_entry entry;
    struct err e = { 0 };
    struct store *s = open_ok(dir, NULL);
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
        CHECK_ROW(row, holds(entry.blob.path.p, payload, sizeof payload));
    if (entry.state == STORE_DONE)
        CHECK_INT(row, 2, entry.blob.n_words);
    int n_bought = 0;
    ok = buy(s, id, told_nothing, NULL, &n_bought, &e);
    CHECK_ROW(e.msg, ok);
    if (promised >= STEP_REMOTE)
        CHECK_INT(row, 0, n_bought);
    CHECK_INT(row, STORE_DONE, state_of(s, id));
    store_close(s);
    arena_deinit(&a);
}

static void path_of(const char *dir, const char *id, const char *ending, char out[600])
{
    snprintf(out, 600, "%s/blobs/%.2s/%s%s", dir, id, id, ending);
}

static int count_in(const char *dir, const char *sub)
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

/* ---------- round trips ---------- */

TEST(a_purchase_goes_from_missing_to_done_and_every_value_comes_back)
{
    char *dir = test_tmpdir(), id[65];
    struct arena a = { 0 };
    struct store_entry entry;
    struct store_temp t;
    struct blob blob;
    struct err e = { 0 };
    bool is_busy;
    strcpy(id, id_of("one"));
    struct store *s = open_ok(dir, NULL);
    CHECK_INT("new", STORE_MISSING, state_of(s, id));
    CHECK(store_lock(s, id, &is_busy, &e));
    CHECK(temp_with(s, id, &t, payload, sizeof payload, &e));
    CHECK(store_intend(s, id, ASSET_SPEECH, STR("elevenlabs"), 0.05, &e));
    CHECK_INT("intended", STORE_SENT, state_of(s, id));
    CHECK(store_accepted(s, id, STR("{\"job\":\"x\"}"), &e));
    CHECK(store_find(s, id, false, &a, &entry, &e));
    CHECK_INT("accepted", STORE_REMOTE, entry.state);
    CHECK_STR("remote", "{\"job\":\"x\"}", entry.remote);
    CHECK(store_answered(s, id, &t, STR(meta_text), 0.03, &e));
    CHECK_INT("closed", -1, t.fd);
    CHECK(store_find(s, id, true, &a, &entry, &e));
    CHECK_INT("answered", STORE_ANSWERED, entry.state);
    CHECK_STR("meta", meta_text, entry.meta);
    CHECK(holds(entry.blob.path.p, payload, sizeof payload));
    CHECK(store_accept(s, id, &png, two_words, 2, &a, &blob, &e));
    store_unlock(s, id);
    store_close(s);

    s = open_ok(dir, NULL);
    char sha[65];
    digest_of(payload, sizeof payload, sha);
    for (int quick = 0; quick < 2; quick++) {
        CHECK(store_find(s, id, quick, &a, &entry, &e));
        CHECK_INT("done", STORE_DONE, entry.state);
        CHECK_STR("sha", sha, str_from(entry.blob.sha256));
        CHECK_STR("id", id, str_from(entry.blob.id));
        CHECK_STR("type", "png", str_from(entry.blob.info.type));
        CHECK_INT("width", 1536, entry.blob.info.width);
        CHECK_INT("words", 2, entry.blob.n_words);
        CHECK(memcmp(entry.blob.words, two_words, sizeof two_words) == 0);
        CHECK_STR("meta", meta_text, entry.meta);
    }
    struct store_stats stats;
    CHECK(store_stats(s, &stats, &e));
    CHECK_INT("calls", 1, stats.n_calls);
    CHECK_INT("lost", 0, stats.n_lost);
    CHECK_INT("speech", 1, stats.n_blobs[ASSET_SPEECH]);
    CHECK_INT("pictures", 0, stats.n_blobs[ASSET_IMAGE]);
    CHECK_NEAR("spent", 0.03, stats.spent, 1e-12);
    store_close(s);
    CHECK_INT("nothing left in tmp", 0, count_in(dir, "tmp"));
    CHECK_INT("only the gate left in locks", 1, count_in(dir, "locks"));
    arena_deinit(&a);
}

TEST(a_thing_made_here_is_done_at_once_and_costs_nothing)
{
    char *dir = test_tmpdir();
    struct store_stats stats;
    struct err e = { 0 };
    struct store *s = open_ok(dir, NULL);
    put_ok(s, id_of("slide"), ASSET_PIECE, payload, sizeof payload);
    CHECK_INT("done", STORE_DONE, state_of(s, id_of("slide")));
    CHECK(store_stats(s, &stats, &e));
    CHECK_INT("pieces", 1, stats.n_blobs[ASSET_PIECE]);
    CHECK_INT("calls", 0, stats.n_calls);
    store_close(s);
}

TEST(files_are_private_whatever_the_umask)
{
    static const mode_t masks[] = { 0, 0777 };
    for (size_t i = 0; i < COUNTOF(masks); i++) {
        char dir[500], path[600];
        struct stat st;
        snprintf(dir, sizeof dir, "%s/deep/cache", test_tmpdir());
        mode_t old = umask(masks[i]);
        struct store *s = open_ok(dir, NULL);
        buy_ok(s, id_of("private"));
        store_close(s);
        umask(old);
        CHECK(stat(dir, &st) == 0);
        CHECK_INT("directory", 0700, st.st_mode & 07777);
        path_of(dir, id_of("private"), "", path);
        CHECK(stat(path, &st) == 0);
        CHECK_INT("payload", 0600, st.st_mode & 07777);
        path_of(dir, id_of("private"), ".json", path);
        CHECK(stat(path, &st) == 0);
        CHECK_INT("sidecar", 0600, st.st_mode & 07777);
        snprintf(path, sizeof path, "%s/ledger.sqlite", dir);
        CHECK(stat(path, &st) == 0);
        CHECK_INT("ledger", 0600, st.st_mode & 07777);
    }
}

TEST(what_was_answered_or_is_done_cannot_be_intended_again)
{
    struct err e = { 0 };
    struct store *s = open_ok(test_tmpdir(), NULL);
    buy_ok(s, id_of("once"));
    CHECK(!store_intend(s, id_of("once"), ASSET_IMAGE, STR("p"), 1, &e));
    CHECK_INT("class", ERR_STORE, e.code);
    CHECK(!store_accepted(s, id_of("never asked"), STR("{}"), &e));
    CHECK(!store_find(s, "../../etc/passwd", false, NULL, NULL, &e));
    store_close(s);
}

TEST(a_failed_call_is_closed_and_a_second_intent_without_an_answer_counts_as_lost)
{
    struct err e = { 0 }, why;
    struct store_stats stats;
    struct store *s = open_ok(test_tmpdir(), NULL);
    const char *id = id_of("failing");
    err_set(&why, ERR_SERVER, "503");
    CHECK(store_intend(s, id, ASSET_IMAGE, STR("p"), 0.5, &e));
    CHECK(store_failed(s, id, &why, &e));
    CHECK_INT("failed", STORE_MISSING, state_of(s, id));
    CHECK(store_intend(s, id, ASSET_IMAGE, STR("p"), 0.5, &e));
    CHECK(store_stats(s, &stats, &e));
    CHECK_INT("one open call that nobody makes", 1, stats.n_lost);
    CHECK(store_intend(s, id, ASSET_IMAGE, STR("p"), 0.5, &e));
    CHECK(store_failed(s, id, &why, &e));
    CHECK(store_stats(s, &stats, &e));
    CHECK_INT("calls", 3, stats.n_calls);
    CHECK_INT("lost", 1, stats.n_lost);
    CHECK_NEAR("spent", 0, stats.spent, 0);
    store_close(s);
}

TEST(a_group_of_intents_is_there_after_its_end_and_not_before)
{
    struct err e = { 0 };
    char *dir = test_tmpdir(), first[DIGEST_HEX], second[DIGEST_HEX];
    memcpy(first, id_of("first"), sizeof first);
    memcpy(second, id_of("second"), sizeof second);
    struct store *s = open_ok(dir, NULL);
    CHECK(store_intents_begin(s, &e));
    CHECK(store_intend(s, first, ASSET_IMAGE, STR("p"), 0.5, &e) && store_intend(s, second, ASSET_SPEECH, STR("q"), 0.1, &e));
    store_close(s);                             /* stopped before the end: nothing had been sent */
    s = open_ok(dir, NULL);
    CHECK_INT("no intent", STORE_MISSING, state_of(s, first));
    CHECK(store_intents_begin(s, &e));
    CHECK(store_intend(s, first, ASSET_IMAGE, STR("p"), 0.5, &e) && store_intend(s, second, ASSET_SPEECH, STR("q"), 0.1, &e));
    CHECK(store_intents_end(s, &e));
    store_close(s);
    s = open_ok(dir, NULL);
    CHECK_INT("first", STORE_SENT, state_of(s, first));
    CHECK_INT("second", STORE_SENT, state_of(s, second));
    store_close(s);
}

TEST(a_call_stays_open_when_the_reason_says_nothing_of_it)
{
    static const struct { const char *name; enum err_code why; bool is_remote; enum store_state want; } rows[] = {
        { "cancelled after sending", ERR_CANCELLED, false, STORE_SENT },
        { "refused", ERR_INPUT, false, STORE_MISSING },
        { "no connection", ERR_NET, false, STORE_MISSING },
        { "a job, cancelled", ERR_CANCELLED, true, STORE_REMOTE },
        { "a job, no connection", ERR_NET, true, STORE_REMOTE },
        { "a job, our disk", ERR_IO, true, STORE_REMOTE },
        { "a job that failed there", ERR_SERVER, true, STORE_MISSING },
        { "a job that vanished", ERR_LOST, true, STORE_MISSING },
    };
    struct store *s = open_ok(test_tmpdir(), NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char id[65];
        struct err e = { 0 }, why;
        strcpy(id, id_of(rows[i].name));
        err_set(&why, rows[i].why, "told");
        CHECK(store_intend(s, id, ASSET_IMAGE, STR("p"), 0.5, &e));
        CHECK(!rows[i].is_remote || store_accepted(s, id, STR("{}"), &e));
        CHECK_ROW(rows[i].name, store_failed(s, id, &why, &e));
        CHECK_INT(rows[i].name, rows[i].want, state_of(s, id));
    }
    store_close(s);
}

TEST(a_refused_answer_goes_to_quarantine_is_paid_for_and_may_be_bought_again)
{
    char *dir = test_tmpdir(), id[65];
    struct err e = { 0 }, why;
    struct store_temp t;
    struct store_stats stats;
    struct store *s = open_ok(dir, NULL);
    strcpy(id, id_of("html"));
    CHECK(temp_with(s, id, &t, "<html>", 6, &e));
    CHECK(store_intend(s, id, ASSET_IMAGE, STR("p"), 0.5, &e));
    CHECK(store_answered(s, id, &t, STR(""), -1, &e));
    err_set(&why, ERR_MEDIA, "HTML instead of a picture");
    CHECK(store_reject(s, id, &why, &e));
    CHECK_INT("state", STORE_MISSING, state_of(s, id));
    CHECK_INT("quarantine", 2, count_in(dir, "quarantine"));
    CHECK(store_stats(s, &stats, &e));
    CHECK_NEAR("an unknown cost counts as estimated", 0.5, stats.spent, 0);
    buy_ok(s, id);
    CHECK_INT("again", STORE_DONE, state_of(s, id));
    store_close(s);
}

TEST(meta_that_is_no_text_does_not_cost_the_answer)
{
    struct err e = { 0 };
    struct store_temp t;
    struct store *s = open_ok(test_tmpdir(), NULL);
    const char *id = id_of("bad meta");
    CHECK(temp_with(s, id, &t, payload, sizeof payload, &e));
    CHECK(store_intend(s, id, ASSET_IMAGE, STR("p"), 0, &e));
    CHECK(store_answered(s, id, &t, STR("\xff\xfe\0x"), 0, &e));
    CHECK_INT("state", STORE_ANSWERED, state_of(s, id));
    store_close(s);
}

TEST(more_disk_than_there_is_cannot_be_reserved)
{
    char *dir = test_tmpdir();
    struct err e = { 0 };
    struct store_temp t;
    struct store *s = open_ok(dir, NULL);
    CHECK(!store_temp_open(s, id_of("big"), INT64_MAX / 4, &t, &e));
    CHECK_INT("class", ERR_IO, e.code);
    CHECK_INT("closed", -1, t.fd);
    CHECK_INT("tmp", 0, count_in(dir, "tmp"));
    store_close(s);
}

/* ---------- damage ---------- */

static void damage(const char *path, const char *how)
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

TEST(a_damaged_object_is_noticed_and_set_aside)
{
    static const struct { const char *name, *ending, *how; enum store_state bought, made; bool quick_sees; } rows[] = {
        { "payload cut", "", "cut", STORE_MISSING, STORE_MISSING, true },
        { "payload flipped", "", "flip", STORE_MISSING, STORE_MISSING, false },
        { "payload gone", "", "remove", STORE_MISSING, STORE_MISSING, true },
        { "payload a directory", "", "directory", STORE_MISSING, STORE_MISSING, true },
        { "payload a link", "", "link", STORE_MISSING, STORE_MISSING, true },
        /* the ledger still knows the payload's hash: what was bought only has to be checked again */
        { "sidecar empty", ".json", "empty", STORE_ANSWERED, STORE_MISSING, true },
        { "sidecar cut", ".json", "cut", STORE_ANSWERED, STORE_MISSING, true },
        { "sidecar flipped", ".json", "flip", STORE_ANSWERED, STORE_MISSING, true },
        { "sidecar flipped in a word", ".json", "flip late", STORE_ANSWERED, STORE_MISSING, true },
        { "sidecar gone", ".json", "remove", STORE_ANSWERED, STORE_MISSING, true },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        for (int quick = 0; quick < 2; quick++) {
            char *dir = test_tmpdir(), id[65], made[65], path[600];
            struct arena a = { 0 };
            struct store_entry entry;
            struct err e = { 0 };
            struct store *s = open_ok(dir, NULL);
            strcpy(id, id_of("bought"));
            strcpy(made, id_of("made"));
            buy_ok(s, id);
            put_ok(s, made, ASSET_PIECE, payload, sizeof payload);
            store_close(s);
            path_of(dir, id, rows[i].ending, path);
            damage(path, rows[i].how);
            path_of(dir, made, rows[i].ending, path);
            damage(path, rows[i].how);
            s = open_ok(dir, NULL);
            bool ok = store_find(s, id, quick, &a, &entry, &e);
            CHECK_ROW(e.msg, ok);
            CHECK_INT(rows[i].name, quick && !rows[i].quick_sees ? STORE_DONE : rows[i].bought, entry.state);
            ok = store_find(s, made, quick, &a, &entry, &e);
            CHECK_ROW(e.msg, ok);
            CHECK_INT(rows[i].name, quick && !rows[i].quick_sees ? STORE_DONE : rows[i].made, entry.state);
            if (!quick || rows[i].quick_sees) {
                buy_ok(s, id);
                put_ok(s, made, ASSET_PIECE, payload, sizeof payload);
                CHECK_INT(rows[i].name, STORE_DONE, state_of(s, id));
                CHECK_INT(rows[i].name, STORE_DONE, state_of(s, made));
            }
            store_close(s);
            arena_deinit(&a);
        }
}

TEST(verify_finds_each_damaged_object_and_leaves_the_rest)
{
    char *dir = test_tmpdir(), path[600], name[20];
    int64_t n_checked, n_bad;
    struct err e = { 0 };
    struct store *s = open_ok(dir, NULL);
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "object %d", i);
        put_ok(s, id_of(name), ASSET_PIECE, payload, sizeof payload);
    }
    buy_ok(s, id_of("bought"));
    CHECK(store_verify(s, &n_checked, &n_bad, &e));
    CHECK_INT("checked", 11, n_checked);
    CHECK_INT("bad", 0, n_bad);
    path_of(dir, id_of("object 3"), "", path);
    damage(path, "flip");
    path_of(dir, id_of("object 4"), "", path);
    damage(path, "remove");
    path_of(dir, id_of("bought"), "", path);
    damage(path, "flip");
    CHECK(store_verify(s, &n_checked, &n_bad, &e)); /* although they were believed in this run */
    CHECK_INT("checked", 11, n_checked);
    CHECK_INT("bad", 3, n_bad);
    CHECK_INT("bought", STORE_MISSING, state_of(s, id_of("bought")));
    CHECK_INT("whole", STORE_DONE, state_of(s, id_of("object 5")));
    CHECK(store_verify(s, &n_checked, &n_bad, &e));
    CHECK_INT("left", 8, n_checked);
    CHECK_INT("bad", 0, n_bad);
    store_close(s);
}

TEST(a_garbage_ledger_is_set_aside_and_rebuilt_from_the_sidecars)
{
    static const struct { const char *name; bool whole; } rows[] = { { "all garbage", true }, { "damaged pages", false } };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char *dir = test_tmpdir(), path[600];
        struct buf lines = { 0 };
        struct log *log = log_create(LOG_INFO, sink, &lines);
        struct store_stats stats;
        struct store_temp t;
        struct err e = { 0 };
        struct store *s = open_ok(dir, NULL);
        buy_ok(s, id_of("done"));
        CHECK(temp_with(s, id_of("answered"), &t, payload, sizeof payload, &e));
        CHECK(store_intend(s, id_of("answered"), ASSET_SPEECH, STR("p"), 1, &e));
        CHECK(store_answered(s, id_of("answered"), &t, STR(meta_text), 0.25, &e));
        store_close(s);
        snprintf(path, sizeof path, "%s/ledger.sqlite", dir);
        struct stat st;
        CHECK(stat(path, &st) == 0);
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        for (off_t at = rows[i].whole ? 0 : 100; at < st.st_size; at++)
            if (pwrite(fd, "x", 1, at) != 1)
                break;
        close(fd);
        s = open_ok(dir, log);
        CHECK_ROW(rows[i].name, strstr(buf_str(&lines).p, "the ledger is damaged") != NULL);
        CHECK(store_stats(s, &stats, &e));
        CHECK_INT("calls", 2, stats.n_calls);
        CHECK_NEAR("spent", 0.0399 + 0.25, stats.spent, 1e-9);
        CHECK_INT("done", STORE_DONE, state_of(s, id_of("done")));
        CHECK_INT("answered", STORE_ANSWERED, state_of(s, id_of("answered")));
        store_close(s);
        log_destroy(log);
        buf_deinit(&lines);
    }
}

TEST(a_ledger_from_the_future_is_refused_and_left_alone)
{
    char *dir = test_tmpdir(), path[600];
    struct err e = { 0 };
    store_close(open_ok(dir, NULL));
    snprintf(path, sizeof path, "%s/ledger.sqlite", dir);
    int fd = open(path, O_WRONLY | O_CLOEXEC); /* user_version: 4 bytes at 60, big-endian (SQLite's file format) */
    CHECK(pwrite(fd, "\0\0\1\0", 4, 60) == 4);
    close(fd);
    CHECK(store_open(str_from(dir), NULL, &e) == NULL);
    CHECK_ROW(e.msg, strstr(e.msg, "newer") != NULL);
    CHECK(access(path, F_OK) == 0);
}

/* ---------- failures and deaths at every step ---------- */

TEST(whichever_call_fails_nothing_promised_is_lost)
{
    static const int codes[] = { EIO, ENOSPC };
    for (size_t c = 0; c < COUNTOF(codes); c++) {
        bool reached = true;
        for (int k = 1; reached; k++) {
            char *dir = test_tmpdir(), row[64], id[65];
            struct fault f = { .fail_at = k, .code = codes[c] };
            struct store_io io = faulty(&f);
            struct err e = { 0 };
            int promised = STEP_NONE, n_bought = 0;
            strcpy(id, id_of("faulty"));
            struct store *s = store_open_with(str_from(dir), NULL, &io, &e);
            if (s)
                buy(s, id, told_int, &promised, &n_bought, &e);
            store_close(s);
            reached = f.n >= k;
            snprintf(row, sizeof row, "call %d fails with %s", k, strerror(codes[c]));
            if (promised == STEP_RECEIVED) /* not yet promised: the answer or the job is there */
                promised = STEP_REMOTE;
            check_after(row, dir, id, promised);
            CHECK_ROW(row, count_in(dir, "tmp") == 0);
        }
    }
}

TEST(a_file_whose_sync_failed_is_written_anew_and_not_believed)
{
    static const struct { const char *name; int sync; bool is_payload; } rows[] = {
        { "the sidecar's", 1, false }, { "the payload's", 2, true },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char *dir = test_tmpdir(), before[96];
        struct fault f = { 0 };
        struct store_io io = faulty(&f);
        struct err e = { 0 };
        struct store_temp t;
        struct store *s = store_open_with(str_from(dir), NULL, &io, &e);
        CHECK(s != NULL);
        CHECK(temp_with(s, id_of("sync"), &t, payload, sizeof payload, &e));
        CHECK(store_intend(s, id_of("sync"), ASSET_IMAGE, STR("p"), 0, &e));
        strcpy(before, t.name);
        f = (struct fault){ .fail_sync_at = rows[i].sync };
        CHECK_ROW(rows[i].name, store_answered(s, id_of("sync"), &t, STR(""), 0, &e));
        CHECK_ROW(rows[i].name, (strcmp(before, t.name) != 0) == rows[i].is_payload);
        CHECK_INT(rows[i].name, STORE_ANSWERED, state_of(s, id_of("sync")));
        store_close(s);
        CHECK_INT("tmp", 0, count_in(dir, "tmp"));
    }
}

static int die_at(const char *dir, const char *id, struct fault f)
{
    int p[2], status, promised = STEP_NONE;
    char c;
    CHECK(pipe(p) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct store_io io = faulty(&f);
        int n_bought = 0;
        struct store *s = store_open_with(str_from(dir), NULL, &io, NULL);
        bool ok = s && buy(s, id, told_pipe, &p[1], &n_bought, NULL);
        store_close(s);
        _exit(ok ? 0 : 1);
    }
    close(p[1]);
    while (read(p[0], &c, 1) == 1)
        promised = c;
    close(p[0]);
    CHECK(waitpid(pid, &status, 0) == pid);
    return WIFSIGNALED(status) ? promised : -1 - WEXITSTATUS(status);
}

TEST(whenever_the_process_is_killed_nothing_promised_is_lost)
{
    for (int after = 0; after < 2; after++)
        for (int k = 1;; k++) {
            char *dir = test_tmpdir(), row[64], id[65];
            strcpy(id, id_of("killed"));
            snprintf(row, sizeof row, "killed %s call %d", after ? "after" : "before", k);
            int promised = die_at(dir, id, after ? (struct fault){ .die_after = k } : (struct fault){ .die_before = k });
            if (promised < 0) {
                CHECK_INT(row, -1, promised);
                break;
            }
            check_after(row, dir, id, promised);
            CHECK_ROW(row, count_in(dir, "tmp") == 0);
        }
}

TEST(an_answer_whose_description_was_written_survives_a_kill_before_its_rename)
{
    /* Without a remote id nothing but the received bytes can save the money. */
    int n_saved = 0, n_sent = 0;
    for (int k = 1;; k++) {
        char *dir = test_tmpdir();
        const char *id = id_of("unnamed");
        pid_t pid = fork();
        if (pid == 0) {
            struct fault f = { 0 };
            struct store_io io = faulty(&f);
            struct store_temp t;
            struct store *s = store_open_with(str_from(dir), NULL, &io, NULL);
            if (!s || !temp_with(s, id, &t, payload, sizeof payload, NULL) || !store_intend(s, id, ASSET_IMAGE, STR("p"), 1, NULL))
                _exit(1);
            f = (struct fault){ .die_after = k };
            _exit(store_answered(s, id, &t, STR(""), 0, NULL) ? 0 : 1);
        }
        int status;
        CHECK(waitpid(pid, &status, 0) == pid);
        if (!WIFSIGNALED(status)) {
            CHECK_INT("exit", 0, WEXITSTATUS(status));
            break;
        }
        struct store *s = open_ok(dir, NULL);
        enum store_state found = state_of(s, id);
        CHECK(found == STORE_SENT || found == STORE_ANSWERED);
        if (found == STORE_SENT)
            CHECK_INT("once saved, always saved", 0, n_saved);
        n_saved += found == STORE_ANSWERED;
        n_sent += found == STORE_SENT;
        store_close(s);
    }
    CHECK(n_saved > n_sent);
}

/* ---------- several processes ---------- */

TEST(an_id_is_locked_once_even_in_one_process_and_free_after_a_kill)
{
    char *dir = test_tmpdir(), id[65];
    struct err e = { 0 };
    bool is_busy;
    int p[2];
    char c;
    strcpy(id, id_of("locked"));
    struct store *s = open_ok(dir, NULL), *other = open_ok(dir, NULL);
    CHECK(store_lock(s, id, &is_busy, &e));
    CHECK(!store_lock(s, id, &is_busy, &e) && is_busy);
    CHECK(!store_lock(other, id, &is_busy, &e) && is_busy);
    CHECK(store_lock(other, id_of("free"), &is_busy, &e));
    store_unlock(s, id);
    CHECK(store_lock(other, id, &is_busy, &e));
    store_close(other); /* gives back what it holds */
    CHECK(pipe(p) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct store *mine = store_open(str_from(dir), NULL, NULL);
        c = mine && store_lock(mine, id, &is_busy, NULL);
        if (write(p[1], &c, 1) == 1)
            pause();
        _exit(1);
    }
    CHECK(read(p[0], &c, 1) == 1 && c == 1);
    CHECK(!store_lock(s, id, &is_busy, &e) && is_busy);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK(store_lock(s, id, &is_busy, &e));
    store_close(s);
    close(p[0]);
    close(p[1]);
}

TEST(processes_that_want_the_same_thing_buy_it_once)
{
    enum { N = 5 };
    char *dir = test_tmpdir(), id[65];
    pid_t pids[N];
    int status, n_bought = 0;
    strcpy(id, id_of("shared"));
    for (int i = 0; i < N; i++)
        if ((pids[i] = fork()) == 0) {
            struct store *s = store_open(str_from(dir), NULL, NULL);
            int mine = 0;
            struct err e = { 0 };
            bool ok;
            while (s && !(ok = buy(s, id, told_nothing, NULL, &mine, &e)) && strstr(e.msg, "another process"))
                sched_yield();
            _exit(s && ok ? mine : 99);
        }
    for (int i = 0; i < N; i++) {
        CHECK(waitpid(pids[i], &status, 0) == pids[i] && WIFEXITED(status));
        CHECK(WEXITSTATUS(status) < 2);
        n_bought += WEXITSTATUS(status);
    }
    CHECK_INT("bought", 1, n_bought);
}

TEST(temp_files_of_the_living_stay_and_those_of_the_dead_go)
{
    char *dir = test_tmpdir(), path[600];
    struct store_temp t;
    struct err e = { 0 };
    struct store *s = open_ok(dir, NULL);
    CHECK(temp_with(s, id_of("living"), &t, payload, sizeof payload, &e));
    snprintf(path, sizeof path, "%s/tmp/%s.00000001", dir, id_of("dead"));
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    snprintf(path, sizeof path, "%s/tmp/%s.00000002.json", dir, id_of("dead"));
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    snprintf(path, sizeof path, "%s/tmp/notes.txt", dir);
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    store_close(open_ok(dir, NULL));
    CHECK_INT("the living one and the one that is not ours", 2, count_in(dir, "tmp"));
    CHECK(access(path, F_OK) == 0);
    store_temp_drop(s, &t);
    CHECK_INT("dropped", 1, count_in(dir, "tmp"));
    store_close(s);
}

/* ---------- gc ---------- */

static void age(const char *dir, const char *id, int hours)
{
    char path[600];
    struct timespec t[2] = { { .tv_nsec = UTIME_OMIT }, { 0 } };
    clock_gettime(CLOCK_REALTIME, &t[1]);
    t[1].tv_sec -= 3600 * hours;
    path_of(dir, id, ".json", path);
    CHECK(utimensat(AT_FDCWD, path, t, 0) == 0);
}

TEST(gc_takes_what_was_made_before_what_was_bought_and_the_longest_unused_first)
{
    char *dir = test_tmpdir();
    int64_t n, bytes;
    struct err e = { 0 };
    struct store *s = open_ok(dir, NULL);
    put_ok(s, id_of("old piece"), ASSET_PIECE, payload, sizeof payload);
    put_ok(s, id_of("new piece"), ASSET_PIECE, payload, sizeof payload);
    buy_ok(s, id_of("old picture"));
    buy_ok(s, id_of("new picture"));
    struct store_temp t;
    CHECK(temp_with(s, id_of("unchecked"), &t, payload, sizeof payload, &e));
    CHECK(store_intend(s, id_of("unchecked"), ASSET_IMAGE, STR("p"), 1, &e));
    CHECK(store_answered(s, id_of("unchecked"), &t, STR(""), 0, &e));
    CHECK(store_gc(s, 0, true, &n, &bytes, &e));
    CHECK_INT("all of it was met by this run", 0, n);
    store_close(s);
    age(dir, id_of("old piece"), 50);
    age(dir, id_of("new piece"), 2);
    age(dir, id_of("old picture"), 60);
    age(dir, id_of("new picture"), 3);
    age(dir, id_of("unchecked"), 99);

    s = open_ok(dir, NULL);
    struct store_stats stats;
    CHECK(store_stats(s, &stats, &e));
    int64_t total = stats.bytes[ASSET_PIECE] + stats.bytes[ASSET_IMAGE];
    CHECK(store_gc(s, total, true, &n, &bytes, &e));
    CHECK_INT("enough room", 0, n);
    CHECK(store_gc(s, total - 1, true, &n, &bytes, &e));
    CHECK_INT("one was enough", 1, n);
    CHECK(bytes > 0);
    CHECK_INT("the old piece", STORE_MISSING, state_of(s, id_of("old piece")));
    CHECK(store_gc(s, 0, false, &n, &bytes, &e));
    CHECK_INT("the other piece", 1, n);
    CHECK_INT("bought things stay", STORE_DONE, state_of(s, id_of("new picture"))); /* and is in use from here on */
    CHECK(store_gc(s, 0, true, &n, &bytes, &e));
    CHECK_INT("the unused picture", 1, n);
    CHECK_INT("removed", STORE_MISSING, state_of(s, id_of("old picture")));
    CHECK_INT("in use", STORE_DONE, state_of(s, id_of("new picture")));
    CHECK_INT("unchecked answers stay", STORE_ANSWERED, state_of(s, id_of("unchecked")));
    CHECK(store_stats(s, &stats, &e));
    CHECK_NEAR("what was spent stays spent", 2 * 0.0399, stats.spent, 1e-9);
    buy_ok(s, id_of("old picture"));
    store_close(s);
}

TEST(gc_leaves_what_another_live_run_has_met_even_when_the_clock_jumps_back)
{
    char *dir = test_tmpdir(), path[600];
    int64_t n, bytes;
    struct err e = { 0 };
    struct store *s = open_ok(dir, NULL);
    put_ok(s, id_of("met"), ASSET_PIECE, payload, sizeof payload);
    put_ok(s, id_of("not met"), ASSET_PIECE, payload, sizeof payload);
    store_close(s);
    age(dir, id_of("met"), 5);
    age(dir, id_of("not met"), 5);
    struct store *run = open_ok(dir, NULL);
    /* as if this run had begun in the future: the clock was set back since */
    run->begin.tv_sec += 7200;
    snprintf(path, sizeof path, "%s/%s", dir, run->run_name);
    CHECK(utimensat(AT_FDCWD, path, (struct timespec[]){ run->begin, run->begin }, 0) == 0);
    CHECK_INT("met", STORE_DONE, state_of(run, id_of("met")));
    s = open_ok(dir, NULL);
    CHECK(store_gc(s, 0, true, &n, &bytes, &e));
    CHECK_INT("one", 1, n);
    store_close(run);
    CHECK_INT("met", STORE_DONE, state_of(s, id_of("met")));
    CHECK_INT("not met", STORE_MISSING, state_of(s, id_of("not met")));
    store_close(s);
}

TEST(gc_does_not_take_a_bought_payload_whose_sidecar_is_broken)
{
    char *dir = test_tmpdir(), path[600];
    int64_t n, bytes;
    struct err e = { 0 };
    struct store *s = open_ok(dir, NULL);
    buy_ok(s, id_of("broken"));
    store_close(s);
    path_of(dir, id_of("broken"), ".json", path);
    damage(path, "cut");
    age(dir, id_of("broken"), 5);
    s = open_ok(dir, NULL);
    CHECK(store_gc(s, 0, false, &n, &bytes, &e));
    CHECK_INT("removed", 0, n);
    CHECK_INT("restored", STORE_ANSWERED, state_of(s, id_of("broken")));
    store_close(s);
}
