/* groups.c - groups of processes, and the guard that ends them when we could not */
#include "api/groups.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gen/base/mem.h"

enum { SLOTS = 256 };

struct groups {
    atomic_int *v; /* of SLOTS, seen by the guard, too; 0: free */
    int leash;     /* the guard sees its end when it is closed, as it is when we die */
    pid_t guard;   /* 0: there is none yet */
};

struct groups *groups_create(void)
{
    struct groups *g = mem_alloc(sizeof *g);
    g->leash = -1;
    g->v = mmap(NULL, SLOTS * sizeof *g->v, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (g->v == MAP_FAILED)
        abort(); /* out of memory */
    return g;
}

void groups_kill(struct groups *g)
{
    for (size_t i = 0; i < SLOTS; i++) {
        int group = atomic_load(&g->v[i]);
        if (group > 0)
            kill(-group, SIGKILL);
    }
}

/* Only calls that are safe after a fork of a process with threads. It holds no file of ours: a lock would outlive us.
 */
static _Noreturn void guard(struct groups *g, int leash)
{
    sigset_t all;
    char nothing;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    setpgid(0, 0);
    prctl(PR_SET_NAME, "vidgen-guard");
    if (leash > 0)
        close_range(0, (unsigned)leash - 1, 0);
    close_range((unsigned)leash + 1, ~0U, 0);
    while (read(leash, &nothing, 1) < 0 && errno == EINTR) {
    }
    groups_kill(g);
    _exit(0);
}

/* Without one (no process, no descriptor) programs run as well; they only outlive a kill -9. */
static void start_guard(struct groups *g)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return;
    pid_t pid = fork();
    if (pid == 0)
        guard(g, ends[0]);
    close(ends[0]);
    g->leash = ends[1];
    g->guard = pid > 0 ? pid : 0;
}

static void change(struct groups *g, int from, int to)
{
    for (size_t i = 0; i < SLOTS; i++) {
        int expected = from;
        if (atomic_compare_exchange_strong(&g->v[i], &expected, to))
            return;
    }
}

void groups_add(struct groups *g, int group)
{
    if (g->leash < 0)
        start_guard(g);
    change(g, 0, group);
}

void groups_remove(struct groups *g, int group)
{
    change(g, group, 0);
}

void groups_destroy(struct groups *g)
{
    if (!g)
        return;
    if (g->leash >= 0)
        close(g->leash);
    while (g->guard && waitpid(g->guard, NULL, 0) < 0 && errno == EINTR) {
    }
    munmap(g->v, SLOTS * sizeof *g->v);
    free(g);
}
