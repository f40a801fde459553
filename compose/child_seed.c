/* child_seed.c - the process of which all workers are copies
 *
 * Starting this program costs about 28 ms of a core, nearly all of it for linking the libraries; a copy of a process
 * that has that behind it costs one. So the first worker that is wanted starts `vidgen --worker seed`, which has a
 * clean environment, one thread and one socket. It is told over that socket what to do: to start a worker, with its
 * descriptors, or to end one and say how it ended. Its workers die with it, and it ends with the socket. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "compose/child_private.h"
#include "compose/workers.h"
#include "gen/base/mem.h"

enum { FD_SEED = 3, FD_SEED_KEPT = 32, NAME_MAX_BYTES = 32 }; /* KEPT: clear of the numbers that a worker has */

/* pid 0: start `name` with the descriptors that come along, one for each bit of has; else: end that one. */
struct order {
    int32_t pid;
    uint32_t has;
    char name[NAME_MAX_BYTES];
};
struct report {
    int32_t value;
}; /* the pid or -errno; the status */

/* ---------- in the seed ---------- */

static bool take_order(int socket, struct order *o, int fds[N_FD])
{
    union {
        char bytes[CMSG_SPACE(N_FD * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec io = { o, sizeof *o };
    struct msghdr m = {
        .msg_iov = &io, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes
    };
    ssize_t n;
    while ((n = recvmsg(socket, &m, 0)) < 0 && errno == EINTR)
        ;
    if (n != (ssize_t)sizeof *o)
        return false;
    const struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    const int *got = c && c->cmsg_type == SCM_RIGHTS ? (const int *)(const void *)CMSG_DATA(c) : NULL;
    size_t n_got = got ? (c->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0, k = 0;
    for (int i = 0; i < N_FD; i++)
        fds[i] = o->has >> i & 1U && k < n_got ? got[k++] : -1;
    return true;
}

/* What came over the socket may have any number: first all go where none is wanted, then each to its place. */
static bool place(int fds[N_FD])
{
    bool ok = true;
    for (int i = 0; i < N_FD; i++)
        if (fds[i] >= 0)
            ok = (fds[i] = fcntl(fds[i], F_DUPFD, FD_SEED_KEPT + 1)) >= 0 && ok;
    for (int i = 0; i < N_FD; i++) {
        close(i >= FD_MEDIA ? i : -1);
        ok = (fds[i] < 0 || dup2(fds[i], i) == i) && ok;
    }
    return ok;
}

static const struct worker *find(const char *name, const struct worker *const *tables)
{
    for (; *tables; tables++)
        for (const struct worker *w = *tables; w->name; w++)
            if (strcmp(w->name, name) == 0)
                return w;
    return NULL;
}

static _Noreturn void be_worker(const struct order *o, int fds[N_FD], pid_t seed, const struct worker *const *tables)
{
    const struct worker *w = find(o->name, tables);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0); /* the terminal's Ctrl-C is for the program to decide about */
    if (!w || !place(fds) || getppid() != seed)
        _exit(2);
    _exit(child_work(w)); /* no destructors: nothing here is worth flushing */
}

static int32_t start(const struct order *o, int fds[N_FD], const struct worker *const *tables)
{
    pid_t seed = getpid(), pid = fork();
    if (pid == 0)
        be_worker(o, fds, seed, tables);
    return pid > 0 ? pid : -errno;
}

static int32_t end(pid_t pid)
{
    int status = 0;
    pid_t r = waitpid(pid, &status, WNOHANG);
    if (r < 0)                                  /* of a seed before this one: it died with that, and the number may be another's */
        return SIGKILL;
    if (r == pid)
        return status;
    kill(pid, SIGKILL);                         /* it is ours and not waited for: the number is no other's */
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

int worker_main(int argc, char **argv, const struct worker *more)
{
    const struct worker *const tables[] = { workers_of_compose, more, NULL };
    struct stat st;
    struct order o = { 0 };
    int fds[N_FD];
    if (argc < 3 || strcmp(argv[2], "seed") != 0 || fstat(FD_SEED, &st) || !S_ISSOCK(st.st_mode))
        return 2; /* started by hand */
    int socket = fcntl(FD_SEED, F_DUPFD_CLOEXEC, FD_SEED_KEPT);
    close(FD_SEED);
    while (socket >= 0 && take_order(socket, &o, fds)) {
        o.name[sizeof o.name - 1] = '\0';
        struct report r = { o.pid ? end(o.pid) : start(&o, fds, tables) };
        for (int i = 0; i < N_FD; i++)
            if (fds[i] >= 0)
                close(fds[i]);
        if (send(socket, &r, sizeof r, MSG_NOSIGNAL) != (ssize_t)sizeof r)
            break;
    }
    _exit(0);
}

/* ---------- in the program ---------- */

/* One for the whole process, like its descriptors: whoever needs a worker may be on any thread. */
static struct {
    pthread_mutex_t lock;
    pid_t owner, pid; /* a copy of this process (fork) needs a seed of its own */
    int socket;
} seed = { PTHREAD_MUTEX_INITIALIZER, 0, -1, -1 };

/* Keys live in the environment, so a child gets only what libraries need to find their data. */
static char **child_environment(void)
{
    static const char *const kept[] = {
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_DATA_DIRS",
        "XDG_CACHE_HOME",
        "FONTCONFIG_FILE",
        "FONTCONFIG_PATH",
        "FONTCONFIG_SYSROOT",
        "ESPEAK_DATA_PATH",
        "LD_LIBRARY_PATH",
        "ASAN_OPTIONS",
        "UBSAN_OPTIONS",
        "TSAN_OPTIONS",
    };
    char **env = mem_array(COUNTOF(kept) + 2, sizeof *env);
    size_t n = 0;
    env[n++] = mem_strdup("LC_ALL=C.UTF-8");
    for (size_t i = 0; i < COUNTOF(kept); i++) {
        const char *v = getenv(kept[i]);
        struct buf b = { 0 };
        if (v && buf_printf(&b, "%s=%s", kept[i], v))
            env[n++] = buf_take(&b);
        buf_deinit(&b);
    }
    return env;
}

static int spawn_seed(int socket, pid_t *pid)
{
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t at;
    sigset_t none, all;
    char *argv[] = { (char[]){ "vidgen" }, (char[]){ "--worker" }, (char[]){ "seed" }, NULL };
    char **env = child_environment();
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&fa);
    posix_spawnattr_init(&at);
    posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&fa, 1, "/dev/null", O_WRONLY, 0);
    if (!CHILD_IS_SANITIZED) /* libraries print foreign bytes there */
        posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&fa, socket, FD_SEED);
    posix_spawnattr_setflags(&at, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&at, &none);
    posix_spawnattr_setsigdefault(&at, &all);
    int r = posix_spawn(pid, "/proc/self/exe", &fa, &at, argv, env);
    posix_spawnattr_destroy(&at);
    posix_spawn_file_actions_destroy(&fa);
    for (char **v = env; *v; v++)
        free(*v);
    free(env);
    return r;
}

static bool plant(struct err *e)
{
    int ends[2], high;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return err_errno(e, "a socket for workers");
    high = child_fd_above(ends[1]); /* dup2 of a descriptor to itself would keep it from the seed */
    int r = high < 0 ? errno : spawn_seed(high, &seed.pid);
    close(ends[1]);
    if (high >= 0)
        close(high);
    errno = r;
    if (r) {
        close(ends[0]);
        return err_errno(e, "start the process that workers come from");
    }
    seed.owner = getpid();
    seed.socket = ends[0];
    return true;
}

static void uproot(void)
{
    if (seed.socket >= 0)
        close(seed.socket);
    if (seed.owner == getpid() && seed.pid > 0) {
        kill(seed.pid, SIGKILL);
        while (waitpid(seed.pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    seed.socket = seed.pid = -1;
}

static bool give_order(const struct order *o, const int fds[N_FD], int32_t *value)
{
    union {
        char bytes[CMSG_SPACE(N_FD * sizeof(int))];
        struct cmsghdr align;
    } control = { { 0 } };
    struct iovec io = { (void *)(uintptr_t)o, sizeof *o };
    struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1 };
    struct report r;
    int list[N_FD];
    size_t n = 0;
    ssize_t got;
    for (int i = 0; i < N_FD; i++)
        if (o->has >> i & 1U)
            list[n++] = fds[i];
    if (n) {
        m.msg_control = control.bytes;
        m.msg_controllen = CMSG_SPACE(n * sizeof(int));
        struct cmsghdr *c = &control.align;
        *c = (struct cmsghdr){ .cmsg_len = CMSG_LEN(n * sizeof(int)),
                               .cmsg_level = SOL_SOCKET,
                               .cmsg_type = SCM_RIGHTS };
        memcpy(CMSG_DATA(c), list, n * sizeof(int));
    }
    while ((got = sendmsg(seed.socket, &m, MSG_NOSIGNAL)) < 0 && errno == EINTR)
        ;
    if (got != (ssize_t)sizeof *o)
        return false;
    while ((got = recv(seed.socket, &r, sizeof r, 0)) < 0 && errno == EINTR)
        ;
    *value = r.value;
    return got == (ssize_t)sizeof r;
}

void children_end(void)
{
    pthread_mutex_lock(&seed.lock);
    if (seed.owner == getpid() && seed.socket >= 0) {
        close(seed.socket); /* which it takes for the end */
        while (waitpid(seed.pid, NULL, 0) < 0 && errno == EINTR)
            ;
        seed.socket = seed.pid = -1;
    }
    pthread_mutex_unlock(&seed.lock);
}

bool child_spawn(pid_t *pid, const char *name, const int fds[N_FD], struct err *e)
{
    struct order o = { 0 };
    int32_t value = -ECHILD;
    bool ok = false;
    if (strlen(name) >= sizeof o.name)
        return err_set(e, ERR_INTERNAL, "worker %s: a long name", name);
    memcpy(o.name, name, strlen(name));
    for (int i = 0; i < N_FD; i++)
        o.has |= fds[i] >= 0 ? 1U << i : 0;
    pthread_mutex_lock(&seed.lock);
    if (seed.owner != getpid())
        uproot();
    for (int i = 0; i < 2 && !ok; i++) { /* one that was killed is planted again */
        if (seed.socket < 0 && !plant(e))
            break;
        ok = give_order(&o, fds, &value);
        if (!ok)
            uproot();
    }
    pthread_mutex_unlock(&seed.lock);
    if (ok && value > 0) {
        *pid = value;
        return true;
    }
    errno = ok ? -value : ECHILD;
    return err_errno(e, "start worker %s", name);
}

int child_reap(pid_t pid)
{
    const struct order o = { .pid = pid };
    int32_t value = 0;
    pthread_mutex_lock(&seed.lock);
    bool ok = seed.owner == getpid() && seed.socket >= 0 && give_order(&o, NULL, &value);
    if (!ok)
        uproot(); /* killed, and its workers with it */
    pthread_mutex_unlock(&seed.lock);
    return ok ? value : SIGKILL; /* as waitpid tells of a process that was killed */
}
