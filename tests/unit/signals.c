/* signals.c - tests of being asked to stop, each in a process of its own */
#include "cmd/signals.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/support/test.h"

/* The exit status of `body` in a child; 1000 + n when a signal killed it. */
static int status_of(int (*body)(void))
{
    pid_t child = fork();
    if (child == 0)
        _exit(body());
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void wake(void *ctx)
{
    ++*(volatile int *)ctx;
}

static int first_only(void)
{
    int woken = 0;
    signals_install();
    signals_on_stop(wake, NULL, &woken);
    if (signals_caught())
        return 1;
    raise(SIGTERM);
    return signals_caught() == SIGTERM && woken == 1 ? 7 : 2;
}

static int second_of_another_kind(void)
{
    signals_install();
    raise(SIGINT);
    raise(SIGTERM);
    return 1;
}

static void leave(void *ctx)
{
    _exit(*(volatile int *)ctx == 2 ? 9 : 1);   /* after two wakes */
}

static int leaves_at_the_third(void)
{
    int woken = 0;
    signals_install();
    signals_on_stop(wake, leave, &woken);
    for (int i = 0; i < 3; i++)
        raise(SIGINT);
    return 1;
}

static int second_wakes_a_loop(void)
{
    int woken = 0;
    signals_install();
    signals_on_stop(wake, NULL, &woken);
    raise(SIGINT);
    if (signals_again())
        return 1;
    raise(SIGINT);
    return signals_again() && signals_caught() == SIGINT && woken == 2 ? 7 : 2;
}

static int third_waits_for_no_loop(void)
{
    int woken = 0;
    signals_install();
    signals_on_stop(wake, NULL, &woken);
    for (int i = 0; i < 3; i++)
        raise(SIGINT);
    return 1;
}

static int caught_before_anyone_listens(void)
{
    int woken = 0;
    signals_install();
    raise(SIGHUP);
    signals_on_stop(wake, NULL, &woken);
    return woken == 1 ? 7 : 1;
}

static int ignored_from_the_start(void)
{
    signal(SIGHUP, SIG_IGN);
    signals_install();
    raise(SIGHUP);
    raise(SIGHUP);
    return signals_caught() ? 1 : 7;
}

static int writing_to_nobody(void)
{
    int ends[2];
    signals_install();
    if (pipe(ends) != 0)
        return 1;
    close(ends[0]);
    return write(ends[1], "x", 1) < 0 && !signals_caught() ? 7 : 1;
}

TEST(the_first_signal_asks_and_the_second_ends_with_128_and_its_number)
{
    CHECK_INT("first", 7, status_of(first_only));
    CHECK_INT("a second one that a loop hears", 7, status_of(second_wakes_a_loop));
    CHECK_INT("third", 128 + SIGINT, status_of(third_waits_for_no_loop));
    CHECK_INT("second", 128 + SIGTERM, status_of(second_of_another_kind));
    CHECK_INT("what is left behind is told", 9, status_of(leaves_at_the_third));
    CHECK_INT("before anyone listens", 7, status_of(caught_before_anyone_listens));
}

TEST(what_nohup_ignores_stays_ignored_and_a_lost_reader_is_no_signal)
{
    CHECK_INT("nohup", 7, status_of(ignored_from_the_start));
    CHECK_INT("pipe", 7, status_of(writing_to_nobody));
}
