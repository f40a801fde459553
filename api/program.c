/* program.c - a program of the user's, started without a shell and watched on the loop */
#include "api/program.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "api/groups.h"
#include "api/loop.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { KILL_AFTER_MS = 2000, TAIL_KEPT = 2048, WORDS_MOST = 400, LINES_MOST = 3, CHUNK = 16384, ENV_MOST = 96 };

struct programs {
    struct loop *loop;
    const struct clock *clock;
    struct groups *groups;
};

struct program {
    struct programs *all;
    struct loop *loop;
    pid_t pid;           /* also of its group; 0: reaped */
    int pidfd, out, err; /* -1: closed */
    struct buf said, tail, words;
    size_t out_max;
    void (*ended)(void *ctx);
    void *ctx;
    int64_t due_ms;
    bool is_over, was_told; /* told: SIGTERM was sent */
    struct program_end end;
};

/* ---------- all of them ---------- */

struct programs *programs_create(struct loop *loop, const struct clock *clock)
{
    struct programs *all = mem_alloc(sizeof *all);
    all->loop = loop;
    all->clock = clock;
    all->groups = groups_create();
    return all;
}

void programs_destroy(struct programs *all)
{
    if (all)
        groups_destroy(all->groups);
    free(all);
}

void programs_kill(struct programs *all)
{
    groups_kill(all->groups);
}

/* ---------- the environment ---------- */

/* A name, or with '*' all that begin so but for those of keys (NVIDIA_API_KEY). */
static const char *const kept[] = {
    "PATH",         "HOME",    "USER",          "LOGNAME",         "SHELL",      "LANG",       "LC_*",
    "TZ",           "TMPDIR",  "XDG_*",         "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV",
    "CONDA_PREFIX", "HF_HOME", "CUDA_*",        "NVIDIA_*",        "HIP_*",      "ROCR_*",     "ROCM_PATH",
    "HSA_*",        "OMP_*",   "SSL_CERT_FILE", "SSL_CERT_DIR",
};

static bool is_of_key(struct str name)
{
    static const char *const words[] = { "KEY", "TOKEN", "SECRET", "PASS", "AUTH", "CRED" };
    bool is = false;
    for (size_t i = 0; i < COUNTOF(words); i++)
        is = is || memmem(name.p, name.n, words[i], strlen(words[i]));
    return is;
}

static bool is_kept(struct str name, const struct strs *pass)
{
    for (size_t i = 0; i < COUNTOF(kept); i++) {
        size_t n = strlen(kept[i]);
        if (kept[i][n - 1] != '*' ? str_is(name, kept[i])
                                  : name.n >= n - 1 && memcmp(name.p, kept[i], n - 1) == 0 && !is_of_key(name))
            return true;
    }
    for (size_t i = 0; pass && i < pass->n; i++)
        if (str_eq(name, pass->v[i]))
            return true;
    return false;
}

/* Borrowed from our own environment, NULL-ended. */
static void environment(const struct strs *pass, char *out[ENV_MOST + 1])
{
    extern char **environ;
    size_t n = 0;
    for (char **v = environ; *v && n < ENV_MOST; v++) {
        const char *sign = strchr(*v, '=');
        if (sign && is_kept((struct str){ *v, (size_t)(sign - *v) }, pass))
            out[n++] = *v;
    }
    out[n] = NULL;
}

/* ---------- starting ---------- */

/* Words that begin with "./" lie beside the description, as does a program with another relative path. */
static bool is_beside(struct str word, bool is_program)
{
    return str_starts(word, "./") || (is_program && memchr(word.p, '/', word.n) && word.p[0] != '/');
}

static bool make_absolute(const struct program_spec *s, struct str word, bool is_program, struct buf *out,
                          struct err *e)
{
    if (!is_beside(word, is_program))
        return buf_adds(out, word);
    const char *slash = s->beside.n ? memrchr(s->beside.p, '/', s->beside.n) : NULL;
    struct buf folder = { 0 };
    buf_adds(&folder, slash ? (struct str){ s->beside.p, (size_t)(slash - s->beside.p) } : STR("."));
    char *real = realpath(folder.n ? folder.p : "/", NULL);
    bool ok = real != NULL || err_errno(e, "the folder of '" STR_FMT "'", STR_ARG(word));
    if (str_starts(word, "./"))
        word = (struct str){ word.p + 2, word.n - 2 };
    if (ok)
        buf_printf(out, "%s/" STR_FMT, real, STR_ARG(word));
    free(real);
    buf_deinit(&folder);
    return ok;
}

