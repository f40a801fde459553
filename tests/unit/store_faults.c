/* store_faults.c - tests of the store: what is damaged is noticed, whatever fails or dies in between */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gen/base/arena.h"
#include "tests/support/shelf.h"
#include "tests/support/test.h"

/* ---------- damage ---------- */

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
            struct store *s = shelf_open(dir, NULL);
            strcpy(id, shelf_id("bought"));
            strcpy(made, shelf_id("made"));
            shelf_buy_ok(s, id);
            shelf_put_ok(s, made, ASSET_PIECE, payload, sizeof payload);
            store_close(s);
            shelf_path(dir, id, rows[i].ending, path);
            shelf_damage(path, rows[i].how);
            shelf_path(dir, made, rows[i].ending, path);
            shelf_damage(path, rows[i].how);
            s = shelf_open(dir, NULL);
            bool ok = store_find(s, id, quick, &a, &entry, &e);
            CHECK_ROW(e.msg, ok);
            CHECK_INT(rows[i].name, quick && !rows[i].quick_sees ? STORE_DONE : rows[i].bought, entry.state);
            ok = store_find(s, made, quick, &a, &entry, &e);
            CHECK_ROW(e.msg, ok);
            CHECK_INT(rows[i].name, quick && !rows[i].quick_sees ? STORE_DONE : rows[i].made, entry.state);
            if (!quick || rows[i].quick_sees) {
                shelf_buy_ok(s, id);
                shelf_put_ok(s, made, ASSET_PIECE, payload, sizeof payload);
                CHECK_INT(rows[i].name, STORE_DONE, shelf_state(s, id));
                CHECK_INT(rows[i].name, STORE_DONE, shelf_state(s, made));
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
    struct store *s = shelf_open(dir, NULL);
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "object %d", i);
        shelf_put_ok(s, shelf_id(name), ASSET_PIECE, payload, sizeof payload);
    }
    shelf_buy_ok(s, shelf_id("bought"));
    CHECK(store_verify(s, &n_checked, &n_bad, &e));
    CHECK_INT("checked", 11, n_checked);
    CHECK_INT("bad", 0, n_bad);
    shelf_path(dir, shelf_id("object 3"), "", path);
    shelf_damage(path, "flip");
    shelf_path(dir, shelf_id("object 4"), "", path);
    shelf_damage(path, "remove");
    shelf_path(dir, shelf_id("bought"), "", path);
    shelf_damage(path, "flip");
    CHECK(store_verify(s, &n_checked, &n_bad, &e)); /* although they were believed in this run */
    CHECK_INT("checked", 11, n_checked);
    CHECK_INT("bad", 3, n_bad);
    CHECK_INT("bought", STORE_MISSING, shelf_state(s, shelf_id("bought")));
    CHECK_INT("whole", STORE_DONE, shelf_state(s, shelf_id("object 5")));
    CHECK(store_verify(s, &n_checked, &n_bad, &e));
    CHECK_INT("left", 8, n_checked);
    CHECK_INT("bad", 0, n_bad);
    store_close(s);
}

TEST(a_garbage_ledger_is_set_aside_and_rebuilt_from_the_sidecars)
{
    static const struct {
        const char *name;
        bool whole;
    } rows[] = { { "all garbage", true }, { "damaged pages", false } };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char *dir = test_tmpdir(), path[600];
        struct buf lines = { 0 };
        struct log *log = log_create(LOG_INFO, shelf_log, &lines);
        struct store_stats stats;
        struct store_temp t;
        struct err e = { 0 };
        struct store *s = shelf_open(dir, NULL);
        shelf_buy_ok(s, shelf_id("done"));
        CHECK(shelf_temp(s, shelf_id("answered"), &t, payload, sizeof payload, &e));
        CHECK(shelf_intend(s, shelf_id("answered"), 1, &e));
        CHECK(shelf_answered(s, shelf_id("answered"), &t, STR(meta_text), 0.25, &e));
        store_close(s);
        snprintf(path, sizeof path, "%s/ledger.sqlite", dir);
        struct stat st;
        CHECK(stat(path, &st) == 0);
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        for (off_t at = rows[i].whole ? 0 : 100; at < st.st_size; at++)
            if (pwrite(fd, "x", 1, at) != 1)
                break;
        close(fd);
        s = shelf_open(dir, log);
        CHECK_ROW(rows[i].name, strstr(buf_str(&lines).p, "the ledger is damaged") != NULL);
        CHECK(store_stats(s, &stats, &e));
        CHECK_INT("calls", 2, stats.n_calls);
        CHECK_NEAR("spent", 0.0399 + 0.25, stats.spent, 1e-9);
        CHECK_INT("done", STORE_DONE, shelf_state(s, shelf_id("done")));
        CHECK_INT("answered", STORE_ANSWERED, shelf_state(s, shelf_id("answered")));
        store_close(s);
        log_destroy(log);
        buf_deinit(&lines);
    }
}

