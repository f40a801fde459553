/* killer.c - kills vidgen again and again, lets it go on, and compares bills and films: killer --vidgen FILE --kills N
 *
 * Rounds of one lesson with a fake service of its own, until N kills are done. In each the program is killed a few times,
 * in turn at a random moment or 0 to 120 ms after an answer was sent, and then left alone. The films have to be those of
 * a run that nobody disturbed, nothing may be left over, and what was sold beyond the assets has to be what was in
 * flight at a kill. SIGTERM ends it after the round. Prints what it saw; exit code 1 when something was not so. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "gen/base/clock.h"
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "gen/store.h"
#include "tests/support/fake_server.h"

enum { SECTIONS = 3, ASSETS = 2 * SECTIONS, KILLS_A_ROUND = 4, AFTER_MS = 120, LAST_MS = 60000, CAP = 3, MOST_SEEN = 64 };

/* What a round is about. */
static const struct mode {
    const char *name, *image, *script;
    bool is_idempotent;
} modes[] = {
    { "answers", "openai-image", "{\"latency_ms\": {\"image\": 80, \"speech\": 60}, \"widest\": 200}", false },
    { "keys", "openai-image", "{\"latency_ms\": {\"image\": 80, \"speech\": 60}, \"widest\": 200, \"idempotent\": true}", true },
    { "jobs", "replicate", "{\"latency_ms\": {\"speech\": 60, \"replicate\": 40, \"media\": 40}, \"polls\": 1, \"widest\": 200}", false },
};
static const char *const films[] = { "l.mp4", "l.srt", "l.vtt", "l.jpg" };

struct killer {
    const char *vidgen;
    char *dir;
    struct rng rng;
    int64_t whole_ms;                           /* of a run that nobody disturbs */
    struct buf wanted[COUNTOF(modes)][COUNTOF(films)];
    size_t n_kills, n_rounds, n_sold, n_again, n_told, n_bad;
    size_t n_wire, n_window;                    /* in flight at a kill: its answer was not sent yet; was sent, not durable */
    int64_t window_ms;                          /* age of the oldest of those */
};

struct round {
    const struct mode *mode;
    struct fake_server *server;
    size_t number;
    size_t n_kills, in_flight;
    bool is_counted;                            /* in_flight is; else the program alone opens its store */
    size_t n_told;
    int64_t sent_ms[MOST_SEEN];                 /* when an answer was sent */
    size_t n_sent;
};

static void not_so(struct killer *k, const struct round *r, const char *what, long long want, long long got)
{
    printf("not so: round %zu (%s): %s: %lld, want %lld\n", r->number, r->mode->name, what, got, want);
    k->n_bad++;
}

static int64_t now_ms(void)
{
    return clock_monotonic.now_ms(clock_monotonic.ctx);
}

static void nap_ms(int64_t ms)
{
    const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
    nanosleep(&t, NULL);
}

static char *in_dir(const struct killer *k, const char *name)
{
    struct buf b = { 0 };
    buf_printf(&b, "%s/%s", k->dir, name);
    return buf_take(&b);
}

static void write_text(const struct killer *k, const char *name, const struct buf *b)
{
    struct err e = { 0 };
    char *path = in_dir(k, name);
    if (!file_replace(path, buf_str(b), &e)) {
        fprintf(stderr, "%s\n", e.msg);
        exit(2);
    }
    free(path);
}

static void write_lesson(const struct killer *k)
{
    struct buf b = { 0 };
    buf_addz(&b, "{\"title\":\"Wafer\",\"video\":{\"width\":160,\"height\":90,\"fps\":25},"
                 "\"transition\":{\"type\":\"fade\",\"duration\":0.2},\"sections\":[");
    for (int i = 1; i <= SECTIONS; i++)
        buf_printf(&b, "%s{\"narration\":\"Wafer, part %d.\",\"image_prompt\":\"Wafer picture %d\"}", i > 1 ? "," : "", i, i);
    buf_addz(&b, "]}\n");
    write_text(k, "l.json", &b);
    buf_deinit(&b);
}

