/* store.c - tests of the store: what was answered stays, whoever else works in it and whatever is thrown away */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <sqlite3.h>
#include "gen/base/arena.h"
#include "gen/base/digest.h"
#include "gen/lane.h"
#include "tests/support/shelf.h"
#include "tests/support/test.h"

/* ---------- round trips ---------- */

TEST(a_purchase_goes_from_missing_to_done_and_every_value_comes_back)
{
    char *dir = test_tmpdir(), id[65];
    struct arena a = { 0 };
    struct store_entry entry;
    struct store_temp t;
    struct blob blob;
    struct err e = { 0 };
    strcpy(id, shelf_id("one"));
    struct store *s = shelf_open(dir, NULL);
    CHECK_INT("new", STORE_MISSING, shelf_state(s, id));
    CHECK(shelf_temp(s, id, &t, payload, sizeof payload, &e));
    CHECK(shelf_intend(s, id, 0.05, &e));
    CHECK_INT("intended", STORE_SENT, shelf_state(s, id));
    CHECK(shelf_accepted(s, id, STR("{\"job\":\"x\"}"), &e));
    CHECK(store_find(s, id, false, &a, &entry, &e));
    CHECK_INT("accepted", STORE_REMOTE, entry.state);
    CHECK_STR("remote", "{\"job\":\"x\"}", entry.remote);
    CHECK(shelf_answered(s, id, &t, STR(meta_text), 0.03, &e));
    CHECK_INT("closed", -1, t.fd);
    CHECK(store_find(s, id, true, &a, &entry, &e));
    CHECK_INT("answered", STORE_ANSWERED, entry.state);
    CHECK_STR("meta", meta_text, entry.meta);
    CHECK(shelf_holds(entry.blob.path.p, payload, sizeof payload));
    CHECK(shelf_accept(s, id, &png, two_words, 2, &a, &blob, &e));
    store_close(s);

    s = shelf_open(dir, NULL);
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
    CHECK_INT("speech", 0, stats.n_blobs[ASSET_SPEECH]);
    CHECK_INT("pictures", 1, stats.n_blobs[ASSET_IMAGE]);
    CHECK_NEAR("spent", 0.03, stats.spent, 1e-12);
    store_close(s);
    CHECK_INT("nothing left in tmp", 0, shelf_count(dir, "tmp"));
    CHECK_INT("only what all share is left in locks", 2, shelf_count(dir, "locks"));
    arena_deinit(&a);
}

TEST(a_thing_made_here_is_done_at_once_and_costs_nothing)
{
    char *dir = test_tmpdir();
    struct store_stats stats;
    struct err e = { 0 };
    struct store *s = shelf_open(dir, NULL);
    shelf_put_ok(s, shelf_id("slide"), ASSET_PIECE, payload, sizeof payload);
    CHECK_INT("done", STORE_DONE, shelf_state(s, shelf_id("slide")));
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
        struct store *s = shelf_open(dir, NULL);
        shelf_buy_ok(s, shelf_id("private"));
        store_close(s);
        umask(old);
        CHECK(stat(dir, &st) == 0);
        CHECK_INT("directory", 0700, st.st_mode & 07777);
        shelf_path(dir, shelf_id("private"), "", path);
        CHECK(stat(path, &st) == 0);
        CHECK_INT("payload", 0600, st.st_mode & 07777);
        shelf_path(dir, shelf_id("private"), ".json", path);
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
    struct store *s = shelf_open(test_tmpdir(), NULL);
    shelf_buy_ok(s, shelf_id("once"));
    CHECK(!ledger_intend(s->ledger, shelf_id("once"), ASSET_IMAGE, STR("p"), 1, &e));
    CHECK_INT("class", ERR_STORE, e.code);
    CHECK(!shelf_accepted(s, shelf_id("never asked"), STR("{}"), &e));
    CHECK(!store_find(s, "../../etc/passwd", false, NULL, NULL, &e));
    store_close(s);
}