TEST(a_ledger_from_the_future_is_refused_and_left_alone)
{
    char *dir = test_tmpdir(), path[600];
    struct err e = { 0 };
    store_close(shelf_open(dir, NULL));
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
            struct store_io io = shelf_faulty(&f);
            struct err e = { 0 };
            int promised = STEP_NONE, n_bought = 0;
            strcpy(id, shelf_id("faulty"));
            struct store *s = store_open_with(str_from(dir), NULL, &io, &e);
            if (s)
                shelf_buy(s, id, shelf_told_int, &promised, &n_bought, &e);
            store_close(s);
            reached = f.n >= k;
            snprintf(row, sizeof row, "call %d fails with %s", k, strerror(codes[c]));
            if (promised == STEP_RECEIVED) /* not yet promised: the answer or the job is there */
                promised = STEP_REMOTE;
            shelf_check_after(row, dir, id, promised);
            CHECK_ROW(row, shelf_count(dir, "tmp") == 0);
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
        struct store_io io = shelf_faulty(&f);
        struct err e = { 0 };
        struct store_temp t;
        struct store *s = store_open_with(str_from(dir), NULL, &io, &e);
        CHECK(s != NULL);
        CHECK(shelf_temp(s, shelf_id("sync"), &t, payload, sizeof payload, &e));
        CHECK(shelf_intend(s, shelf_id("sync"), 0, &e));
        strcpy(before, t.name);
        f = (struct fault){ .fail_sync_at = rows[i].sync };
        CHECK_ROW(rows[i].name, shelf_answered(s, shelf_id("sync"), &t, STR(""), 0, &e));
        CHECK_ROW(rows[i].name, (strcmp(before, t.name) != 0) == rows[i].is_payload);
        CHECK_INT(rows[i].name, STORE_ANSWERED, shelf_state(s, shelf_id("sync")));
        store_close(s);
        CHECK_INT("tmp", 0, shelf_count(dir, "tmp"));
    }
}

static int die_at(const char *dir, const char *id, struct fault f)
{
    int p[2], status, promised = STEP_NONE;
    char c;
    CHECK(pipe(p) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct store_io io = shelf_faulty(&f);
        int n_bought = 0;
        struct store *s = store_open_with(str_from(dir), NULL, &io, NULL);
        bool ok = s && shelf_buy(s, id, shelf_told_pipe, &p[1], &n_bought, NULL);
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
            strcpy(id, shelf_id("killed"));
            snprintf(row, sizeof row, "killed %s call %d", after ? "after" : "before", k);
            int promised =
                die_at(dir, id, after ? (struct fault){ .die_after = k } : (struct fault){ .die_before = k });
            if (promised < 0) {
                CHECK_INT(row, -1, promised);
                break;
            }
            shelf_check_after(row, dir, id, promised);
            CHECK_ROW(row, shelf_count(dir, "tmp") == 0);
        }
}

TEST(an_answer_whose_description_was_written_survives_a_kill_before_its_rename)
{
    /* Without a remote id nothing but the received bytes can save the money. */
    int n_saved = 0, n_sent = 0;
    for (int k = 1;; k++) {
        char *dir = test_tmpdir();
        const char *id = shelf_id("unnamed");
        pid_t pid = fork();
        if (pid == 0) {
            struct fault f = { 0 };
            struct store_io io = shelf_faulty(&f);
            struct store_temp t;
            struct store *s = store_open_with(str_from(dir), NULL, &io, NULL);
            if (!s || !shelf_temp(s, id, &t, payload, sizeof payload, NULL) ||
                !shelf_intend(s, id, 1, NULL))
                _exit(1);
            f = (struct fault){ .die_after = k };
            _exit(shelf_answered(s, id, &t, STR(""), 0, NULL) ? 0 : 1);
        }
        int status;
        CHECK(waitpid(pid, &status, 0) == pid);
        if (!WIFSIGNALED(status)) {
            CHECK_INT("exit", 0, WEXITSTATUS(status));
            break;
        }
        struct store *s = shelf_open(dir, NULL);
        enum store_state found = shelf_state(s, id);
        CHECK(found == STORE_SENT || found == STORE_ANSWERED);
        if (found == STORE_SENT)
            CHECK_INT("once saved, always saved", 0, n_saved);
        n_saved += found == STORE_ANSWERED;
        n_sent += found == STORE_SENT;
        store_close(s);
    }
    CHECK(n_saved > n_sent);
}
