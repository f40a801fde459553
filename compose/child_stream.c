/* child_stream.c - a worker that answers one question after another */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "compose/child_private.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"

enum { QUESTION_MAX = 256, JOB_MAX = 65536 };

struct child_stream {
    char name[32];
    pid_t pid;       /* -1: gone */
    int ask, answer; /* our ends */
    void *data;
    size_t n_data;
};

/* Memory of a fixed size: the child can neither shrink it under our feet nor let it grow. */
static bool map_data(struct child_stream *s, size_t n, int *fd, struct err *e)
{
    if ((*fd = memfd_create("vidgen-data", MFD_CLOEXEC | MFD_ALLOW_SEALING)) < 0 || ftruncate(*fd, (off_t)n) ||
        fcntl(*fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
        return err_errno(e, "memory for worker %s", s->name);
    void *p = mmap(NULL, n, PROT_READ, MAP_SHARED, *fd, 0);
    if (p == MAP_FAILED)
        return err_errno(e, "map %zu bytes of worker %s", n, s->name);
    s->data = p;
    s->n_data = n;
    return true;
}

static void close_all(int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static bool start(struct child_stream *s, struct str job, int media, size_t n_data, struct err *e)
{
    int fds[N_FD] = { -1, -1, -1, -1, -1, -1, -1, -1 }, own[6] = { -1, -1, -1, -1, -1, -1 };
    int *data = &own[0], *job_fd = &own[1], *answers = &own[2], *questions = &own[4];
    bool ok = false;
    if (!map_data(s, n_data, data, e))
        goto out;
    if ((*job_fd = memfd_create("vidgen-job", MFD_CLOEXEC)) < 0 || pipe2(answers, O_CLOEXEC) ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, questions)) {
        err_errno(e, "descriptors for worker %s", s->name);
        goto out;
    }
    if (job.n && !fd_write(*job_fd, job.p, job.n, e))
        goto out;
    fds[FD_MEDIA] = child_fd_read_only(media);
    fds[FD_DATA] = child_fd_above(*data);
    fds[FD_ANSWER] = child_fd_above(answers[1]);
    fds[FD_JOB] = child_fd_above(*job_fd);
    fds[FD_ASK] = child_fd_above(questions[1]);
    for (int i = FD_MEDIA; i < N_FD; i++)
        if (fds[i] < 0) {
            err_errno(e, "descriptor for worker %s", s->name);
            goto out;
        }
    if (!child_spawn(&s->pid, s->name, fds, e))
        goto out;
    s->answer = answers[0];
    s->ask = questions[0];
    answers[0] = questions[0] = -1;
    ok = true;
out:
    close_all(fds, N_FD);
    close_all(own, COUNTOF(own));
    return ok;
}

struct child_stream *child_open(const char *name, struct str job, int media, size_t n_data, struct err *e)
{
    struct child_stream *s = mem_alloc(sizeof *s);
    s->pid = s->ask = s->answer = -1;
    if (strlen(name) >= sizeof s->name || job.n > JOB_MAX || n_data == 0) {
        err_set(e, ERR_INTERNAL, "%s: job of %zu bytes, data of %zu", name, job.n, n_data);
        goto fail;
    }
    memcpy(s->name, name, strlen(name) + 1);
    if (start(s, job, media, n_data, e))
        return s;
fail:
    child_close(s);
    return NULL;
}

/* The exit status; a worker that still runs is not wanted any more. */
static int reap(struct child_stream *s)
{
    int status = s->pid < 0 ? 0 : child_reap(s->pid);
    s->pid = -1;
    return status;
}

bool child_ask(struct child_stream *s, const void *question, size_t n, int64_t wall_ms, void *answer, size_t n_answer,
               struct err *e)
{
    unsigned char raw[sizeof(struct child_head) + ANSWER_MAX] = { 0 };
    bool late = false;
    if (s->pid < 0 || n > QUESTION_MAX || n_answer > ANSWER_MAX)
        return err_set(e, ERR_INTERNAL, "%s: asked after its end, or too much", s->name);
    /* a worker that died tells why below, and not by a signal here */
    (void)!send(s->ask, question, n, MSG_NOSIGNAL);
    size_t want = sizeof(struct child_head) + n_answer, got = child_receive(s->answer, raw, want, wall_ms, &late);
    if (got < want) {
        int status = reap(s);
        return child_explain_death(s->name, status, late, wall_ms, e);
    }
    if (!child_take_head(raw, s->name, e)) {
        reap(s);
        return false;
    }
    memcpy(answer, raw + sizeof(struct child_head), n_answer);
    return true;
}

const void *child_data(const struct child_stream *s)
{
    return s->data;
}

void child_close(struct child_stream *s)
{
    if (!s)
        return;
    reap(s);
    if (s->data)
        munmap(s->data, s->n_data);
    close_all((int[]){ s->ask, s->answer }, 2);
    free(s);
}