static void write_config(const struct killer *k, const struct round *r)
{
    struct buf b = { 0 };
    int port = fake_server_port(r->server);
    buf_printf(&b, "providers:\n  image: %s\n  speech: openai-speech\n", r->mode->image);
    buf_printf(&b, "  openai-image: {base: \"http://127.0.0.1:%d/v1\", concurrency: 1000}\n", port);
    buf_printf(&b, "  openai-speech: {base: \"http://127.0.0.1:%d/v1\", concurrency: 1000}\n", port);
    buf_printf(&b, "  replicate: {base: \"http://127.0.0.1:%d/v1\", rpm: 100000}\n", port);
    buf_printf(&b, "workers: {requests: %d}\ncache: {dir: cache-%zu}\n", CAP, r->number);
    write_text(k, "config.yaml", &b);
    buf_deinit(&b);
}

/* ---------- the program ---------- */

static pid_t start(const struct killer *k, const struct round *r)
{
    char out[32];
    snprintf(out, sizeof out, "out-%zu", r->number);
    fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    sigset_t none_blocked;
    sigemptyset(&none_blocked);
    sigprocmask(SIG_SETMASK, &none_blocked, NULL);
    int log = open(k->dir, O_DIRECTORY | O_CLOEXEC), none = open("/dev/null", O_RDONLY);
    if (log < 0 || none < 0 || fchdir(log) != 0 || (log = open("log", O_WRONLY | O_CREAT | O_TRUNC, 0666)) < 0)
        _exit(126);
    dup2(none, 0);
    dup2(log, 1);
    dup2(log, 2);
    execl(k->vidgen, k->vidgen, "build", "-o", out, "l.json", (char *)NULL);
    _exit(127);
}

static size_t count_in_log(const struct killer *k, const char *text)
{
    struct buf b = { 0 };
    struct err e;
    size_t n = 0;
    char *path = in_dir(k, "log");
    if (file_read(path, (size_t)1 << 20, &b, &e))
        for (const char *at = buf_str(&b).p; (at = strstr(at, text)); at++)
            n++;
    free(path);
    buf_deinit(&b);
    return n;
}

static void show_log(const struct killer *k)
{
    struct buf b = { 0 };
    struct err e;
    char *path = in_dir(k, "log");
    if (file_read(path, (size_t)1 << 20, &b, &e))
        fputs(buf_str(&b).p, stdout);
    free(path);
    buf_deinit(&b);
}

/* Looks at the service; notes when answers were sent. */
static void watch(struct round *r)
{
    size_t n = (size_t)fake_server_stat(r->server, "delivered");
    while (r->n_sent < n && r->n_sent < MOST_SEEN)
        r->sent_ms[r->n_sent++] = now_ms();
}

/* Waits for the end, at most until `until` (-1: as long as a run may take). False: it runs still. */
static bool wait_for(struct round *r, pid_t pid, int64_t until, int *status)
{
    int64_t last = until >= 0 ? until : now_ms() + LAST_MS;
    do {
        if (waitpid(pid, status, WNOHANG) == pid)
            return true;
        watch(r);
        nap_ms(1);
    } while (now_ms() < last);
    return waitpid(pid, status, WNOHANG) == pid;
}

/* Children that a dead program left come to us: they have to end by themselves. */
static bool orphans_end(void)
{
    int64_t last = now_ms() + 10000;
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 && now_ms() < last)
        if (pid == 0)
            nap_ms(2);
    return pid < 0 && errno == ECHILD;
}

/* ---------- a round ---------- */

/* False: the run came to its end before. */
static bool let_run(struct killer *k, struct round *r, pid_t pid, int *status)
{
    if (rng_below(&k->rng, 2) == 0)
        return !wait_for(r, pid, now_ms() + (int64_t)rng_below(&k->rng, (uint64_t)k->whole_ms * 2 / 3 + 1), status);
    size_t n = r->n_sent + 1 + (size_t)rng_below(&k->rng, ASSETS / 2);
    while (r->n_sent < n)
        if (wait_for(r, pid, now_ms() + 1, status))
            return false;
    return !wait_for(r, pid, r->sent_ms[r->n_sent - 1] + (int64_t)rng_below(&k->rng, AFTER_MS + 1), status);
}

/* Requests of the dead program may still lie in sockets. One more connection is taken after all of its, and when that one is
 * over and none is open, all were met. */
static void meet_end(struct round *r)
{
    static const char ask[] = "GET /__stats HTTP/1.0\r\n\r\n";
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)fake_server_port(r->server)),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    char rest[512];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0 && write(fd, ask, sizeof ask - 1) > 0)
        while (read(fd, rest, sizeof rest) > 0)
            ;
    if (fd >= 0)
        close(fd);
    for (int64_t last = now_ms() + LAST_MS; fake_server_stat(r->server, "open") > 0 && now_ms() < last;)
        nap_ms(1);
    watch(r);
}

