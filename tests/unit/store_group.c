/* store_group.c - tests of steps that are made together: each is as safe as alone, and one that fails takes no other
 * along */
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gen/base/digest.h"
#include "tests/support/shelf.h"
#include "tests/support/test.h"

enum { N = 3 };

struct trio { /* three purchases whose steps are made together */
    char ids[N][DIGEST_HEX];
    int promised[N]; /* STEP_... */
    int tell;        /* a pipe's end to say it; -1: nobody listens */
};

static void trio_init(struct trio *t)
{
    static const char *const names[N] = { "one", "two", "three" };
    *t = (struct trio){ .tell = -1 };
    for (int i = 0; i < N; i++)
        memcpy(t->ids[i], shelf_id(names[i]), sizeof t->ids[i]);
}

static void promise(struct trio *t, int i, int step)
{
    unsigned char c = (unsigned char)(i * 16 + step);
    t->promised[i] = step;
    if (t->tell >= 0 && write(t->tell, &c, 1) != 1)
        _exit(9);
}

static struct store_order *chain(struct store_order *o, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        o[i].next = &o[i + 1];
    o[n - 1].next = NULL;
    return o;
}

static void keep(struct store *s, struct store_order *o, size_t n)
{
    for (struct store_order *next = chain(o, n); next;)
        next = store_keep(s, next);
}

static struct store_order arm(const struct trio *t, int i)
{
    return (struct store_order){ .kind = STORE_ARM_ORDER,
                                 .id = t->ids[i],
                                 .asset = ASSET_IMAGE,
                                 .provider = STR("openai-image"),
                                 .estimate = 0.04,
                                 .reserve = 4096,
                                 .temp.fd = -1 };
}

static struct store_order answer(const struct trio *t, int i, const struct store_temp *temp)
{
    return (struct store_order){ .kind = STORE_ANSWERED_ORDER,
                                 .id = t->ids[i],
                                 .asset = ASSET_IMAGE,
                                 .provider = STR("openai-image"),
                                 .temp = *temp,
                                 .text = STR(meta_text),
                                 .cost = 0.0399,
                                 .is_locked = true };
}

static struct store_order accept_answer(const struct trio *t, int i)
{
    return (struct store_order){ .kind = STORE_ACCEPT_ORDER,
                                 .id = t->ids[i],
                                 .info = &png,
                                 .words = two_words,
                                 .n_words = 2,
                                 .temp.fd = -1,
                                 .is_locked = true,
                                 .is_last = true };
}

/* Makes orders[0..n) together and promises steps[k] to those that became durable; their own part begins at ids[k]. */
static void make(struct store *s, struct trio *t, struct store_order *o, size_t n, const int *which, const int *steps)
{
    keep(s, o, n);
    for (size_t k = 0; k < n; k++)
        if (o[k].ok)
            promise(t, which[k], steps[k]);
}

/* Three purchases in four groups, different steps beside each other. The third is a job that is accepted first. */
static void buy_trio(struct store *s, struct trio *t)
{
    struct store_order first[N] = { arm(t, 0), arm(t, 1), arm(t, 2) };
    struct store_temp temps[N];
    make(s, t, first, N, (int[]){ 0, 1, 2 }, (int[]){ STEP_INTENDED, STEP_INTENDED, STEP_INTENDED });
    for (int i = 0; i < N; i++) {
        temps[i] = first[i].temp;
        if (first[i].ok && pwrite(temps[i].fd, payload, sizeof payload, 0) != (ssize_t)sizeof payload)
            store_temp_drop(s, &temps[i]);
        store_order_deinit(&first[i]);
    }
    struct store_order second[N] = {
        answer(t, 0, &temps[0]),
        answer(t, 1, &temps[1]),
        { .kind = STORE_ACCEPTED_ORDER, .id = t->ids[2], .text = STR("{\"job\":7}"), .temp.fd = -1, .is_locked = true }
    };
    make(s, t, second, N, (int[]){ 0, 1, 2 }, (int[]){ STEP_ANSWERED, STEP_ANSWERED, STEP_REMOTE });
    struct store_order third[N] = { accept_answer(t, 0), answer(t, 2, &temps[2]), accept_answer(t, 1) };
    make(s, t, third, N, (int[]){ 0, 2, 1 }, (int[]){ STEP_DONE, STEP_ANSWERED, STEP_DONE });
    struct store_order fourth[1] = { accept_answer(t, 2) };
    make(s, t, fourth, 1, (int[]){ 2 }, (int[]){ STEP_DONE });
    for (int i = 0; i < N; i++) {
        store_order_deinit(&second[i]);
        store_order_deinit(&third[i]);
    }
    store_order_deinit(&fourth[0]);
}