/* A file in memory: it can be read by the program whenever it likes, and nobody has to wait for it. */
static int input_of(struct str input, struct err *e)
{
    int fd = input.n ? memfd_create("job", MFD_CLOEXEC) : open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        err_errno(e, "the program's input");
        return -1;
    }
    if (input.n && (!fd_write(fd, input.p, input.n, e) || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool spawn(struct program *p, const struct program_spec *s, const int fds[3], struct err *e)
{
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t at;
    sigset_t none, all;
    char *env[ENV_MOST + 1], **argv = mem_array(s->argv->n + 1, sizeof *argv);
    struct buf path = { 0 };
    int r = 0;
    bool ok = make_absolute(s, s->argv->v[0], true, &path, e);
    for (size_t i = 0; i < s->argv->n; i++) {
        struct buf word = { 0 };
        ok = ok && make_absolute(s, s->argv->v[i], i == 0, &word, e);
        argv[i] = buf_take(&word);
    }
    environment(s->pass, env);
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&fa);
    posix_spawnattr_init(&at);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&fa, fds[i], i);
    posix_spawn_file_actions_addclosefrom_np(&fa, 3);
    if (s->dir)
        posix_spawn_file_actions_addchdir_np(&fa, s->dir);
    posix_spawnattr_setflags(&at, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&at, &none);
    posix_spawnattr_setsigdefault(&at, &all);
    if (ok)
        r = posix_spawnp(&p->pid, path.p, &fa, &at, argv, env);
    posix_spawnattr_destroy(&at);
    posix_spawn_file_actions_destroy(&fa);
    for (size_t i = 0; i < s->argv->n; i++)
        free(argv[i]);
    free(argv);
    if (ok && r) {
        struct buf shown = { 0 };
        p->pid = 0;
        text_clean(&shown, buf_str(&path), 200);
        ok = err_set(e, ERR_CONFIG, "the program '%s' cannot be started: %s", shown.p, strerror(r));
        buf_deinit(&shown);
    }
    buf_deinit(&path);
    if (ok)
        groups_add(p->all->groups, p->pid);
    return ok;
}

static void close_watched(struct program *p, int *fd)
{
    if (*fd < 0)
        return;
    loop_unwatch(p->loop, *fd);
    close(*fd);
    *fd = -1;
}

/* ---------- while it runs ---------- */

static void kill_group(struct program *p, int signal)
{
    if (p->pid)
        kill(-p->pid, signal);
}

static void keep_tail(struct buf *tail, const char *bytes, size_t n)
{
    buf_add(tail, bytes, n);
    if (tail->n <= 2 * (size_t)TAIL_KEPT)
        return;
    size_t drop = tail->n - TAIL_KEPT;
    memmove(tail->p, tail->p + drop, tail->n - drop);
    tail->n -= drop;
    tail->p[tail->n] = '\0';
}

static void take(struct program *p, int fd, const char *bytes, size_t n)
{
    if (fd == p->err) {
        keep_tail(&p->tail, bytes, n);
        return;
    }
    size_t room = p->out_max - p->said.n;
    buf_add(&p->said, bytes, n < room ? n : room);
    if (n > room && !p->end.is_too_much) {
        p->end.is_too_much = true;
        kill_group(p, SIGKILL);
    }
}