/* What was sold by now and is neither durable nor was in flight at an earlier kill. sent: answers before this kill */
static void count_in_flight(struct killer *k, struct round *r, int64_t killed_ms, size_t sent)
{
    struct err e = { 0 };
    struct store_stats stats = { 0 };
    char cache[32];
    snprintf(cache, sizeof cache, "cache-%zu", r->number);
    char *path = in_dir(k, cache);
    struct store *s = store_open(str_from(path), NULL, &e);
    if (!s || !store_stats(s, &stats, &e)) {
        printf("not so: the store opens after a kill: %s\n", e.msg);
        k->n_bad++;
    }
    store_close(s);
    free(path);
    size_t sold = (size_t)fake_server_stat(r->server, "paid"), safe = (size_t)stats.n_calls + r->in_flight;
    if (sold < safe) {
        not_so(k, r, "sold, against what the ledger has", (long long)safe, (long long)sold);
        return;
    }
    r->in_flight += sold - safe;
    size_t window = sent > safe ? sent - safe : 0;
    k->n_window += window;
    k->n_wire += sold - safe - window;
    if (window && safe < r->n_sent && killed_ms - r->sent_ms[safe] > k->window_ms)
        k->window_ms = killed_ms - r->sent_ms[safe];
}

/* Hidden files beside the films, temporary files and locks in the cache. */
static size_t count_left(const char *dir, bool is_hidden_only)
{
    static const char *const kept[] = { ".", "..", "gate", "ids" };
    size_t n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *x; d && (x = readdir(d));) {
        bool is_kept = is_hidden_only && x->d_name[0] != '.';
        for (size_t i = 0; i < COUNTOF(kept); i++)
            is_kept = is_kept || strcmp(x->d_name, kept[i]) == 0;
        if (!is_kept)
            printf("left over: %s/%s\n", dir, x->d_name);
        n += !is_kept;
    }
    if (d)
        closedir(d);
    return n;
}

static void check_left(struct killer *k, const struct round *r)
{
    static const struct { const char *format; bool is_hidden_only; } places[] = {
        { "cache-%zu/tmp", false }, { "cache-%zu/locks", false }, { "out-%zu", true },
    };
    for (size_t i = 0; i < COUNTOF(places); i++) {
        char name[64];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(name, sizeof name, places[i].format, r->number);
#pragma GCC diagnostic pop
        char *path = in_dir(k, name);
        size_t n = count_left(path, places[i].is_hidden_only);
        if (n)
            not_so(k, r, "files left over", 0, (long long)n);
        free(path);
    }
}

static void check_films(struct killer *k, const struct round *r)
{
    struct buf *wanted = k->wanted[r->mode - modes];
    for (size_t i = 0; i < COUNTOF(films); i++) {
        struct buf got = { 0 };
        struct err e;
        char name[64];
        snprintf(name, sizeof name, "out-%zu/%s", r->number, films[i]);
        char *path = in_dir(k, name);
        if (!file_read(path, (size_t)64 << 20, &got, &e))
            printf("%s\n", e.msg);
        if (wanted[i].n == 0) {                 /* the first of this mode, which nobody disturbs */
            wanted[i] = got;
            got = (struct buf){ 0 };
        } else if (!str_eq(buf_str(&got), buf_str(&wanted[i]))) {
            not_so(k, r, films[i], (long long)wanted[i].n, (long long)got.n);
        }
        buf_deinit(&got);
        free(path);
    }
}

static void check_bill(struct killer *k, const struct round *r)
{
    size_t sold = (size_t)fake_server_stat(r->server, "paid"), again = sold - ASSETS;
    k->n_sold += sold;
    k->n_again += again;
    k->n_told += r->n_told;
    if (sold < ASSETS || (r->mode->is_idempotent && again))
        not_so(k, r, "sold", ASSETS, (long long)sold);
    else if (r->is_counted && !r->mode->is_idempotent && again != r->in_flight)
        not_so(k, r, "bought again, against what was in flight at a kill", (long long)r->in_flight, (long long)again);
    else if (again > r->n_told)
        not_so(k, r, "bought again, at most what was told", (long long)r->n_told, (long long)again);
}