static void check_trio(const char *row, const char *dir, const struct trio *t)
{
    for (int i = 0; i < N; i++)
        shelf_check_after(row, dir, t->ids[i], t->promised[i]);
    CHECK_ROW(row, shelf_count(dir, "tmp") == 0);
    CHECK_ROW(row, shelf_count(dir, "locks") == 2);
}

TEST(purchases_made_together_are_done_as_if_each_had_been_made_alone)
{
    char *dir = test_tmpdir();
    struct trio t;
    struct store_stats stats;
    struct err e;
    struct store *s = shelf_open(dir, NULL);
    trio_init(&t);
    buy_trio(s, &t);
    for (int i = 0; i < N; i++)
        CHECK_INT(t.ids[i], STEP_DONE, t.promised[i]);
    CHECK(store_stats(s, &stats, &e));
    CHECK_INT("calls", N, stats.n_calls);
    CHECK_NEAR("spent", N * 0.0399, stats.spent, 1e-12);
    CHECK_INT("what all share, and the run's", 3, shelf_count(dir, "locks"));
    store_close(s);
    check_trio("at rest", dir, &t);
}

TEST(whichever_call_of_a_group_fails_no_answer_that_was_promised_is_lost)
{
    bool reached = true;
    for (int k = 1; reached; k++) {
        char *dir = test_tmpdir(), row[64];
        struct fault f = { .fail_at = k, .code = EIO };
        struct store_io io = shelf_faulty(&f);
        struct trio t;
        struct err e;
        struct store *s = store_open_with(str_from(dir), NULL, &io, &e);
        trio_init(&t);
        if (s)
            buy_trio(s, &t);
        store_close(s);
        reached = f.n >= k;
        snprintf(row, sizeof row, "call %d fails", k);
        check_trio(row, dir, &t);
    }
}

TEST(a_sync_that_fails_costs_no_answer_of_the_group)
{
    for (int k = 1; k <= 4; k++) { /* description and payload of the first, then of the second */
        char *dir = test_tmpdir(), row[32];
        struct fault f = { 0 };
        struct store_io io = shelf_faulty(&f);
        struct trio t;
        struct err e;
        struct store_temp temps[2];
        struct store *s = store_open_with(str_from(dir), NULL, &io, &e);
        CHECK(s != NULL);
        trio_init(&t);
        struct store_order arms[2] = { arm(&t, 0), arm(&t, 1) };
        keep(s, arms, 2);
        for (int i = 0; i < 2; i++) {
            temps[i] = arms[i].temp;
            CHECK(pwrite(temps[i].fd, payload, sizeof payload, 0) == (ssize_t)sizeof payload);
            store_order_deinit(&arms[i]);
        }
        f = (struct fault){ .fail_sync_at = k };
        struct store_order answers[2] = { answer(&t, 0, &temps[0]), answer(&t, 1, &temps[1]) };
        keep(s, answers, 2);
        snprintf(row, sizeof row, "sync %d", k);
        for (int i = 0; i < 2; i++) {
            CHECK_ROW(row, answers[i].ok);
            bool is_new_file = strcmp(answers[i].temp.name, temps[i].name) != 0;
            CHECK_ROW(row, is_new_file == (k == 2 * i + 2)); /* what failed once is not believed again */
            CHECK_INT(row, STORE_ANSWERED, shelf_state(s, t.ids[i]));
            store_order_deinit(&answers[i]);
        }
        store_close(s);
        CHECK_INT(row, 0, shelf_count(dir, "tmp"));
    }
}

static void rename_calls(const char *dir, const char *how)
{
    char path[600];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/ledger.sqlite", dir);
    CHECK_INT("open", SQLITE_OK, sqlite3_open(path, &db));
    CHECK_INT(how, SQLITE_OK, sqlite3_exec(db, how, NULL, NULL, NULL));
    sqlite3_close(db);
}

TEST(an_answer_that_comes_while_the_ledger_cannot_be_read_is_kept)
{
    char *dir = test_tmpdir();
    struct trio t;
    struct store *s = shelf_open(dir, NULL);
    trio_init(&t);
    struct store_order asked = arm(&t, 0);
    keep(s, &asked, 1);
    CHECK(pwrite(asked.temp.fd, payload, sizeof payload, 0) == (ssize_t)sizeof payload);
    rename_calls(dir, "ALTER TABLE calls RENAME TO elsewhere");
    struct store_order answered = answer(&t, 0, &asked.temp);
    keep(s, &answered, 1);
    CHECK("the ledger does not know it" && !answered.ok);
    store_order_deinit(&asked);
    store_order_deinit(&answered);
    store_close(s);
    rename_calls(dir, "ALTER TABLE elsewhere RENAME TO calls");
    shelf_check_after("afterwards", dir, t.ids[0], STEP_ANSWERED);
}

