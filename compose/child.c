/* child.c - work on foreign bytes runs in a child process with limits */
#include "compose/child.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gen/base/clock.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "compose/child_private.h"
#include "compose/confine.h"

enum { FD_ABOVE = 16 };                         /* parent's copies, clear of the child's numbers */
static const size_t job_max = 16 * MIB;
static const rlim_t memory_max = (rlim_t)1 << 30, file_max = (rlim_t)2 << 30;
enum { CPU_S = 30 };                            /* of a worker that says nothing else */

/* ---------- the child's side ---------- */

static void limit(int what, rlim_t most)
{
    struct rlimit now;
    if (getrlimit(what, &now) == 0 && now.rlim_max < most)
        most = now.rlim_max;
    setrlimit(what, &(struct rlimit){ .rlim_cur = most, .rlim_max = most });
}

static void confine(int cpu_s)
{
    struct stat st;
    bool is_asked = fstat(FD_ASK, &st) == 0 && S_ISSOCK(st.st_mode);
    close_range(is_asked ? N_FD : FD_ASK, ~0U, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, (rlim_t)(cpu_s > 0 ? cpu_s : CPU_S));
    limit(RLIMIT_FSIZE, file_max);
    limit(RLIMIT_NOFILE, 64);
    if (!CHILD_IS_SANITIZED)                          /* sanitizers reserve terabytes of addresses */
        limit(RLIMIT_AS, memory_max);
    confine_calls();
}

static bool read_job(struct str *job, struct err *e)
{
    struct stat st;
    if (fstat(FD_JOB, &st) || st.st_size < 0 || (size_t)st.st_size > job_max)
        return err_set(e, ERR_INTERNAL, "the worker's job cannot be read");
    char *p = mem_alloc((size_t)st.st_size + 1);
    if (pread(FD_JOB, p, (size_t)st.st_size, 0) != st.st_size) {
        free(p);
        return err_set(e, ERR_INTERNAL, "the worker's job is short");
    }
    *job = (struct str){ p, (size_t)st.st_size };
    return true;
}

bool child_next(struct child *c, void *request, size_t n)
{
    size_t got = 0;
    while (got < n) {
        ssize_t r = read(c->ask, (char *)request + got, n - got);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return false;
        got += (size_t)r;
    }
    return true;
}

bool child_reply(struct child *c, struct err *e)
{
    unsigned char out[sizeof(struct child_head) + ANSWER_MAX] = { 0 };
    struct child_head h = { .ok = 1 };
    memcpy(out, &h, sizeof h);
    memcpy(out + sizeof h, c->answer, c->n_answer);
    return fd_write(FD_ANSWER, out, sizeof h + c->n_answer, e);
}

int child_work(const struct worker *w)
{
    unsigned char out[sizeof(struct child_head) + ANSWER_MAX] = { 0 };
    struct err e = { 0 };
    struct child c = { .media = FD_MEDIA, .data = FD_DATA, .ask = FD_ASK, .answer = out + sizeof(struct child_head),
                       .n_answer = w->n_answer };
    confine(w->cpu_s);
    struct child_head h = { .ok = w->n_answer <= ANSWER_MAX && read_job(&c.job, &e) && w->run(&c, &e) };
    h.code = e.code;
    memcpy(h.msg, e.msg, sizeof h.msg);
    memcpy(out, &h, sizeof h);
    return fd_write(FD_ANSWER, out, sizeof h + w->n_answer, &e) ? 0 : 1;
}

/* ---------- the parent's side ---------- */

int child_fd_above(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, FD_ABOVE);
}

int child_fd_read_only(int fd)
{
    char name[40];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    int again = open(name, O_RDONLY | O_CLOEXEC);
    int high = child_fd_above(again >= 0 ? again : fd);
    if (again >= 0)
        close(again);
    return high;
}

size_t child_receive(int fd, unsigned char *p, size_t n, int64_t wall_ms, bool *late)
{
    int64_t until = clock_now_ms(&clock_monotonic) + wall_ms;
    size_t got = 0;
    *late = false;
    while (got < n) {
        int64_t left = until - clock_now_ms(&clock_monotonic);
        struct pollfd pf = { .fd = fd, .events = POLLIN };
        if (left <= 0) {
            *late = true;
            break;
        }
        int r = poll(&pf, 1, left > 1000000 ? 1000000 : (int)left);
        if (r <= 0)
            continue;                           /* a signal, or the time: both are looked at above */
        ssize_t k = read(fd, p + got, n - got);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            break;
        got += (size_t)k;
    }
    return got;
}