/* False at the end, or when there is nothing more for now. */
static bool read_some(struct program *p, int *fd)
{
    char chunk[CHUNK];
    if (*fd < 0)
        return false;
    ssize_t n = read(*fd, chunk, sizeof chunk);
    if (n > 0)
        take(p, *fd, chunk, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        close_watched(p, fd);
    explicit_bzero(chunk, n > 0 ? (size_t)n : 0); /* it may be a key */
    return n > 0 || (n < 0 && errno == EINTR);
}

static void on_output(void *ctx, int fd, unsigned events)
{
    struct program *p = ctx;
    (void)events;
    read_some(p, fd == p->out ? &p->out : &p->err);
}

/* The last lines of standard error in one, without control characters. */
static void last_words(struct program *p)
{
    struct str rest = str_trim(buf_str(&p->tail));
    size_t from = rest.n;
    for (int lines = 0; from > 0 && lines < LINES_MOST && rest.n - from < WORDS_MOST; from--)
        lines += rest.p[from - 1] == '\n';
    from += from > 0;
    struct str s = { rest.p + from, rest.n - from };
    for (size_t i = 0; i < s.n;) {
        const char *end = memchr(s.p + i, '\n', s.n - i);
        size_t n = end ? (size_t)(end - s.p) - i : s.n - i;
        struct str line = str_trim((struct str){ s.p + i, n });
        if (line.n) {
            buf_addz(&p->words, p->words.n ? " | " : "");
            text_clean(&p->words, line, WORDS_MOST);
        }
        i += n + 1;
    }
}

static void on_exit_of(void *ctx, int fd, unsigned events)
{
    struct program *p = ctx;
    siginfo_t info = { 0 };
    (void)fd, (void)events;
    if (waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
        return;
    kill_group(p, SIGKILL); /* what it started; its number is not free before it is reaped */
    groups_remove(p->all->groups, p->pid);
    while (waitid(P_PID, (id_t)p->pid, &info, WEXITED) != 0 && errno == EINTR) {
    }
    p->pid = 0;
    while (read_some(p, &p->out) || read_some(p, &p->err)) {
    }
    close_watched(p, &p->out);
    close_watched(p, &p->err);
    close_watched(p, &p->pidfd);
    bool has_exited = info.si_code == CLD_EXITED;
    p->end.exit_code = has_exited ? info.si_status : -1;
    p->end.signal = has_exited ? 0 : info.si_status;
    last_words(p);
    p->end.out = buf_str(&p->said);
    p->end.last_words = buf_str(&p->words);
    p->due_ms = INT64_MAX;
    p->is_over = true;
    if (p->ended)
        p->ended(p->ctx);
    loop_wake(p->loop);
}

static bool watch(struct program *p, struct err *e)
{
    p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
    if (p->pidfd < 0)
        return err_errno(e, "watch a program");
    fcntl(p->out, F_SETFL, O_NONBLOCK);
    fcntl(p->err, F_SETFL, O_NONBLOCK);
    return loop_watch(p->loop, p->out, LOOP_READ, on_output, p, e) &&
           loop_watch(p->loop, p->err, LOOP_READ, on_output, p, e) &&
           loop_watch(p->loop, p->pidfd, LOOP_READ, on_exit_of, p, e);
}

struct program *program_start(struct programs *all, const struct program_spec *s, struct err *e)
{
    struct program *p = mem_alloc(sizeof *p);
    int out[2] = { -1, -1 }, err[2] = { -1, -1 };
    *p = (struct program){ .all = all,
                           .loop = all->loop,
                           .pidfd = -1,
                           .out = -1,
                           .err = -1,
                           .due_ms = INT64_MAX,
                           .said = BUF_INIT(s->out_max + 1),
                           .out_max = s->out_max,
                           .ended = s->ended,
                           .ctx = s->ctx };
    int in = input_of(s->input, e);
    bool ok = in >= 0 && ((pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0) || err_errno(e, "a pipe"));
    p->out = out[0];
    p->err = err[0];
    ok = ok && spawn(p, s, (const int[]){ in, out[1], err[1] }, e) && watch(p, e);
    for (size_t i = 0; i < 3; i++) {
        int ours = (const int[]){ in, out[1], err[1] }[i];
        if (ours >= 0)
            close(ours);
    }
    if (!ok) {
        program_destroy(p);
        return NULL;
    }
    if (s->limit_ms > 0)
        p->due_ms = clock_now_ms(all->clock) + s->limit_ms;
    return p;
}

const struct program_end *program_end(const struct program *p)
{
    return p->is_over ? &p->end : NULL;
}

int64_t program_due_ms(const struct program *p)
{
    return p->due_ms;
}

void program_tick(struct program *p)
{
    int64_t now = clock_now_ms(p->all->clock);
    if (p->is_over || now < p->due_ms)
        return;
    p->end.is_late = true;
    kill_group(p, p->was_told ? SIGKILL : SIGTERM);
    p->due_ms = p->was_told ? INT64_MAX : now + KILL_AFTER_MS;
    p->was_told = true;
}

void program_destroy(struct program *p)
{
    siginfo_t info;
    if (!p)
        return;
    if (p->pid) {
        kill_group(p, SIGKILL);
        groups_remove(p->all->groups, p->pid);
        while (waitid(P_PID, (id_t)p->pid, &info, WEXITED) != 0 && errno == EINTR) {
        }
    }
    close_watched(p, &p->pidfd);
    close_watched(p, &p->out);
    close_watched(p, &p->err);
    struct buf *const texts[] = { &p->said, &p->tail, &p->words };
    for (size_t i = 0; i < COUNTOF(texts); i++) {
        if (texts[i]->p)
            explicit_bzero(texts[i]->p, texts[i]->cap);
        buf_deinit(texts[i]);
    }
    free(p);
}

void program_show(struct buf *out, const struct strs *argv)
{
    for (size_t i = 0; i < argv->n; i++) {
        buf_addz(out, i ? " " : "");
        text_clean(out, argv->v[i], 100);
    }
}