/* The promises heard before the k-th call killed the process; false when it ended by itself. */
static bool die_at(const char *dir, struct trio *t, struct fault f)
{
    int p[2], status;
    unsigned char c;
    CHECK(pipe(p) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct store_io io = shelf_faulty(&f);
        struct store *s = store_open_with(str_from(dir), NULL, &io, NULL);
        t->tell = p[1];
        if (s)
            buy_trio(s, t);
        store_close(s);
        _exit(s ? 0 : 1);
    }
    close(p[1]);
    while (read(p[0], &c, 1) == 1)
        t->promised[c / 16] = c % 16;
    close(p[0]);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

TEST(whenever_a_group_is_killed_nothing_promised_is_lost)
{
    for (int after = 0; after < 2; after++) {
        bool died = true;
        for (int k = 1; died; k++) {
            char *dir = test_tmpdir(), row[64];
            struct trio t;
            trio_init(&t);
            snprintf(row, sizeof row, "killed %s call %d", after ? "after" : "before", k);
            died = die_at(dir, &t, after ? (struct fault){ .die_after = k } : (struct fault){ .die_before = k });
            check_trio(row, dir, &t);
        }
    }
}

TEST(a_bad_order_fails_alone)
{
    struct trio t;
    struct store *s = shelf_open(test_tmpdir(), NULL);
    trio_init(&t);
    struct store_order o[] = {
        arm(&t, 0),
        { .kind = STORE_ANSWERED_ORDER, .id = t.ids[1], .temp.fd = -1, .text = STR(""), .cost = -1 },
        { .kind = STORE_ACCEPTED_ORDER, .id = "no id at all", .text = STR("{}"), .temp.fd = -1 },
        { .kind = STORE_ACCEPT_ORDER, .id = shelf_id("nobody"), .info = &png, .temp.fd = -1 },
        arm(&t, 2),
    };
    keep(s, o, COUNTOF(o));
    static const bool want[] = { true, false, false, false, true };
    for (size_t i = 0; i < COUNTOF(o); i++) {
        CHECK_ROW(o[i].err.msg, o[i].ok == want[i]);
        store_temp_drop(s, &o[i].temp);
        store_order_deinit(&o[i]);
    }
    CHECK_INT("first", STORE_SENT, shelf_state(s, t.ids[0]));
    CHECK_INT("last", STORE_SENT, shelf_state(s, t.ids[2]));
    store_close(s);
}

TEST(orders_for_one_id_are_made_one_after_the_other)
{
    char *dir = test_tmpdir();
    struct trio t;
    struct store *s = shelf_open(dir, NULL);
    trio_init(&t);
    struct store_order first = arm(&t, 0);
    keep(s, &first, 1);
    CHECK(first.ok && first.is_locked && first.temp.fd >= 0);
    struct store_order o[] = {
        { .kind = STORE_CLOSE_ORDER, .id = t.ids[0], .temp = first.temp, .is_locked = true, .is_last = true },
        arm(&t, 0), /* finds the call closed and the lock free */
    };
    err_set(&o[0].why, ERR_SERVER, "503");
    keep(s, o, 2);
    CHECK_ROW(o[0].err.msg, o[0].ok && !o[0].is_locked);
    CHECK_ROW(o[1].err.msg, o[1].ok && o[1].is_locked);
    CHECK_INT("state", STORE_SENT, shelf_state(s, t.ids[0]));
    CHECK_INT("one temp", 1, shelf_count(dir, "tmp"));
    struct store_order again = arm(&t, 0); /* we hold it, but this order does not know */
    keep(s, &again, 1);
    CHECK(!again.ok && again.is_busy);
    store_temp_drop(s, &o[1].temp);
    store_order_deinit(&first);
    store_order_deinit(&o[0]);
    store_order_deinit(&o[1]);
    store_order_deinit(&again);
    store_close(s);
}

TEST(what_is_there_already_is_found_and_not_armed)
{
    struct trio t;
    struct store *s = shelf_open(test_tmpdir(), NULL);
    trio_init(&t);
    shelf_buy_ok(s, t.ids[0]);
    struct store_order o[] = { arm(&t, 0), arm(&t, 1) };
    keep(s, o, 2);
    CHECK(o[0].ok && o[0].found.state == STORE_DONE && o[0].temp.fd < 0 && !o[0].is_locked);
    CHECK(o[1].ok && o[1].found.state == STORE_MISSING && o[1].temp.fd >= 0 && o[1].is_locked);
    store_temp_drop(s, &o[1].temp);
    store_order_deinit(&o[0]);
    store_order_deinit(&o[1]);
    store_close(s);
}