TEST(a_failed_call_is_closed_and_a_second_intent_without_an_answer_counts_as_lost)
{
    struct err e = { 0 }, why;
    struct store_stats stats;
    struct store *s = shelf_open(test_tmpdir(), NULL);
    const char *id = shelf_id("failing");
    err_set(&why, ERR_SERVER, "503");
    CHECK(shelf_intend(s, id, 0.5, &e));
    CHECK(shelf_closed(s, id, &why, false, &e));
    CHECK_INT("failed", STORE_MISSING, shelf_state(s, id));
    CHECK(shelf_intend(s, id, 0.5, &e));
    CHECK(store_stats(s, &stats, &e));
    CHECK_INT("one open call that nobody makes", 1, stats.n_lost);
    CHECK(shelf_intend(s, id, 0.5, &e));
    CHECK(shelf_closed(s, id, &why, false, &e));
    CHECK(store_stats(s, &stats, &e));
    CHECK_INT("calls: none has an answer, none is under way", 0, stats.n_calls);
    CHECK_INT("lost", 1, stats.n_lost);
    CHECK_INT("a call that came to nothing does not hide the one before it that may be paid", STORE_SENT, shelf_state(s, id));
    shelf_buy_ok(s, id);
    CHECK_INT("bought at last", STORE_DONE, shelf_state(s, id));
    CHECK_NEAR("spent", 0, stats.spent, 0);
    CHECK(store_stats(s, &stats, &e));
    CHECK_INT("calls: the one that was answered", 1, stats.n_calls);
    CHECK_INT("and nothing is without an answer any more", 0, stats.n_lost);
    store_close(s);
}

TEST(a_call_stays_open_when_the_reason_says_nothing_of_it)
{
    static const struct { const char *name; enum err_code why; bool is_remote, may_be_paid; enum store_state want; } rows[] = {
        { "cancelled after sending", ERR_CANCELLED, false, false, STORE_SENT },
        { "refused", ERR_INPUT, false, false, STORE_MISSING },
        { "no connection", ERR_NET, false, false, STORE_MISSING },
        { "a job, cancelled", ERR_CANCELLED, true, false, STORE_REMOTE },
        { "a job, no connection", ERR_NET, true, false, STORE_REMOTE },
        { "a job, our disk", ERR_IO, true, false, STORE_REMOTE },
        { "a job that failed there", ERR_SERVER, true, false, STORE_MISSING },
        { "a job that vanished", ERR_LOST, true, false, STORE_MISSING },
        { "a job whose result is of no use", ERR_MEDIA, true, true, STORE_SENT },
        { "a job that vanished with its result", ERR_LOST, true, true, STORE_SENT },
        { "a job that goes on, whatever is thought of it", ERR_NET, true, true, STORE_REMOTE },
    };
    struct store *s = shelf_open(test_tmpdir(), NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char id[65];
        struct err e = { 0 }, why;
        strcpy(id, shelf_id(rows[i].name));
        err_set(&why, rows[i].why, "told");
        CHECK(shelf_intend(s, id, 0.5, &e));
        CHECK(!rows[i].is_remote || shelf_accepted(s, id, STR("{}"), &e));
        CHECK_ROW(rows[i].name, shelf_closed(s, id, &why, rows[i].may_be_paid, &e));
        CHECK_INT(rows[i].name, rows[i].want, shelf_state(s, id));
    }
    store_close(s);
}

TEST(a_refused_answer_goes_to_quarantine_is_paid_for_and_may_be_bought_again)
{
    char *dir = test_tmpdir(), id[65];
    struct err e = { 0 }, why;
    struct store_temp t;
    struct store_stats stats;
    struct store *s = shelf_open(dir, NULL);
    strcpy(id, shelf_id("html"));
    CHECK(shelf_temp(s, id, &t, "<html>", 6, &e));
    CHECK(shelf_intend(s, id, 0.5, &e));
    CHECK(shelf_answered(s, id, &t, STR(""), -1, &e));
    err_set(&why, ERR_MEDIA, "HTML instead of a picture");
    CHECK(shelf_reject(s, id, &why, &e));
    CHECK_INT("state", STORE_MISSING, shelf_state(s, id));
    CHECK_INT("quarantine", 2, shelf_count(dir, "quarantine"));
    CHECK(store_stats(s, &stats, &e));
    CHECK_NEAR("an unknown cost counts as estimated", 0.5, stats.spent, 0);
    shelf_buy_ok(s, id);
    CHECK_INT("again", STORE_DONE, shelf_state(s, id));
    store_close(s);
}

TEST(meta_that_is_no_text_does_not_cost_the_answer)
{
    struct err e = { 0 };
    struct store_temp t;
    struct store *s = shelf_open(test_tmpdir(), NULL);
    const char *id = shelf_id("bad meta");
    CHECK(shelf_temp(s, id, &t, payload, sizeof payload, &e));
    CHECK(shelf_intend(s, id, 0, &e));
    CHECK(shelf_answered(s, id, &t, STR("\xff\xfe\0x"), 0, &e));
    CHECK_INT("state", STORE_ANSWERED, shelf_state(s, id));
    store_close(s);
}

TEST(more_disk_than_there_is_cannot_be_reserved)
{
    char *dir = test_tmpdir();
    struct err e = { 0 };
    struct store_temp t;
    struct store *s = shelf_open(dir, NULL);
    CHECK(!store_temp_open(s, shelf_id("big"), INT64_MAX / 4, &t, &e));
    CHECK_INT("class", ERR_IO, e.code);
    CHECK_INT("closed", -1, t.fd);
    CHECK_INT("tmp", 0, shelf_count(dir, "tmp"));
    store_close(s);
}

