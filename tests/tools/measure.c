/* measure.c - what a command cost: measure FILE COMMAND... writes {"rc","wall_s","cpu_s","rss_mb"} to FILE
 *
 * CPU is that of the command and of all children it waited for, memory the highest of the command itself. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct rusage u;
    int status;
    if (argc < 3) {
        fputs("usage: measure FILE COMMAND...\n", stderr);
        return 2;
    }
    double began = now();
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &u) < 0) {
        perror("measure");
        return 1;
    }
    FILE *f = fopen(argv[1], "w");
    if (!f) {
        perror(argv[1]);
        return 1;
    }
    int rc = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    fprintf(f, "{\"rc\":%d,\"wall_s\":%.3f,\"cpu_s\":%.3f,\"rss_mb\":%.1f}\n", rc, now() - began,
            seconds(u.ru_utime) + seconds(u.ru_stime), (double)u.ru_maxrss / 1024);
    fclose(f);
    return rc;
}