bool child_explain_death(const char *name, int status, bool late, int64_t wall_ms, struct err *e)
{
    /* A busy machine and a kernel out of memory say nothing of the bytes: what was paid for must not be condemned for
     * them. */
    if (late)
        return err_set(e, ERR_RENDER, "%s: not finished after %lld s, given up", name, (long long)(wall_ms / 1000));
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return err_set(e, ERR_RENDER, "%s: killed from outside; is the machine out of memory?", name);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return err_set(e, ERR_MEDIA, "%s: over its limit of computing time, given up", name);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
        return err_set(e, ERR_MEDIA, "%s: out of memory (limit 1 GiB), or the decoder gave up", name);
    if (WIFSIGNALED(status))
        return err_set(e, ERR_MEDIA, "%s: the decoder crashed (signal %d)", name, WTERMSIG(status));
    return err_set(e, ERR_INTERNAL,
                   "%s: the worker ended without an answer (status %d); is the program itself damaged?", name,
                   WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

bool child_take_head(const unsigned char *raw, const char *name, struct err *e)
{
    struct child_head h;
    memcpy(&h, raw, sizeof h);
    if (h.ok == 1)
        return true;
    struct buf clean = { 0 };
    h.msg[sizeof h.msg - 1] = '\0';
    text_clean(&clean, str_from(h.msg), 900);
    bool known = h.code > ERR_NONE && h.code < ERR_N_CODES;
    err_set(e, known ? (enum err_code)h.code : ERR_MEDIA, "%s", clean.n ? clean.p : name);
    buf_deinit(&clean);
    return false;
}

/* The worker is gone, and with it all that could still write. */
static bool take_data(int fd, bool is_memory, const void **data, size_t *n_data, struct err *e)
{
    struct stat st;
    if (is_memory && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL))
        return err_errno(e, "seal the worker's data");
    if (fstat(fd, &st))
        return err_errno(e, "look at the worker's data");
    *n_data = (size_t)st.st_size;
    *data = NULL;
    if (!st.st_size)
        return true;
    void *p = mmap(NULL, *n_data, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return err_errno(e, "map %zu bytes of a worker's data", *n_data);
    *data = p;
    return true;
}

bool child_run(const char *name, struct str job, int media, int64_t wall_ms, void *answer, size_t n_answer,
               const void **data, size_t *n_data, struct err *e)
{
    return child_run_into(name, job, media, wall_ms, answer, n_answer, -1, data, n_data, e);
}

bool child_run_into(const char *name, struct str job, int media, int64_t wall_ms, void *answer, size_t n_answer,
                    int file, const void **data, size_t *n_data, struct err *e)
{
    unsigned char raw[sizeof(struct child_head) + ANSWER_MAX] = { 0 };
    int fds[N_FD] = { -1, -1, -1, -1, -1, -1, -1, -1 }, pipes[2] = { -1, -1 };
    int data_fd = -1, job_fd = -1, null_fd = -1, status = 0;
    bool ok = false, late = false;
    pid_t pid = -1;
    if (n_answer > ANSWER_MAX || job.n > job_max) {
        err_set(e, ERR_INTERNAL, "%s: job of %zu bytes, answer of %zu", name, job.n, n_answer);
        goto out;
    }
    if (media < 0 && (null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0) {
        err_errno(e, "open /dev/null");
        goto out;
    }
    data_fd = file < 0 ? memfd_create("vidgen-data", MFD_CLOEXEC | MFD_ALLOW_SEALING)
                       : fcntl(file, F_DUPFD_CLOEXEC, 0);
    if (data_fd < 0 ||
        (job_fd = memfd_create("vidgen-job", MFD_CLOEXEC)) < 0 || pipe2(pipes, O_CLOEXEC)) {
        err_errno(e, "memory file for worker %s", name);
        goto out;
    }
    if (job.n && !fd_write(job_fd, job.p, job.n, e))
        goto out;
    fds[FD_MEDIA] = media < 0 ? child_fd_above(null_fd) : child_fd_read_only(media);
    fds[FD_DATA] = child_fd_above(data_fd);
    fds[FD_ANSWER] = child_fd_above(pipes[1]);
    fds[FD_JOB] = child_fd_above(job_fd);
    for (int i = FD_MEDIA; i <= FD_JOB; i++)
        if (fds[i] < 0) {
            err_errno(e, "descriptor for worker %s", name);
            goto out;
        }
    if (!child_spawn(&pid, name, fds, e))
        goto out;
    close(fds[FD_ANSWER]);                      /* else the end of the pipe never comes */
    close(pipes[1]);
    fds[FD_ANSWER] = pipes[1] = -1;
    size_t got = child_receive(pipes[0], raw, sizeof(struct child_head) + n_answer, wall_ms, &late);
    status = child_reap(pid);
    if (got < sizeof(struct child_head) + n_answer) {
        child_explain_death(name, status, late, wall_ms, e);
        goto out;
    }
    if (!child_take_head(raw, name, e) || !take_data(data_fd, file < 0, data, n_data, e))
        goto out;
    memcpy(answer, raw + sizeof(struct child_head), n_answer);
    ok = true;
out:
    for (int i = FD_MEDIA; i < N_FD; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    for (int i = 0; i < 2; i++)
        if (pipes[i] >= 0)
            close(pipes[i]);
    if (null_fd >= 0)
        close(null_fd);
    if (job_fd >= 0)
        close(job_fd);
    if (data_fd >= 0)
        close(data_fd);
    return ok;
}
