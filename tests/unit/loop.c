/* loop.c - tests of api/loop: pipes instead of a network */
#include <fcntl.h>
#include <unistd.h>
#include "api/loop.h"
#include "tests/support/test.h"

struct seen {
    struct loop *loop;
    int n, last_fd, drop;                       /* drop: a descriptor to unwatch and close from the callback; 0: none */
    unsigned events;
};

static void note(void *ctx, int fd, unsigned events)
{
    struct seen *s = ctx;
    s->n++;
    s->last_fd = fd;
    s->events = events;
    if (s->drop && s->drop != fd) {
        loop_unwatch(s->loop, s->drop);
        close(s->drop);
        s->drop = 0;
    }
}

static void open_pipe(int p[2])
{
    CHECK(pipe2(p, O_CLOEXEC | O_NONBLOCK) == 0);
}

static void close_pipe(int p[2])
{
    close(p[0]);
    close(p[1]);
}

TEST(a_descriptor_is_told_when_it_is_ready_and_only_then)
{
    struct err e = { 0 };
    struct seen s = { .loop = loop_create(&e) };
    int p[2];
    open_pipe(p);
    CHECK(loop_watch(s.loop, p[0], LOOP_READ, note, &s, &e));
    CHECK(!loop_wait(s.loop, 0));
    CHECK_INT("nothing is there", 0, s.n);
    CHECK(write(p[1], "x", 1) == 1);
    loop_wait(s.loop, -1);
    CHECK_INT("told", 1, s.n);
    CHECK_INT("which", p[0], s.last_fd);
    CHECK_INT("how", LOOP_READ, s.events);
    loop_wait(s.loop, -1);
    CHECK_INT("and again, while it is not read", 2, s.n);
    loop_unwatch(s.loop, p[0]);
    loop_unwatch(s.loop, p[0]);
    loop_wait(s.loop, 0);
    CHECK_INT("not when it is no longer watched", 2, s.n);
    close_pipe(p);
    loop_destroy(s.loop);
}

TEST(what_is_asked_for_can_be_changed)
{
    struct err e = { 0 };
    struct seen s = { .loop = loop_create(&e) };
    int p[2];
    open_pipe(p);
    CHECK(loop_watch(s.loop, p[1], LOOP_READ, note, &s, &e));
    loop_wait(s.loop, 0);
    CHECK_INT("no room was asked for", 0, s.n);
    CHECK(loop_watch(s.loop, p[1], LOOP_WRITE, note, &s, &e));
    loop_wait(s.loop, -1);
    CHECK_INT("there is room", LOOP_WRITE, s.events);
    close_pipe(p);
    loop_destroy(s.loop);
}

TEST(a_hang_up_shows_as_what_was_asked_for)
{
    struct err e = { 0 };
    struct seen s = { .loop = loop_create(&e) };
    int p[2];
    open_pipe(p);
    CHECK(loop_watch(s.loop, p[0], LOOP_READ, note, &s, &e));
    close(p[1]);
    loop_wait(s.loop, -1);
    CHECK_INT("events", LOOP_READ, s.events);
    close(p[0]);
    loop_destroy(s.loop);
}

TEST(a_callback_may_close_what_is_ready_in_the_same_round)
{
    struct err e = { 0 };
    struct seen s = { .loop = loop_create(&e) };
    int p[2][2];
    for (int i = 0; i < 2; i++) {
        open_pipe(p[i]);
        CHECK(loop_watch(s.loop, p[i][0], LOOP_READ, note, &s, &e));
        CHECK(write(p[i][1], "x", 1) == 1);
    }
    s.drop = p[1][0];
    loop_wait(s.loop, -1);
    if (s.last_fd == p[0][0])
        CHECK_INT("the closed one is not told", 1, s.n);
    close(p[0][0]);
    close(p[0][1]);
    close(p[1][1]);
    if (s.drop)
        close(s.drop);
    loop_destroy(s.loop);
}

TEST(a_number_that_was_closed_without_a_word_can_be_watched_again)
{
    struct err e = { 0 };
    struct seen s = { .loop = loop_create(&e) };
    int p[2], q[2];
    open_pipe(p);
    CHECK(loop_watch(s.loop, p[0], LOOP_READ, note, &s, &e));
    open_pipe(q);
    CHECK(dup3(q[0], p[0], O_CLOEXEC) == p[0]); /* another pipe under the watched number */
    CHECK_ROW(e.msg, loop_watch(s.loop, p[0], LOOP_READ | LOOP_WRITE, note, &s, &e));
    CHECK(write(q[1], "x", 1) == 1);
    loop_wait(s.loop, -1);
    CHECK_INT("told", 1, s.n);
    close_pipe(p);
    close_pipe(q);
    loop_destroy(s.loop);
}

TEST(a_wake_ends_one_wait_and_is_then_forgotten)
{
    struct err e = { 0 };
    struct loop *l = loop_create(&e);
    loop_wake(l);
    loop_wake(l);
    CHECK(loop_wait(l, -1));
    CHECK(!loop_wait(l, 0));
    loop_destroy(l);
}

TEST(a_plain_file_cannot_be_watched)
{
    struct err e = { 0 };
    struct seen s = { .loop = loop_create(&e) };
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    CHECK(!loop_watch(s.loop, fd, LOOP_READ, note, &s, &e));
    CHECK_INT("class", ERR_IO, e.code);
    CHECK(!loop_watch(s.loop, -1, LOOP_READ, note, &s, &e));
    close(fd);
    loop_destroy(s.loop);
}

static void note_and_cut(void *ctx, int fd, unsigned events)
{
    struct seen *s = ctx;
    note(ctx, fd, events);
    loop_cut(s->loop);
}

TEST(a_round_that_is_cut_goes_on_where_it_stopped)
{
    enum { N = 3 };
    struct err e = { 0 };
    struct seen s = { .loop = loop_create(&e) };
    int p[N][2], n_each[N] = { 0 };
    for (int i = 0; i < N; i++) {
        open_pipe(p[i]);
        CHECK(write(p[i][1], "x", 1) == 1);
        CHECK(loop_watch(s.loop, p[i][0], LOOP_READ, note_and_cut, &s, &e));
    }
    for (int wait = 1; wait <= 2 * N; wait++) {
        loop_wait(s.loop, -1);
        CHECK_INT("one each time", wait, s.n);
        for (int i = 0; i < N; i++)
            n_each[i] += s.last_fd == p[i][0];
    }
    for (int i = 0; i < N; i++)
        CHECK_INT("none is left out", 2, n_each[i]);
    loop_wait(s.loop, -1);
    for (int i = 0; i < N; i++) {               /* two of them are still to be told of this round */
        loop_unwatch(s.loop, p[i][0]);
        close_pipe(p[i]);
    }
    loop_wait(s.loop, 0);
    loop_wait(s.loop, 0);
    CHECK_INT("nothing of what is not watched any more", 2 * N + 1, s.n);
    loop_destroy(s.loop);
}