static void remove_round(const struct killer *k, const struct round *r)
{
    struct buf b = { 0 };
    pid_t pid;
    buf_printf(&b, "%s/cache-%zu", k->dir, r->number);
    char *out = mem_strdup(b.p);
    memcpy(strstr(out, "cache-"), "out", 3);
    buf_clear(&b);
    buf_printf(&b, "%s/out-%zu", k->dir, r->number);
    free(out);
    char *cache = mem_alloc(b.n + 16);
    snprintf(cache, b.n + 16, "%s/cache-%zu", k->dir, r->number);
    if ((pid = fork()) == 0) {
        execlp("rm", "rm", "-rf", b.p, cache, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
    free(cache);
    buf_deinit(&b);
}

static void round_run(struct killer *k, const struct mode *mode, size_t most_kills)
{
    struct err e = { 0 };
    struct round r = { .mode = mode, .number = k->n_rounds++, .is_counted = rng_below(&k->rng, 2) == 0 };
    int status = -1;
    bool is_over = false;
    r.server = fake_server_start(0, mode->script, &e);
    if (!r.server) {
        fprintf(stderr, "%s\n", e.msg);
        exit(2);
    }
    write_config(k, &r);
    while (!is_over) {
        pid_t pid = start(k, &r);
        int64_t began = now_ms();
        if (r.n_kills < most_kills && let_run(k, &r, pid, &status)) {
            kill(pid, SIGKILL);
            int64_t killed = now_ms();
            size_t sent = r.n_sent;
            waitpid(pid, NULL, 0);
            r.n_kills++;
            k->n_kills++;
            meet_end(&r);
            if (r.is_counted)
                count_in_flight(k, &r, killed, sent);
        } else if (status != -1 || wait_for(&r, pid, -1, &status)) {
            is_over = true;
            if (most_kills == 0)
                k->whole_ms = now_ms() - began;
        } else {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
            not_so(k, &r, "a run ends", LAST_MS, LAST_MS);
            is_over = true;
        }
        r.n_told += count_in_log(k, "may be paid twice");
        if (!orphans_end())
            not_so(k, &r, "children end with the program", 0, 1);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        not_so(k, &r, "exit code", 0, status);
        show_log(k);
    }
    check_bill(k, &r);
    check_films(k, &r);
    check_left(k, &r);
    fake_server_stop(r.server);
    remove_round(k, &r);
}

/* SIGTERM waits until it is looked for: the round is ended, and what was seen is told. */
static bool is_enough(void)
{
    sigset_t set;
    return sigpending(&set) == 0 && sigismember(&set, SIGTERM) == 1;
}

static int usage(void)
{
    fputs("usage: killer --vidgen FILE --dir EMPTY --kills N [--seed N]\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct killer k = { .rng = { 1 } };
    size_t kills = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--vidgen") == 0)
            k.vidgen = argv[i + 1];
        else if (strcmp(argv[i], "--dir") == 0)
            k.dir = argv[i + 1];
        else if (strcmp(argv[i], "--kills") == 0)
            kills = strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0)
            k.rng.state = strtoul(argv[i + 1], NULL, 10);
        else
            return usage();
    }
    if (argc % 2 == 0 || !k.vidgen || !k.dir || kills == 0)
        return usage();
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t end;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigprocmask(SIG_BLOCK, &end, NULL);
    write_lesson(&k);
    for (size_t m = 0; m < COUNTOF(modes); m++)
        round_run(&k, &modes[m], 0);
    for (size_t m = 0; k.n_kills < kills && k.n_bad < 20 && !is_enough(); m = (m + 1) % COUNTOF(modes))
        round_run(&k, &modes[m], kills - k.n_kills < KILLS_A_ROUND ? kills - k.n_kills : KILLS_A_ROUND);
    printf("%zu kills in %zu rounds: %zu sold for %zu assets; bought again %zu, told %zu; of what was counted in flight "
           "%zu had no answer yet, %zu had one, %lld ms old at most\n", k.n_kills, k.n_rounds, k.n_sold,
           k.n_rounds * ASSETS, k.n_again, k.n_told, k.n_wire, k.n_window, (long long)k.window_ms);
    for (size_t m = 0; m < COUNTOF(modes); m++)
        for (size_t i = 0; i < COUNTOF(films); i++)
            buf_deinit(&k.wanted[m][i]);
    return k.n_bad ? 1 : 0;
}