/* ---------- several processes ---------- */

TEST(an_id_is_locked_once_even_in_one_process_and_free_after_a_kill)
{
    char *dir = test_tmpdir(), id[65];
    struct err e = { 0 };
    bool is_busy;
    int p[2];
    char c;
    strcpy(id, shelf_id("locked"));
    struct store *s = shelf_open(dir, NULL), *other = shelf_open(dir, NULL);
    CHECK(store_lock(s, id, &is_busy, &e));
    CHECK(!store_lock(s, id, &is_busy, &e) && is_busy);
    CHECK(!store_lock(other, id, &is_busy, &e) && is_busy);
    CHECK(store_lock(other, shelf_id("free"), &is_busy, &e));
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
    strcpy(id, shelf_id("shared"));
    for (int i = 0; i < N; i++)
        if ((pids[i] = fork()) == 0) {
            struct store *s = store_open(str_from(dir), NULL, NULL);
            int mine = 0;
            struct err e = { 0 };
            bool ok;
            while (s && !(ok = shelf_buy(s, id, shelf_told_nothing, NULL, &mine, &e)) &&
                   strstr(e.msg, "another process"))
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
    struct store *s = shelf_open(dir, NULL);
    CHECK(shelf_temp(s, shelf_id("living"), &t, payload, sizeof payload, &e));
    snprintf(path, sizeof path, "%s/tmp/%s.00000001", dir, shelf_id("dead"));
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    snprintf(path, sizeof path, "%s/tmp/%s.00000002.json", dir, shelf_id("dead"));
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    snprintf(path, sizeof path, "%s/tmp/notes.txt", dir);
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    store_close(shelf_open(dir, NULL));
    CHECK_INT("the living one and the one that is not ours", 2, shelf_count(dir, "tmp"));
    CHECK(access(path, F_OK) == 0);
    store_temp_drop(s, &t);
    CHECK_INT("dropped", 1, shelf_count(dir, "tmp"));
    store_close(s);
}

/* ---------- gc ---------- */

static void age(const char *dir, const char *id, int hours)
{
    char path[600];
    struct timespec t[2] = { { .tv_nsec = UTIME_OMIT }, { 0 } };
    clock_gettime(CLOCK_REALTIME, &t[1]);
    t[1].tv_sec -= 3600 * hours;
    shelf_path(dir, id, ".json", path);
    CHECK(utimensat(AT_FDCWD, path, t, 0) == 0);
}

TEST(gc_takes_what_was_made_before_what_was_bought_and_the_longest_unused_first)
{
    char *dir = test_tmpdir();
    int64_t n, bytes;
    struct err e = { 0 };
    struct store *s = shelf_open(dir, NULL);
    shelf_put_ok(s, shelf_id("old piece"), ASSET_PIECE, payload, sizeof payload);
    shelf_put_ok(s, shelf_id("new piece"), ASSET_PIECE, payload, sizeof payload);
    shelf_buy_ok(s, shelf_id("old picture"));
    shelf_buy_ok(s, shelf_id("new picture"));
    struct store_temp t;
    CHECK(shelf_temp(s, shelf_id("unchecked"), &t, payload, sizeof payload, &e));
    CHECK(shelf_intend(s, shelf_id("unchecked"), 1, &e));
    CHECK(shelf_answered(s, shelf_id("unchecked"), &t, STR(""), 0, &e));
    CHECK(store_gc(s, 0, true, &n, &bytes, &e));
    CHECK_INT("all of it was met by this run", 0, n);
    store_close(s);
    age(dir, shelf_id("old piece"), 50);
    age(dir, shelf_id("new piece"), 2);
    age(dir, shelf_id("old picture"), 60);
    age(dir, shelf_id("new picture"), 3);
    age(dir, shelf_id("unchecked"), 99);

    s = shelf_open(dir, NULL);
    struct store_stats stats;
    CHECK(store_stats(s, &stats, &e));
    int64_t total = stats.bytes[ASSET_PIECE] + stats.bytes[ASSET_IMAGE];
    CHECK(store_gc(s, total, true, &n, &bytes, &e));
    CHECK_INT("enough room", 0, n);
    CHECK(store_gc(s, total - 1, true, &n, &bytes, &e));
    CHECK_INT("one was enough", 1, n);
    CHECK(bytes > 0);
    CHECK_INT("the old piece", STORE_MISSING, shelf_state(s, shelf_id("old piece")));
    CHECK(store_gc(s, 0, false, &n, &bytes, &e));
    CHECK_INT("the other piece", 1, n);
    CHECK_INT("bought things stay", STORE_DONE,
              shelf_state(s, shelf_id("new picture"))); /* and is in use from here on */
    CHECK(store_gc(s, 0, true, &n, &bytes, &e));
    CHECK_INT("the unused picture", 1, n);
    CHECK_INT("removed", STORE_MISSING, shelf_state(s, shelf_id("old picture")));
    CHECK_INT("in use", STORE_DONE, shelf_state(s, shelf_id("new picture")));
    CHECK_INT("unchecked answers stay", STORE_ANSWERED, shelf_state(s, shelf_id("unchecked")));
    CHECK(store_stats(s, &stats, &e));
    CHECK_NEAR("what was spent stays spent", 2 * 0.0399, stats.spent, 1e-9);
    shelf_buy_ok(s, shelf_id("old picture"));
    store_close(s);
}

TEST(gc_leaves_what_another_live_run_has_met_even_when_the_clock_jumps_back)
{
    char *dir = test_tmpdir(), path[600];
    int64_t n, bytes;
    struct err e = { 0 };
    struct store *s = shelf_open(dir, NULL);
    shelf_put_ok(s, shelf_id("met"), ASSET_PIECE, payload, sizeof payload);
    shelf_put_ok(s, shelf_id("not met"), ASSET_PIECE, payload, sizeof payload);
    store_close(s);
    age(dir, shelf_id("met"), 5);
    age(dir, shelf_id("not met"), 5);
    struct store *run = shelf_open(dir, NULL);
    /* as if this run had begun in the future: the clock was set back since */
    run->begin.tv_sec += 7200;
    snprintf(path, sizeof path, "%s/%s", dir, run->run_name);
    CHECK(utimensat(AT_FDCWD, path, (struct timespec[]){ run->begin, run->begin }, 0) == 0);
    CHECK_INT("met", STORE_DONE, shelf_state(run, shelf_id("met")));
    s = shelf_open(dir, NULL);
    CHECK(store_gc(s, 0, true, &n, &bytes, &e));
    CHECK_INT("one", 1, n);
    store_close(run);
    CHECK_INT("met", STORE_DONE, shelf_state(s, shelf_id("met")));
    CHECK_INT("not met", STORE_MISSING, shelf_state(s, shelf_id("not met")));
    store_close(s);
}

TEST(gc_does_not_take_a_bought_payload_whose_sidecar_is_broken)
{
    char *dir = test_tmpdir(), path[600];
    int64_t n, bytes;
    struct err e = { 0 };
    struct store *s = shelf_open(dir, NULL);
    shelf_buy_ok(s, shelf_id("broken"));
    store_close(s);
    shelf_path(dir, shelf_id("broken"), ".json", path);
    shelf_damage(path, "cut");
    age(dir, shelf_id("broken"), 5);
    s = shelf_open(dir, NULL);
    CHECK(store_gc(s, 0, false, &n, &bytes, &e));
    CHECK_INT("removed", 0, n);
    CHECK_INT("restored", STORE_ANSWERED, shelf_state(s, shelf_id("broken")));
    store_close(s);
}

/* ---------- what was learned of providers ---------- */

TEST(what_was_learned_of_an_account_is_known_for_three_days)
{
    const struct lane_memory learned = { .window = 17, .per_minute = 42.5 }, more = { .window = 18 };
    char *dir = test_tmpdir(), path[600];
    sqlite3 *db = NULL;
    struct store *s = shelf_open(dir, NULL);
    CHECK_INT("nothing yet", 0, store_lane(s, STR("a")).window);
    store_keep_lane(s, STR("a"), &learned);
    store_close(s);
    s = shelf_open(dir, NULL);
    CHECK_INT("window", 17, store_lane(s, STR("a")).window);
    CHECK_NEAR("pace", 42.5, store_lane(s, STR("a")).per_minute, 0);
    CHECK_INT("of that account alone", 0, store_lane(s, STR("b")).window);
    store_keep_lane(s, STR("a"), &more);
    CHECK_INT("the newest", 18, store_lane(s, STR("a")).window);
    snprintf(path, sizeof path, "%s/ledger.sqlite", dir);
    CHECK_INT("open", SQLITE_OK, sqlite3_open(path, &db));
    CHECK_INT("older", SQLITE_OK, sqlite3_exec(db, "UPDATE lanes SET at_ms = at_ms - 4 * 86400000", NULL, NULL, NULL));
    CHECK_INT("stale", 0, store_lane(s, STR("a")).window);
    CHECK_INT("nonsense", SQLITE_OK, sqlite3_exec(db, "UPDATE lanes SET at_ms = at_ms + 345000000, window = -5", NULL, NULL, NULL));
    CHECK_INT("not believed", 0, store_lane(s, STR("a")).window);
    sqlite3_close(db);
    store_close(s);
}
